// The route of the people of an organisation: the names of all who have a role or are in a team there.
import * as z from 'zod';
import { ROLES } from '../../../projections/events/roles.ts';
import { roleOf } from '../../../projections/membership.ts';
import { findOrganization } from '../../../projections/organizations.ts';
import { hasRole } from '../../../projections/viewer/viewer.ts';
import { FORMER_MEMBER } from '../../http/actor-names.ts';
import { type OrganizationParams, organizationParams } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { Accounts } from '../../identity/accounts.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { exampleMe } from '../accounts/account-answers.ts';

const personSchema = z
  .object({
    userId: z.uuid(),
    name: z.string().describe(`"${FORMER_MEMBER}" if the person erased their account`),
    email: z.string().exactOptional().describe('Shown to admins only'),
    role: z.enum(ROLES).exactOptional().describe('Absent for a person who is only in teams without a role'),
  })
  .meta({ id: 'Person' });

export function peopleRoutes(accounts: Accounts, models: ReadModels): Route[] {
  const list: Route<OrganizationParams> = {
    method: 'get',
    path: '/api/organizations/{organizationId}/people',
    operationId: 'listPeople',
    tag: 'organizations',
    summary: 'List the people of an organisation, with their names',
    access: 'viewer',
    params: organizationParams,
    success: {
      status: 200,
      description: 'The people, in the order they joined',
      schema: z.array(personSchema),
      example: [{ userId: exampleMe.id, name: exampleMe.name, email: exampleMe.email, role: 'member' }],
    },
    problems: ['not-found'],
    async handle({ viewer, params: { organizationId } }) {
      const organization = findOrganization(models.current.organizations, organizationId);
      const ids = [...(organization?.people.keys() ?? [])];
      const profiles = new Map((await accounts.list(ids)).map((person) => [person.id, person]));
      const isAdmin = hasRole(viewer, organizationId, 'admin');
      const body = ids.map((userId) => {
        const { name = FORMER_MEMBER, email } = profiles.get(userId) ?? {};
        const role = organization && roleOf(organization, userId);
        return { userId, name, ...(isAdmin && email !== undefined ? { email } : {}), ...(role ? { role } : {}) };
      });
      return { status: 200, body };
    },
  };
  return [list];
}
