// The worker thread of the SQLite picture store: only it accesses the table, so that no fsync blocks the event loop.
import { answerCalls } from '../worker-line.ts';
import { openPictureTable, type PictureTable } from './picture-table.ts';

/** The calls that the main thread can make. */
export interface PictureCalls extends PictureTable {
  /** `directory` is the data directory of an open log. */
  open(directory: string): void;
}

const calls = {
  open(directory) {
    Object.assign(calls, openPictureTable(directory));
  },
} as PictureCalls;

answerCalls(calls);
