// Public heads: the last event of each organisation that all its readers may see. What only its members may see moves none.
import type { RecordedEvent } from './events/event-types.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';

/** The position of an event, and its hash, which stands for everything before it. */
export interface PublicHead {
  readonly position: number;
  readonly hash: string;
}

/** By organisation. */
export type PublicHeadsState = PersistentMap<PublicHead>;

/**
 * The types of events for members alone, by the nouns that begin them. A pattern instead of the definitions of the types:
 * those come with zod, which a browser does without.
 */
const FOR_MEMBERS = /^(?:organization\.(?:role|team|invitation|key)-|template\.|postmortem\.)/;

export const publicHeadsProjection: Projection<PublicHeadsState> = {
  name: 'publicHeads',
  version: 1,
  initial: PersistentMap.empty(),
  on: (state, event) => (FOR_MEMBERS.test(event.type) ? state : state.set(event.organizationId, headAt(event))),
  encode: (state) => state,
  decode(state, part) {
    const [organizationId, head] = part as [string, PublicHead];
    return state.set(organizationId, head);
  },
};

function headAt({ position, hash }: RecordedEvent): PublicHead {
  return { position, hash };
}
