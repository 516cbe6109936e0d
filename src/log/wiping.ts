// Wiping: removes redacted text from the journal's files, with retries while a reader of the files blocks it.
import { setTimeout } from 'node:timers/promises';
import { type Journal, JournalError } from './journal.ts';
import type { Report } from './report.ts';

export interface WipingParts {
  readonly journal: Pick<Journal, 'wipe'>;
  /** Called with the reason when the journal has failed for good. */
  readonly fail: (reason: string) => void;
  readonly report: Report;
  /** Time between two attempts, in milliseconds. */
  readonly pause?: number | undefined;
}

/** How many attempts are made before the redaction resolves anyway. */
const ATTEMPTS = 30;
/** The default of `pause`. */
const PAUSE = 100;

export class Wiping {
  readonly #parts: WipingParts;
  #isPending = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: WipingParts) {
    this.#parts = parts;
  }

  /** Whether redacted text may still be in the journal's files. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /**
   * Wipes, with retries. Resolves when it is done, or when it has failed or was blocked for too long, which is
   * reported.
   */
  run(): Promise<void> {
    const wiped = this.#retry();
    this.#running = Promise.all([this.#running, wiped]);
    return wiped;
  }

  /** Resolves when no attempt is running. */
  async finish(): Promise<void> {
    await this.#running;
  }

  /** Wipes once. Resolves with `over` on failure too: retrying would not help. */
  async attempt(): Promise<'over' | 'blocked'> {
    try {
      this.#isPending = !(await this.#parts.journal.wipe());
      return this.#isPending ? 'blocked' : 'over';
    } catch (error) {
      this.#isPending = true;
      this.#parts.report("redacted text was not removed from the journal's files", error);
      if (error instanceof JournalError && error.code === 'failed') this.#parts.fail(error.message);
      return 'over';
    }
  }

  async #retry(): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if ((await this.attempt()) === 'over') return;
      await setTimeout(this.#parts.pause ?? PAUSE);
    }
    const reason = new JournalError('in-use', 'Another connection is reading them: the next commits try again.');
    this.#parts.report("redacted text is still in the journal's files", reason);
  }
}
