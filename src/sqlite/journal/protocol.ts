// The messages between the main thread and the worker threads of the SQLite journal.
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
import type { LogPage } from '../../log/page.ts';

/** The calls that the main thread can make to the worker. */
export interface Calls {
  /** Position of the last event. */
  open(directory: string, readOnly: boolean): number;
  /** `now` is the current time, RFC 3339 with milliseconds and Z. */
  commit(commits: readonly PreparedCommit[], now: string): readonly Outcome[];
  wipe(): boolean;
  /** The next page of events. */
  page(options: ScanOptions): LogPage<StoredEvent>;
  findKey(id: string): KeyRecord | undefined;
  /** Those of the entities with these ids that were deleted. */
  deletedAmong(aggregate: string, ids: readonly string[]): readonly string[];
  /** Positions, ascending. */
  listSnapshots(): readonly number[];
  /** Parts are numbered from 0; `undefined` after the last one. */
  readSnapshotPart(position: number, part: number): string | undefined;
  writeSnapshotPart(position: number, part: number, text: string): void;
  dropSnapshot(position: number): void;
  close(): void;
}

/** The worker data of a verification thread. It starts to verify when it receives the position to verify after. */
export interface Verification extends Pick<JournalVerifyOptions, 'background'> {
  readonly directory: string;
}

/** The result that a verification thread sends. */
export type VerifyOutcome =
  | { readonly faults: readonly Fault[] }
  | { readonly error: Pick<JournalError, 'code' | 'message'> };
