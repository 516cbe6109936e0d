// The parts of the whole that a read can be restricted to: everything, an organisation, a tenant, a tenant within an organisation.
import { DEFAULT_ORGANIZATION } from '../events/envelope.ts';

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
export function scopeKey(part: Part): string {
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
