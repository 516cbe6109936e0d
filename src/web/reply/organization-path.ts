// Which organisation the address of a page means, and where its pages are.
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { findOrganization, type OrganizationsState } from '../../../projections/organizations.ts';

/** The id of the organisation with this id or slug. An id wins. */
export function organizationNamed(organizations: OrganizationsState, name: string): string | undefined {
  if (name === DEFAULT_ORGANIZATION || findOrganization(organizations, name)) return name;
  return organizations.slugs.get(name);
}

/** The path of the front page of an organisation, to which those of its other pages are added. */
export function homeOf(organizations: OrganizationsState, id: string): string {
  if (id === DEFAULT_ORGANIZATION) return '/';
  return `/status/${findOrganization(organizations, id)?.slug ?? id}`;
}
