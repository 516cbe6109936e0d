// Commands on roles: grant and revoke them, and remove a person from an organisation.
import * as z from 'zod';
import { ROLES, type Role } from '../../projections/events/roles.ts';
import { highestRole, roleOf } from '../../projections/membership.ts';
import type { Organization } from '../../projections/organization.ts';
import { findOrganization, type OrganizationsState, tiesOf } from '../../projections/organizations.ts';
import type { Change, Rejection } from './command.ts';
import {
  acceptInOrganization,
  type InOrganization,
  organizationCommand,
  refuseUnknownMember,
  roleToRemove,
  unknownTeam,
} from './organization-command.ts';
import type { Keeping } from './revocations.ts';

export const roleInput = z.object({ role: z.enum(ROLES) });

/** The holder of a role: a person or a team. */
export type Holder =
  | { readonly userId: string; readonly teamId?: undefined }
  | { readonly teamId: string; readonly userId?: undefined };

/**
 * Replaces the role of a person or a team. The caller must be allowed to grant the new role and to revoke the old one.
 * A person outside the organisation must accept an invitation first: membership adds the organisation to what they
 * read, and shows them to its members.
 */
export const grantRole = organizationCommand<InOrganization & Holder & Keeping & { readonly role: Role }>(
  (input, organization) => {
    const { role } = input;
    const refusal = refuseUnknownMember(organization, input.userId);
    if (refusal) return refusal;
    const current = currentGrant(organization, input);
    if (current === undefined) return unknownTeam(String(input.teamId));
    const change: Change = { type: 'organization.role-granted', data: { ...holderOf(input), role } };
    const needed = highestRole('admin', role, current.role);
    return acceptInOrganization(organization, needed, current.role === role ? [] : [change], input);
  },
);

/** Revokes the role of a person or a team. People can always give up their own. */
export const revokeRole = organizationCommand<InOrganization & Holder & Keeping>((input, organization, { viewer }) => {
  const current = currentGrant(organization, input);
  if (current === undefined) return unknownTeam(String(input.teamId));
  const change: Change = { type: 'organization.role-revoked', data: holderOf(input) };
  const needed = roleToRemove(viewer, input.userId, highestRole('admin', current.role));
  return acceptInOrganization(organization, needed, current.role ? [change] : [], input);
});

export interface Removal extends InOrganization, Keeping {
  readonly userId: string;
}

/** Removes a person from the organisation: their own role and all their team memberships. */
export const removePerson = organizationCommand<Removal>((input, organization, { viewer }) => {
  const { userId } = input;
  const needed = roleToRemove(viewer, userId, highestRole('admin', roleOf(organization, userId)));
  return acceptInOrganization(organization, needed, leaving(organization, userId), input);
});

/** The inputs of `removePerson` that together remove the person from all organisations. */
export function removalsOf(organizations: OrganizationsState, userId: string): readonly Removal[] {
  return tiesOf(organizations, userId).map((organizationId) => ({ organizationId, userId }));
}

/** The rejection if this person cannot leave all their organisations, because one of them would have no owner. */
export function refuseLeavingAll(organizations: OrganizationsState, userId: string): Rejection | undefined {
  for (const { organizationId } of removalsOf(organizations, userId)) {
    const organization = findOrganization(organizations, organizationId);
    const decision = organization && acceptInOrganization(organization, 'anyone', leaving(organization, userId));
    if (decision?.kind === 'rejected') return decision;
  }
  return undefined;
}

/** The changes that remove this person from the organisation. */
function leaving({ people }: Organization, userId: string): Change[] {
  const { role, teams } = people.get(userId) ?? {};
  const changes: Change[] = [...(teams?.keys() ?? [])]
    .sort()
    .map((teamId) => ({ type: 'organization.team-member-removed', data: { teamId, userId } }));
  if (role) changes.push({ type: 'organization.role-revoked', data: { userId } });
  return changes;
}

/** The holder's current role, if any; `undefined` for a team that does not exist. */
function currentGrant(
  { people, teams }: Organization,
  { userId, teamId }: Holder,
): { readonly role?: Role } | undefined {
  return userId === undefined ? teams.get(teamId) : (people.get(userId) ?? {});
}

function holderOf({ userId, teamId }: Holder): { userId: string } | { teamId: string } {
  return userId === undefined ? { teamId } : { userId };
}
