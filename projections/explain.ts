// Explains a status: the rule, its result, and its inputs, each with the event that set it.
import { INCIDENT_IMPACTS, SERVICE_STATUSES, type ServiceStatus, STATUS_OF_IMPACT } from './events/severity.ts';
import type { SourceEvent } from './events/source-event.ts';
import { type Incident, type IncidentsState, type IncidentTally, selectIncident } from './incidents.ts';
import type { Maintenance } from './maintenance.ts';
import { findMaintenance, type MaintenancesState } from './maintenances.ts';
import { selectEntities, selectScopes, visibleEntity } from './selection.ts';
import type { Service } from './service.ts';
import type { ServicesState, ServiceTally } from './services.ts';
import type { Scope } from './state/collection.ts';
import { selectStatus } from './status.ts';
import type { Filter } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

/** Something that a status depends on. */
export interface ExplainedInput {
  /**
   * `report`: the status that a team reports. `service`: the shown status of a service. `incident`: an unresolved one.
   * `maintenance`: one that is in progress or being verified.
   */
  readonly kind: 'report' | 'service' | 'incident' | 'maintenance';
  /** Id and name of the service, or id and title of the incident or maintenance. */
  readonly id: string;
  readonly name: string;
  /** The status that it contributes. */
  readonly status: ServiceStatus;
  /** Whether its status equals the result. */
  readonly decides: boolean;
}

/** An input with the event that set its status, which not every viewer may see, and the organisation of that event. */
export interface TracedInput extends ExplainedInput {
  readonly source: SourceEvent | undefined;
  readonly organizationId: string;
}

export interface Explanation<I = TracedInput> {
  readonly rule: string;
  readonly result: ServiceStatus;
  /** The first `MAX_INPUTS` inputs. */
  readonly inputs: readonly I[];
  /** How many inputs there are in all. */
  readonly total: number;
  /** How many services, unresolved incidents and maintenances in progress the rule was applied to. */
  readonly considered: { readonly services: number; readonly incidents: number; readonly maintenances: number };
}

interface Models {
  readonly services: ServicesState;
  readonly incidents: IncidentsState;
  readonly maintenances: MaintenancesState;
}

/**
 * How many inputs an explanation lists. A client that needs all of them can read the lists of services and incidents.
 */
export const MAX_INPUTS = 20;

const ORDER = `from harmless to worst: ${SERVICE_STATUSES.join(', ')}`;
const WORTH = INCIDENT_IMPACTS.map((impact) => `${impact} as ${STATUS_OF_IMPACT[impact]}`).join(', ');

const SERVICE_RULE = `A service is shown as the worst of what its team reports, of what unresolved incidents say of it, and of maintenance while that is in progress, ${ORDER}.`;
const OVERALL_RULE = `The overall status is the worst of what is shown of the services and of what unresolved incidents count for by their impact (${WORTH}), ${ORDER}.`;

/** Why the service has its shown status: the report of its team, then the claims of incidents and maintenances, worst first. */
export function explainService(models: Models, viewer: Viewer, service: Service): Explanation {
  const claims = [...(models.services.claims.get(service.id) ?? [])].sort(([, a], [, b]) => rank(b) - rank(a));
  const claimInputs = claims.slice(0, MAX_INPUTS - 1).flatMap(([id, status]) => {
    const incident = selectIncident(models.incidents, viewer, id);
    if (incident) return [claimInput('incident', incident, status, incident.sources?.impacts[service.id])];
    const maintenance = visibleEntity(findMaintenance(models.maintenances, id), viewer);
    return maintenance ? [claimInput('maintenance', maintenance, status, maintenance.sources?.[service.id])] : [];
  });
  const maintenances = claims.filter(([, status]) => status === 'maintenance').length;
  return {
    rule: SERVICE_RULE,
    result: service.status,
    inputs: [
      reportInput(service),
      ...claimInputs.map((input) => ({ ...input, decides: input.status === service.status })),
    ],
    total: 1 + claims.length,
    considered: { services: 1, incidents: claims.length - maintenances, maintenances },
  };
}

