// Groups events into the commits that recorded them.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Batch } from './commit.ts';

/**
 * Takes events in log order, in pages of any size. The events of one commit are adjacent. In a partial log the end of a
 * commit may be missing: then the commit ends where the next one begins.
 */
export class CommitBatcher {
  #events: RecordedEvent[] = [];

  /** The commits that are complete after this page. */
  *take(page: Iterable<RecordedEvent>): Generator<Batch> {
    for (const event of page) {
      const { id, index, size } = event.meta.commit;
      const [first] = this.#events;
      if (first !== undefined && first.meta.commit.id !== id) yield* this.rest();
      this.#events.push(event);
      if (index === size - 1) yield* this.rest();
    }
  }

  /** The events of the last commit, if its end is missing. */
  *rest(): Generator<Batch> {
    if (this.#events.length === 0) return;
    yield batchOf(this.#events);
    this.#events = [];
  }
}

/** The batch of one commit from its events. */
export function batchOf(events: readonly RecordedEvent[]): Batch {
  const last = events.at(-1);
  return { events, first: events[0]?.position ?? 0, last: last ? endOfCommit(last) : 0 };
}

/** Position at which the commit of an event ends. */
export function endOfCommit({ position, meta: { commit } }: RecordedEvent): number {
  return position + commit.size - 1 - commit.index;
}
