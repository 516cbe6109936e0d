// The order of an organisation's page: its groups, the services in each, and the services without a group.
import { byRank } from './events/rank.ts';
import { selectGroups } from './groups.ts';
import { selectPosition } from './selection.ts';
import type { Group } from './service/group.ts';
import type { Service } from './service.ts';
import { type ServicesState, selectServices } from './services.ts';
import type { Viewer } from './viewer/viewer.ts';

/** Groups and services in the order of the page. */
export interface Ordered {
  readonly groups: readonly OrderedGroup[];
  /** Those without a group. */
  readonly services: readonly Service[];
}

interface OrderedGroup {
  readonly group: Group;
  readonly services: readonly Service[];
}

/** The same as ids. */
export interface PageOrder {
  readonly groups: readonly { readonly id: string; readonly services: readonly string[] }[];
  readonly services: readonly string[];
}

/** What the viewer may see of the organisation, in the order of its page. */
export function selectOrder(state: ServicesState, viewer: Viewer, organizationId: string): Ordered {
  const services = selectServices(state, viewer, { organizationId }).sort(byRank);
  const groups = selectGroups(state, viewer, { organizationId }).sort(byRank);
  const byGroup = new Map<string | null, Service[]>();
  for (const service of services) {
    const own = byGroup.get(service.groupId);
    if (own) own.push(service);
    else byGroup.set(service.groupId, [service]);
  }
  return {
    groups: groups.map((group) => ({ group, services: byGroup.get(group.id) ?? [] })),
    services: byGroup.get(null) ?? [],
  };
}

/** Position of the last event that changed any of it; 0 if there was none. */
export function orderPosition({ services, groups }: ServicesState, viewer: Viewer, organizationId: string): number {
  const part = { organizationId };
  return Math.max(selectPosition(services, viewer, part), selectPosition(groups, viewer, part));
}

export function showOrder({ groups, services }: Ordered): PageOrder {
  return {
    groups: groups.map(({ group, services: own }) => ({ id: group.id, services: own.map(({ id }) => id) })),
    services: services.map(({ id }) => id),
  };
}
