// The end of the log as this node knows it: the last event, and the last ones of the organisations that it has seen of late.
import { RecentMap } from '../../bounds/recent-map.ts';
import type { StoredEvent } from '../../log/journal.ts';
import type { KnownEvent } from './continuity.ts';

/** Of how many organisations the last event is kept. */
const ORGANIZATIONS = 20_000;

export class KnownEnd {
  #last: Pick<StoredEvent, 'position' | 'hash' | 'recordedAt'> | undefined;
  #chainHeads = new RecentMap<string, KnownEvent>(ORGANIZATIONS);

  /** `undefined` until an event was seen. */
  get last() {
    return this.#last;
  }

  /** The last event of an organisation; `undefined` if this node does not know which one that is. */
  chainHead(organizationId: string): KnownEvent | undefined {
    return this.#chainHeads.get(organizationId);
  }

  /** Takes events that are neighbours in the log. Where some are missing before them, what was known is forgotten. */
  follow(events: readonly StoredEvent[]): void {
    const last = this.#last?.position ?? 0;
    const unknown = events.filter(({ position }) => position > last);
    const [first] = unknown;
    if (!first) return;
    if (first.position !== last + 1) this.forget();
    for (const { organizationId, position, hash } of unknown) this.#chainHeads.set(organizationId, { position, hash });
    this.#last = unknown.at(-1);
  }

  forget(): void {
    this.#last = undefined;
    this.#chainHeads = new RecentMap(ORGANIZATIONS);
  }
}
