// The organisations that have a public page, as a list of pages.
import type { ServiceStatus } from '../events/severity.ts';
import { isPublic, type OrganizationsState, selectOrganizations } from '../organizations.ts';
import { findPage, nameOfPage } from '../pages.ts';
import { selectStatus } from '../status.ts';
import type { Viewer } from '../viewer/viewer.ts';
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
  /** How many there are. */
  readonly total: number;
}

const MAX_ORGANIZATIONS = 200;

export function selectOrganizationsView(models: PageModels, viewer: Viewer): OrganizationsView {
  const all = publicOnes(models.organizations, viewer);
  return {
    organizations: all.slice(0, MAX_ORGANIZATIONS).map((organization) => {
      const { id, slug } = organization;
      const { overallStatus: status } = selectStatus(models, viewer, { organizationId: id });
      return { id, slug, name: nameOfPage(findPage(models.pages, id), organization), status };
    }),
    total: all.length,
  };
}

function publicOnes(state: OrganizationsState, viewer: Viewer) {
  return selectOrganizations(state, viewer).filter(({ id }) => isPublic(state, id));
}
