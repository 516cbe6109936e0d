// The parts of the whole that a read can be restricted to: everything, an organisation, a tenant, a tenant within an organisation.
import { maySee, type Viewer } from './viewer.ts';

/** What a read is restricted to; a filter that names nothing covers all that the viewer may see. */
export interface Filter {
  readonly organizationId?: string;
  readonly tenantId?: string;
}

interface Placed {
  readonly organizationId: string;
  readonly tenantId?: string;
}

/** The key of the scope that a filter selects. Ids contain no space, so keys cannot collide. */
function scopeKey({ organizationId, tenantId }: Filter): string {
  return `${organizationId === undefined ? '' : `org:${organizationId}`} ${tenantId === undefined ? '' : `tenant:${tenantId}`}`;
}

/** The scope of all there is. */
export const EVERYTHING = scopeKey({});

/** The keys of every scope that an entity belongs to. */
export function scopesOf({ organizationId, tenantId }: Placed): readonly string[] {
  const untenanted = [EVERYTHING, scopeKey({ organizationId })];
  return tenantId === undefined
    ? untenanted
    : [...untenanted, scopeKey({ tenantId }), scopeKey({ organizationId, tenantId })];
}

/** The keys of the scopes that together hold what the viewer may see under this filter. */
export function visibleScopes(viewer: Viewer, filter: Filter): readonly string[] {
  const { organizationId } = filter;
  if (organizationId !== undefined) return maySee(viewer, organizationId) ? [scopeKey(filter)] : [];
  if (viewer.organizations === 'all') return [scopeKey(filter)];
  return viewer.organizations.map((id) => scopeKey({ ...filter, organizationId: id }));
}
