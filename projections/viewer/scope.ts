// The scopes that a read can be restricted to: everything, an organisation, a tenant, a tenant in an organisation.
import { DEFAULT_ORGANIZATION } from '../events/envelope.ts';

/** What a read is restricted to. An empty filter covers all that the viewer may see. */
export interface Filter {
  readonly organizationId?: string;
  readonly tenantId?: string;
}

/** A filter, or `unlabelled`: the entities of the default organisation without a tenant, which go to every socket. */
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

/** The key of the scope of all entities. */
export const EVERYTHING = scopeKey({});

/** The keys of all scopes that an entity belongs to, except `EVERYTHING`. */
export function scopesOf({ organizationId, tenantId }: Placed): readonly string[] {
  const own = scopeKey({ organizationId });
  if (tenantId !== undefined) return [own, scopeKey({ tenantId }), scopeKey({ organizationId, tenantId })];
  return organizationId === DEFAULT_ORGANIZATION ? [own, scopeKey('unlabelled')] : [own];
}
