// Where a log and its accounts are stored, a data directory or a PostgreSQL database: what the verbs do with either.
import type { Evidence } from '../../projections/chain/evidence.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { LogClaim } from '../identity/log-claim.ts';
import type { ScanOptions, StoredEvent } from '../log/journal.ts';
import type { VerifyReport } from '../log/verify.ts';
import type { FinishedUpgrade } from '../postgres/finish-upgrade.ts';
import type { ListedNode } from '../postgres/nodes/nodes.ts';
import type { SnapshotSource } from '../read-models/snapshots.ts';

export interface Storage {
  readonly kind: 'directory' | 'database';
  /** What messages call it. */
  readonly name: string;
  /**
   * Opens the log to read it, also while servers use it, and closes it after `read`. Rejects with a `VerbError` or a
   * `JournalError` if there is none that this version can read. Writes nothing.
   */
  withLog<T>(read: (log: StoredLog) => Promise<T>): Promise<T>;
  /** The events of the log and its record of its last events, for verification. What cannot be read is the last item. */
  evidence(): AsyncIterable<readonly Evidence[]>;
  /** Looks at what no hash covers. */
  inspect(): Promise<Inspected>;
  /**
   * Makes these events the log, all or none of them. Rejects with `NotImportable`, or as `withLog` if the log is not empty.
   * `stored` is called with the number of events so far.
   */
  importEvents(
    pages: AsyncIterable<readonly StoredEvent[]>,
    stored: (events: number) => void,
  ): Promise<Pick<VerifyReport, 'events' | 'heads'>>;
  /** Makes an empty log if there is none. */
  begin(): Promise<void>;
  /** Opens the accounts, also while servers use them, and closes them after `work`. */
  withAccounts<T>(work: (accounts: StoredAccounts) => Promise<T>): Promise<T>;
  /** Copies log and accounts into a directory. Throws a `VerbError` if it cannot. */
  backUp(target: string): Promise<void>;
  /** The servers that share it. Throws a `VerbError` if only one can use it. */
  nodes(): Promise<readonly ListedNode[]>;
  /** What the operator should change, as a sentence. */
  warning(): string | undefined;
  /** Lets servers go on with the log that a database has now. Resolves with its last position. Throws a `VerbError` if it cannot. */
  acceptFork(): Promise<number>;
  /**
   * Refuses servers of older versions from now on. Rejects with a `JournalError` if there are some and it is not forced to,
   * and with a `VerbError` if only one server can use it.
   */
  finishUpgrade(options: { readonly force: boolean }): Promise<FinishedUpgrade>;
  close(): Promise<void>;
}

/** Where events can be read. */
export interface Source {
  /** Position of the last event when the source was opened; absent for a file. */
  readonly head?: number;
  /** Stored events in order, a page at a time. */
  scan(options: ScanOptions): AsyncIterable<readonly StoredEvent[]>;
}

/** A log that is open to be read. */
export interface StoredLog extends Source, SnapshotSource {
  readonly head: number;
}

export interface Inspected {
  /** As sentences. */
  readonly problems: readonly string[];
  /** What could not be looked at, and what to do about that, as sentences. */
  readonly unchecked: readonly string[];
  readonly claims: readonly LogClaim[];
}

/** The calls of an identity store that the verbs use. */
export type StoredAccounts = {
  [K in 'findUser' | 'renameUser' | 'addLink']: (
    ...parameters: Parameters<IdentityStore[K]>
  ) => ReturnType<IdentityStore[K]> | Awaited<ReturnType<IdentityStore[K]>>;
};
