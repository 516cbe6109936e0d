// The recent end of the log, held in memory and readable synchronously. Older events live in the journal.
import type { RecordedEvent } from '../../projections/events/event-types.ts';

export class EventWindow {
  readonly #capacity: number;
  #events: RecordedEvent[] = [];
  #from = 0;

  /** Holds at least the last `capacity` events. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What will have left by the time that this is the last position is not taken in at all. */
  expect(head: number): void {
    this.#from = head - this.#capacity;
  }

  push(events: readonly RecordedEvent[]): void {
    if ((events.at(-1)?.position ?? 0) <= this.#from) return;
    for (const event of events) this.#events.push(event);
    // Dropping an eighth at a time keeps the cost of an event constant.
    if (this.#events.length >= 1.125 * this.#capacity) this.#events = this.#events.slice(-this.#capacity);
  }

  /** Puts another event in place of the one at this position, if it is still held. */
  replace(position: number, change: (event: RecordedEvent) => RecordedEvent): void {
    const index = position - (this.#events[0]?.position ?? 0);
    const event = this.#events[index];
    if (event) this.#events[index] = change(event);
  }

  /** Up to `limit` events with `after` < position <= `until`, or `undefined` where they reach back further than the window. */
  page(after: number, until: number, limit: number): readonly RecordedEvent[] | undefined {
    const first = this.#events[0]?.position;
    if (first === undefined || after < first - 1) return undefined;
    const start = after - first + 1;
    return this.#events.slice(start, Math.min(start + limit, until - first + 1));
  }
}
