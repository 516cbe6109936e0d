// The port that makes commits durable. Every engine behind it passes the same contract suite.
import type { StoredEvidence } from '../../projections/chain/evidence.ts';
import type { Conflict, Guard, IdempotencyKey, Lease, RedactedText, Unseen } from './commit.ts';
import type { EventFilter, LogPage } from './page.ts';

/** An event ready to be recorded: everything except position, version, time and hash, which the journal assigns. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly occurredAt?: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  /** Random bits in the public text, erased when the text is blanked; see `salt.ts`. */
  readonly salt: string;
  /** JSON. */
  readonly data: string;
  /** JSON, stored unchanged. */
  readonly meta: string;
}

export interface PreparedCommit {
  /** UUIDv7. */
  readonly id: string;
  readonly writes: readonly (Guard & { readonly events: readonly PreparedEvent[] })[];
  readonly guards: readonly Guard[];
  readonly unseen?: Unseen;
  readonly redactions: readonly RedactedText[];
  readonly key?: IdempotencyKey;
  readonly lease?: Lease;
}

/** One stored event. */
export type StoredEvent = StoredEvidence;

/** The record of a commit with an idempotency key: the positions of its first and last event. */
export interface KeyRecord {
  readonly fingerprint: string;
  readonly first: number;
  readonly last: number;
}

/** The journal's result for one commit. */
export type Outcome =
  | { readonly kind: 'appended'; readonly events: readonly StoredEvent[] }
  | ({ readonly kind: 'duplicate' } & Omit<KeyRecord, 'fingerprint'>)
  | Conflict
  | { readonly kind: 'key-reused' }
  /** The lease of the commit has passed to another node. */
  | { readonly kind: 'fenced' };

export interface ScanOptions extends EventFilter {
  /** Only events after this position; 0 reads from the start. */
  readonly after: number;
  /** Only events up to and including this position. */
  readonly until?: number;
  /** Only events of this stream. */
  readonly stream?: string;
  /** The most events of a page, for a reader that needs few. Default: those of a whole page. */
  readonly limit?: number;
}

/** Stores snapshots by position: each is a sequence of text parts, which the store does not interpret. */
export interface SnapshotStore {
  /** Positions of the stored snapshots, ascending, including incomplete ones. */
  list(): Promise<readonly number[]>;
  /** Replaces the snapshot at this position. Requests each part after the previous one is written. */
  write(position: number, parts: Iterable<string>): Promise<void>;
  /** The parts, read one at a time; none if there is no snapshot at this position. */
  read(position: number): AsyncIterable<string>;
  drop(position: number): Promise<void>;
}

export interface JournalVerifyOptions {
  /**
   * Only events after this position, and the hashes that they are chained to; 0 verifies from the start. With a promise
   * the preparation can start before the journal is open.
   */
  readonly after: number | Promise<number>;
  /**
   * At low priority: uses a small part of a core and does not keep the process alive. Where the events have no fault, it
   * also compares what is derived from them: the indexes, and the newest snapshot.
   */
  readonly background: boolean;
  /** Aborts the verification. */
  readonly signal: AbortSignal;
}

/** A position at which the log is damaged, and a description of all problems there. */
export interface Fault {
  /** 0 if it concerns no event. */
  readonly position: number;
  readonly problem: string;
  /** If the events are sound: what is not. */
  readonly of?: 'index' | 'snapshot';
}

/** One read of the end of a log that several nodes write to. */
export interface TailStep {
  /** The events after those of the step before, in order; most often none. The next step may have the rest of a commit. */
  readonly events: readonly StoredEvent[];
  /** The texts that commits in `events` have blanked, as they are stored now. */
  readonly blanked: readonly BlankedText[];
  /**
   * When the read was sent, in milliseconds since 1970, if it went to the end of the log, which is then known as of that
   * time; `undefined` if more follows.
   */
  readonly asOf: number | undefined;
}

/** A text that a commit has blanked. */
export interface BlankedText extends RedactedText {
  /** Position of the first event of that commit. */
  readonly by: number;
}

