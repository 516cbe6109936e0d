// The schema of a team, an example, and the path parameters that identify one.
import * as z from 'zod';
import { ROLES } from '../../../projections/events/roles.ts';
import type { ShownTeam } from '../../../projections/organization.ts';
import { organizationParams } from '../../http/parameters.ts';

export const teamParams = organizationParams.extend({ teamId: z.uuid().toLowerCase() });
export type TeamParams = z.output<typeof teamParams>;

export const teamSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(ROLES).exactOptional().describe('The role that the team gives its members'),
    members: z.array(z.uuid()).describe('Ids of the users, in the order they joined'),
  })
  .meta({ id: 'Team' }) satisfies z.ZodType<ShownTeam>;

/** A member of the example team. */
export const exampleUserId = '0193b59f-4c5d-7e6f-9a0b-1c2d3e4f5061';

export const exampleTeam: ShownTeam = {
  id: '0193b5a0-7b8c-7d9e-8f01-2233445566aa',
  name: 'On call',
  role: 'member',
  members: [exampleUserId],
};
