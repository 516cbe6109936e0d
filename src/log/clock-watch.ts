// Watches whether the log is ahead of the clock, as after a clock that was wrong for a while: times of events never
// decrease, so new events keep the time of the last one until the clock has reached it.
import type { EventLog } from './event-log.ts';
import { JournalError } from './journal.ts';
import type { Report } from './report.ts';

interface ClockWatchParts {
  readonly log: EventLog;
  readonly now: () => Date;
  /** Called when the log begins to be ahead. */
  readonly report: Report;
}

/** From when on it is reported, and from when on the server does not start, in milliseconds. */
const REPORTED = 1_000;
const REFUSED = 24 * 60 * 60 * 1_000;

export class ClockWatch {
  readonly #parts: ClockWatchParts;
  /** `recordedAt` of the last event; '' for an empty log. */
  #recordedAt = '';
  #isAhead = false;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
  }

  /**
   * Looks at the last event of the open log, and at each one from now on. Rejects with a `JournalError` if the log is
   * ahead by a day or more, unless that is allowed.
   */
  async start({ isAllowed }: { isAllowed: boolean }): Promise<void> {
    const { log } = this.#parts;
    for await (const { recordedAt } of log.read({ after: Math.max(0, log.position - 1) }))
      this.#recordedAt = recordedAt;
    if (this.#lead >= REFUSED && !isAllowed) throw new JournalError('failed', this.#refusal());
    this.#look();
    log.committed$.subscribe(({ events }) => {
      this.#recordedAt = events.at(-1)?.recordedAt ?? this.#recordedAt;
      this.#look();
    });
  }

  /** What the health check says. */
  get problems(): readonly string[] {
    return this.#lead < REPORTED ? [] : [this.#sentence()];
  }

  /** By how much the log is ahead, in milliseconds. */
  get #lead(): number {
    return this.#recordedAt === '' ? 0 : Date.parse(this.#recordedAt) - this.#parts.now().getTime();
  }

  #look(): void {
    const isAhead = this.#lead >= REPORTED;
    if (isAhead && !this.#isAhead) this.#parts.report('the clock is behind the log', this.#sentence());
    this.#isAhead = isAhead;
  }

  #sentence(): string {
    const seconds = Math.ceil(this.#lead / 1_000);
    return (
      `The clock of this machine is ${seconds} s behind the last event, of ${this.#recordedAt}: new events get that ` +
      'time until the clock has reached it.'
    );
  }

  #refusal(): string {
    return (
      `Its last event is of ${this.#recordedAt}, a day or more after the time of this machine, ` +
      `${this.#parts.now().toISOString()}. Correct the clock. If the clock is right and that event has a wrong time, set ` +
      'ALLOW_CLOCK_AHEAD=true: new events then get the time of that event until the clock has reached it.'
    );
  }
}
