// What the commands on an organisation have in common: it is there, the viewer is of it, and it keeps an owner.
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

/** What every command on an organisation says. */
export interface InOrganization {
  readonly organizationId: string;
}

/** What a decision may know besides its own organisation. */
type Surroundings = Context & Pick<Models, 'organizations'>;

/** What is decided over an organisation that is there and that the viewer is of. What it takes of them comes with the decision. */
export function organizationCommand<I extends InOrganization>(
  decide: (input: I, organization: Organization, surroundings: Surroundings) => Decision,
): Command<I> {
  return {
    stream: ({ organizationId }) => organizationStream(organizationId),
    decide(input, { organizations }, context) {
      const organization = findOrganization(organizations, input.organizationId);
      if (!organization || !isOf(context.viewer, organization)) return unknownOrganization(input.organizationId);
      return decide(input, organization, { ...context, organizations });
    },
  };
}

/** Whoever is in a team without a role may do nothing there, but leave. */
function isOf(viewer: Viewer, { id, people }: Organization): boolean {
  return isMember(viewer, id) || people.has(userOf(viewer) ?? '');
}

/** The person who asks; none where it is a key, or nobody in particular. */
export function userOf({ actor }: Viewer): string | undefined {
  return actor.kind === 'user' ? actor.id : undefined;
}

/** The changes, for whoever has the role; a refusal where they would leave the organisation without an owner. */
export function acceptInOrganization(
  organization: Organization,
  role: Acceptance['role'],
  changes: readonly Change[],
): Acceptance | Rejection {
  if (isOwned(organization) && !isOwned(after(organization, changes))) return LAST_OWNER;
  const entity = { ...organization, organizationId: organization.id };
  return acceptChanges(entity, { stream: organizationStream(organization.id), role }, changes);
}

const LAST_OWNER = reject(
  'last-owner',
  'This would leave the organisation without an owner; make another person owner first.',
);

/** What the changes are about to make of it. When and where they will be recorded makes no difference to who owns it. */
function after(organization: Organization, changes: readonly Change[]): Organization {
  let so = organization;
  for (const change of changes) {
    const position = so.position + 1;
    so = { ...so, ...changeOf(so, { ...change, position, recordedAt: '' }), position };
  }
  return so;
}

/** What it takes to do this to someone's own ties to an organisation: they may always leave. */
export function roleToPart(viewer: Viewer, userId: string | undefined, role: Role): Acceptance['role'] {
  return userId !== undefined && userId === userOf(viewer) ? 'anyone' : role;
}

function unknownOrganization(id: string): Rejection {
  return reject('not-found', `There is no organisation ${id}.`);
}

/** A refusal where someone does not belong to the organisation: they are asked to join, not made to. */
export function refuseOutsider({ people }: Organization, userId: string | undefined): Rejection | undefined {
  if (userId === undefined || people.has(userId)) return undefined;
  return reject('not-found', `There is no member ${userId} in the organisation; invite the person first.`);
}

export function unknownTeam(id: string): Rejection {
  return reject('not-found', `There is no team ${id} in the organisation.`);
}
