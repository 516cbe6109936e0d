// Which incidents ever said something of a service: with its own stream, theirs are all that its past is made of.
import { OrderedSet } from 'immutable';
import { inParts } from './collection.ts';
import { entityId } from './envelope.ts';
import type { RecordedEvent } from './events.ts';
import { PersistentMap } from './persistent-map.ts';
import type { Projection } from './projection.ts';

/** Ids of incidents by service id, deleted ones included. It only ever grows, so what holds now covers every past. */
export type MentionsState = PersistentMap<OrderedSet<string>>;

export const mentionsProjection: Projection<MentionsState> = {
  name: 'mentions',
  version: 1,
  initial: PersistentMap.empty(),
  on(state, event) {
    switch (event.type) {
      case 'incident.opened':
      case 'incident.assessed':
        return mentioned(state, event);
      default:
        return state;
    }
  },
  *encode(state) {
    for (const [serviceId, incidentIds] of state) {
      for (const part of inParts(incidentIds)) yield [serviceId, part];
    }
  },
  decode(state, part) {
    const [serviceId, incidentIds] = part as [string, readonly string[]];
    return state.set(serviceId, (state.get(serviceId) ?? OrderedSet()).union(incidentIds));
  },
};

function mentioned(state: MentionsState, event: RecordedEvent<'incident.opened' | 'incident.assessed'>): MentionsState {
  return Object.keys(event.data.impacts ?? {}).reduce(
    (next, serviceId) => next.set(serviceId, (next.get(serviceId) ?? OrderedSet()).add(entityId(event))),
    state,
  );
}

/** The streams that decide what is shown of a service, at any time. */
export function streamsOfService(state: MentionsState, serviceId: string): string[] {
  const incidentIds = state.get(serviceId) ?? [];
  return [`service-${serviceId}`, ...Array.from(incidentIds, (id) => `incident-${id}`)];
}
