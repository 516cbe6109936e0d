// Groups of services: their selectors, and the descriptor of the kind.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { type MentionsState, streamsOf } from './mentions.ts';
import { selectEntities } from './selection.ts';
import { type Group, showGroup } from './service/group.ts';
import { findService, type ServicesState, servicesProjection, servicesTouched } from './services.ts';
import { findEntity } from './state/collection.ts';
import type { Part } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

/** The group with this id, without an access check: for folds and decisions. */
export function findGroup(state: ServicesState, id: string): Group | undefined {
  return findEntity(state.groups, id);
}

/** In the order of their creation. */
export function selectGroups(state: ServicesState, viewer: Viewer, part: Part): Group[] {
  return [...selectEntities(state.groups, viewer, part)];
}

/** Ids of the groups whose status an event of another stream may have changed: those of the services that it may have. */
function groupsTouched(before: ServicesState, event: RecordedEvent, after: ServicesState): readonly string[] {
  const own = aggregateOf(event) === 'service' ? [entityId(event)] : [];
  return [...own, ...servicesTouched(before, event, after)].flatMap((id) =>
    [before, after].flatMap((state) => findService(state, id)?.groupId ?? []),
  );
}

export const groupKind = {
  aggregate: 'group',
  plural: 'groups',
  audience: 'public',
  projection: servicesProjection,
  state: ({ services }) => services,
  collection: ({ groups }) => groups,
  show: showGroup,
  status: ({ status }) => status,
  isSettled: () => false,
  isActive: () => true,
  touched: ({ before, after }, event) => groupsTouched(before.services, event, after.services),
  streams: ({ mentions }, id) => streamsOf(mentions, 'group', id),
  textsUnder: () => '',
  // It depends on services and incidents, whose events are not in the group's own stream.
  notInHistory: ['status'],
  additions: () => [],
} as const satisfies EntityKind<
  { readonly services: ServicesState; readonly mentions: MentionsState },
  Group,
  ServicesState
>;
