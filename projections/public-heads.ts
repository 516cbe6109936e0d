// Public heads: the last event of each organisation that all its readers may see. What only its members may see moves none.
import type { RecordedEvent } from './events/event-types.ts';
import { isInMembersStream } from './events/members-streams.ts';
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
 * The types of public events, by the nouns that begin them. A pattern instead of the definitions of the types: those come
 * with zod, which a browser does without.
 */
const PUBLIC = /^(?:event|group|incident|maintenance|organization\.(?!role|team|invitation|key)|page|series|service)\b/;

export const publicHeadsProjection: Projection<PublicHeadsState> = {
  name: 'publicHeads',
  version: 1,
  initial: PersistentMap.empty(),
  on: (state, event) =>
    PUBLIC.test(event.type) && !isInMembersStream(event) ? state.set(event.organizationId, headAt(event)) : state,
  encode: (state) => state,
  decode(state, part) {
    const [organizationId, head] = part as [string, PublicHead];
    return state.set(organizationId, head);
  },
};

function headAt({ position, hash }: RecordedEvent): PublicHead {
  return { position, hash };
}