/**
 * Why the overall status of the filter's selection is what it is: the unresolved incidents that contribute that status,
 * then the services that have it. `operational` is the default that no input causes: then there are no inputs.
 */
export function explainStatus(models: Models, viewer: Viewer, filter: Filter): Explanation {
  const { overallStatus: result, ...counted } = selectStatus(models, viewer, filter);
  const { totalServices: services, activeIncidents: incidents, activeMaintenances: maintenances } = counted;
  const considered = { services, incidents, maintenances };
  if (result === 'operational') return { rule: OVERALL_RULE, result, inputs: [], total: 0, considered };
  const incidentCount = countIncidents(selectScopes(models.incidents.incidents, viewer, filter), result);
  const serviceCount = countServices(selectScopes(models.services.services, viewer, filter), result);
  const deciding = firstOf(
    selectEntities(models.incidents.incidents, viewer, filter),
    (incident) => worth(incident) === result,
    Math.min(incidentCount, MAX_INPUTS),
  );
  const room = MAX_INPUTS - deciding.length;
  const shown = firstOf(
    selectEntities(models.services.services, viewer, filter),
    ({ status }) => status === result,
    Math.min(serviceCount, room),
  );
  return {
    rule: OVERALL_RULE,
    result,
    inputs: [...deciding.map(impactInput), ...shown.map((service) => serviceInput(models, viewer, service))],
    total: incidentCount + serviceCount,
    considered,
  };
}

function reportInput(service: Service): TracedInput {
  const { id, name, reportedStatus, reportedBy, status, organizationId } = service;
  return {
    kind: 'report',
    id,
    name,
    status: reportedStatus,
    decides: reportedStatus === status,
    source: reportedBy,
    organizationId,
  };
}

/** What an incident or a maintenance says of a service, without whether that decides. */
function claimInput(
  kind: 'incident' | 'maintenance',
  { id, title, organizationId }: Incident | Maintenance,
  status: ServiceStatus,
  source: SourceEvent | undefined,
): Omit<TracedInput, 'decides'> {
  return { kind, id, name: title, status, source, organizationId };
}

function impactInput({ id, title, impact, sources, organizationId }: Incident): TracedInput {
  return {
    kind: 'incident',
    id,
    name: title,
    status: STATUS_OF_IMPACT[impact],
    decides: true,
    source: sources?.impact,
    organizationId,
  };
}

/** A service with its shown status, and the event of the report or incident that decides it. */
function serviceInput(models: Models, viewer: Viewer, service: Service): TracedInput {
  const { id, name, status, organizationId } = service;
  const { inputs } = explainService(models, viewer, service);
  const { source } = inputs.find(({ decides }) => decides) ?? reportInput(service);
  return { kind: 'service', id, name, status, decides: true, source, organizationId };
}

function worth({ status, impact }: Incident): ServiceStatus | undefined {
  return status === 'resolved' ? undefined : STATUS_OF_IMPACT[impact];
}

function countServices(scopes: readonly Scope<ServiceTally>[], status: ServiceStatus): number {
  return scopes.reduce((sum, { tally }) => sum + tally.byStatus[status], 0);
}

function countIncidents(scopes: readonly Scope<IncidentTally>[], status: ServiceStatus): number {
  const impacts = INCIDENT_IMPACTS.filter((impact) => STATUS_OF_IMPACT[impact] === status);
  return scopes.reduce((sum, { tally }) => sum + impacts.reduce((own, impact) => own + tally[impact], 0), 0);
}

/** The first `count` entities that fit. Stops iterating once it has them. */
function firstOf<E>(entities: Iterable<E>, fits: (entity: E) => boolean, count: number): E[] {
  const found: E[] = [];
  if (count === 0) return found;
  for (const entity of entities) {
    if (fits(entity) && found.push(entity) === count) return found;
  }
  return found;
}

function rank(status: ServiceStatus): number {
  return SERVICE_STATUSES.indexOf(status);
}
