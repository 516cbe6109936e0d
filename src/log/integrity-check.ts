// Verifies the stored log: its end before the server accepts requests, all of it in the background afterwards.
import type { EventLog } from './event-log.ts';
import { damageOf, type Fault, type Journal, type JournalVerifyOptions } from './journal.ts';
import type { Report } from './report.ts';

export interface IntegrityCheckOptions {
  /** The most events that are checked before the server accepts requests. */
  readonly tail: number;
  /** Called when the log is damaged, or could not be verified completely. */
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
   * Checks the end of the log: the events after this position, but at most `tail` of them, and always the last event.
   * The position resolves once the log knows its head. Rejects with a `JournalError` that says what to do, or like the
   * position.
   */
  async checkAfter(position: Promise<number>): Promise<void> {
    const after = position.then((start) => {
      const { head } = this.#log;
      return Math.max(0, Math.min(start, head - 1), head - this.#options.tail);
    });
    // `after` is awaited even if the journal cannot verify; otherwise its rejection would go unhandled.
    const [fault] = await Promise.all([this.#find({ after, background: false }), after]);
    if (fault) throw damageOf(fault);
  }

  /**
   * Checks the whole log at low priority, with its indexes and its newest snapshot. If one is damaged, the log refuses
   * further appends. Never rejects.
   */
  async checkAll(): Promise<void> {
    try {
      const fault = await this.#find({ after: 0, background: true });
      if (!fault) return;
      const damage = damageOf(fault);
      this.#log.fail(damage.message);
      this.#options.report('the log refuses new events', damage);
      if (fault.of !== 'snapshot') return;
      const dropped = this.#dropSnapshots();
      this.#running = Promise.allSettled([dropped]);
      await dropped;
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.report('the log was not checked completely', error);
    }
  }

  /** Aborts a running check. Resolves when it no longer uses the journal. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  /** So that the next start replays the whole log: older snapshots may be as wrong as the newest. */
  async #dropSnapshots(): Promise<void> {
    const { snapshots } = this.#journal;
    for (const position of (await snapshots?.list()) ?? []) await snapshots?.drop(position);
  }

  async #find(options: Omit<JournalVerifyOptions, 'signal'>): Promise<Fault | undefined> {
    const faults = this.#journal.verify?.({ ...options, signal: this.#stopped.signal });
    this.#running = Promise.allSettled([faults]);
    const [first] = (await faults) ?? [];
    return first;
  }
}
