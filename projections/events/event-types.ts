// The vocabulary: every event type with the schema of its payload, and the envelope in which an event is recorded.
import { z } from 'zod';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES, SERVICE_STATUSES } from './severity.ts';

/** Who may see an event's payload: anyone who may read the organisation, or its members only. */
export type Audience = 'public' | 'members';

interface EventDefinition {
  /** Version of the payload's schema, from 1. It grows when the payload's shape changes; old shapes get an upcaster. */
  readonly schema: number;
  readonly audience: Audience;
  readonly data: z.ZodType;
  /** Its members in which people write, under every name that they ever had: what a redaction blanks. */
  readonly texts: readonly string[];
}

/** What a person, a team or a key may do in an organisation, from the least to the most: each may what those before it may. */
export const ROLES = ['viewer', 'member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Whether strangers may read an organisation. */
export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

const role = z.enum(ROLES);
/** Who holds a role: a person or a team, one of them. */
const holder = { userId: z.uuid().exactOptional(), teamId: z.uuid().exactOptional() };
const impacts = z.record(z.uuid(), z.enum(CLAIMED_STATUSES)).readonly();
const strings = z.array(z.string()).readonly();

/** Every event type that was ever recorded. Entries are never edited or removed: the log still holds such events. */
export const EVENT_TYPES = {
  'service.created': {
    schema: 1,
    audience: 'public',
    texts: ['name', 'description'],
    data: z.object({
      name: z.string(),
      description: z.string(),
      status: z.enum(SERVICE_STATUSES),
      uptime: z.number().min(0).max(100),
    }),
  },
  'service.described': {
    schema: 1,
    audience: 'public',
    texts: ['name', 'description'],
    data: z.object({ name: z.string().exactOptional(), description: z.string().exactOptional() }),
  },
  'service.status-reported': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ status: z.enum(SERVICE_STATUSES) }),
  },
  'service.uptime-reported': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ uptime: z.number().min(0).max(100) }),
  },
  /** In the past interval from `from` up to, not including, `to` the status really was this one, whatever was reported. */
  'service.history-corrected': {
    schema: 1,
    audience: 'public',
    texts: ['reason'],
    data: z.object({
      correctionId: z.uuid(),
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      status: z.enum(SERVICE_STATUSES),
      reason: z.string(),
    }),
  },
  'service.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },

  'incident.opened': {
    schema: 1,
    audience: 'public',
    texts: ['title', 'description', 'affectedServices'],
    data: z.object({
      title: z.string(),
      description: z.string(),
      status: z.enum(INCIDENT_STATUSES),
      impact: z.enum(INCIDENT_IMPACTS),
      affectedServices: strings,
      affectedServiceIds: strings,
      impacts,
    }),
  },
  'incident.described': {
    schema: 1,
    audience: 'public',
    texts: ['title', 'description'],
    data: z.object({ title: z.string().exactOptional(), description: z.string().exactOptional() }),
  },
  'incident.assessed': {
    schema: 1,
    audience: 'public',
    texts: ['affectedServices'],
    data: z.object({
      impact: z.enum(INCIDENT_IMPACTS).exactOptional(),
      affectedServices: strings.exactOptional(),
      affectedServiceIds: strings.exactOptional(),
      impacts: impacts.exactOptional(),
    }),
  },
  'incident.status-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ status: z.enum(INCIDENT_STATUSES) }),
  },
  'incident.update-posted': {
    schema: 1,
    audience: 'public',
    texts: ['message'],
    data: z.object({ updateId: z.uuid(), status: z.enum(INCIDENT_STATUSES), message: z.string() }),
  },
  /** An update from before the incident's latest move: it tells of the past and moves nothing. */
  'incident.update-backfilled': {
    schema: 1,
    audience: 'public',
    texts: ['message'],
    data: z.object({ updateId: z.uuid(), status: z.enum(INCIDENT_STATUSES), message: z.string() }),
  },
  'incident.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },

  /**
   * In the stream of the entity whose event was blanked. `remainder` is the hex SHA-256 of the text that is left of it,
   * `shown` names the members of the entity that still showed what was blanked, `updateId` the update that did.
   */
  'event.redacted': {
    schema: 1,
    audience: 'public',
    texts: ['reason'],
    data: z.object({
      eventId: z.uuid(),
      remainder: z.string().regex(/^[0-9a-f]{64}$/),
      shown: strings,
      updateId: z.uuid().exactOptional(),
      reason: z.string(),
    }),
  },

  // All of an organisation's teams, roles, invitations and keys are in its own stream: what must never be, such as an
  // organisation without an owner, is then refused by one version, however many change it at once.
  'organization.created': {
    schema: 1,
    audience: 'public',
    texts: ['name'],
    data: z.object({ name: z.string(), slug: z.string(), visibility: z.enum(VISIBILITIES) }),
  },
  'organization.renamed': { schema: 1, audience: 'public', texts: ['name'], data: z.object({ name: z.string() }) },
  'organization.slug-changed': { schema: 1, audience: 'public', texts: [], data: z.object({ slug: z.string() }) },
  'organization.visibility-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ visibility: z.enum(VISIBILITIES) }),
  },
  'organization.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
  'organization.role-granted': { schema: 1, audience: 'members', texts: [], data: z.object({ ...holder, role }) },
  'organization.role-revoked': { schema: 1, audience: 'members', texts: [], data: z.object(holder) },
  'organization.team-created': {
    schema: 1,
    audience: 'members',
    texts: ['name'],
    data: z.object({ teamId: z.uuid(), name: z.string() }),
  },
  'organization.team-renamed': {
    schema: 1,
    audience: 'members',
    texts: ['name'],
    data: z.object({ teamId: z.uuid(), name: z.string() }),
  },
  'organization.team-deleted': { schema: 1, audience: 'members', texts: [], data: z.object({ teamId: z.uuid() }) },
  'organization.team-member-added': {
    schema: 1,
    audience: 'members',
    texts: [],
    data: z.object({ teamId: z.uuid(), userId: z.uuid() }),
  },
  'organization.team-member-removed': {
    schema: 1,
    audience: 'members',
    texts: [],
    data: z.object({ teamId: z.uuid(), userId: z.uuid() }),
  },
  /** Whoever has its link may join with the role, once, until it expires. */
  'organization.invitation-created': {
    schema: 1,
    audience: 'members',
    texts: [],
    data: z.object({ invitationId: z.uuid(), role, teamId: z.uuid().exactOptional(), expiresAt: z.iso.datetime() }),
  },
  'organization.invitation-accepted': {
    schema: 1,
    audience: 'members',
    texts: [],
    data: z.object({ invitationId: z.uuid(), userId: z.uuid() }),
  },
  'organization.invitation-revoked': {
    schema: 1,
    audience: 'members',
    texts: [],
    data: z.object({ invitationId: z.uuid() }),
  },
  /** What may be known of an API key. Its secret is kept elsewhere, as a digest. */
  'organization.key-created': {
    schema: 1,
    audience: 'members',
    texts: ['name'],
    data: z.object({ keyId: z.uuid(), name: z.string(), role, expiresAt: z.iso.datetime().exactOptional() }),
  },
  'organization.key-revoked': { schema: 1, audience: 'members', texts: [], data: z.object({ keyId: z.uuid() }) },
} as const satisfies Record<string, EventDefinition>;

