// What the main thread and the threads of the SQLite journal say to each other.
import type {
  Fault,
  JournalError,
  JournalVerifyOptions,
  KeyRecord,
  Outcome,
  PreparedCommit,
  ScanOptions,
  StoredEvent,
} from '../../log/journal.ts';

/** What the worker does when it is asked to. */
export interface Calls {
  /** Position of the last event. */
  open(directory: string, readOnly: boolean): number;
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

/** What a thread that verifies is started with. It begins when it is sent the position after which it is to. */
export interface Verification extends Pick<JournalVerifyOptions, 'background'> {
  readonly directory: string;
}

/** What it has to say at its end. */
export type VerifyOutcome =
  | { readonly faults: readonly Fault[] }
  | { readonly error: Pick<JournalError, 'code' | 'message'> };
