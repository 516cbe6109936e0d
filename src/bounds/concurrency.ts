// Limits how many tasks of each key run at the same time. The others wait, in order.

interface Running {
  count: number;
  readonly waiting: (() => void)[];
}

export class Concurrency {
  readonly #max: number;
  readonly #maxWaiting: number;
  #waiting = 0;
  readonly #running = new Map<string, Running>();

  /** `max`: how many tasks of one key run at the same time. `maxWaiting`: how many tasks of all keys can wait. */
  constructor(max: number, maxWaiting: number) {
    this.#max = max;
    this.#maxWaiting = maxWaiting;
  }

  /** Whether no more tasks should be accepted. */
  get isFull(): boolean {
    return this.#waiting >= this.#maxWaiting;
  }

  /** Runs the task, at once if it may. */
  async run<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? { count: 0, waiting: [] };
    this.#running.set(key, running);
    if (running.count < this.#max) running.count += 1;
    // The task that ends hands its place over.
    else await this.#place(running);
    try {
      return await task();
    } finally {
      this.#end(key, running);
    }
  }

  async #place({ waiting }: Running): Promise<void> {
    this.#waiting += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    this.#waiting -= 1;
  }

  #end(key: string, running: Running): void {
    const next = running.waiting.shift();
    if (next) next();
    else running.count -= 1;
    if (running.count === 0) this.#running.delete(key);
  }
}