/** What a journal offers whose log several nodes share. */
export interface SharedLog {
  /** Why the log can be neither followed nor written to at the moment, as a sentence for operators. */
  readonly trouble: string | undefined;
  /** By how much the database's clock is ahead of this node's, in milliseconds. */
  readonly clockLead: number;
  /** Tells logs apart that begin with the same events: it grows when another one takes the place of this one. */
  readonly epoch: number;
  /** The position of the last event, as of this call or later. Rejects with a `JournalError`. */
  head(): Promise<number>;
  /**
   * Reads what follows the last published event, again and again until the signal aborts: as soon as another node records
   * something, and at least once a second. `published` gives the position of that event; what was read is not read again. What
   * this node records is read only if it is not published soon. Never rejects: while the database is away there are no steps.
   * Ends early if the database has another log.
   */
  tail(published: () => number, signal: AbortSignal): AsyncIterable<TailStep>;
  /**
   * To be called when the tail has ended early. Resolves with `true` when the log can be opened anew: the other one was
   * accepted, or the former one is back. Resolves with `false` when the signal aborts, or if that cannot help.
   */
  settled(signal: AbortSignal): Promise<boolean>;
  /**
   * Takes this lease, or renews it, for `LEASE_LIFE` by the clock of the database; `undefined` while another node has it.
   * Rejects with a `JournalError`.
   */
  takeLease(name: string): Promise<Lease | undefined>;
  /** Gives a lease back before its time. */
  releaseLease(lease: Lease): Promise<void>;
}

/** How long a lease lasts, in milliseconds: a node that has stopped is replaced after that time. */
export const LEASE_LIFE = 8_000;

export interface Journal {
  readonly capabilities: {
    /** Whether acknowledged commits survive the end of the process. */
    readonly durable: boolean;
    /** Whether `wipe` removes every copy of a redacted text. */
    readonly wipes: boolean;
  };
  /** Present if other nodes write to the same log. */
  readonly shared?: SharedLog;
  /** Stores snapshots; a journal in memory needs no store. */
  readonly snapshots?: SnapshotStore;
  /**
   * Locks the journal for this process. Resolves with the position of its last event, 0 for an empty one. Rejects with
   * a `JournalError` if it cannot be locked or read.
   */
  open(): Promise<number>;
  /**
   * Assigns positions to the commits and makes them durable together, in one transaction. Returns outcomes in the same
   * order. The transaction also overwrites redacted texts and drops snapshots that may contain them; `wipe` removes the
   * remaining bytes. Rejects with a `JournalError`, and then none of the commits can be read. After `failed` they may
   * still appear once the journal is opened again, because a disk may have stored data that it failed to sync. Calls
   * must not overlap.
   */
  commit(commits: readonly PreparedCommit[]): Promise<readonly Outcome[]>;
  /**
   * Removes the bytes of redacted texts from the journal's files, including those left by a process that ended before
   * it could. Resolves with `false` if another connection that reads the files blocks it. Rejects like `commit`.
   */
  wipe(): Promise<boolean>;
  /**
   * Reads one page of stored events by position, and looks at a bounded number of others to find them: see `PAGE`.
   * A page without events that says that it looked at nothing (`through` is `after`) ends a scan. No later call sees the
   * state of an earlier one: a page holds no lock on the files once it is read.
   */
  page(options: ScanOptions): Promise<LogPage<StoredEvent>>;
  /** All pages of a scan, without those that have no events; includes events that are committed meanwhile. */
  scan(options: ScanOptions): AsyncIterable<readonly StoredEvent[]>;
  findKey(id: string): Promise<KeyRecord | undefined>;
  /**
   * Verifies the stored events while other calls continue. Resolves with the faults. Rejects with a `JournalError` if
   * the log cannot be verified, and with the signal's reason. Not needed for a journal in memory, which has no stored
   * data that could be damaged unnoticed.
   */
  verify?(options: JournalVerifyOptions): Promise<readonly Fault[]>;
  close(): Promise<void>;
}

/**
 * Why a call of the journal failed.
 * `in-use`: another process has locked it. `full`: no space left, can be retried. `away`: its database cannot be reached
 * or does not take writes, can be retried. `failed`: permanent until a restart.
 */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: 'in-use' | 'full' | 'away' | 'failed';

  constructor(code: JournalError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The error for a log that is damaged at this position. */
export function damageAt(position: number): JournalError {
  const remedy = 'replace it with a backup; "npx plive verify" shows details';
  return new JournalError('failed', `The log is damaged at position ${position}: ${remedy}.`);
}

/** The error for a fault, with a sentence that says what the operator can do. */
export function damageOf({ position, problem, of }: Fault): JournalError {
  if (of === undefined) return damageAt(position);
  const place = position === 0 ? '' : ` at position ${position}`;
  const sentence =
    of === 'index'
      ? `An index of the log is damaged${place}: ${problem}`
      : `${problem} Start the server again: it then replays the whole log.`;
  return new JournalError('failed', sentence);
}

/** Idempotency keys are stored at least this long, in milliseconds. */
export const KEY_LIFETIME = 24 * 60 * 60 * 1000;
