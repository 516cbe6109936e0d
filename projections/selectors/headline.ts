// The headline of a page: what is broken, by name where that is short, and what is not. It is a structure; each language has
// words for it.
import {
  type IncidentImpact,
  SERVICE_STATUSES,
  type ServiceStatus,
  STATUS_OF_IMPACT,
  worst,
} from '../events/severity.ts';
import { BLANK } from '../events/texts.ts';

/** What the headline takes into account: what the page lists, in the order of the page and in the reader's language. */
export interface HeadlineParts {
  readonly services: readonly { readonly id: string; readonly name: string; readonly status: ServiceStatus }[];
  /** The unresolved ones, in the order in which they began. */
  readonly incidents: readonly {
    readonly title: string;
    readonly description: string;
    readonly impact: IncidentImpact;
  }[];
  /** Those under way. */
  readonly maintenances: readonly {
    readonly endsAt: string;
    readonly autoEnd: boolean;
    readonly affectedServiceIds: readonly string[];
  }[];
}

/** Services that are alike: all of one status or, without one, of several. */
export interface HeadlineGroup {
  readonly status: ServiceStatus | null;
  /** In the order of the page. */
  readonly names: readonly string[];
}

/** A fault comes before maintenance, and maintenance before calm. */
export interface Headline {
  readonly kind:
    | 'nothing'
    | 'calm'
    /** Some services are affected: up to two statuses are told apart, the worst first. */
    | 'some'
    /** All services are affected, and all alike. */
    | 'all'
    | 'maintenance'
    /** An incident that affects no service. */
    | 'incident';
  /** The overall status: the worst of services and incidents. */
  readonly status: ServiceStatus;
  /** The affected services, the worst first; for `maintenance` those under maintenance. */
  readonly groups: readonly HeadlineGroup[];
  /** Names of services under maintenance, beside those of a fault. */
  readonly underMaintenance: readonly string[];
  /** How many services work normally. */
  readonly others: number;
  readonly total: number;
  /** The newest incident that affects anything. */
  readonly incident: { readonly title: string; readonly description: string } | null;
  /** When the maintenance ends by itself. */
  readonly until: string | null;
}

/** The longest list that tells services apart; more are told in two groups. */
const FEW = 2;

export function selectHeadline({ services, incidents, maintenances }: HeadlineParts): Headline {
  const named = (of: (status: ServiceStatus) => boolean) => services.filter(({ status }) => of(status));
  const faulty = named((status) => status !== 'operational' && status !== 'maintenance');
  const maintained = named((status) => status === 'maintenance');
  const serious = incidents.filter(({ impact }) => STATUS_OF_IMPACT[impact] !== 'operational');
  const groups = groupsOf(faulty);
  const newest = serious.at(-1);
  const common = {
    status: worst([...services.map(({ status }) => status), ...serious.map(({ impact }) => STATUS_OF_IMPACT[impact])]),
    groups,
    underMaintenance: namesOf(maintained),
    others: services.length - faulty.length - maintained.length,
    total: services.length,
    incident: newest ? readable(newest) : null,
    until: null,
  };
  if (faulty.length > 0) return { ...common, kind: isAll(groups, services.length) ? 'all' : 'some' };
  if (newest) return { ...common, kind: 'incident' };
  if (maintained.length > 0) {
    const until = endOf(maintained, maintenances);
    return { ...common, kind: 'maintenance', groups: groupsOf(maintained), underMaintenance: [], until };
  }
  return { ...common, kind: services.length === 0 ? 'nothing' : 'calm' };
}

type Services = HeadlineParts['services'];

/** The worst services, and all others that are affected. Two services have a group each if their statuses differ. */
function groupsOf(affected: Services): HeadlineGroup[] {
  const worstStatus = worst(affected.map(({ status }) => status));
  const lead = affected.filter(({ status }) => status === worstStatus);
  const rest = affected.filter(({ status }) => status !== worstStatus);
  return [lead, rest]
    .filter((group) => group.length > 0)
    .map((group) => ({ status: statusOf(group), names: namesOf(group) }));
}

function statusOf(group: Services): ServiceStatus | null {
  const found = SERVICE_STATUSES.filter((status) => group.some((service) => service.status === status));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** Of a page with one service, the name says more. */
function isAll(groups: readonly HeadlineGroup[], total: number): boolean {
  return total >= FEW && groups.length === 1 && groups[0]?.names.length === total;
}

function namesOf(services: Services): string[] {
  return services.map(({ name }) => name);
}

/** A redacted text says nothing. */
function readable({ title, description }: HeadlineParts['incidents'][number]): Headline['incident'] {
  return { title, description: description === BLANK ? '' : description };
}

/** When the last maintenance of these services ends; `null` if one of them may take longer, or nothing says when. */
function endOf(maintained: Services, maintenances: HeadlineParts['maintenances']): string | null {
  const ends = maintained.map(({ id }) => {
    const own = maintenances.filter(({ affectedServiceIds }) => affectedServiceIds.includes(id));
    if (own.length === 0 || own.some(({ autoEnd }) => !autoEnd)) return undefined;
    return own
      .map(({ endsAt }) => endsAt)
      .sort()
      .at(-1);
  });
  return ends.every((end) => end !== undefined) ? (ends.sort().at(-1) ?? null) : null;
}
