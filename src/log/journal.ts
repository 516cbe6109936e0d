// The port that makes commits durable. Every engine behind it passes the same contract suite.
import type { Conflict, Guard, IdempotencyKey, RedactedText } from './commit.ts';

/** An event that waits for its place: everything but what only the journal can know. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly occurredAt?: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  /** JSON. */
  readonly data: string;
  /** JSON, stored as it is. */
  readonly meta: string;
}

export interface PreparedCommit {
  /** UUIDv7. */
  readonly id: string;
  readonly writes: readonly (Guard & { readonly events: readonly PreparedEvent[] })[];
  readonly guards: readonly Guard[];
  readonly redactions: readonly RedactedText[];
  readonly key?: IdempotencyKey;
}

/** One event as it is stored: two verbatim texts, their place, and the columns that make them findable. */
export interface StoredEvent {
  readonly position: number;
  readonly recordedAt: string;
  readonly organizationId: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  /** The public bytes: id, type, schema, stream, version, occurredAt, organisation, tenant, data. JSON. */
  readonly text: string;
  /** Where the text was blanked: the hex SHA-256 of what it was, which the chain vouches for. */
  readonly textDigest: string | null;
  /** The meta bytes: actor, correlation, causation, commit. JSON. */
  readonly meta: string;
  /** Hex SHA-256; see `chain.ts`. */
  readonly hash: string;
}

/** What a commit that carried an idempotency key has recorded. */
export interface KeyRecord {
  readonly fingerprint: string;
  readonly first: number;
  readonly last: number;
}

/** What the journal made of one commit. */
export type Outcome =
  | { readonly kind: 'appended'; readonly events: readonly StoredEvent[] }
  | ({ readonly kind: 'duplicate' } & Omit<KeyRecord, 'fingerprint'>)
  | Conflict
  | { readonly kind: 'key-reused' };

export interface ScanOptions {
  /** Only events after this position; 0 is from the start. */
  readonly after: number;
  /** Only events up to this position. */
  readonly until?: number;
  /** Only events of this stream. */
  readonly stream?: string;
}

/** Where snapshots lie, each under the position that it is of: texts in the order of their parts, whatever is in them. */
export interface SnapshotShelf {
  /** Positions of what was written here, ascending; one that was cut short while it was written included. */
  list(): Promise<readonly number[]>;
  /** Writes part after part, taking the next one when the last is written, in place of what was there before. */
  write(position: number, parts: Iterable<string>): Promise<void>;
  /** The parts, read one at a time; none where there is nothing. */
  read(position: number): AsyncIterable<string>;
  drop(position: number): Promise<void>;
}

export interface JournalVerifyOptions {
  /**
   * Only events after this position, and what they are chained to; 0 is from the start. It may be still to come: what can be
   * made ready without it is, before the journal is even open.
   */
  readonly after: number | Promise<number>;
  /** Whether it may take its time: then it takes a small part of a core, and does not keep the process alive. */
  readonly background: boolean;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/** A position at which the log is not as it was written, and all that is wrong there. */
export interface Fault {
  readonly position: number;
  readonly problem: string;
}

export interface Journal {
  readonly capabilities: {
    /** Whether what it acknowledged outlives the process. */
    readonly durable: boolean;
  };
  /** Where snapshots may be kept; a journal that ends with the process needs none. */
  readonly snapshots?: SnapshotShelf;
  /**
   * Takes the journal for this process. Resolves with the position of its last event, 0 for an empty one. Rejects with a
   * `JournalError` when it cannot be had or read.
   */
  open(): Promise<number>;
  /**
   * Gives each commit its place and makes all of them durable together, in one transaction. Answers in the same order.
   * What a commit redacts is overwritten in that transaction, and snapshots that may hold it are dropped; `wipe` does the rest.
   * Rejects with a `JournalError`, and then nothing of the whole batch can be read. After `failed` it may turn out to be
   * there once the journal is opened again: a disk that fails to sync may still have kept it.
   * Calls must not overlap.
   */
  commit(commits: readonly PreparedCommit[]): Promise<readonly Outcome[]>;
  /**
   * Removes the bytes that redactions have left in the journal's files, also those of a process that ended before it could.
   * Resolves with whether none are left: whoever is reading the files hinders it. Rejects as `commit` does.
   */
  wipe(): Promise<boolean>;
  /** Stored events in order of position, a page at a time; never an empty page. */
  scan(options: ScanOptions): AsyncIterable<readonly StoredEvent[]>;
  findKey(id: string): Promise<KeyRecord | undefined>;
  /**
   * Holds what is stored against itself while everything else goes on. Resolves with what is wrong. Rejects with a
   * `JournalError` where that cannot be told, and with the signal's reason. A journal that ends with the process has
   * nothing stored that could change unseen, and need not have this.
   */
  verify?(options: JournalVerifyOptions): Promise<readonly Fault[]>;
  close(): Promise<void>;
}

/**
 * Why the journal cannot do what was asked.
 * `in-use`: another process holds it. `full`: no space left, may be tried again. `failed`: final until a restart.
 */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: 'in-use' | 'full' | 'failed';

  constructor(code: JournalError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What to tell of a log that is not as it was written. */
export function damageAt(position: number): JournalError {
  const remedy = 'put a backup in its place; "npx plive verify" tells more';
  return new JournalError('failed', `The log is damaged at position ${position}: ${remedy}.`);
}

/** Idempotency keys are kept at least this long, in milliseconds. */
export const KEY_LIFETIME = 24 * 60 * 60 * 1000;
