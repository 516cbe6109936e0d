// The routes of the teams of an organisation and their members.
import * as z from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { showTeam } from '../../../projections/organization.ts';
import { type Keeping, keepingQuery } from '../../commands/revocations.ts';
import {
  addTeamMember,
  createTeam,
  deleteTeam,
  removeTeamMember,
  renameTeam,
  teamInput,
} from '../../commands/teams.ts';
import { asOfFields, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { type OrganizationParams, organizationParams } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import { organizationAnswers, teamOf } from './organization-answers.ts';
import { exampleTeam, type TeamParams, teamParams, teamSchema } from './team-schema.ts';

const memberParams = teamParams.extend({ userId: z.uuid().toLowerCase() });
type MemberParams = z.output<typeof memberParams>;
type TeamBody = z.output<typeof teamInput>;

const TEAMS = '/api/organizations/{organizationId}/teams';
const TEAM = `${TEAMS}/{teamId}`;
const tag = 'organizations';
const description =
  'The caller must be allowed to grant and revoke the role of the team. Of a person whose role becomes lower, API keys ' +
  'above the new role are revoked, and invitations that they could no longer make. The ETag is that of the organisation.';
const shape = { schema: teamSchema, example: exampleTeam, tagged: true };

export function teamRoutes(parts: EntityParts): Route[] {
  return [...routesOfTeams(parts), ...routesOfMembers(parts)];
}

function routesOfTeams(parts: EntityParts): Route[] {
  const { dispatch } = parts;
  const { read, changed } = organizationAnswers(parts);

  const list: Route<OrganizationParams, When> = {
    method: 'get',
    path: TEAMS,
    operationId: 'listTeams',
    tag,
    summary: 'List the teams of an organisation, in the order of their creation',
    access: 'viewer',
    params: organizationParams,
    query: z.object(asOfFields),
    success: {
      status: 200,
      description: 'The teams',
      schema: z.array(teamSchema),
      example: [exampleTeam],
      tagged: true,
    },
    problems: ['not-found'],
    handle: ({ params: { organizationId }, query, ...request }) =>
      read(request, organizationId, query, ({ teams }) => [...teams.values()].map(showTeam)),
  };

  const create: Route<OrganizationParams, unknown, TeamBody> = {
    method: 'post',
    path: TEAMS,
    operationId: 'createTeam',
    tag,
    summary: 'Create a team, with no members and no role',
    access: 'admin',
    params: organizationParams,
    body: teamInput,
    bodyExample: { name: 'On call' },
    success: { status: 201, description: 'The new team', ...shape },
    problems: ['not-found', 'limit-reached'],
    conditional: true,
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      return commandAnswer(await dispatch(createTeam, { ...body, ...params }, terms), viewer, created);
    },
  };

  const get: Route<TeamParams, When> = {
    method: 'get',
    path: TEAM,
    operationId: 'getTeam',
    tag,
    summary: 'Get one team',
    access: 'viewer',
    params: teamParams,
    query: z.object(asOfFields),
    success: { status: 200, description: 'The team', ...shape },
    problems: ['not-found'],
    handle: ({ params: { organizationId, teamId }, query, ...request }) =>
      read(request, organizationId, query, teamOf(teamId)),
  };

  const rename: Route<TeamParams, unknown, TeamBody> = {
    method: 'put',
    path: TEAM,
    operationId: 'renameTeam',
    tag,
    summary: 'Rename a team',
    access: 'admin',
    params: teamParams,
    body: teamInput,
    bodyExample: { name: 'Night watch' },
    success: { status: 200, description: 'The updated team', ...shape },
    problems: ['not-found'],
    conditional: true,
    handle: (request) =>
      changed(renameTeam, { ...request.body, ...request.params }, request, teamOf(request.params.teamId)),
  };

  const remove: Route<TeamParams, Keeping> = {
    method: 'delete',
    path: TEAM,
    operationId: 'deleteTeam',
    tag,
    summary: 'Delete a team; its members lose the role that it gives them',
    description,
    access: 'admin',
    params: teamParams,
    query: keepingQuery,
    success: { status: 204, description: 'The team is deleted' },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) => changed(deleteTeam, { ...request.query, ...request.params }, request),
  };

  return [list, create, get, rename, remove];
}

function routesOfMembers(parts: EntityParts): Route[] {
  const { changed } = organizationAnswers(parts);

  const add: Route<MemberParams> = {
    method: 'put',
    path: `${TEAM}/members/{userId}`,
    operationId: 'addTeamMember',
    tag,
    summary: 'Add a member of the organisation to a team',
    description,
    access: 'admin',
    params: memberParams,
    success: { status: 200, description: 'The updated team', ...shape },
    problems: ['not-found'],
    conditional: true,
    handle: (request) => changed(addTeamMember, request.params, request, teamOf(request.params.teamId)),
  };

  const remove: Route<MemberParams, Keeping> = {
    method: 'delete',
    path: `${TEAM}/members/{userId}`,
    operationId: 'removeTeamMember',
    tag,
    summary: 'Remove a person from a team',
    description: `${description} A person can always leave.`,
    access: 'leaver',
    params: memberParams,
    query: keepingQuery,
    success: { status: 204, description: 'The person is not in the team' },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) => changed(removeTeamMember, { ...request.query, ...request.params }, request),
  };

  return [add, remove];
}

/** The team as its first commit created it, so that a repeat gets the same answer whatever has changed since. */
function created(events: readonly RecordedEvent[]): Answer {
  const event = events.find((candidate) => candidate.type === 'organization.team-created');
  if (!event) throw new Error('The commit of a new team does not contain it.');
  const { teamId: id, name } = event.data;
  const headers = { Location: `/api/organizations/${event.organizationId}/teams/${id}` };
  return { status: 201, body: { id, name, members: [] }, etag: entityTag(event), headers };
}
