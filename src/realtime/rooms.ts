// Rooms: who hears of what, and what a room shows.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Part } from '../../projections/viewer/scope.ts';
import { maySee, type Viewer } from '../../projections/viewer/viewer.ts';

/**
 * What names no organisation and no tenant goes to everyone: every socket is in this room from the start, or as soon as
 * it may.
 */
export const EVERYONE = organizationRoom(DEFAULT_ORGANIZATION);

export function organizationRoom(organizationId: string): string {
  return `org:${organizationId}`;
}

export function tenantRoom(tenantId: string): string {
  return `tenant:${tenantId}`;
}

/** The rooms of an organisation and a tenant, as far as they are named. */
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

/** The one room that hears of an entity: its organisation's; of the default one's, its tenant's where it has one. */
export function roomOf({ organizationId, tenantId }: Placed): string {
  const tenantOnly = organizationId === DEFAULT_ORGANIZATION && tenantId !== undefined;
  return tenantOnly ? tenantRoom(tenantId) : organizationRoom(organizationId);
}

/** What a room shows. A tenant's room holds what has no organisation, never what another organisation labels alike. */
export function partOf(room: string): Part {
  if (room === EVERYONE) return 'unlabelled';
  const id = room.slice(room.indexOf(':') + 1);
  return room.startsWith('tenant:') ? { organizationId: DEFAULT_ORGANIZATION, tenantId: id } : { organizationId: id };
}

/** The organisation that a room hears of, all of it or a tenant of it. */
export function organizationOf(room: string): string {
  const part = partOf(room);
  return (part === 'unlabelled' ? undefined : part.organizationId) ?? DEFAULT_ORGANIZATION;
}

/** Whether the viewer may hear what the room hears. */
export function mayJoin(viewer: Viewer, room: string): boolean {
  return maySee(viewer, organizationOf(room));
}

/** What is sent to a room is what any member of it may see. */
export const ROOM_VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };
