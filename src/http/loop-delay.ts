// How late the main loop is: what tells that there is more to do than it can.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often it is measured, in milliseconds. */
const WINDOW = 500;
/** How often the loop's own timer is looked at, in milliseconds. */
const RESOLUTION = 10;
/** The loop has too much to do where it is later than this, in milliseconds. */
const TOO_LATE = 200;

export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  #timer: NodeJS.Timeout | undefined;
  /** How late half of the timers were at least, in the last two windows: one long task is not yet too many. */
  #medians: readonly [number, number] = [0, 0];

  start(): void {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#measure(), WINDOW).unref();
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
    return this.median > TOO_LATE;
  }

  #measure(): void {
    // It counts the time between two looks: an idle loop's are as far apart as they are meant to be.
    const median = Math.max(0, this.#histogram.percentile(50) / 1e6 - RESOLUTION);
    this.#medians = [this.#medians[1], median];
    this.#histogram.reset();
  }
}
