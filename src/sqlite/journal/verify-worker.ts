// The worker thread that verifies an SQLite journal, on its own connection: neither the event loop nor commits wait for
// it.
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Fault } from '../../log/journal.ts';
import { verify } from '../../log/verify.ts';
import { asJournalError } from '../journal-error.ts';
import { type LogFile, openLogFileToRead } from '../log-file.ts';
import { recordedUpTo, storedEvidence } from './evidence.ts';
import { indexFaults } from './index-check.ts';
import type { Verification, VerifyOutcome } from './protocol.ts';
import { sqliteLog } from './sqlite-log.ts';

/** In the background, pauses after each page for this multiple of the time it took: so it uses a quarter of a core. */
const REST = 3;

const stopped = new AbortController();

parentPort?.on('message', async (message: number | 'stop') => {
  if (message === 'stop') {
    stopped.abort();
    parentPort?.close();
  } else {
    parentPort?.postMessage(await verdict(workerData, message));
  }
});

async function verdict(verification: Verification, after: number): Promise<VerifyOutcome> {
  try {
    return { faults: await faultsIn(verification, after) };
  } catch (error) {
    const { code, message } = asJournalError(error);
    return { error: { code, message } };
  }
}

async function faultsIn({ directory, background }: Verification, after: number): Promise<readonly Fault[]> {
  const file = openLogFileToRead(directory);
  const { database, close } = file;
  const pause = pauses(background ? REST : 0);
  try {
    const pages = paced(storedEvidence(database, after), pause);
    const { faults } = await verify(pages, after > 0 ? { before: recordedUpTo(database, after) } : {});
    return faults.length > 0 || !background ? faults : await derivedFaults(file, pause);
  } finally {
    close();
  }
}

/** The first faults in what is derived from the events, which are sound. */
async function derivedFaults(file: LogFile, pause: Pause): Promise<readonly Fault[]> {
  const log = sqliteLog(file);
  for await (const faults of paced(indexFaults(file.database, log.head()), pause)) if (faults.length > 0) return faults;
  // By an address that the bundler does not follow: it would put the file into this one.
  const address = new URL('snapshot-faults.js', import.meta.url).href;
  const { snapshotFaults } = (await import(address)) as typeof import('./snapshot-faults.ts');
  return snapshotFaults(log, pause);
}

type Pause = () => Promise<void>;

/** Returns a function that rests in proportion to the work since its last call, and where the check can be stopped. */
function pauses(rest: number): Pause {
  let begin = performance.now();
  return async () => {
    await setTimeout(rest * (performance.now() - begin), undefined, stopped);
    begin = performance.now();
  };
}

async function* paced<T>(pages: AsyncIterable<T> | Iterable<T>, pause: Pause): AsyncGenerator<T> {
  for await (const page of pages) {
    yield page;
    await pause();
  }
}
