// An organisation as a viewer sees it: with the viewer's own role.
import type { Role } from '../../projections/events/roles.ts';
import { type Organization, type ShownOrganization, showOrganization } from '../../projections/organization.ts';
import { hasRole, type Viewer } from '../../projections/viewer/viewer.ts';

type WithRole = ShownOrganization & { readonly role?: Role };

export function showOrganizationTo(viewer: Viewer, organization: Organization): WithRole {
  const access = viewer.access(organization.id);
  return showOrganizationWith(organization, hasRole(viewer, organization.id, 'viewer') ? (access as Role) : undefined);
}

export function showOrganizationWith(organization: Organization, role: Role | undefined): WithRole {
  return { ...showOrganization(organization), ...(role ? { role } : {}) };
}
