// What the main thread and the SQLite journal's worker thread say to each other.
import type { JournalError, KeyRecord, Outcome, PreparedCommit, ScanOptions, StoredEvent } from './journal.ts';

/** What the worker does when it is asked to. Calls run one after another, in the order in which they were asked. */
export interface Calls {
  /** Position of the last event. */
  open(directory: string): number;
  /** `now` is the clock, RFC 3339 with milliseconds and Z. */
  commit(commits: readonly PreparedCommit[], now: string): readonly Outcome[];
  wipe(): boolean;
  /** The next events; none when there are no more. */
  page(options: ScanOptions): readonly StoredEvent[];
  findKey(id: string): KeyRecord | undefined;
  /** Positions, ascending. */
  listSnapshots(): readonly number[];
  /** Counted from 0; `undefined` behind the last one. */
  readSnapshotPart(position: number, part: number): string | undefined;
  writeSnapshotPart(position: number, part: number, text: string): void;
  dropSnapshot(position: number): void;
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
