// Prints what has failed, for operators: an unexpected error with its stack; that the storage cannot be used, in a line.
import { atMostEvery } from '../bounds/at-most-every.ts';
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';

/** The time between two lines on storage that cannot be used, in milliseconds: every request fails for the same reason. */
const PAUSE = 1_000;

export function operatorReport(print: (...parts: readonly unknown[]) => void): Report {
  let line = '';
  const printLine = atMostEvery(PAUSE, (count) => {
    print(count === 1 ? line : `${line} (${count - 1} more since the last such line)`);
  });
  return (message, error) => {
    if (!isTemporary(error)) return print(message, error);
    line = `${message}: ${error.message}`;
    printLine();
  };
}

/** Its sentence says all: where it was thrown tells nothing more. */
function isTemporary(error: unknown): error is JournalError {
  return error instanceof JournalError && (error.code === 'away' || error.code === 'full');
}
