// The set-up: the first user becomes owner of the default organisation and of all others that the log already names.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { namedOrganizations, type OrganizationsState, organizationStream } from '../../projections/organizations.ts';
import type { Write } from '../log/commit.ts';
import { privateSlug } from './slugs.ts';

/** Whether the default organisation has never been created, and so has never had an owner. */
export function isUnowned({ organizations, deleted }: OrganizationsState): boolean {
  return !organizations.has(DEFAULT_ORGANIZATION) && !deleted.has(DEFAULT_ORGANIZATION);
}

/**
 * The writes that make this user owner of all organisations without one, to be committed together: of several
 * concurrent attempts, one succeeds. The default organisation stays public; the others become private.
 */
export function firstOwnership(state: OrganizationsState, userId: string, newId: () => string): Write[] {
  const { organizations, deleted } = state;
  const ids = new Set([...namedOrganizations(state), DEFAULT_ORGANIZATION]);
  const unowned = [...ids].filter((id) => !organizations.has(id) && !deleted.has(id));
  return unowned.map((id) => ({
    stream: organizationStream(id),
    expected: 'no-stream',
    events: ownership(id, userId, { organizations: state, newId }),
  }));
}

function ownership(
  organizationId: string,
  userId: string,
  surroundings: Parameters<typeof privateSlug>[1],
): Write['events'] {
  const isPublic = organizationId === DEFAULT_ORGANIZATION;
  const slug = isPublic ? { slug: organizationId } : privateSlug(organizationId, surroundings);
  return [
    {
      type: 'organization.created',
      organizationId,
      data: { name: organizationId, ...slug, visibility: isPublic ? 'public' : 'private' },
    },
    { type: 'organization.role-granted', organizationId, data: { userId, role: 'owner' } },
  ];
}
