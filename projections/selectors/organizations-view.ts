// The organisations that have a public page, as a list of pages.
import type { ServiceStatus } from '../events/severity.ts';
import type { Organization } from '../organization.ts';
import { isPublic, type OrganizationsState } from '../organizations.ts';
import { findPage, nameOfPage } from '../pages.ts';
import { selectStatus } from '../status.ts';
import { maySee, type Viewer } from '../viewer/viewer.ts';
import type { PageModels } from './page-frame.ts';

export interface OrganizationsView {
  /** The oldest first: some at most. */
  readonly organizations: readonly {
    readonly id: string;
    readonly slug: string;
    /** What its page is called. */
    readonly name: string;
    readonly status: ServiceStatus;
  }[];
}

const MAX_ORGANIZATIONS = 200;

export function selectOrganizationsView(models: PageModels, viewer: Viewer): OrganizationsView {
  return {
    organizations: publicOnes(models.organizations, viewer).map((organization) => {
      const { id, slug } = organization;
      const { overallStatus: status } = selectStatus(models, viewer, { organizationId: id });
      return { id, slug, name: nameOfPage(findPage(models.pages, id), organization), status };
    }),
  };
}

/** Also those that the reads of a stranger leave out unless they are named. */
function publicOnes(state: OrganizationsState, viewer: Viewer): Organization[] {
  const found: Organization[] = [];
  for (const organization of state.organizations.values()) {
    if (isPublic(state, organization.id) && maySee(viewer, organization.id)) found.push(organization);
    if (found.length === MAX_ORGANIZATIONS) break;
  }
  return found.sort((a, b) => Number(a.createdAt > b.createdAt) - Number(a.createdAt < b.createdAt));
}
