// The thread that verifies an SQLite journal, on a connection of its own: neither the main loop nor a commit waits for it.
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Fault } from '../../log/journal.ts';
import { verify } from '../../log/verify.ts';
import { asJournalError } from '../journal-error.ts';
import { openLogFileToRead } from '../log-file.ts';
import { recordedUpTo, storedEvidence } from './evidence.ts';
import type { Verification, VerifyOutcome } from './protocol.ts';

/** How much longer than it worked for a page it rests after it, in the background: it takes a quarter of a core. */
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

/** Lets it be stopped after each page. */
async function* paced<T>(pages: AsyncIterable<T>, rest: number): AsyncGenerator<T> {
  let begin = performance.now();
  for await (const page of pages) {
    yield page;
    await setTimeout(rest * (performance.now() - begin), undefined, stopped);
    begin = performance.now();
  }
}
