// The worker thread that verifies an SQLite journal, on its own connection: neither the event loop nor commits wait for
// it.
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Fault } from '../../log/journal.ts';
import { verify } from '../../log/verify.ts';
import { asJournalError } from '../journal-error.ts';
import { openLogFileToRead } from '../log-file.ts';
import { recordedUpTo, storedEvidence } from './evidence.ts';
import type { Verification, VerifyOutcome } from './protocol.ts';

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
  const { database, close } = openLogFileToRead(directory);
  try {
    const pages = paced(storedEvidence(database, after), background ? REST : 0);
    const { faults } = await verify(pages, after > 0 ? { before: recordedUpTo(database, after) } : {});
    return faults;
  } finally {
    close();
  }
}

/** Pauses after each page, where it can also be stopped. */
async function* paced<T>(pages: AsyncIterable<T>, rest: number): AsyncGenerator<T> {
  let begin = performance.now();
  for await (const page of pages) {
    yield page;
    await setTimeout(rest * (performance.now() - begin), undefined, stopped);
    begin = performance.now();
  }
}
