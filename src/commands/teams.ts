// Commands on the teams of an organisation: create, rename, delete, and add or remove members.
import * as z from 'zod';
import { highestRole } from '../../projections/membership.ts';
import type { Organization, Team } from '../../projections/organization.ts';
import type { Change, Command, Context, Decision } from './command.ts';
import { isSame, nameField } from './fields.ts';
import {
  acceptInOrganization,
  type InOrganization,
  organizationCommand,
  refuseUnknownMember,
  roleToRemove,
  unknownTeam,
} from './organization-command.ts';
import { refuseAboveQuota } from './quotas.ts';
import type { Keeping } from './revocations.ts';

export const teamInput = z.object({ name: nameField });
type TeamInput = z.output<typeof teamInput>;

interface InTeam extends InOrganization {
  readonly teamId: string;
}

interface OfMember extends InTeam {
  readonly userId: string;
}

export const createTeam = organizationCommand<InOrganization & TeamInput>(({ name }, organization, { newId }) => {
  const refusal = refuseAboveQuota('teams', organization.teams.size);
  if (refusal) return refusal;
  const change: Change = { type: 'organization.team-created', data: { teamId: newId(), name } };
  return acceptInOrganization(organization, 'admin', [change]);
});

export const renameTeam = teamCommand<InTeam & TeamInput>(({ teamId, name }, { organization, team }) => {
  const change: Change = { type: 'organization.team-renamed', data: { teamId, name } };
  return acceptInOrganization(organization, 'admin', isSame(name, team.name) ? [] : [change]);
});

/** Deleting a team removes its role from all members, so the caller must be allowed to revoke that role. */
export const deleteTeam = teamCommand<InTeam & Keeping>((input, { organization, team }) => {
  const change: Change = { type: 'organization.team-deleted', data: { teamId: input.teamId } };
  return acceptInOrganization(organization, highestRole('admin', team.role), [change], input);
});

/** Adding a member grants the team's role to that person, so the caller must be allowed to grant that role. */
export const addTeamMember = teamCommand<OfMember>(({ teamId, userId }, { organization, team }) => {
  const refusal = refuseUnknownMember(organization, userId);
  if (refusal) return refusal;
  const change: Change = { type: 'organization.team-member-added', data: { teamId, userId } };
  const needed = highestRole('admin', team.role);
  return acceptInOrganization(organization, needed, team.members.has(userId) ? [] : [change]);
});

/** Removing a member revokes the team's role from that person. People can always leave a team. */
export const removeTeamMember = teamCommand<OfMember & Keeping>((input, { organization, team }, { viewer }) => {
  const { teamId, userId } = input;
  const change: Change = { type: 'organization.team-member-removed', data: { teamId, userId } };
  const needed = roleToRemove(viewer, userId, highestRole('admin', team.role));
  return acceptInOrganization(organization, needed, team.members.has(userId) ? [change] : [], input);
});

interface Place {
  readonly organization: Organization;
  readonly team: Team;
}

/** A command on an existing team. */
function teamCommand<I extends InTeam>(decide: (input: I, place: Place, context: Context) => Decision): Command<I> {
  return organizationCommand((input, organization, context) => {
    const team = organization.teams.get(input.teamId);
    return team ? decide(input, { organization, team }, context) : unknownTeam(input.teamId);
  });
}
