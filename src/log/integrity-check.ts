// Holds the stored log against itself: its end before anything is served, all of it in the background afterwards.
import type { EventLog } from './event-log.ts';
import { damageAt, type Journal, type JournalError, type JournalVerifyOptions } from './journal.ts';
import type { Report } from './report.ts';

export interface IntegrityCheckOptions {
  /** How many events are checked before anything is served, at the most. */
  readonly tail: number;
  /** Told of damage, and where it could not be looked for. */
  readonly report: Report;
}

export class IntegrityCheck {
  readonly #journal: Journal;
  readonly #log: EventLog;
  readonly #options: IntegrityCheckOptions;
  readonly #stopped = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(journal: Journal, log: EventLog, options: IntegrityCheckOptions) {
    this.#journal = journal;
    this.#log = log;
    this.#options = options;
  }

  /**
   * Checks the end of the log: the events after this position, or the last ones of very many, and the head in any case. The
   * position comes once the log knows its head. Rejects with a `JournalError` that says what to do, or as the position does.
   */
  async checkAfter(position: Promise<number>): Promise<void> {
    const after = position.then((start) => {
      const { head } = this.#log;
      return Math.max(0, Math.min(start, head - 1), head - this.#options.tail);
    });
    // Waited for also where the journal has nothing to verify: nobody else would hear why it does not come.
    const [damage] = await Promise.all([this.#find({ after, background: false }), after]);
    if (damage) throw damage;
  }

  /** Checks all of the log, unhurriedly. On damage the log takes nothing more. Never rejects. */
  async checkAll(): Promise<void> {
    try {
      const damage = await this.#find({ after: 0, background: true });
      if (!damage) return;
      this.#log.fail(damage.message);
      this.#options.report('the log takes nothing more', damage);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.report('the log was not checked to its end', error);
    }
  }

  /** Resolves when nothing of the journal is in use any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #find(options: Omit<JournalVerifyOptions, 'signal'>): Promise<JournalError | undefined> {
    const faults = this.#journal.verify?.({ ...options, signal: this.#stopped.signal });
    this.#running = Promise.allSettled([faults]);
    const [first] = (await faults) ?? [];
    return first && damageAt(first.position);
  }
}
