// Which streams, besides its own, ever affected what is shown of a service: its past states depend on all of them.

import type { RecordedEvent } from './events/event-types.ts';
import { inParts } from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';

/**
 * Streams by service id, including those of deleted entities. Entries are never removed: the current state covers every
 * past.
 */
export type MentionsState = PersistentMap<PersistentMap<true>>;

export const mentionsProjection: Projection<MentionsState> = {
  name: 'mentions',
  version: 3,
  initial: PersistentMap.empty(),
  on: (state, event) => servicesNamedIn(event).reduce((next, id) => mentioned(next, id, [event.stream]), state),
  *encode(state) {
    for (const [serviceId, streams] of state) {
      for (const part of inParts(streams.keys())) yield [serviceId, part];
    }
  },
  decode(state, part) {
    const [serviceId, streams] = part as [string, readonly string[]];
    return mentioned(state, serviceId, streams);
  },
};

/** Ids of the services whose shown status the entity of the event affects from now on. */
function servicesNamedIn(event: RecordedEvent): readonly string[] {
  switch (event.type) {
    case 'incident.opened':
    case 'incident.assessed':
    case 'incident.update-posted':
      return Object.keys(event.data.impacts ?? {});
    default:
      return [];
  }
}

function mentioned(state: MentionsState, serviceId: string, streams: readonly string[]): MentionsState {
  const known = state.get(serviceId) ?? PersistentMap.empty();
  return state.set(serviceId, known.setAll(streams.map((stream) => [stream, true])));
}

/** All streams that have ever affected what is shown of a service. */
export function streamsOfService(state: MentionsState, serviceId: string): string[] {
  return [`service-${serviceId}`, ...(state.get(serviceId)?.keys() ?? [])];
}
