// The main thread's connection to the SQLite journal's worker thread.

import { WorkerLine } from '../worker-line.ts';
import type { Calls } from './protocol.ts';

export class SqliteThread extends WorkerLine<Calls> {
  /** `root` is where `src/` was compiled to. */
  constructor(root: URL) {
    super(new URL('sqlite/journal/worker.js', root));
  }
}
