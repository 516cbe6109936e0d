// Which incidents ever said something of a service: with its own stream, theirs are all that its past is made of.

import { entityId } from './events/envelope.ts';
import { inParts } from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';

/** By service id, the ids of incidents, deleted ones included. It only ever grows, so what holds now covers every past. */
export type MentionsState = PersistentMap<PersistentMap<true>>;

export const mentionsProjection: Projection<MentionsState> = {
  name: 'mentions',
  version: 2,
  initial: PersistentMap.empty(),
  on(state, event) {
    switch (event.type) {
      case 'incident.opened':
      case 'incident.assessed':
        return Object.keys(event.data.impacts ?? {}).reduce(
          (next, serviceId) => mentioned(next, serviceId, [entityId(event)]),
          state,
        );
      default:
        return state;
    }
  },
  *encode(state) {
    for (const [serviceId, incidentIds] of state) {
      for (const part of inParts(incidentIds.keys())) yield [serviceId, part];
    }
  },
  decode(state, part) {
    const [serviceId, incidentIds] = part as [string, readonly string[]];
    return mentioned(state, serviceId, incidentIds);
  },
};

function mentioned(state: MentionsState, serviceId: string, incidentIds: readonly string[]): MentionsState {
  const known = state.get(serviceId) ?? PersistentMap.empty();
  return state.set(serviceId, known.setAll(incidentIds.map((id) => [id, true])));
}

/** The streams that decide what is shown of a service, at any time. */
export function streamsOfService(state: MentionsState, serviceId: string): string[] {
  const incidentIds = state.get(serviceId)?.keys() ?? [];
  return [`service-${serviceId}`, ...Array.from(incidentIds, (id) => `incident-${id}`)];
}
