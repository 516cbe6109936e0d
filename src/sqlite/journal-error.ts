// What SQLite and the file system throw, in the words of a journal.
import { JournalError } from '../log/journal.ts';
import { resultCode } from './driver.ts';

const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** The error that a journal gives for it, with a sentence that says what to do. */
export function asJournalError(error: unknown): JournalError {
  if (error instanceof JournalError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const result = resultCode(error);
  if (result === BUSY) {
    return new JournalError('in-use', 'Another process uses this log: stop it, or take another directory.');
  }
  if (result === FULL || code === 'ENOSPC') {
    return new JournalError('full', 'No space is left for the log: make room.');
  }
  if (result === CORRUPT || result === NOT_A_DATABASE) {
    return new JournalError('failed', `The log is damaged (${message}): put a backup in its place.`);
  }
  return new JournalError('failed', `The log cannot be used: ${message}.`);
}
