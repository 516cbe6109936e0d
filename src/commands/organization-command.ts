// Common checks of organisation commands: it exists, the caller is a member, and at least one owner remains.
import type { Role } from '../../projections/events/roles.ts';
import { isOwned } from '../../projections/membership.ts';
import type { Models } from '../../projections/models.ts';
import { changeOf, type Organization } from '../../projections/organization.ts';
import { findOrganization, organizationStream } from '../../projections/organizations.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import {
  type Acceptance,
  acceptChanges,
  type Change,
  type Command,
  type Context,
  type Decision,
  type Rejection,
  reject,
} from './command.ts';
import { type Keeping, revocations } from './revocations.ts';

/** The input that all commands on an organisation have. */
export interface InOrganization {
  readonly organizationId: string;
}

/** The inputs of a decision besides its own organisation. */
type Surroundings = Context & Pick<Models, 'organizations'>;

/**
 * A command on an existing organisation that the viewer belongs to. `decide` returns the role that the command
 * requires.
 */
export function organizationCommand<I extends InOrganization & { readonly userId?: string | undefined }>(
  decide: (input: I, organization: Organization, surroundings: Surroundings) => Decision,
): Command<I> {
  return {
    stream: ({ organizationId }) => organizationStream(organizationId),
    decide(input, { organizations }, context) {
      const organization = findOrganization(organizations, input.organizationId);
      if (!organization || !belongsTo(context.viewer, organization, input.userId)) {
        return unknownOrganization(input.organizationId);
      }
      return decide(input, organization, { ...context, organizations });
    },
  };
}

/**
 * True also for people who are only in a team without a role, for a command on themselves: they have no rights, but they
 * can leave.
 */
function belongsTo(viewer: Viewer, { id, people }: Organization, userId: string | undefined): boolean {
  if (isMember(viewer, id)) return true;
  return userId !== undefined && userId === userOf(viewer) && people.has(userId);
}

/** The signed-in user; `undefined` if the caller is an API key or anonymous. */
export function userOf({ actor }: Viewer): string | undefined {
  return actor.kind === 'user' ? actor.id : undefined;
}

/** Rejects an API key: what it creates would outlive it. */
export function refuseKey({ actor }: Viewer): Rejection | undefined {
  return actor.kind === 'key' ? NOT_FOR_KEYS : undefined;
}

const NOT_FOR_KEYS = reject(
  'keys-make-no-credentials',
  'An API key cannot create API keys or invitations; this requires a signed-in person.',
);

/**
 * Accepts the changes for callers with the role; rejects them if they would leave the organisation without an owner. The
 * same commit revokes the keys and invitations of people whose role the changes lower; `keys: 'keep'` spares the keys.
 */
export function acceptInOrganization(
  organization: Organization,
  role: Acceptance['role'],
  changes: readonly Change[],
  keeping: Keeping = {},
): Acceptance | Rejection {
  const changed = after(organization, changes);
  if (isOwned(organization) && !isOwned(changed)) return LAST_OWNER;
  const entity = { ...organization, organizationId: organization.id };
  const all = [...changes, ...revocations(organization, changed, keeping)];
  return acceptChanges(entity, { stream: organizationStream(organization.id), role }, all);
}

const LAST_OWNER = reject(
  'last-owner',
  'This would leave the organisation without an owner; make another person owner first.',
);

/** The organisation after the changes. Their position, time and actor are placeholders: they do not affect any role. */
function after(organization: Organization, changes: readonly Change[]): Organization {
  let current = organization;
  for (const change of changes) {
    const position = current.position + 1;
    current = { ...current, ...changeOf(current, { ...change, position, ...PLACEHOLDERS }), position };
  }
  return current;
}

const PLACEHOLDERS = { recordedAt: '', meta: { actor: { kind: 'system' } } } as const;

/** The role required to remove a person's role or team membership: people can always remove their own. */
export function roleToRemove(viewer: Viewer, userId: string | undefined, role: Role): Acceptance['role'] {
  return userId !== undefined && userId === userOf(viewer) ? 'anyone' : role;
}

function unknownOrganization(id: string): Rejection {
  return reject('not-found', `There is no organisation ${id}.`);
}

/** Rejects a person who does not belong to the organisation: people join by invitation only. */
export function refuseUnknownMember({ people }: Organization, userId: string | undefined): Rejection | undefined {
  if (userId === undefined || people.has(userId)) return undefined;
  return reject('not-found', `There is no member ${userId} in the organisation; invite the person first.`);
}

export function unknownTeam(id: string): Rejection {
  return reject('not-found', `There is no team ${id} in the organisation.`);
}
