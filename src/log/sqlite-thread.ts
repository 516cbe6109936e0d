// The main thread's end of the line to the SQLite journal's worker thread.
import type { Calls } from './sqlite-protocol.ts';
import { WorkerLine } from './worker-line.ts';

export class SqliteThread extends WorkerLine<Calls> {
  /** `root` is where `src/` was compiled to. */
  constructor(root: URL) {
    super(new URL('log/sqlite-worker.js', root));
  }
}
