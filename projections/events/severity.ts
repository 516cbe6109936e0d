// Severity: the order of statuses from harmless to worst, and the status that corresponds to an incident's impact.

/** The states of a service, from harmless to worst. Maintenance ranks low on purpose: it must not hide an outage. */
export const SERVICE_STATUSES = ['operational', 'maintenance', 'degraded', 'partial', 'major'] as const;
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];

export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export const MAINTENANCE_STATUSES = ['scheduled', 'in-progress', 'verifying', 'completed', 'cancelled'] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];

/** From harmless to worst. An incident with impact `none` tells something and counts for nothing. */
export const INCIDENT_IMPACTS = ['none', 'minor', 'major', 'critical'] as const;
export type IncidentImpact = (typeof INCIDENT_IMPACTS)[number];

/** The statuses that an incident can give to a single service. */
export const CLAIMED_STATUSES = ['degraded', 'partial', 'major'] as const;
export type ClaimedStatus = (typeof CLAIMED_STATUSES)[number];

/** The status that an unresolved incident contributes to the overall status, by its impact. */
export const STATUS_OF_IMPACT: Readonly<Record<IncidentImpact, ServiceStatus>> = {
  none: 'operational',
  minor: 'degraded',
  major: 'partial',
  critical: 'major',
};

/** The worst of the given statuses; `operational` when there are none. */
export function worst(statuses: Iterable<ServiceStatus>): ServiceStatus {
  let rank = 0;
  for (const status of statuses) rank = Math.max(rank, SERVICE_STATUSES.indexOf(status));
  return SERVICE_STATUSES[rank] ?? 'operational';
}
