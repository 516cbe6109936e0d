// The most recent events of the log, in memory and readable synchronously. Older events are in the journal only.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { type EventFilter, type LogPage, matcher, pageOf } from './page.ts';

export class EventWindow {
  readonly #capacity: number;
  #events: RecordedEvent[] = [];
  #from = 0;

  /** Holds at least the last `capacity` events. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Announces the position of the last event to come, so that events too old to stay in the window are not added. */
  expect(head: number): void {
    this.#from = head - this.#capacity;
  }

  push(events: readonly RecordedEvent[]): void {
    if ((events.at(-1)?.position ?? 0) <= this.#from) return;
    for (const event of events) this.#events.push(event);
    // Dropping an eighth at a time keeps the cost of an event constant.
    if (this.#events.length >= 1.125 * this.#capacity) this.#events = this.#events.slice(-this.#capacity);
  }

  /** Replaces the event at this position, if it is still in the window. */
  replace(position: number, change: (event: RecordedEvent) => RecordedEvent): void {
    const index = position - (this.#events[0]?.position ?? 0);
    const event = this.#events[index];
    if (event) this.#events[index] = change(event);
  }

  /** The next page after a position; `undefined` if it would begin before the window. */
  page({ after, until, limit, ...filter }: WindowScan): LogPage<RecordedEvent> | undefined {
    const first = this.#events[0]?.position;
    if (first === undefined || after < first - 1) return undefined;
    const end = Math.min(this.#events.length, until - first + 1);
    const range = { from: after - first + 1, end, limit, matches: matcher(filter) };
    // Characters are not counted: nothing is copied.
    const { events, next } = pageOf(this.#events, range, () => 0);
    return { events, through: first + next - 1 };
  }
}

interface WindowScan extends EventFilter {
  readonly after: number;
  readonly until: number;
  readonly limit?: number;
}
