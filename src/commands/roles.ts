// Roles: who is given one in an organisation, and from whom it is taken.
import { z } from 'zod';
import { ROLES, type Role } from '../../projections/events/roles.ts';
import { highestRole, roleOf } from '../../projections/membership.ts';
import type { Organization } from '../../projections/organization.ts';
import { findOrganization, type OrganizationsState, tiesOf } from '../../projections/organizations.ts';
import type { Change, Rejection } from './command.ts';
import {
  acceptInOrganization,
  type InOrganization,
  organizationCommand,
  refuseOutsider,
  roleToPart,
  unknownTeam,
} from './organization-command.ts';

export const roleInput = z.object({ role: z.enum(ROLES) });

/** Who holds a role: a person or a team. */
export type Holder =
  | { readonly userId: string; readonly teamId?: undefined }
  | { readonly teamId: string; readonly userId?: undefined };

/**
 * Gives a role in place of the one that is held. It takes whoever may give the one and take the other. Whoever holds none
 * accepts an invitation first: an organisation is among what its people read, and they among what it is told of.
 */
export const grantRole = organizationCommand<InOrganization & Holder & { readonly role: Role }>(
  (input, organization) => {
    const { role } = input;
    const refusal = refuseOutsider(organization, input.userId);
    if (refusal) return refusal;
    const current = held(organization, input);
    if (current === undefined) return unknownTeam(String(input.teamId));
    const change: Change = { type: 'organization.role-granted', data: { ...holderOf(input), role } };
    const needed = highestRole('admin', role, current.role);
    return acceptInOrganization(organization, needed, current.role === role ? [] : [change]);
  },
);

/** Takes the role that is held. People may always give up their own. */
export const revokeRole = organizationCommand<InOrganization & Holder>((input, organization, { viewer }) => {
  const current = held(organization, input);
  if (current === undefined) return unknownTeam(String(input.teamId));
  const change: Change = { type: 'organization.role-revoked', data: holderOf(input) };
  const needed = roleToPart(viewer, input.userId, highestRole('admin', current.role));
  return acceptInOrganization(organization, needed, current.role ? [change] : []);
});

export interface Removal extends InOrganization {
  readonly userId: string;
}

/** Takes everything that ties someone to the organisation: their own role, and their place in every team. */
export const removePerson = organizationCommand<Removal>(({ userId }, organization, { viewer }) => {
  const needed = roleToPart(viewer, userId, highestRole('admin', roleOf(organization, userId)));
  return acceptInOrganization(organization, needed, leaving(organization, userId));
});

/** What `removePerson` is to be asked for until nothing ties someone to any organisation. */
export function removalsOf(organizations: OrganizationsState, userId: string): readonly Removal[] {
  return tiesOf(organizations, userId).map((organizationId) => ({ organizationId, userId }));
}

/** The reason why this person cannot leave all their organisations: one of them would have no owner. */
export function refuseLeavingAll(organizations: OrganizationsState, userId: string): Rejection | undefined {
  for (const { organizationId } of removalsOf(organizations, userId)) {
    const organization = findOrganization(organizations, organizationId);
    const decision = organization && acceptInOrganization(organization, 'anyone', leaving(organization, userId));
    if (decision?.kind === 'rejected') return decision;
  }
  return undefined;
}

/** The changes after which nothing ties this person to the organisation. */
function leaving({ people }: Organization, userId: string): Change[] {
  const { role, teams } = people.get(userId) ?? {};
  const changes: Change[] = [...(teams?.keys() ?? [])]
    .sort()
    .map((teamId) => ({ type: 'organization.team-member-removed', data: { teamId, userId } }));
  if (role) changes.push({ type: 'organization.role-revoked', data: { userId } });
  return changes;
}

/** What the holder has by now; `undefined` for a team that is not there. */
function held({ people, teams }: Organization, { userId, teamId }: Holder): { readonly role?: Role } | undefined {
  return userId === undefined ? teams.get(teamId) : (people.get(userId) ?? {});
}

function holderOf({ userId, teamId }: Holder): { userId: string } | { teamId: string } {
  return userId === undefined ? { teamId } : { userId };
}
