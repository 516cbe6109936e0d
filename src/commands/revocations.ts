// Keys and invitations end with the rights of the person who made them.
import * as z from 'zod';
import { type Role, rank } from '../../projections/events/roles.ts';
import { givenBy, highestRole, roleOf } from '../../projections/membership.ts';
import type { ApiKey, Invitation, Organization } from '../../projections/organization.ts';
import type { Change } from './command.ts';

/** The query of requests that can lower the role of a person. */
export const keepingQuery = z.object({
  keys: z
    .literal('keep')
    .exactOptional()
    .describe('Keep the API keys that this would revoke: those that a person made and whose role the person loses'),
});
export type Keeping = z.output<typeof keepingQuery>;

/**
 * The changes that revoke what people made, if their role is lower after than before: keys above the role that is left,
 * and invitations that they could no longer make. What people made who lost their role earlier stays.
 */
export function revocations(before: Organization, after: Organization, { keys }: Keeping): Change[] {
  const lowered = loweredRoles(before, after);
  const isRevoked = ({ createdBy }: ApiKey | Invitation, needed: Role) => {
    const left = lowered.get(createdBy.id ?? '');
    return left !== undefined && rank(needed) > left;
  };
  const ownKeys = [...after.keys.values()].filter((key) => isRevoked(key, key.role));
  const ownInvitations = [...after.invitations.values()].filter((invitation) =>
    isRevoked(invitation, highestRole('admin', givenBy(invitation))),
  );
  return [
    ...(keys === 'keep' ? [] : ownKeys).map(
      ({ id }): Change => ({ type: 'organization.key-revoked', data: { keyId: id } }),
    ),
    ...ownInvitations.map(
      ({ id }): Change => ({ type: 'organization.invitation-revoked', data: { invitationId: id } }),
    ),
  ];
}

/** The rank that is left to each person who made something and whose role became lower. */
function loweredRoles(before: Organization, after: Organization): ReadonlyMap<string, number> {
  const makers = [...after.keys.values(), ...after.invitations.values()].flatMap(({ createdBy: { kind, id } }) =>
    kind === 'user' && id !== undefined ? [id] : [],
  );
  const ranks = [...new Set(makers)].map((id) => ({ id, was: rankIn(before, id), left: rankIn(after, id) }));
  return new Map(ranks.filter(({ was, left }) => left < was).map(({ id, left }) => [id, left]));
}

/** Below that of every role for a person without one. */
function rankIn(organization: Organization, userId: string): number {
  return rank(roleOf(organization, userId) ?? '');
}
