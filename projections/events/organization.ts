// The event types of an organisation. Its teams, roles, invitations and keys share its one stream, so that the stream's
// version check protects invariants across them, such as "at least one owner", against concurrent changes.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { ROLES, VISIBILITIES } from './roles.ts';

const role = z.enum(ROLES);
/** The holder of a role: either a person or a team. */
const holder = { userId: z.uuid().exactOptional(), teamId: z.uuid().exactOptional() };
/** `slugBase`: the slug without its random suffix; empty or absent if it has none. */
const slug = { slug: z.string(), slugBase: z.string().exactOptional() };

export const ORGANIZATION_EVENTS = {
  'organization.created': {
    schema: 1,
    audience: 'public',
    texts: ['/name'],
    data: z.object({ name: z.string(), ...slug, visibility: z.enum(VISIBILITIES) }),
  },
  'organization.renamed': { schema: 1, audience: 'public', texts: ['/name'], data: z.object({ name: z.string() }) },
  'organization.slug-changed': { schema: 1, audience: 'public', texts: [], data: z.object(slug) },
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
    texts: ['/name'],
    data: z.object({ teamId: z.uuid(), name: z.string() }),
  },
  'organization.team-renamed': {
    schema: 1,
    audience: 'members',
    texts: ['/name'],
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
  /** A person with the link can join with the role, once, until the invitation expires. */
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
  /** The public attributes of an API key. The digest of its secret is in the identity store, not in the log. */
  'organization.key-created': {
    schema: 1,
    audience: 'members',
    texts: ['/name'],
    data: z.object({ keyId: z.uuid(), name: z.string(), role, expiresAt: z.iso.datetime().exactOptional() }),
  },
  'organization.key-revoked': { schema: 1, audience: 'members', texts: [], data: z.object({ keyId: z.uuid() }) },
} as const satisfies Record<string, EventDefinition>;
