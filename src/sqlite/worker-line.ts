// Remote calls to a worker thread, from the main thread or from another worker. The worker executes the calls of each
// caller one after another, in the order in which they were made.
import { MessageChannel, type MessagePort, parentPort, Worker } from 'node:worker_threads';
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

/** Adds another caller. */
interface Connection {
  readonly caller: MessagePort;
}

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: Pick<JournalError, 'code' | 'message'> }
);

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: JournalError) => void;
}

/** A worker, or a port that is connected to one. */
type Line = Pick<Worker & MessagePort, 'postMessage' | 'ref' | 'unref'>;

/** The side of a caller. It keeps its thread alive only while calls are pending. */
class Caller<C extends Calls<C>> {
  readonly #line: Line;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #failure: JournalError | undefined;

  constructor(line: Line) {
    this.#line = line;
    this.#keepAliveWhilePending();
  }

  /**
   * Rejects with the worker's `JournalError`, or with code `failed` if the thread ends or has ended without an answer.
   */
  call<K extends keyof C>(call: K, ...parameters: Parameters<C[K]>): Promise<ReturnType<C[K]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const request: Request<C> = { id: ++this.#lastId, call, parameters };
      this.#line.postMessage(request);
      this.#pending.set(request.id, { resolve, reject });
      this.#keepAliveWhilePending();
    });
  }

  protected settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    this.#keepAliveWhilePending();
    if ('error' in answer) pending?.reject(new JournalError(answer.error.code, answer.error.message));
    else pending?.resolve(answer.value as never);
  }

  protected fail(reason: string): void {
    this.#failure ??= new JournalError('failed', `The database thread has stopped: ${reason}.`);
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }

  #keepAliveWhilePending(): void {
    if (this.#pending.size > 0) this.#line.ref();
    else this.#line.unref();
  }
}

/** The side of the main thread. */
export class WorkerLine<C extends Calls<C>> extends Caller<C> {
  readonly #worker: Worker;

  /** `url` is the compiled worker. */
  constructor(url: URL) {
    const worker = new Worker(url, {
      // Node prints a warning that its SQLite is experimental.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    super(worker);
    this.#worker = worker;
    worker.on('message', (answer: Answer) => this.settle(answer));
    worker.on('error', ({ message }) => this.fail(message));
    worker.on('exit', () => this.fail('it has ended'));
  }

  /** A port for a `PortLine` in another worker. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ caller: port1 } satisfies Connection, [port1]);
    return port2;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The side of another worker. */
export class PortLine<C extends Calls<C>> extends Caller<C> {
  constructor(port: MessagePort) {
    super(port);
    port.on('message', (answer: Answer) => this.settle(answer));
    port.on('close', () => this.fail('it has ended'));
    port.unref();
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
  const serve = (line: MessagePort): void => {
    line.on('message', (message: Request<C> | Connection) => {
      if ('caller' in message) serve(message.caller);
      else line.postMessage(answer(message));
    });
  };
  if (parentPort) serve(parentPort);
}