export type EventType = keyof typeof EVENT_TYPES;
export type DataOf<T extends EventType> = Readonly<z.infer<(typeof EVENT_TYPES)[T]['data']>>;

/** Who did it: opaque ids only. Names and addresses never enter the log, because they must stay erasable. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'anonymous' | 'system';
  readonly id?: string;
}

/** What belongs to the recording rather than to the fact; shown to members only. */
export interface EventMeta {
  readonly actor: Actor;
  /** Groups everything that one request led to. */
  readonly correlationId: string;
  /** Id of the event that led to this one. */
  readonly causationId?: string;
  /** The commit that the event was recorded in: `index` from 0, of `size` events. */
  readonly commit: { readonly id: string; readonly index: number; readonly size: number };
}

interface Envelope<T extends EventType> {
  /** UUIDv7. */
  readonly id: string;
  readonly type: T;
  /** Version of the payload's schema, from 1. */
  readonly schema: number;
  /** `<aggregate>-<id>`. */
  readonly stream: string;
  /** Place in its stream, dense from 1. */
  readonly version: number;
  /** Place in the log, dense from 1, in commit order. */
  readonly position: number;
  /** RFC 3339 with milliseconds and Z; never decreases with position. */
  readonly recordedAt: string;
  /** When it happened, if that is not when it was recorded. Same form. */
  readonly occurredAt?: string;
  readonly organizationId: string;
  /** A label within the organisation: it filters and routes, it never grants. */
  readonly tenantId?: string;
  readonly data: DataOf<T>;
  readonly meta: EventMeta;
  /** Hex SHA-256 over the organisation's previous hash, `recordedAt` and the digests of both stored texts. */
  readonly hash: string;
}

/** An event as the log holds it: never edited. A union over the types, so that `switch (event.type)` knows its `data`. */
export type RecordedEvent<T extends EventType = EventType> = { [K in T]: Envelope<K> }[T];
