// The worker thread of the SQLite identity store: only it accesses the tables, so that no fsync blocks the event loop.
import { answerCalls } from '../worker-line.ts';
import { type IdentityTables, openIdentityTables } from './identity-tables.ts';

/** The calls that the main thread can make. */
export interface IdentityCalls extends IdentityTables {
  /** `directory` is the data directory of a log; without one everything is in memory. */
  open(directory: string | undefined): void;
}

const calls = {
  open(directory) {
    Object.assign(calls, openIdentityTables(directory));
  },
} as IdentityCalls;

answerCalls(calls);
