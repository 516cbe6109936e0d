// Which streams, besides its own, ever affected what is shown of a service or a group, or named a service: its past
// states depend on all of them.

import { aggregateOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { inParts } from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';

/**
 * Streams by the stream that they affect, including those of deleted entities. Entries are never removed: the current
 * state covers every past.
 */
export type MentionsState = PersistentMap<PersistentMap<true>>;

export const mentionsProjection: Projection<MentionsState> = {
  name: 'mentions',
  version: 6,
  initial: PersistentMap.empty(),
  on: (state, event) => mentionsIn(event).reduce((next, [affected, by]) => mentioned(next, affected, [by]), state),
  *encode(state) {
    for (const [affected, streams] of state) {
      for (const part of inParts(streams.keys())) yield [affected, part];
    }
  },
  decode(state, part) {
    const [affected, streams] = part as [string, readonly string[]];
    return mentioned(state, affected, streams);
  },
};

/** Pairs of a stream, and of one that affects it from this event on. */
function mentionsIn(event: RecordedEvent): readonly (readonly [affected: string, by: string])[] {
  const { stream } = event;
  switch (event.type) {
    case 'incident.opened':
    case 'incident.assessed':
    case 'incident.update-posted':
      return servicesIn(event.data).map((id) => [`service-${id}`, stream]);
    case 'maintenance.planned':
    case 'maintenance.services-changed':
      return event.data.affectedServiceIds.map((id) => [`service-${id}`, stream]);
    case 'service.placed': {
      const { groupId } = event.data;
      if (groupId === null) return [];
      // The status of a group follows from its services, and a service has no group once that is deleted.
      return [
        [`group-${groupId}`, stream],
        [stream, `group-${groupId}`],
      ];
    }
    default:
      return [];
  }
}

/** Ids of the services that an incident gives a status, or names. */
function servicesIn({ impacts = {}, ...data }: { readonly impacts?: object }): readonly string[] {
  const named = 'affectedServiceIds' in data ? (data.affectedServiceIds as readonly string[]) : [];
  return [...Object.keys(impacts), ...named];
}

function mentioned(state: MentionsState, affected: string, streams: readonly string[]): MentionsState {
  const known = state.get(affected) ?? PersistentMap.empty();
  return state.set(affected, known.setAll(streams.map((stream) => [stream, true])));
}

/** All streams that have ever affected what is shown of a service, or of a group: also what affected its services. */
export function streamsOf(state: MentionsState, aggregate: 'service' | 'group', id: string): string[] {
  const own = `${aggregate}-${id}`;
  const direct = streamsMentioned(state, own);
  const services = aggregate === 'group' ? direct.filter((stream) => aggregateOf({ stream }) === 'service') : [];
  return [...new Set([own, ...direct, ...services.flatMap((stream) => streamsMentioned(state, stream))])];
}

function streamsMentioned(state: MentionsState, stream: string): readonly string[] {
  return [...(state.get(stream)?.keys() ?? [])];
}
