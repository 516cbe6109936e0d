// Where services stand: in which group, and at which place among the services there.
import { placeOf } from '../../projections/events/envelope.ts';
import { byRank, type Ranked } from '../../projections/events/rank.ts';
import { findGroup } from '../../projections/groups.ts';
import { type Group, membersOf } from '../../projections/service/group.ts';
import type { Service } from '../../projections/service.ts';
import { findService, type ServicesState } from '../../projections/services.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Guard, Write } from '../log/commit.ts';
import { type Change, type Rejection, reject } from './command.ts';
import { ranksFor } from './ranks.ts';

/** The stream of the service with this id. */
export function serviceStream(id: string): string {
  return `service-${id}`;
}

/** The stream of the group with this id. */
export function groupStream(id: string): string {
  return `group-${id}`;
}

/** What puts a service elsewhere: changes of its own, of its new siblings, and what must not change meanwhile. */
export interface Placing {
  readonly changes: readonly Change[];
  readonly also: readonly Write[];
  readonly guards: readonly Guard[];
}

const NOWHERE_ELSE: Placing = { changes: [], also: [], guards: [] };

/** A service that is to be placed; one that is new comes last in the order of creation. */
type Placed = Pick<Service, 'id' | 'origin' | 'groupId' | 'organizationId'>;

/**
 * Puts a service at the end of a group or, with `null`, among those without a group, which it follows unranked. Rejects
 * the group of another organisation like an unknown one.
 */
export function placing(
  service: Placed,
  groupId: string | null | undefined,
  state: ServicesState,
): Placing | Rejection {
  if (groupId === undefined || groupId === service.groupId) return NOWHERE_ELSE;
  if (groupId === null) return { ...NOWHERE_ELSE, changes: [placedAt(null, null)] };
  const group = findGroup(state, groupId);
  if (group?.organizationId !== service.organizationId) return unknownGroup(groupId, '/groupId');
  const members = [...membersOf(state, groupId)].flatMap((id) => findService(state, id) ?? []).sort(byRank);
  const arriving = { id: service.id, origin: service.origin, rank: null, arrives: true };
  const ranks = ranksFor([...members.map((each) => ({ ...each, arrives: false })), arriving]);
  return {
    changes: [placedAt(groupId, ranks.get(service.id) ?? null)],
    also: members.flatMap((each) => {
      const rank = ranks.get(each.id);
      return rank === undefined ? [] : [serviceWrite(each, groupId, rank)];
    }),
    guards: [guardOf(group)],
  };
}

/** Places the service as its only change. */
export function serviceWrite(service: Service, groupId: string | null, rank: string): Write {
  return writeOf(serviceStream(service.id), service, placedAt(groupId, rank));
}

/** Places the group as its only change. */
export function groupWrite(group: Group, rank: string): Write {
  return writeOf(groupStream(group.id), group, { type: 'group.placed', data: { rank } });
}

/** That the group still exists, as it is. */
export function guardOf({ id, version }: Group): Guard {
  return { stream: groupStream(id), expected: version };
}

/** A rejection of the group that the body names at the pointer. */
export function unknownGroup(groupId: string, pointer: string): Rejection {
  return reject('unknown-group', `There is no group ${groupId} in the organisation.`, pointer);
}

function placedAt(groupId: string | null, rank: Ranked['rank']): Change {
  return { type: 'service.placed', data: { groupId, rank } };
}

function writeOf(stream: string, entity: Entity, change: Change): Write {
  return { stream, expected: entity.version, events: [{ ...placeOf(entity), ...change }] };
}
