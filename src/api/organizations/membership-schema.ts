// The schema of a membership (a person's role in an organisation and its origin), and an example.
import * as z from 'zod';
import { ROLES } from '../../../projections/events/roles.ts';
import type { Membership } from '../../../projections/membership.ts';
import { exampleTeam, exampleUserId } from './team-schema.ts';

const role = z.enum(ROLES);

export const membershipSchema = z
  .object({
    userId: z.uuid(),
    role: role.describe('The highest role of all grants'),
    grants: z
      .array(
        z.object({
          role,
          team: z
            .object({ id: z.uuid(), name: z.string() })
            .exactOptional()
            .describe('Absent if the role was granted to the person directly'),
        }),
      )
      .describe('Where the role comes from, highest first'),
  })
  .meta({ id: 'Membership' }) satisfies z.ZodType<Membership>;

export const exampleMembership: Membership = {
  userId: exampleUserId,
  role: 'admin',
  grants: [{ role: 'admin' }, { role: 'member', team: { id: exampleTeam.id, name: exampleTeam.name } }],
};
