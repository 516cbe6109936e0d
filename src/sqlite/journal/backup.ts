// Copies the log of a directory into another directory, also while a server writes to it.
import { rmSync } from 'node:fs';
import { openLogFileToRead, reserveLogFile } from '../log-file.ts';
import { createPrivate } from '../private-files.ts';

/**
 * Copies all commits up to the start of the backup, in one transaction and without unused pages. The copy appears
 * atomically: until it is complete and synced it has another file name. Throws a `JournalError` if the target already
 * has a log, or an error of SQLite or the file system.
 */
export function backUpLog(directory: string, target: string): void {
  const source = openLogFileToRead(directory);
  try {
    const reserved = reserveLogFile(target);
    try {
      // Left over from an interrupted backup.
      rmSync(reserved.path, { force: true });
      createPrivate(reserved.path);
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
