// Runs the verification of an SQLite journal in a worker thread.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Fault, JournalError, type JournalVerifyOptions } from '../../log/journal.ts';
import type { Verification, VerifyOutcome } from './protocol.ts';

/**
 * `root` is where `src/` was compiled to. Resolves when the thread has ended and closed the files. Rejects with a
 * `JournalError` if the log cannot be verified, and with an `AbortError` when it is aborted.
 */
export async function verifyInThread(
  verification: Verification,
  { after, signal, root }: Omit<JournalVerifyOptions, 'background'> & { readonly root: URL },
): Promise<readonly Fault[]> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('sqlite/journal/verify-worker.js', root), {
    // Node prints a warning that its SQLite is experimental.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    workerData: verification,
  });
  if (verification.background) worker.unref();
  // The thread is asked to stop, not terminated: SQLite's package aborts the process if a call is interrupted.
  const stop = () => {
    worker.ref();
    worker.postMessage('stop');
  };
  signal.addEventListener('abort', stop);
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  try {
    worker.postMessage(await after);
    const [verdict] = (await once(worker, 'message', { signal })) as [VerifyOutcome];
    if ('error' in verdict) throw new JournalError(verdict.error.code, verdict.error.message);
    return verdict.faults;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await ended;
  }
}
