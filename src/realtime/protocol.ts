// The realtime protocol: what clients may say, and what they hear.
import { z } from 'zod';
import type { EntityKind } from '../../projections/entity-kind.ts';
import { KINDS, type KindNoun, type ShownByKind } from '../../projections/kinds.ts';
import type { ShownOrganization } from '../../projections/organization.ts';
import type { OverallStatus } from '../../projections/status.ts';
import { labelField } from '../commands/fields.ts';
import type { RouteAccess } from '../http/route.ts';

type EntityUpdateType = `${KindNoun}-update`;
type UpdateType = EntityUpdateType | 'status-update';

/** What a client hears of changes. */
export const UPDATE_TYPES: readonly UpdateType[] = [...KINDS.map(updateTypeOf), 'status-update'];

/** What a client hears of an entity of this kind. */
export function updateTypeOf({ aggregate }: Pick<EntityKind<never>, 'aggregate'>): EntityUpdateType {
  return `${aggregate as KindNoun}-update`;
}

/**
 * Every event that a client may send, and who may. What anyone may say gets them into no room that is not theirs to
 * hear: of that they are told what they are told of a room that is nowhere.
 */
export const CLIENT_EVENTS = {
  authenticate: 'anyone',
  'join-organization': 'anyone',
  'leave-organization': 'anyone',
  ping: 'anyone',
} as const satisfies Readonly<Record<string, RouteAccess>>;
export type ClientEvent = keyof typeof CLIENT_EVENTS;

/** Every event a client may send or hear, for those who ask the server what it speaks. */
export const SUPPORTED_EVENTS = {
  clientToServer: Object.keys(CLIENT_EVENTS) as readonly ClientEvent[],
  serverToClient: [
    'authenticated',
    'authentication-error',
    'joined-organization',
    'left-organization',
    ...UPDATE_TYPES,
    'organization-update',
    'snapshot',
    'resync',
    'pong',
    'error',
  ],
} as const;

/**
 * The new state of an entity that a commit changed. Within a room these form a sequence without gaps: a client that has
 * seen up to `prev` misses nothing.
 */
export interface EntityUpdate {
  readonly type: EntityUpdateType;
  /** The entity as REST shows it; its last state and `deleted: true` after a deletion. */
  readonly data: ShownByKind[keyof ShownByKind] & { readonly deleted?: true };
  /** When it was recorded. */
  readonly timestamp: string;
  readonly room: string;
  /** Position of the last event of the commit that changed the entity. */
  readonly position: number;
  /** Position of the room's previous update; 0 before there was one. */
  readonly prev: number;
}

/** The status of a room's organisation. Outside the sequence: the latest wins. */
export interface StatusUpdate {
  readonly type: 'status-update';
  /** The answer of `GET /api/status` for the room. */
  readonly data: OverallStatus;
  readonly timestamp: string;
  readonly room: string;
  readonly position: number;
}

/**
 * The organisation, or whom and what it holds, has changed. For its members alone, and outside the sequence of its
 * room.
 */
export interface OrganizationUpdate {
  readonly type: 'organization-update';
  readonly data: ShownOrganization;
  /** When it was recorded. */
  readonly timestamp: string;
  readonly position: number;
}

/** Sent by hand to try a connection. Nothing changed, so it has no position. */
export interface TestMessage {
  readonly type: UpdateType;
  readonly data: unknown;
  readonly timestamp: string;
  readonly room: string;
  readonly test: true;
}

/** The lists of a room, a kind of entity each. */
type ShownLists = { readonly [L in keyof ShownByKind]: readonly ShownByKind[L][] };

/** All that a room shows at a position, for a client whose own state is too old to be brought up to date. */
export interface Snapshot extends ShownLists {
  readonly room: string;
  readonly position: number;
  readonly status: OverallStatus;
}

/** In place of a snapshot that would be too large: read the room's state over REST. */
export interface Resync {
  readonly room: string;
  readonly position: number;
}

const position = z.int().min(0);

/**
 * Where a client left off: the `position` of the last update it has seen in the room, and how many updates of that very
 * position it has seen, if not all. One event can change several entities, and a connection can break between their
 * updates.
 */
const resumeFields = { after: position.optional(), seen: position.optional() };

export const authenticateMessage = z.object({
  userId: z.string().min(1).max(200).optional(),
  organizationId: labelField.optional(),
  tenantId: labelField.optional(),
  userRole: z.string().min(1).max(64).optional(),
  key: z.string().max(200).optional(),
  ...resumeFields,
});
export type AuthenticateMessage = z.output<typeof authenticateMessage>;

export const joinMessage = z.object({ organizationId: labelField, ...resumeFields });
export const leaveMessage = z.object({ organizationId: labelField });

/**
 * What a client may put into the `auth` of its handshake, besides its `key`: where it left off in the room that
 * everyone is in.
 */
export const handshakeAuth = z.object(resumeFields);

export type Resume = z.output<typeof handshakeAuth>;

/** Whatever a client sends along is of no interest. */
export const pingMessage = z.unknown();
