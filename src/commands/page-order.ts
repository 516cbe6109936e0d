// The order of a page: which groups and services come where. It is wanted as a whole and recorded as the fewest moves.
import * as z from 'zod';
import { type Ordered, type PageOrder, selectOrder, showOrder } from '../../projections/order.ts';
import type { Group } from '../../projections/service/group.ts';
import type { Service } from '../../projections/service.ts';
import { digest } from '../log/chain.ts';
import type { Guard, Write } from '../log/commit.ts';
import { type Command, type Rejection, reject } from './command.ts';
import { refuseNonMember } from './fields.ts';
import { groupWrite, guardOf, serviceWrite, unknownGroup } from './placing.ts';
import { ranksFor } from './ranks.ts';

const ids = z.array(z.uuid().toLowerCase()).max(1_000);

/** What is named comes first, in this order; what is not named comes behind it, in its present order. */
export const orderPageInput = z
  .object({
    groups: z
      .array(z.object({ id: z.uuid().toLowerCase(), services: ids.exactOptional() }))
      .max(1_000)
      .exactOptional()
      .describe('Groups in their order. A service in `services` moves into that group'),
    services: ids.exactOptional().describe('Services without a group. One that has a group leaves it'),
  })
  .superRefine(({ groups = [], services = [] }, { addIssue }) => {
    const seen = new Set<string>();
    const see = (id: string, path: readonly (string | number)[]) => {
      if (seen.has(id)) addIssue({ code: 'custom', path: [...path], message: 'is named twice' });
      seen.add(id);
    };
    for (const [index, group] of groups.entries()) {
      see(group.id, ['groups', index, 'id']);
      for (const [place, id] of (group.services ?? []).entries()) see(id, ['groups', index, 'services', place]);
    }
    for (const [place, id] of services.entries()) see(id, ['services', place]);
  });

type WantedOrder = z.output<typeof orderPageInput>;

interface OrderPage extends WantedOrder {
  readonly organizationId: string;
}

export const orderPage: Command<OrderPage> = {
  // No stream, but what these commands contend for: each is decided on the order that the one before it made.
  stream: ({ organizationId }) => orderOf(organizationId),
  decide({ organizationId, ...wanted }, { services }, { viewer }) {
    const refusal = refuseNonMember(viewer, { organizationId });
    if (refusal) return refusal;
    const present = selectOrder(services, viewer, organizationId);
    const places = placesWanted(wanted, present);
    if ('kind' in places) return places;
    return {
      kind: 'accepted',
      stream: orderOf(organizationId),
      expected: orderVersion(showOrder(present)),
      organizationId,
      role: 'admin',
      events: [],
      also: movesTo(places),
      guards: guardsOf(places),
    };
  },
};

function orderOf(organizationId: string): string {
  return `order-${organizationId}`;
}

/** Stands for this order in `If-Match`, as a version does for an entity: the beginning of a digest, which fits a number. */
export function orderVersion(order: PageOrder): number {
  return Number.parseInt(digest(JSON.stringify(order)).slice(0, 12), 16);
}

/** Who stands where once the order is as wanted. */
interface Places {
  readonly groups: readonly Group[];
  /** By group, in the order of the groups, and then those without one. */
  readonly services: readonly { readonly group: Group | null; readonly services: readonly Service[] }[];
}

function placesWanted({ groups = [], services = [] }: WantedOrder, present: Ordered): Places | Rejection {
  const groupsById = new Map(present.groups.map(({ group }) => [group.id, group]));
  const everyService = [...present.groups.flatMap((each) => each.services), ...present.services];
  const servicesById = new Map(everyService.map((service) => [service.id, service]));
  const unknown = firstUnknown({ groups, services }, { groups: groupsById, services: servicesById });
  if (unknown) return unknown;
  const named = new Set([...groups.flatMap((each) => each.services ?? []), ...services]);
  const inOrder = (first: readonly string[], rest: readonly Service[]) => [
    ...first.flatMap((id) => servicesById.get(id) ?? []),
    ...rest.filter(({ id }) => !named.has(id)),
  ];
  const namedGroups = new Map(groups.map((each) => [each.id, each.services ?? []]));
  const wantedGroups = [
    ...groups.flatMap(({ id }) => groupsById.get(id) ?? []),
    ...present.groups.map(({ group }) => group).filter(({ id }) => !namedGroups.has(id)),
  ];
  return {
    groups: wantedGroups,
    services: [
      ...present.groups.map(({ group, services: own }) => ({
        group,
        services: inOrder(namedGroups.get(group.id) ?? [], own),
      })),
      { group: null, services: inOrder(services, present.services) },
    ],
  };
}

/** A rejection of the first group or service that the organisation does not have. */
function firstUnknown(
  { groups = [], services = [] }: WantedOrder,
  known: { readonly groups: ReadonlyMap<string, Group>; readonly services: ReadonlyMap<string, Service> },
): Rejection | undefined {
  const unknownService = (ids: readonly string[], pointer: string) => {
    const index = ids.findIndex((id) => !known.services.has(id));
    if (index < 0) return undefined;
    return reject('unknown-service', `There is no service ${ids[index]} in the organisation.`, `${pointer}/${index}`);
  };
  for (const [index, group] of groups.entries()) {
    if (!known.groups.has(group.id)) return unknownGroup(group.id, `/groups/${index}/id`);
    const unknown = unknownService(group.services ?? [], `/groups/${index}/services`);
    if (unknown) return unknown;
  }
  return unknownService(services, '/services');
}

/** One event for each thing that moves. */
function movesTo({ groups, services }: Places): Write[] {
  const ranks = ranksFor(groups.map((group) => ({ ...group, arrives: false })));
  const groupMoves = groups.flatMap((group) => {
    const rank = ranks.get(group.id);
    return rank === undefined ? [] : [groupWrite(group, rank)];
  });
  return [...groupMoves, ...services.flatMap((place) => serviceMoves(place))];
}

function serviceMoves({ group, services }: Places['services'][number]): Write[] {
  const groupId = group?.id ?? null;
  const ranks = ranksFor(services.map((service) => ({ ...service, arrives: service.groupId !== groupId })));
  return services.flatMap((service) => {
    const rank = ranks.get(service.id);
    return rank === undefined ? [] : [serviceWrite(service, groupId, rank)];
  });
}

/** The groups that services move into must still be there. */
function guardsOf({ services }: Places): Guard[] {
  return services.flatMap(({ group, services: own }) =>
    group && own.some(({ groupId }) => groupId !== group.id) ? [guardOf(group)] : [],
  );
}
