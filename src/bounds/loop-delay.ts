// Measures the event loop delay of the main thread, which shows whether the server is overloaded.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Sampling interval of the event loop delay, in milliseconds. */
const RESOLUTION = 10;

export interface LoopDelayTerms {
  /** How long one measurement takes, in milliseconds. */
  readonly window: number;
  /** The server counts as overloaded above this delay, in milliseconds. */
  readonly tooLate: number;
}

export class LoopDelay {
  readonly #terms: LoopDelayTerms;
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  #timer: NodeJS.Timeout | undefined;
  /** The median delays of the last two windows. Two, so that a single long task does not count as overload. */
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

  /** The lower of the median delays of the last two windows, in milliseconds. */
  get median(): number {
    return Math.min(...this.#medians);
  }

  /** Whether the delay is so long that the server should shed load. */
  get isTooLong(): boolean {
    return this.median > this.#terms.tooLate;
  }

  #measure(): void {
    // The histogram records the time between two samples, which is `RESOLUTION` when the loop is idle.
    const median = Math.max(0, this.#histogram.percentile(50) / 1e6 - RESOLUTION);
    this.#medians = [this.#medians[1], median];
    this.#histogram.reset();
  }
}
