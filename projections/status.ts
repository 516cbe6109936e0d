// The overall status: derived from services, incidents and maintenances on each request. It is never stored, so it cannot
// contradict them.

import { INCIDENT_IMPACTS, SERVICE_STATUSES, type ServiceStatus, STATUS_OF_IMPACT, worst } from './events/severity.ts';
import type { IncidentsState, IncidentTally } from './incidents.ts';
import type { MaintenancesState } from './maintenances.ts';
import { selectPosition, selectScopes } from './selection.ts';
import { type ServicesState, type ServiceTally, UPTIME_UNITS } from './services.ts';
import type { Filter, Part } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

export interface OverallStatus extends Filter {
  /** The worst of the services' shown statuses and the statuses that unresolved incidents contribute. */
  readonly overallStatus: ServiceStatus;
  readonly totalServices: number;
  readonly operationalServices: number;
  readonly degradedServices: number;
  /** Partial and major. */
  readonly downServices: number;
  readonly maintenanceServices: number;
  readonly activeIncidents: number;
  /** In progress, or being verified. */
  readonly activeMaintenances: number;
  /** Scheduled. */
  readonly upcomingMaintenances: number;
  /** Per cent with two decimals; 100 without services. */
  readonly averageUptime: number;
  /** Recorded time of the last event that changed anything counted here; `null` if there was none. */
  readonly lastUpdated: string | null;
}

interface Models {
  readonly services: ServicesState;
  readonly incidents: IncidentsState;
  readonly maintenances: MaintenancesState;
}

/** The overall status of this part. A filter is repeated in the result. */
export function selectStatus(models: Models, viewer: Viewer, part: Part): OverallStatus {
  const services = selectScopes(models.services.services, viewer, part);
  const incidents = selectScopes(models.incidents.incidents, viewer, part);
  const maintenances = selectScopes(models.maintenances.maintenances, viewer, part);
  const serviceTallies = services.map(({ tally }) => tally);
  const incidentTallies = incidents.map(({ tally }) => tally);
  const inStatus = (status: ServiceStatus) => sum(serviceTallies, (tally) => tally.byStatus[status]);
  const totalServices = sum(serviceTallies, (tally) => tally.total);
  return {
    overallStatus: worst([...shownStatuses(serviceTallies), ...incidentStatuses(incidentTallies)]),
    totalServices,
    operationalServices: inStatus('operational'),
    degradedServices: inStatus('degraded'),
    downServices: inStatus('partial') + inStatus('major'),
    maintenanceServices: inStatus('maintenance'),
    activeIncidents: sum(incidentTallies, (tally) => sum(INCIDENT_IMPACTS, (impact) => tally[impact])),
    activeMaintenances: sum(maintenances, ({ tally }) => tally.active),
    upcomingMaintenances: sum(maintenances, ({ tally }) => tally.upcoming),
    averageUptime: average(
      sum(serviceTallies, (tally) => tally.uptimeSum),
      totalServices,
    ),
    lastUpdated: latest([...services, ...incidents, ...maintenances]),
    ...(part === 'unlabelled' ? {} : part),
  };
}

/** Position of the last event that changed this part; 0 if there was none. */
export function statusPosition({ services, incidents, maintenances }: Models, viewer: Viewer, part: Part): number {
  const collections = [services.services, incidents.incidents, maintenances.maintenances];
  return Math.max(...collections.map((collection) => selectPosition<unknown, unknown>(collection, viewer, part)));
}

function shownStatuses(tallies: readonly ServiceTally[]): ServiceStatus[] {
  return SERVICE_STATUSES.filter((status) => tallies.some((tally) => tally.byStatus[status] > 0));
}

function incidentStatuses(tallies: readonly IncidentTally[]): ServiceStatus[] {
  return INCIDENT_IMPACTS.filter((impact) => tallies.some((tally) => tally[impact] > 0)).map(
    (impact) => STATUS_OF_IMPACT[impact],
  );
}

function average(uptimeSum: number, services: number): number {
  return services === 0 ? 100 : Math.round((uptimeSum * 100) / (services * UPTIME_UNITS)) / 100;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function latest(scopes: readonly { readonly lastUpdated: string }[]): string | null {
  return scopes.reduce<string | null>(
    (last, { lastUpdated }) => (last && last > lastUpdated ? last : lastUpdated),
    null,
  );
}
