// Reads the past of an SQLite journal on a thread of its own, with a heap of its own: what is too large for it ends the
// thread, not the process.
import { Worker } from 'node:worker_threads';
import { JournalError } from '../../log/journal.ts';
import type { Report } from '../../log/report.ts';
import type { PastAnswer, PastEngine, PastQuestion } from '../../read-models/past-question.ts';
import type { PastStatesLimits } from '../../read-models/past-states.ts';
import { SqliteThread } from '../journal/sqlite-thread.ts';
import type { PastRequest, PastResponse, PastWorkerData } from './protocol.ts';

export interface PastThreadOptions {
  readonly directory: string;
  /** The directory that `src/` was compiled to: the worker is loaded from there. */
  readonly root: URL;
  readonly limits: PastStatesLimits;
  /** The size of its heap, in megabytes. */
  readonly heap: number;
  readonly report: Report;
}

export class PastThread implements PastEngine {
  readonly #options: PastThreadOptions;
  /** Reads the file. Started by the first question, like the worker. */
  #journal: SqliteThread | undefined;
  #worker: Worker | undefined;
  #starting: Promise<Worker> | undefined;
  /** Settles the answer that is awaited; without a response if the thread has ended. */
  #settle: (response?: PastResponse) => void = () => {};

  constructor(options: PastThreadOptions) {
    this.#options = options;
  }

  async answer(question: PastQuestion, signal: AbortSignal): Promise<PastAnswer | undefined> {
    const worker = this.#worker ?? (await this.#started());
    const abort = () => this.#send('abort');
    signal.addEventListener('abort', abort);
    const response = await this.#ask(worker, question);
    signal.removeEventListener('abort', abort);
    if (response === undefined) return undefined;
    if ('error' in response) throw new JournalError(response.error.code, response.error.message);
    return { ...response.answer, bytes: Buffer.from(response.answer.bytes) };
  }

  forget(): void {
    this.#send('forget');
  }

  async close(): Promise<void> {
    await this.#starting?.catch(() => {});
    await this.#worker?.terminate();
    const journal = this.#journal;
    await journal?.call('close').finally(() => journal.end());
  }

  /** The thread keeps the process alive only while an answer is awaited. */
  async #ask(worker: Worker, question: PastQuestion): Promise<PastResponse | undefined> {
    worker.ref();
    const response = new Promise<PastResponse | undefined>((resolve) => {
      this.#settle = resolve;
    });
    this.#send({ question });
    try {
      return await response;
    } finally {
      worker.unref();
    }
  }

  #send(request: PastRequest): void {
    this.#worker?.postMessage(request);
  }

  #started(): Promise<Worker> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<Worker> {
    const { root, limits, heap, report } = this.#options;
    this.#journal ??= await this.#openJournal();
    const journal = this.#journal.connect();
    const worker = new Worker(new URL('sqlite/pasts/worker.js', root), {
      resourceLimits: { maxOldGenerationSizeMb: heap },
      workerData: { journal, limits } satisfies PastWorkerData,
      transferList: [journal],
    });
    worker.on('message', (response: PastResponse) => this.#settle(response));
    worker.on('error', (error) => report('the thread that reads the past has ended', error));
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#settle();
    });
    this.#worker = worker;
    return worker;
  }

  async #openJournal(): Promise<SqliteThread> {
    const { directory, root } = this.#options;
    const journal = new SqliteThread(root);
    try {
      await journal.call('open', directory, true);
      return journal;
    } catch (error) {
      await journal.end();
      throw error;
    }
  }
}
