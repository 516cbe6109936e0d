// Converts errors of SQLite and the file system to `JournalError`s.
import { JournalError } from '../log/journal.ts';
import { resultCode } from './driver.ts';

const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** The `JournalError` for an error, with a sentence that says what the operator can do. */
export function asJournalError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const result = resultCode(error);
  if (result === BUSY) {
    return new JournalError('in-use', 'Another process uses this log: stop it, or use another directory.');
  }
  if (result === FULL || code === 'ENOSPC') {
    return new JournalError('full', 'No space is left for the log: free some disk space.');
  }
  if (result === CORRUPT || result === NOT_A_DATABASE) {
    return new JournalError('failed', `The log is damaged (${message}): replace it with a backup.`);
  }
  return new JournalError('failed', `The log cannot be used: ${message}.`);
}
