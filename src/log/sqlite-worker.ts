// The SQLite journal's worker thread: it alone touches the files, so that no fsync runs on the main loop.
import { parentPort } from 'node:worker_threads';
import { JournalError } from './journal.ts';
import { resultCode } from './sqlite-driver.ts';
import { openLogFile } from './sqlite-file.ts';
import { sqliteLog } from './sqlite-log.ts';
import type { Answer, Calls, Request } from './sqlite-protocol.ts';

const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

let log: Omit<Calls, 'open'>;
/** Set by the first failed commit: after it nobody knows what the disk holds, until the journal is opened anew. */
let failure: JournalError | undefined;

const calls: Calls = {
  open(path) {
    log = sqliteLog(openLogFile(path));
  },
  commit(commits, now) {
    if (failure) throw failure;
    try {
      return log.commit(commits, now);
    } catch (error) {
      const reason = asJournalError(error);
      if (reason.code === 'failed') failure = reason;
      throw reason;
    }
  },
  page: (options) => log.page(options),
  findKey: (id) => log.findKey(id),
  close: () => log.close(),
};

parentPort?.on('message', (request: Request) => parentPort?.postMessage(answer(request)));

function answer<C extends keyof Calls>({ id, call, parameters }: Request<C>): Answer {
  try {
    const run = calls[call] as (...parameters: Parameters<Calls[C]>) => unknown;
    return { id, value: run(...parameters) };
  } catch (error) {
    const { code, message } = asJournalError(error);
    return { id, error: { code, message } };
  }
}

function asJournalError(error: unknown): JournalError {
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
