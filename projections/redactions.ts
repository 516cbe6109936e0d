// Redactions: what was blanked and why, and the last redaction of each organisation, since which even its past differs.
import type { RecordedEvent } from './events/event-types.ts';
import { isInMembersStream } from './events/members-streams.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';
import { isAudience, type Viewer } from './viewer/viewer.ts';

/** What was blanked, and why. */
export interface Redaction {
  readonly eventId: string;
  readonly reason: string;
}

/** The redaction that this event made. */
export function redactionOf(event: RecordedEvent<'event.redacted'>): Redaction {
  const { eventId, reason } = event.data;
  return { eventId, reason };
}

/**
 * By organisation, the position of its last redaction; of those that are for its members alone under a key of their own.
 */
export type RedactionsState = PersistentMap<number>;

export const redactionsProjection: Projection<RedactionsState> = {
  name: 'redactions',
  version: 2,
  initial: PersistentMap.empty(),
  on: (state, event) => (event.type === 'event.redacted' ? state.set(keyOf(event), event.position) : state),
  encode: (state) => state,
  decode(state, part) {
    const [key, position] = part as [string, number];
    return state.set(key, position);
  },
};

/** Ids of organisations contain no space. */
function keyOf(event: RecordedEvent): string {
  return isInMembersStream(event) ? `${event.organizationId} members` : event.organizationId;
}

/** Position of the last redaction in the organisation, or in all that the viewer may see; 0 if there was none. */
export function redactedAt(state: RedactionsState, viewer: Viewer, organizationId?: string): number {
  return [...state]
    .filter(([key]) => {
      const [id = '', audience] = key.split(' ');
      const isAsked = organizationId === undefined || id === organizationId;
      return isAsked && isAudience(viewer, id, audience === 'members' ? audience : 'public');
    })
    .reduce((last, [, position]) => Math.max(last, position), 0);
}
