// Long work in short slices: between two slices other work of the same thread runs. Counts the time that the work took.
import { setImmediate } from 'node:timers/promises';

/** How long one slice may block its thread, in milliseconds. */
const SLICE = 4;

export class Slices {
  readonly #signal: AbortSignal | undefined;
  #begin = performance.now();
  #past = 0;

  /** When `signal` aborts, the work ends at its next rest. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the slice has lasted long enough: then the work must rest. */
  isOver(): boolean {
    return performance.now() - this.#begin >= SLICE;
  }

  /** How long all slices so far have taken together, in milliseconds. */
  get milliseconds(): number {
    return this.#past + performance.now() - this.#begin;
  }

  /** Lets other work run, then begins the next slice. Rejects with the reason of the signal. */
  async rest(): Promise<void> {
    this.#past = this.milliseconds;
    await setImmediate();
    this.#begin = performance.now();
    this.#signal?.throwIfAborted();
  }
}
