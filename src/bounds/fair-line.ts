// Runs a few tasks at a time. The others wait in a fair queue.
import { FairQueue, type FairQueueLimits, type Owner } from './fair-queue.ts';

export interface FairLineLimits {
  /** How many tasks run at a time. */
  readonly running: number;
  readonly waiting: FairQueueLimits;
}

/** The result of a task that was refused, because too many wait. */
export const LINE_FULL = Symbol('line full');

export class FairLine {
  readonly #max: number;
  readonly #queue: FairQueue<() => void>;
  #running = 0;

  constructor({ running, waiting }: FairLineLimits) {
    this.#max = running;
    this.#queue = new FairQueue(waiting);
  }

  async run<T>(owner: Owner, task: () => Promise<T>): Promise<T | typeof LINE_FULL> {
    if (this.#running < this.#max) this.#running += 1;
    else if (!(await this.#turn(owner))) return LINE_FULL;
    try {
      return await task();
    } finally {
      // The next task takes over the place.
      const next = this.#queue.take();
      if (next) next();
      else this.#running -= 1;
    }
  }

  /** Resolves with `true` when it is the owner's turn, with `false` at once if too many wait. */
  #turn(owner: Owner): Promise<boolean> {
    return new Promise((resolve) => {
      const isWaiting = this.#queue.add(() => resolve(true), owner);
      if (!isWaiting) resolve(false);
    });
  }
}
