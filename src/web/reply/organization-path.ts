// Which organisation the address of a page means, and where its pages are.
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import {
  findOrganization,
  formerHolderOf,
  isPublic,
  type OrganizationsState,
} from '../../../projections/organizations.ts';
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';

/** The organisation that the address of a page means, and the path of its front page. */
export interface AddressedOrganization {
  readonly id: string;
  readonly home: string;
  /** Whether it has another address now, to which this one leads. */
  readonly isFormer: boolean;
}

/**
 * The organisation with this id or slug; `undefined` if there is none, or none that the viewer may see. An id wins over a
 * slug, and a present slug over a former one, which leads on only while everyone may see the organisation.
 */
export function organizationAt(
  organizations: OrganizationsState,
  viewer: Viewer,
  name: string,
): AddressedOrganization | undefined {
  const id = idOf(organizations, name);
  if (id === undefined || !maySee(viewer, id)) return undefined;
  const isFormer = id === DEFAULT_ORGANIZATION || (name !== id && organizations.slugs.get(name) !== id);
  return { id, home: homeOf(organizations, id), isFormer };
}

function idOf(organizations: OrganizationsState, name: string): string | undefined {
  if (name === DEFAULT_ORGANIZATION || findOrganization(organizations, name)) return name;
  const former = formerHolderOf(organizations, name);
  if (former !== undefined) return isPublic(organizations, former) ? former : undefined;
  return organizations.slugs.get(name);
}

/** The path of the front page of an organisation, to which those of its other pages are added. */
export function homeOf(organizations: OrganizationsState, id: string): string {
  if (id === DEFAULT_ORGANIZATION) return '/';
  return `/status/${findOrganization(organizations, id)?.slug ?? id}`;
}

/** The path of something below the front page of an organisation. */
export function pathBelow(home: string, name: string): string {
  return `${home === '/' ? '' : home}/${name}`;
}
