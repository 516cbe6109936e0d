// Rooms: the names of rooms, who may join them, and what they show.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Part } from '../../projections/viewer/scope.ts';
import { maySee, type Viewer } from '../../projections/viewer/viewer.ts';

/**
 * The room of everyone: shows entities that have neither an organisation nor a tenant. Every socket joins it when it
 * connects, or as soon as its viewer may.
 */
export const EVERYONE = organizationRoom(DEFAULT_ORGANIZATION);

export function organizationRoom(organizationId: string): string {
  return `org:${organizationId}`;
}

export function tenantRoom(tenantId: string): string {
  return `tenant:${tenantId}`;
}

/** The rooms of the organisation and of the tenant, if they are named. */
export function roomsNamedBy({
  organizationId,
  tenantId,
}: {
  readonly organizationId?: string | undefined;
  readonly tenantId?: string | undefined;
}): string[] {
  return [
    ...(organizationId === undefined ? [] : [organizationRoom(organizationId)]),
    ...(tenantId === undefined ? [] : [tenantRoom(tenantId)]),
  ];
}

interface Placed {
  readonly organizationId: string;
  readonly tenantId?: string;
}

/**
 * The one room that shows an entity: the room of its organisation. In the default organisation an entity with a tenant
 * is shown in the room of that tenant instead.
 */
export function roomOf({ organizationId, tenantId }: Placed): string {
  const tenantOnly = organizationId === DEFAULT_ORGANIZATION && tenantId !== undefined;
  return tenantOnly ? tenantRoom(tenantId) : organizationRoom(organizationId);
}

/**
 * The part of the read models that a room shows. The room of a tenant shows entities of the default organisation only,
 * even if other organisations use the same tenant label.
 */
export function partOf(room: string): Part {
  if (room === EVERYONE) return 'unlabelled';
  const id = room.slice(room.indexOf(':') + 1);
  return room.startsWith('tenant:') ? { organizationId: DEFAULT_ORGANIZATION, tenantId: id } : { organizationId: id };
}

/** The organisation whose entities a room shows, all of them or those of one tenant. */
export function organizationOf(room: string): string {
  const part = partOf(room);
  return (part === 'unlabelled' ? undefined : part.organizationId) ?? DEFAULT_ORGANIZATION;
}

/** Whether the viewer may see what the room shows. */
export function mayJoin(viewer: Viewer, room: string): boolean {
  return maySee(viewer, organizationOf(room));
}

/** The viewer for whom room messages are built. Messages contain only what every client in the room may see. */
export const ROOM_VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };
