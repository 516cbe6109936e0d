// Commands on invitations: a person with the link can join the organisation, once, until the invitation expires.
import * as z from 'zod';
import { ROLES, rank } from '../../projections/events/roles.ts';
import { givenBy, highestRole } from '../../projections/membership.ts';
import type { Invitation, Organization } from '../../projections/organization.ts';
import { findInvitation, findOrganization, organizationStream } from '../../projections/organizations.ts';
import { type Change, type Command, type Rejection, reject } from './command.ts';
import { refusePast } from './fields.ts';
import {
  acceptInOrganization,
  type InOrganization,
  organizationCommand,
  refuseKey,
  unknownTeam,
  userOf,
} from './organization-command.ts';
import { refuseAboveQuota } from './quotas.ts';
import { timeField } from './times.ts';

export const createInvitationInput = z.object({
  role: z.enum(ROLES),
  teamId: z.uuid().toLowerCase().exactOptional().describe('A team that the invited person also joins'),
  expiresAt: timeField,
});

/** The input of a new invitation. */
export type NewInvitation = InOrganization & z.output<typeof createInvitationInput>;

interface OfInvitation extends InOrganization {
  readonly invitationId: string;
}

/**
 * Requires a person with the role that the invitation grants, or that its team gives, if that is higher than `admin`.
 */
export const createInvitation = organizationCommand<NewInvitation>(
  ({ role, teamId, expiresAt }, organization, { viewer, now, newId }) => {
    const refusal = refuseKey(viewer) ?? refusePast(expiresAt, now, '/expiresAt');
    if (refusal) return refusal;
    const team = teamId === undefined ? undefined : organization.teams.get(teamId);
    if (teamId !== undefined && !team) return unknownTeam(teamId);
    const tooMany = refuseAboveQuota('invitations', countOpen(organization, now));
    if (tooMany) return tooMany;
    const data = { invitationId: newId(), role, ...(teamId === undefined ? {} : { teamId }), expiresAt };
    return acceptInOrganization(organization, highestRole('admin', role, team?.role), [
      { type: 'organization.invitation-created', data },
    ]);
  },
);

/** How many invitations can still be accepted. */
function countOpen({ invitations }: Organization, now: string): number {
  return [...invitations.values()].filter(({ expiresAt }) => expiresAt > now).length;
}

/** The route has checked that the caller has the link, so the caller needs no role. */
export const acceptInvitation: Command<OfInvitation> = {
  stream: ({ organizationId }) => organizationStream(organizationId),
  decide({ organizationId, invitationId }, { organizations }, { viewer, now }) {
    const userId = userOf(viewer);
    if (userId === undefined) return reject('forbidden', 'Only a signed-in person can accept an invitation.');
    const organization = findOrganization(organizations, organizationId);
    const invitation = findInvitation(organization, invitationId);
    if (!organization || !invitation) return unknownInvitation(invitationId);
    if (invitation.expiresAt <= now) {
      return reject('invitation-expired', `The invitation expired at ${invitation.expiresAt}; ask for a new one.`);
    }
    return acceptInOrganization(organization, 'anyone', [
      { type: 'organization.invitation-accepted', data: { invitationId, userId } },
      ...joining(organization, invitation, userId),
    ]);
  },
};

export const revokeInvitation = organizationCommand<OfInvitation>(({ invitationId }, organization) => {
  if (!findInvitation(organization, invitationId)) return unknownInvitation(invitationId);
  return acceptInOrganization(organization, 'admin', [
    { type: 'organization.invitation-revoked', data: { invitationId } },
  ]);
});

/**
 * The role and team of the invitation, as far as the person does not have them. A team that was deleted, or that has come
 * to a higher role than the invitation gives, is skipped.
 */
function joining({ people, teams }: Organization, invitation: Invitation, userId: string): Change[] {
  const { role, teamId } = invitation;
  const current = people.get(userId)?.role;
  const team = teams.get(teamId ?? '');
  const changes: Change[] = [];
  if (!current || highestRole(current, role) !== current) {
    changes.push({ type: 'organization.role-granted', data: { userId, role } });
  }
  if (team && !team.members.has(userId) && rank(team.role ?? '') <= rank(givenBy(invitation))) {
    changes.push({ type: 'organization.team-member-added', data: { teamId: team.id, userId } });
  }
  return changes;
}

function unknownInvitation(id: string): Rejection {
  return reject('not-found', `There is no invitation ${id}; it may have been accepted or revoked.`);
}
