// Limits how many tasks of each key run at the same time. The others wait, in order.

interface Running {
  count: number;
  readonly waiting: (() => void)[];
}

export class Concurrency {
  readonly #max: number;
  readonly #running = new Map<string, Running>();

  /** `max`: how many tasks of one key run at the same time. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Runs the task, at once if it may. */
  async run<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? { count: 0, waiting: [] };
    this.#running.set(key, running);
    if (running.count < this.#max) running.count += 1;
    // The task that ends hands its place over.
    else await new Promise<void>((resolve) => running.waiting.push(resolve));
    try {
      return await task();
    } finally {
      this.#end(key, running);
    }
  }

  #end(key: string, running: Running): void {
    const next = running.waiting.shift();
    if (next) next();
    else running.count -= 1;
    if (running.count === 0) this.#running.delete(key);
  }
}
