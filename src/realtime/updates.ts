// The updates that a commit causes: pure functions of the commit and of the read models before and after it.
import { type EntityKind, entitiesIn, findIn } from '../../projections/entity-kind.ts';
import { aggregateOf, entityId } from '../../projections/events/envelope.ts';
import type { EventType, RecordedEvent } from '../../projections/events/event-types.ts';
import { kindOf, PUBLIC_KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { type Organization, showOrganization } from '../../projections/organization.ts';
import { findOrganization } from '../../projections/organizations.ts';
import { findPage, pageKind } from '../../projections/pages.ts';
import { selectPosition } from '../../projections/selection.ts';
import type { Entity } from '../../projections/state/collection.ts';
import { selectStatus, statusPosition } from '../../projections/status.ts';
import type { Transition } from '../read-models/read-models.ts';
import {
  type Addition,
  type EntityUpdate,
  isOfFirstVersion,
  type OrganizationUpdate,
  type StatusUpdate,
  updateTypeOf,
} from './protocol.ts';
import { partOf, ROOM_VIEWER, roomOf } from './rooms.ts';

/** An update that is not yet part of the sequence of its room. */
export type Unplaced = Omit<EntityUpdate, 'prev'>;

/** An entity by its kind and id. */
interface Subject {
  readonly kind: EntityKind<Models>;
  readonly id: string;
}

/** An entity whose shown state a commit changed: an update, before the entity is converted to its shown form. */
export interface EntityChange extends Pick<EntityUpdate, 'type' | 'timestamp' | 'room' | 'position'> {
  readonly kind: EntityKind<Models>;
  /** The current entity; for a deleted entity, its last state. */
  readonly entity: Entity;
  readonly addition: Addition;
}

/**
 * Every entity whose shown state the commit changed, including derived changes, ordered by position. If one event
 * changed several entities, the entity of the event comes first, but for what the first version did not know.
 */
export function entityChanges(transition: Transition): EntityChange[] {
  const changes = [
    ...subjectsOf(transition).flatMap((subject) => changeOf(subject, transition) ?? []),
    ...reorderedPages(transition),
  ];
  return changes.sort((a, b) => a.position - b.position || Number(isOfFirstVersion(b)) - Number(isOfFirstVersion(a)));
}

/** The update for a change in the log with this id. */
export function updateOf({ kind, entity, addition, ...change }: EntityChange, log: string): Unplaced {
  const { type, timestamp, room, position } = change;
  const shown = kind.show(entity) as EntityUpdate['data'];
  return { type, data: { ...shown, ...addition }, timestamp, room, log, position };
}

/** The status of each room that a commit of this log affected, including rooms of derived changes. */
export function statusUpdates(
  { batch, before, after }: Transition,
  changes: readonly EntityChange[],
  log: string,
): StatusUpdate[] {
  const rooms = new Set([...batch.events.map(roomOf), ...changes.map(({ room }) => room)]);
  return [...rooms]
    .filter((room) => positionOfStatus(before, room) !== positionOfStatus(after, room))
    .map((room) => statusOf(after, room, log));
}

/** The status of a room in these read models, which are of this log. */
export function statusOf(models: Models, room: string, log: string): StatusUpdate {
  const data = selectStatus(models, ROOM_VIEWER, partOf(room));
  const position = positionOfStatus(models, room);
  return { type: 'status-update', data, timestamp: data.lastUpdated ?? NEVER, room, log, position };
}

/**
 * The ids of the organisations that the commit changed or deleted. Includes changes of their people, teams and keys.
 */
export function changedOrganizations({ batch, before, after }: Transition): string[] {
  const ids = new Set(batch.events.filter((event) => aggregateOf(event) === 'organization').map(entityId));
  return [...ids].filter(
    (id) => findOrganization(before.organizations, id) !== findOrganization(after.organizations, id),
  );
}

/** The update for the members of an organisation that the commit changed. */
export function organizationUpdate(organization: Organization, { batch }: Transition): OrganizationUpdate {
  const { position, recordedAt } = at(batch.events, organization.position);
  return { type: 'organization-update', data: showOrganization(organization), timestamp: recordedAt, position };
}

/** The timestamp of a room without events. */
const NEVER = new Date(0).toISOString();

/** Position of the last event that changed what the room shows; 0 if there was none. */
export function roomPosition(models: Models, room: string): number {
  const positions = PUBLIC_KINDS.map((kind) => selectPosition(entitiesIn(kind, models), ROOM_VIEWER, partOf(room)));
  return Math.max(...positions);
}

function positionOfStatus(models: Models, room: string): number {
  return statusPosition(models, ROOM_VIEWER, partOf(room));
}

/**
 * The entities that the commit may have changed, each once: the entities of its events, and the entities that the kinds
 * derive from those events. An entity is listed at its last mention, so that it follows the entity whose event changed
 * it.
 */
function subjectsOf(transition: Transition): Subject[] {
  const subjects = new Map<string, Subject>();
  const add = (kind: EntityKind<Models>, id: string) => {
    const key = `${kind.aggregate} ${id}`;
    subjects.delete(key);
    subjects.set(key, { kind, id });
  };
  for (const event of transition.batch.events) {
    const own = kindOf(event);
    if (own && PUBLIC_KINDS.includes(own)) add(own, entityId(event));
    for (const kind of PUBLIC_KINDS) for (const id of kind.touched(transition, event)) add(kind, id);
  }
  return [...subjects.values()];
}

function changeOf({ kind, id }: Subject, { batch: { events }, before, after }: Transition): EntityChange | undefined {
  const was = findIn(kind, before, id);
  const is = findIn(kind, after, id);
  const entity = is ?? was;
  if (was === is || !entity) return undefined;
  const { position, recordedAt } = is ? at(events, is.position) : lastOf(events, id);
  return {
    kind,
    type: updateTypeOf(kind),
    timestamp: recordedAt,
    room: roomOf(entity),
    position,
    entity,
    addition: is ? {} : { deleted: true },
  };
}

/** What changes the order of a page. */
const REORDERING: readonly EventType[] = ['service.placed', 'group.placed', 'group.deleted'];

/** The pages of the organisations in which the commit changed the order. */
function reorderedPages({ batch: { events }, after }: Transition): EntityChange[] {
  const last = new Map(
    events.filter(({ type }) => REORDERING.includes(type)).map((event) => [event.organizationId, event]),
  );
  return [...last.values()].map(({ organizationId, position, recordedAt }) => {
    const entity = findPage(after.pages, organizationId);
    const shared = { kind: pageKind, type: updateTypeOf(pageKind), room: roomOf(entity), entity };
    return { ...shared, timestamp: recordedAt, position, addition: { reordered: true } };
  });
}

function at(events: readonly RecordedEvent[], position: number): RecordedEvent {
  return required(events.find((event) => event.position === position));
}

function lastOf(events: readonly RecordedEvent[], id: string): RecordedEvent {
  return required(events.findLast((event) => entityId(event) === id));
}

function required(event: RecordedEvent | undefined): RecordedEvent {
  if (!event) throw new Error('A commit changed an entity, but has no event for that change.');
  return event;
}
