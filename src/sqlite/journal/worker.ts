// A worker thread of the SQLite journal. Only one writes the files, so that no fsync blocks the event loop; another one
// reads them.
import type { JournalError } from '../../log/journal.ts';
import { asJournalError } from '../journal-error.ts';
import { openLogFile, openLogFileToRead } from '../log-file.ts';
import { answerCalls } from '../worker-line.ts';
import type { Calls } from './protocol.ts';
import { type SqliteLog, sqliteLog } from './sqlite-log.ts';

let log: SqliteLog;
/** Set by the first failed write: after it the state of the disk is unknown until the journal is opened again. */
let failure: JournalError | undefined;

const calls: Calls = {
  open(directory, readOnly) {
    log = sqliteLog(readOnly ? openLogFileToRead(directory) : openLogFile(directory));
    return log.head();
  },
  commit: (commits, now) => written(() => log.commit(commits, now)),
  wipe: () => written(() => log.wipe()),
  page(options) {
    const begin = performance.now();
    return { ...log.page(options), milliseconds: performance.now() - begin };
  },
  findKey: (id) => log.findKey(id),
  deletedAmong: (aggregate, ids) => log.deletedAmong(aggregate, ids),
  listSnapshots: () => log.listSnapshots(),
  readSnapshotPart: (position, part) => log.readSnapshotPart(position, part),
  writeSnapshotPart: (position, part, text) => written(() => log.writeSnapshotPart(position, part, text)),
  dropSnapshot: (position) => written(() => log.dropSnapshot(position)),
  close: () => log.close(),
};

answerCalls(calls);

function written<T>(write: () => T): T {
  if (failure) throw failure;
  try {
    return write();
  } catch (error) {
    const reason = asJournalError(error);
    if (reason.code === 'failed') failure = reason;
    throw reason;
  }
}
