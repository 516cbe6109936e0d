// Groups of services: how a group is shown, and how events change groups. Their status is the worst of their services.
import { entityId, happenedAt, placeOf } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { GroupDisplay } from '../events/group.ts';
import type { Ranked } from '../events/rank.ts';
import { SERVICE_STATUSES, type ServiceStatus, worst } from '../events/severity.ts';
import { blankAt } from '../events/texts.ts';
import type { Translations } from '../events/translations.ts';
import {
  type Collection,
  type Counting,
  type Entity,
  emptyCollection,
  findEntity,
  replaceEntity,
  shownPlace,
} from '../state/collection.ts';
import { PersistentMap } from '../state/persistent-map.ts';
import { retold, shownTranslations, translationsAfter } from '../state/translated.ts';

interface GroupFields {
  readonly name: string;
  /** Empty if it has none. */
  readonly description: string;
  readonly display: GroupDisplay;
  /** The worst of its services; `operational` without any. */
  readonly status: ServiceStatus;
  readonly createdAt: string;
  readonly lastUpdated: string;
}

export interface Group extends Entity, Ranked, GroupFields {
  readonly translations: Translations | null;
}

/** A group as REST and sockets show it. */
export interface ShownGroup extends GroupFields {
  readonly id: string;
  readonly translations?: Translations;
  /** Its rank among the groups of its organisation; `null` if nobody has placed it. */
  readonly order: string | null;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly version: number;
}

/** What groups depend on of a service. */
interface Grouped {
  readonly id: string;
  readonly groupId: string | null;
  readonly status: ServiceStatus;
}

/** The services of a group, and how many of them have which shown status. */
interface Members {
  readonly ids: PersistentMap<true>;
  readonly byStatus: Readonly<Record<ServiceStatus, number>>;
}

export interface GroupsState {
  readonly groups: Collection<Group, null>;
  /** By group id. Derived from the services. */
  readonly members: PersistentMap<Members>;
}

export const NO_GROUPS: GroupsState = { groups: emptyCollection(), members: PersistentMap.empty() };

/** Groups are not counted. */
export const groupCounting: Counting<Group, null> = { zero: null, recount: () => null };

const NO_MEMBERS: Members = {
  ids: PersistentMap.empty(),
  byStatus: { operational: 0, maintenance: 0, degraded: 0, partial: 0, major: 0 },
};

/** The groups after an event of one of them. */
export function withGroupEvent(state: GroupsState, event: RecordedEvent): GroupsState {
  switch (event.type) {
    case 'group.created':
      return withGroup(state, event, undefined, created(state, event));
    case 'group.described':
      return changed(state, event, (group) => ({ ...event.data, ...retold(group, event.data) }));
    case 'group.placed':
      return changed(state, event, () => event.data);
    case 'group.deleted':
      return withGroup(state, event, findEntity(state.groups, entityId(event)), undefined);
    case 'event.redacted':
      return changed(state, event, (group) => blankAt(group, event.data.shown));
    default:
      return state;
  }
}

/** The groups after one service went from `before` to `after`; `undefined` means that it does not exist. */
export function withService(
  state: GroupsState,
  event: RecordedEvent,
  before: Grouped | undefined,
  after: Grouped | undefined,
): GroupsState {
  const [left, joined] = [before?.groupId ?? null, after?.groupId ?? null];
  if (left === joined) {
    const isSame = left === null || before?.status === after?.status;
    return isSame ? state : withMember(state, event, left, { before, after });
  }
  const without = left === null ? state : withMember(state, event, left, { before, after: undefined });
  return joined === null ? without : withMember(without, event, joined, { before: undefined, after });
}

/** The members after loading stored services, whose groups are stored with their status. */
export function withStoredServices(state: GroupsState, services: readonly Grouped[]): GroupsState {
  const members = services.reduce(
    (all, service) => (service.groupId === null ? all : withCounted(all, service.groupId, { after: service })),
    state.members,
  );
  return { groups: state.groups, members };
}

/** Ids of the services in the group. */
export function membersOf({ members }: GroupsState, groupId: string): Iterable<string> {
  return members.get(groupId)?.ids.keys() ?? [];
}

function created({ members }: GroupsState, event: RecordedEvent<'group.created'>): Group {
  const { name, description, display } = event.data;
  return {
    id: entityId(event),
    name,
    description,
    display,
    status: statusOf(members.get(entityId(event))),
    translations: translationsAfter(null, { sent: event.data.translations, isRetold: true }),
    rank: null,
    ...placeOf(event),
    createdAt: happenedAt(event),
    lastUpdated: event.recordedAt,
    version: event.version,
    origin: event.position,
    position: event.position,
  };
}

function changed(state: GroupsState, event: RecordedEvent, change: (before: Group) => Partial<Group>): GroupsState {
  const before = findEntity(state.groups, entityId(event));
  if (!before) return state;
  return withGroup(state, event, before, { ...before, ...change(before), ...touchedBy(event), version: event.version });
}

function touchedBy({ recordedAt, position }: RecordedEvent): Pick<Group, 'lastUpdated' | 'position'> {
  return { lastUpdated: recordedAt, position };
}

function withGroup(
  { groups, members }: GroupsState,
  event: RecordedEvent,
  before: Group | undefined,
  after: Group | undefined,
): GroupsState {
  return { groups: replaceEntity(groups, event, { before, after }, groupCounting), members };
}

/** A service of a group, before and after an event. */
interface Member {
  readonly before?: Grouped | undefined;
  readonly after?: Grouped | undefined;
}

function withMember(state: GroupsState, event: RecordedEvent, groupId: string, member: Member): GroupsState {
  const next = { groups: state.groups, members: withCounted(state.members, groupId, member) };
  const group = findEntity(state.groups, groupId);
  const status = statusOf(next.members.get(groupId));
  if (!group || group.status === status) return next;
  return withGroup(next, event, group, { ...group, status, ...touchedBy(event) });
}

function withCounted(
  members: GroupsState['members'],
  groupId: string,
  { before, after }: Member,
): GroupsState['members'] {
  const known = members.get(groupId) ?? NO_MEMBERS;
  const byStatus = { ...known.byStatus };
  if (before) byStatus[before.status] -= 1;
  if (after) byStatus[after.status] += 1;
  const remaining = before && !after ? known.ids.delete(before.id) : known.ids;
  const ids = after && !before ? remaining.set(after.id, true) : remaining;
  return ids.isEmpty ? members.delete(groupId) : members.set(groupId, { ids, byStatus });
}

function statusOf({ byStatus }: Members = NO_MEMBERS): ServiceStatus {
  return worst(SERVICE_STATUSES.filter((status) => byStatus[status] > 0));
}

export function showGroup(group: Group): ShownGroup {
  const { id, name, description, display, status, translations, rank, createdAt, lastUpdated, version } = group;
  return {
    id,
    name,
    description,
    display,
    status,
    ...shownTranslations(translations),
    order: rank,
    ...shownPlace(group),
    createdAt,
    lastUpdated,
    version,
  };
}
