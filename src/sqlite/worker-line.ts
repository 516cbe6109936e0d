// A line to a worker thread: calls go out, answers come back. Calls run one after another, in the order in which they were asked.
import { parentPort, Worker } from 'node:worker_threads';
import { JournalError } from '../log/journal.ts';
import { asJournalError } from './journal-error.ts';

/** What a worker does when it is asked to, by name. */
type Calls<C> = { readonly [K in keyof C]: (...parameters: never[]) => unknown };

interface Request<C> {
  /** Comes back with the answer. */
  readonly id: number;
  readonly call: keyof C;
  readonly parameters: readonly unknown[];
}

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: Pick<JournalError, 'code' | 'message'> }
);

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: JournalError) => void;
}

/** The main thread's end. */
export class WorkerLine<C extends Calls<C>> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #failure: JournalError | undefined;

  /** `url` is of the compiled worker. */
  constructor(url: URL) {
    this.#worker = new Worker(url, {
      // Node calls its own SQLite experimental on standard error.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', ({ message }) => this.#fail(message));
    this.#worker.on('exit', () => this.#fail('it has ended'));
    this.#keepAliveWhileAsked();
  }

  /** Rejects with the worker's `JournalError`, or with `failed` if the thread ends, or has ended, without an answer. */
  call<K extends keyof C>(call: K, ...parameters: Parameters<C[K]>): Promise<ReturnType<C[K]>> {
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
    this.#failure ??= new JournalError('failed', `The thread of the database has stopped: ${reason}.`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  /** A process that has nothing else to do waits for an answer, and for nothing more. */
  #keepAliveWhileAsked(): void {
    if (this.#waiting.size > 0) this.#worker.ref();
    else this.#worker.unref();
  }
}

/** The worker's end: does what it is asked to from now on. What a call throws goes back as a `JournalError`. */
export function answerCalls<C extends Calls<C>>(calls: C): void {
  const answer = ({ id, call, parameters }: Request<C>): Answer => {
    try {
      return { id, value: calls[call](...(parameters as never[])) };
    } catch (error) {
      const { code, message } = asJournalError(error);
      return { id, error: { code, message } };
    }
  };
  parentPort?.on('message', (request: Request<C>) => parentPort?.postMessage(answer(request)));
}
