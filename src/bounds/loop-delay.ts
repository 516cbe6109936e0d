// How late the main loop is: what tells that there is more to do than it can.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the loop's own timer is looked at, in milliseconds. */
const RESOLUTION = 10;

export interface LoopDelayTerms {
  /** How often the delay is measured, in milliseconds. */
  readonly window: number;
  /** The loop has too much to do where it is later than this, in milliseconds. */
  readonly tooLate: number;
}

export class LoopDelay {
  readonly #terms: LoopDelayTerms;
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  #timer: NodeJS.Timeout | undefined;
  /** How late half of the timers were at least, in the last two windows: one long task is not yet too many. */
  #medians: readonly [number, number] = [0, 0];

  constructor(terms: LoopDelayTerms) {
    this.#terms = terms;
  }

  start(): void {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#measure(), this.#terms.window).unref();
  }

  stop(): void {
    this.#histogram.disable();
    clearInterval(this.#timer);
  }

  /** In milliseconds, how late half of the timers were at least, for a while by now. */
  get median(): number {
    return Math.min(...this.#medians);
  }

  /** Whether it is so late that what can wait should be refused. */
  get isTooLong(): boolean {
    return this.median > this.#terms.tooLate;
  }

  #measure(): void {
    // It counts the time between two looks: an idle loop's are as far apart as they are meant to be.
    const median = Math.max(0, this.#histogram.percentile(50) / 1e6 - RESOLUTION);
    this.#medians = [this.#medians[1], median];
    this.#histogram.reset();
  }
}
