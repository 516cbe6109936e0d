// The thread that reads the past, so that the event loop does not wait for it. It makes no call of SQLite: the package
// ends the whole process if the heap of the thread is full within one.
import { parentPort, workerData } from 'node:worker_threads';
import type { PastQuestion } from '../../read-models/past-question.ts';
import { PastReader } from '../../read-models/past-reader.ts';
import type { Calls } from '../journal/protocol.ts';
import { asJournalError } from '../journal-error.ts';
import { PortLine } from '../worker-line.ts';
import { DistantLog } from './distant-log.ts';
import type { PastRequest, PastResponse, PastWorkerData } from './protocol.ts';

const { journal, limits }: PastWorkerData = workerData;
const reader = new PastReader(new DistantLog(new PortLine<Calls>(journal)), limits);
let aborting = new AbortController();

parentPort?.on('message', async (request: PastRequest) => {
  if (request === 'abort') aborting.abort();
  else if (request === 'forget') reader.forget();
  else await respond(request.question);
});

async function respond(question: PastQuestion): Promise<void> {
  aborting = new AbortController();
  try {
    const answer = await reader.answer(question, aborting.signal);
    const bytes = answer.bytes.buffer as ArrayBuffer;
    parentPort?.postMessage({ answer: { ...answer, bytes } } satisfies PastResponse, [bytes]);
  } catch (error) {
    const { code, message } = asJournalError(error);
    parentPort?.postMessage({ error: { code, message } } satisfies PastResponse);
  }
}
