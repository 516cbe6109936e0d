// The main thread's end of the line to the SQLite journal's worker thread.
import { COMPILED } from '../places.ts';
import type { Calls } from './sqlite-protocol.ts';
import { WorkerLine } from './worker-line.ts';

export class SqliteThread extends WorkerLine<Calls> {
  constructor() {
    super(new URL('log/sqlite-worker.js', COMPILED));
  }
}
