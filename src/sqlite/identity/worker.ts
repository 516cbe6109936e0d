// The worker thread of the SQLite identity store: it alone touches the tables, so that no fsync runs on the main loop.
import { answerCalls } from '../worker-line.ts';
import { type IdentityTables, openIdentityTables } from './identity-tables.ts';

/** What the main thread can ask for. */
export interface IdentityCalls extends IdentityTables {
  /** A data directory that holds a log; none keeps everything in memory. */
  open(directory: string | undefined): void;
}

const calls = {
  open(directory) {
    Object.assign(calls, openIdentityTables(directory));
  },
} as IdentityCalls;

answerCalls(calls);
