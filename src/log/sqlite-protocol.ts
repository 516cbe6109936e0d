// What the main thread and the SQLite journal's worker thread say to each other.
import type { JournalError, KeyRecord, Outcome, PreparedCommit, ScanOptions, StoredEvent } from './journal.ts';

/** What the worker does when it is asked to. Calls run one after another, in the order in which they were asked. */
export interface Calls {
  open(directory: string): void;
  /** `now` is the clock, RFC 3339 with milliseconds and Z. */
  commit(commits: readonly PreparedCommit[], now: string): readonly Outcome[];
  /** The next events; none when there are no more. */
  page(options: ScanOptions): readonly StoredEvent[];
  findKey(id: string): KeyRecord | undefined;
  close(): void;
}

export interface Request<C extends keyof Calls = keyof Calls> {
  /** Comes back with the answer. */
  readonly id: number;
  readonly call: C;
  readonly parameters: Parameters<Calls[C]>;
}

export type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: Pick<JournalError, 'code' | 'message'> }
);
