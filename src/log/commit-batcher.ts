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

  /**
   * Like `take` for a scan that leaves out events: `through` is how far it has looked, so a commit can be complete
   * without its last event. If no commit is, an empty batch says that there is nothing up to `through`.
   */
  *takeThrough(
    page: readonly RecordedEvent[],
    { after, through }: { readonly after: number; readonly through: number },
  ): Generator<Batch> {
    let isEmpty = true;
    for (const batch of this.#complete(page, through)) {
      isEmpty = false;
      yield batch;
    }
    if (isEmpty && this.#events.length === 0) yield { events: [], first: after + 1, last: through };
  }

  *#complete(page: readonly RecordedEvent[], through: number): Generator<Batch> {
    yield* this.take(page);
    const last = this.#events.at(-1);
    if (last && endOfCommit(last) <= through) yield* this.rest();
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
