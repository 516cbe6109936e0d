// The routes of roles in an organisation: grant and revoke those of people and teams, and remove a person.
import * as z from 'zod';
import { membershipOf } from '../../../projections/membership.ts';
import { type Keeping, keepingQuery } from '../../commands/revocations.ts';
import { grantRole, removePerson, revokeRole, roleInput } from '../../commands/roles.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { organizationParams } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { exampleMembership, membershipSchema } from './membership-schema.ts';
import { organizationAnswers, teamOf } from './organization-answers.ts';
import { exampleTeam, type TeamParams, teamParams, teamSchema } from './team-schema.ts';

const personParams = organizationParams.extend({ userId: z.uuid().toLowerCase() });
type PersonParams = z.output<typeof personParams>;
type RoleBody = z.output<typeof roleInput>;

const PATH = '/api/organizations/{organizationId}';
const tag = 'organizations';
const GRANT_DESCRIPTION =
  'An admin can grant and revoke roles up to admin, an owner every role. Of a person whose role becomes lower, API keys ' +
  'above the new role are revoked, and invitations that they could no longer make. The ETag is that of the organisation.';
const LEAVE_DESCRIPTION = `${GRANT_DESCRIPTION} A person can always do this to themselves.`;

export function roleRoutes(parts: EntityParts): Route[] {
  const { changed } = organizationAnswers(parts);

  const grantToPerson: Route<PersonParams, Keeping, RoleBody> = {
    method: 'put',
    path: `${PATH}/roles/users/{userId}`,
    operationId: 'grantRoleToPerson',
    tag,
    summary: 'Grant a role to a member of the organisation; it replaces the role that was granted directly',
    description: GRANT_DESCRIPTION,
    access: 'admin',
    params: personParams,
    query: keepingQuery,
    body: roleInput,
    bodyExample: { role: 'admin' },
    success: {
      status: 200,
      description: 'The updated membership',
      schema: membershipSchema,
      example: exampleMembership,
      tagged: true,
    },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) =>
      changed(grantRole, { ...request.body, ...request.query, ...request.params }, request, (organization) =>
        membershipOf(organization, request.params.userId),
      ),
  };

  const revokeOfPerson: Route<PersonParams, Keeping> = {
    method: 'delete',
    path: `${PATH}/roles/users/{userId}`,
    operationId: 'revokeRoleOfPerson',
    tag,
    summary: 'Revoke the role that was granted to a person directly; roles through teams stay',
    description: LEAVE_DESCRIPTION,
    access: 'leaver',
    params: personParams,
    query: keepingQuery,
    success: { status: 204, description: 'The person has no directly granted role' },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) => changed(revokeRole, { ...request.query, ...request.params }, request),
  };

  const grantToTeam: Route<TeamParams, Keeping, RoleBody> = {
    method: 'put',
    path: `${PATH}/roles/teams/{teamId}`,
    operationId: 'grantRoleToTeam',
    tag,
    summary: 'Grant a role to a team; it replaces the previous role',
    description: GRANT_DESCRIPTION,
    access: 'admin',
    params: teamParams,
    query: keepingQuery,
    body: roleInput,
    bodyExample: { role: 'member' },
    success: { status: 200, description: 'The team', schema: teamSchema, example: exampleTeam, tagged: true },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) =>
      changed(
        grantRole,
        { ...request.body, ...request.query, ...request.params },
        request,
        teamOf(request.params.teamId),
      ),
  };

  const revokeOfTeam: Route<TeamParams, Keeping> = {
    method: 'delete',
    path: `${PATH}/roles/teams/{teamId}`,
    operationId: 'revokeRoleOfTeam',
    tag,
    summary: 'Revoke the role of a team',
    description: GRANT_DESCRIPTION,
    access: 'admin',
    params: teamParams,
    query: keepingQuery,
    success: { status: 204, description: 'The team has no role' },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) => changed(revokeRole, { ...request.query, ...request.params }, request),
  };

  const remove: Route<PersonParams, Keeping> = {
    method: 'delete',
    path: `${PATH}/members/{userId}`,
    operationId: 'removePerson',
    tag,
    summary: 'Remove a person from an organisation and all its teams',
    description: LEAVE_DESCRIPTION,
    access: 'leaver',
    params: personParams,
    query: keepingQuery,
    success: { status: 204, description: 'The person is not a member' },
    problems: ['not-found', 'last-owner'],
    conditional: true,
    handle: (request) => changed(removePerson, { ...request.query, ...request.params }, request),
  };

  return [grantToPerson, revokeOfPerson, grantToTeam, revokeOfTeam, remove];
}
