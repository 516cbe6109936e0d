// Teams of an organisation: what may be asked of them, and what it leads to.
import { z } from 'zod';
import { highestRole } from '../../projections/membership.ts';
import type { Organization, Team } from '../../projections/organization.ts';
import type { Change, Command, Context, Decision } from './command.ts';
import { nameField } from './fields.ts';
import {
  acceptInOrganization,
  type InOrganization,
  organizationCommand,
  refuseOutsider,
  roleToPart,
  unknownTeam,
} from './organization-command.ts';

export const teamInput = z.object({ name: nameField });
type TeamInput = z.output<typeof teamInput>;

interface InTeam extends InOrganization {
  readonly teamId: string;
}

interface OfMember extends InTeam {
  readonly userId: string;
}

export const createTeam = organizationCommand<InOrganization & TeamInput>(({ name }, organization, { newId }) =>
  acceptInOrganization(organization, 'admin', [{ type: 'organization.team-created', data: { teamId: newId(), name } }]),
);

export const renameTeam = teamCommand<InTeam & TeamInput>(({ teamId, name }, { organization, team }) => {
  const change: Change = { type: 'organization.team-renamed', data: { teamId, name } };
  return acceptInOrganization(organization, 'admin', name === team.name ? [] : [change]);
});

/** Takes the team's role from all its members, so it takes whoever may take that. */
export const deleteTeam = teamCommand<InTeam>(({ teamId }, { organization, team }) =>
  acceptInOrganization(organization, highestRole('admin', team.role), [
    { type: 'organization.team-deleted', data: { teamId } },
  ]),
);

/** Gives the team's role to one more of the organisation, so it takes whoever may give that. */
export const addTeamMember = teamCommand<OfMember>(({ teamId, userId }, { organization, team }) => {
  const refusal = refuseOutsider(organization, userId);
  if (refusal) return refusal;
  const change: Change = { type: 'organization.team-member-added', data: { teamId, userId } };
  const needed = highestRole('admin', team.role);
  return acceptInOrganization(organization, needed, team.members.has(userId) ? [] : [change]);
});

/** The reverse. People may always leave a team. */
export const removeTeamMember = teamCommand<OfMember>(({ teamId, userId }, { organization, team }, { viewer }) => {
  const change: Change = { type: 'organization.team-member-removed', data: { teamId, userId } };
  const needed = roleToPart(viewer, userId, highestRole('admin', team.role));
  return acceptInOrganization(organization, needed, team.members.has(userId) ? [change] : []);
});

interface Place {
  readonly organization: Organization;
  readonly team: Team;
}

/** What is decided over a team that is there. */
function teamCommand<I extends InTeam>(decide: (input: I, place: Place, context: Context) => Decision): Command<I> {
  return organizationCommand((input, organization, context) => {
    const team = organization.teams.get(input.teamId);
    return team ? decide(input, { organization, team }, context) : unknownTeam(input.teamId);
  });
}
