// The set-up: the first owner takes the default organisation, and every other one that the log already names.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { namedOrganizations, type OrganizationsState, organizationStream } from '../../projections/organizations.ts';
import type { Write } from '../log/commit.ts';

/** Whether nobody has ever owned the default organisation. */
export function isUnowned({ organizations, deleted }: OrganizationsState): boolean {
  return !organizations.has(DEFAULT_ORGANIZATION) && !deleted.has(DEFAULT_ORGANIZATION);
}

/**
 * What makes this user the owner of everything that has none, all of it or nothing: of several who try at once, one gets
 * through. What was open to all before stays so for the default organisation alone.
 */
export function firstOwnership(state: OrganizationsState, userId: string): Write[] {
  const { organizations, deleted } = state;
  const ids = new Set([...namedOrganizations(state), DEFAULT_ORGANIZATION]);
  const unowned = [...ids].filter((id) => !organizations.has(id) && !deleted.has(id));
  return unowned.map((id) => ({
    stream: organizationStream(id),
    expected: 'no-stream',
    events: ownership(id, userId),
  }));
}

function ownership(organizationId: string, userId: string): Write['events'] {
  const visibility = organizationId === DEFAULT_ORGANIZATION ? 'public' : 'private';
  return [
    {
      type: 'organization.created',
      organizationId,
      data: { name: organizationId, slug: organizationId, visibility },
    },
    { type: 'organization.role-granted', organizationId, data: { userId, role: 'owner' } },
  ];
}
