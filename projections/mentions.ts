// Which incidents ever named a service in their impacts: the service's past states depend on their streams and its own.

import { entityId } from './events/envelope.ts';
import { inParts } from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';

/**
 * Incident ids by service id, including deleted incidents. Entries are never removed: the current state covers every
 * past.
 */
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

/** All streams that have ever affected what is shown of a service. */
export function streamsOfService(state: MentionsState, serviceId: string): string[] {
  const incidentIds = state.get(serviceId)?.keys() ?? [];
  return [`service-${serviceId}`, ...Array.from(incidentIds, (id) => `incident-${id}`)];
}
