// The realtime protocol: the messages that clients send and receive.
import * as z from 'zod';
import type { EntityKind } from '../../projections/entity-kind.ts';
import { type KindNoun, PUBLIC_KINDS, type ShownByKind } from '../../projections/kinds.ts';
import type { ShownOrganization } from '../../projections/organization.ts';
import type { OverallStatus } from '../../projections/status.ts';
import { labelField } from '../commands/fields.ts';
import type { RouteAccess } from '../http/route.ts';

type EntityUpdateType = `${KindNoun}-update`;
type UpdateType = EntityUpdateType | 'status-update';

/** The events that announce changes of entities and of the status. */
export const UPDATE_TYPES: readonly UpdateType[] = [...PUBLIC_KINDS.map(updateTypeOf), 'status-update'];

/** The event that announces changes of an entity of this kind. */
export function updateTypeOf({ aggregate }: Pick<EntityKind<never>, 'aggregate'>): EntityUpdateType {
  return `${aggregate as KindNoun}-update`;
}

/**
 * Every event that a client may send, and the access that it requires. The rooms are checked separately: a room that
 * the viewer may not hear is answered like one that does not exist.
 */
export const CLIENT_EVENTS = {
  authenticate: 'anyone',
  'join-organization': 'anyone',
  'leave-organization': 'anyone',
  ping: 'anyone',
} as const satisfies Readonly<Record<string, RouteAccess>>;
export type ClientEvent = keyof typeof CLIENT_EVENTS;

/** All events of the protocol, for `GET /api/websocket/info`. */
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
 * The kinds of updates that the first version of the protocol had. Its clients hear no others, so among the updates of one
 * position these come first, and their `prev` counts them alone.
 */
const FIRST_TYPES: readonly string[] = ['service-update', 'incident-update'] satisfies readonly UpdateType[];

/** Whether clients of the first version of the protocol hear updates of this type. */
export function isOfFirstVersion({ type }: Pick<EntityUpdate, 'type'>): boolean {
  return FIRST_TYPES.includes(type);
}

/** What an update adds to the entity. */
export interface Addition {
  /** The entity no longer exists; this is its last state. */
  readonly deleted?: true;
  /** The order of the page has changed, not the page itself. */
  readonly reordered?: true;
}

/**
 * The new state of an entity that a commit changed. The updates of a room form a sequence without gaps: a client that
 * has received the update at `prev` has missed nothing.
 */
export interface EntityUpdate {
  readonly type: EntityUpdateType;
  /** The entity as REST shows it. */
  readonly data: ShownByKind[keyof ShownByKind] & Addition;
  /** When the change was recorded. */
  readonly timestamp: string;
  readonly room: string;
  /** The id of the log in which it is. A client that resumes after this update sends it too. */
  readonly log: string;
  /** Position of the last event of the commit that changed the entity. */
  readonly position: number;
  /**
   * Position of the room's previous update; 0 for the first one. Updates of services and incidents count only each other.
   */
  readonly prev: number;
}

/** The status that a room shows. Not part of the room's sequence: only the latest one counts. */
export interface StatusUpdate {
  readonly type: 'status-update';
  /** The response of `GET /api/status` for the room. */
  readonly data: OverallStatus;
  readonly timestamp: string;
  readonly room: string;
  readonly log: string;
  readonly position: number;
}

/**
 * The organisation, or its people, teams, roles, invitations or keys have changed. Sent to members only, and not part
 * of the sequence of a room.
 */
export interface OrganizationUpdate {
  readonly type: 'organization-update';
  readonly data: ShownOrganization;
  /** When the change was recorded. */
  readonly timestamp: string;
  readonly position: number;
}

/** A message to test a connection. No entity has changed, so it has no position. */
export interface TestMessage {
  readonly type: UpdateType;
  readonly data: unknown;
  readonly timestamp: string;
  readonly room: string;
  readonly test: true;
}

/** The lists of a room, one for each kind of entity. */
type ShownLists = { readonly [L in keyof ShownByKind]: readonly ShownByKind[L][] };

/** Everything that a room shows at a position, for a client that missed more updates than the server has stored. */
export interface Snapshot extends ShownLists {
  readonly room: string;
  readonly log: string;
  readonly position: number;
  readonly status: OverallStatus;
  /** `false` if the oldest resolved incidents are left out, because all of them would be too large for a message. */
  readonly complete: boolean;
}

/** Replaces a snapshot or updates that would be too large: the client reads the room's state over REST. */
export interface Resync {
  readonly room: string;
  readonly log: string;
  readonly position: number;
}

/** Also one that no log can reach: such a client is told to begin anew. */
const position = z.number().min(0).refine(Number.isInteger, 'must be a whole number');

/**
 * Where a client resumes: `after` is the position of the last update that it received in the room. `seen` is how many
 * updates with that position it received, if not all. One event can change several entities, and the connection can
 * break between their updates. `log` is the id of the log in which these positions are, as the messages named it. Clients
 * of the first version do not know it.
 */
const resumeFields = {
  after: position.optional(),
  seen: position.optional(),
  log: z.string().min(1).max(64).optional(),
};

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

/** The resume position in the `auth` of the handshake, next to the `key`. It applies to the room of everyone. */
export const handshakeAuth = z.object(resumeFields);

export type Resume = z.output<typeof handshakeAuth>;

/** The argument of `ping` is ignored. */
export const pingMessage = z.unknown();
