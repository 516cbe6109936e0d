// The main thread's end of the line to the SQLite journal's worker thread: calls out, answers back.
import { Worker } from 'node:worker_threads';
import { JournalError } from './journal.ts';
import type { Answer, Calls, Request } from './sqlite-protocol.ts';

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: JournalError) => void;
}

export class SqliteThread {
  readonly #worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), {
    // Node calls its own SQLite experimental on standard error.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #failure: JournalError | undefined;

  constructor() {
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', ({ message }) => this.#fail(message));
    this.#worker.on('exit', () => this.#fail('it has ended'));
    this.#keepAliveWhileAsked();
  }

  /** Rejects with the worker's `JournalError`, or with `failed` if the thread ends, or has ended, without an answer. */
  call<C extends keyof Calls>(call: C, ...parameters: Parameters<Calls[C]>): Promise<ReturnType<Calls[C]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const request: Request<C> = { id: ++this.#asked, call, parameters };
      this.#worker.postMessage(request);
      this.#waiting.set(request.id, { resolve, reject });
      this.#keepAliveWhileAsked();
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#keepAliveWhileAsked();
    if ('error' in answer) waiting?.reject(new JournalError(answer.error.code, answer.error.message));
    else waiting?.resolve(answer.value as never);
  }

  #fail(reason: string): void {
    this.#failure ??= new JournalError('failed', `The journal's thread has stopped: ${reason}.`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  /** A process that has nothing else to do waits for an answer, and for nothing more. */
  #keepAliveWhileAsked(): void {
    if (this.#waiting.size > 0) this.#worker.ref();
    else this.#worker.unref();
  }
}
