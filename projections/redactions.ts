// Redactions: what was blanked and why, and the last redaction of each organisation, since which even its past differs.
import type { RecordedEvent } from './events/event-types.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';
import { maySee, type Viewer } from './viewer/viewer.ts';

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

/** By organisation, the position of its last redaction. */
export type RedactionsState = PersistentMap<number>;

export const redactionsProjection: Projection<RedactionsState> = {
  name: 'redactions',
  version: 1,
  initial: PersistentMap.empty(),
  on: (state, { type, organizationId, position }) =>
    type === 'event.redacted' ? state.set(organizationId, position) : state,
  encode: (state) => state,
  decode(state, part) {
    const [organizationId, position] = part as [string, number];
    return state.set(organizationId, position);
  },
};

/** Position of the last redaction in the organisation, or in all that the viewer may see; 0 if there was none. */
export function redactedAt(state: RedactionsState, viewer: Viewer, organizationId?: string): number {
  return [...state]
    .filter(([id]) => (organizationId === undefined || id === organizationId) && maySee(viewer, id))
    .reduce((last, [, position]) => Math.max(last, position), 0);
}
