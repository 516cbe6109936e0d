// Copies the log of a directory, also of one that a server writes to, into a directory of its own.
import { rmSync } from 'node:fs';
import { openLogFileToRead, reserveLogFile } from '../log-file.ts';

/**
 * A copy of what was committed when it began, in one transaction, without the room that deleted rows left behind. It is
 * there, synced, or it is not: until it is whole it has another name. Throws a `JournalError` where the target has a log
 * already, or whatever SQLite or the file system throws.
 */
export function backUpLog(directory: string, target: string): void {
  const source = openLogFileToRead(directory);
  try {
    const reserved = reserveLogFile(target);
    try {
      // What a copy that was cut short has left.
      rmSync(reserved.path, { force: true });
      source.database.prepare('VACUUM INTO ?').run(reserved.path);
      reserved.keep();
    } finally {
      rmSync(reserved.path, { force: true });
      reserved.close();
    }
  } finally {
    source.close();
  }
}
