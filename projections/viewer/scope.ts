// The parts of the whole that a read can be restricted to: everything, an organisation, a tenant, a tenant within an organisation.
import { DEFAULT_ORGANIZATION } from '../events/envelope.ts';
import { maySee, type Viewer } from './viewer.ts';

/** What a read is restricted to; a filter that names nothing covers all that the viewer may see. */
export interface Filter {
  readonly organizationId?: string;
  readonly tenantId?: string;
}

/** A filter, or what names neither an organisation nor a tenant: what goes to everyone. */
export type Part = Filter | 'unlabelled';

interface Placed {
  readonly organizationId: string;
  readonly tenantId?: string;
}

/** The key of the scope that a filter selects. Ids contain no space, so keys cannot collide. */
function scopeKey(part: Part): string {
  if (part === 'unlabelled') return part;
  const { organizationId, tenantId } = part;
  return `${organizationId === undefined ? '' : `org:${organizationId}`} ${tenantId === undefined ? '' : `tenant:${tenantId}`}`;
}

/** The scope of all there is. */
export const EVERYTHING = scopeKey({});

/** The keys of every scope that an entity belongs to, but for that of all there is. */
export function scopesOf({ organizationId, tenantId }: Placed): readonly string[] {
  const own = scopeKey({ organizationId });
  if (tenantId !== undefined) return [own, scopeKey({ tenantId }), scopeKey({ organizationId, tenantId })];
  return organizationId === DEFAULT_ORGANIZATION ? [own, scopeKey('unlabelled')] : [own];
}

/** The keys of the scopes that together hold what the viewer may see of this part. */
export function visibleScopes(viewer: Viewer, part: Part): readonly string[] {
  if (part === 'unlabelled') return maySee(viewer, DEFAULT_ORGANIZATION) ? [scopeKey(part)] : [];
  const filter = part;
  const { organizationId } = filter;
  if (organizationId !== undefined) return maySee(viewer, organizationId) ? [scopeKey(filter)] : [];
  if (viewer.organizations === 'all') return [scopeKey(filter)];
  return viewer.organizations.map((id) => scopeKey({ ...filter, organizationId: id }));
}
