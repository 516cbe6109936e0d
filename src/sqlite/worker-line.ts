// Remote calls to a worker thread. The worker executes calls one after another, in the order in which they were made.
import { parentPort, Worker } from 'node:worker_threads';
import { JournalError } from '../log/journal.ts';
import { asJournalError } from './journal-error.ts';

/** The calls of a worker, by name. */
type Calls<C> = { readonly [K in keyof C]: (...parameters: never[]) => unknown };

interface Request<C> {
  /** Repeated in the answer. */
  readonly id: number;
  readonly call: keyof C;
  readonly parameters: readonly unknown[];
}

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: Pick<JournalError, 'code' | 'message'> }
);

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: JournalError) => void;
}

/** The side of the main thread. */
export class WorkerLine<C extends Calls<C>> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #failure: JournalError | undefined;

  /** `url` is the compiled worker. */
  constructor(url: URL) {
    this.#worker = new Worker(url, {
      // Node prints a warning that its SQLite is experimental.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', ({ message }) => this.#fail(message));
    this.#worker.on('exit', () => this.#fail('it has ended'));
    this.#keepAliveWhilePending();
  }

  /**
   * Rejects with the worker's `JournalError`, or with code `failed` if the thread ends or has ended without an answer.
   */
  call<K extends keyof C>(call: K, ...parameters: Parameters<C[K]>): Promise<ReturnType<C[K]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const request: Request<C> = { id: ++this.#lastId, call, parameters };
      this.#worker.postMessage(request);
      this.#pending.set(request.id, { resolve, reject });
      this.#keepAliveWhilePending();
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    this.#keepAliveWhilePending();
    if ('error' in answer) pending?.reject(new JournalError(answer.error.code, answer.error.message));
    else pending?.resolve(answer.value as never);
  }

  #fail(reason: string): void {
    this.#failure ??= new JournalError('failed', `The database thread has stopped: ${reason}.`);
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }

  /** The worker keeps the process alive only while calls are pending. */
  #keepAliveWhilePending(): void {
    if (this.#pending.size > 0) this.#worker.ref();
    else this.#worker.unref();
  }
}

/** The side of the worker: starts to answer calls. An error that a call throws is returned as a `JournalError`. */
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
