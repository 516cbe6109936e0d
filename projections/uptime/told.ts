// What the events of incidents and maintenances say of services, in the terms in which uptime counts.
import type { RecordedEvent } from '../events/event-types.ts';
import { type IncidentStatus, SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { momentOf, ORIGIN } from './seconds.ts';

/** What tells something of services. */
export type TellerNoun = 'incident' | 'maintenance';

/** What one event says. A member that is missing leaves what was said before. */
export interface Told {
  /** From when on it holds, in milliseconds since 1970. */
  readonly at: number;
  /** Position of the event. */
  readonly by: number;
  /** Whether services are affected at all: an incident that is not resolved. */
  readonly isActive?: boolean;
  /** By service id: how badly. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Ids of the services that it is about, whether or not it changes what is shown of them. */
  readonly named?: readonly string[];
  /** The update that says it, which can be retracted. */
  readonly updateId?: string;
}

/** How an event changes what is told of services. */
export type Telling =
  /** The first event of a stream: what it says holds from `startsAt` on, even if that is moved. */
  | { readonly kind: 'begins'; readonly noun: TellerNoun; readonly startsAt: number; readonly told: Told }
  | { readonly kind: 'tells'; readonly told: Told }
  /** It is known better from when on it holds. */
  | { readonly kind: 'moves'; readonly startsAt: number }
  /** What one update said was never so. */
  | { readonly kind: 'unsays'; readonly updateId: string }
  /** Nothing of it was ever so. */
  | { readonly kind: 'vanishes' }
  /** It was shown until now, and is no longer. */
  | { readonly kind: 'ends'; readonly told: Told };

/** The number of a status from harmless to worst. */
export function levelOfStatus(status: ServiceStatus): number {
  return SERVICE_STATUSES.indexOf(status);
}

/** What the event changes in what its stream tells of services; `undefined` if it says nothing of them. */
export function tellingOf(event: RecordedEvent): Telling | undefined {
  const told = { at: momentOf(event), by: event.position };
  switch (event.type) {
    case 'incident.opened': {
      const { status, impacts, affectedServiceIds: named } = event.data;
      const first = { ...told, at: ORIGIN * 1_000, ...activityOf(status), levels: levelsOf(impacts), named };
      return { kind: 'begins', noun: 'incident', startsAt: told.at, told: first };
    }
    case 'incident.assessed': {
      const { impacts, affectedServiceIds: named } = event.data;
      if (!impacts && !named) return undefined;
      return {
        kind: 'tells',
        told: { ...told, ...(impacts && { levels: levelsOf(impacts) }), ...(named && { named }) },
      };
    }
    case 'incident.status-changed':
      return { kind: 'tells', told: { ...told, ...activityOf(event.data.status) } };
    case 'incident.update-posted': {
      const { updateId, status, impacts } = event.data;
      const levels = impacts && { levels: levelsOf(impacts) };
      return { kind: 'tells', told: { ...told, ...activityOf(status), ...levels, updateId } };
    }
    case 'incident.start-moved':
      return { kind: 'moves', startsAt: Date.parse(event.data.startedAt) };
    case 'incident.update-retracted':
      return { kind: 'unsays', updateId: event.data.updateId };
    case 'incident.retracted':
      return { kind: 'vanishes' };
    case 'incident.deleted':
    case 'maintenance.deleted':
      return { kind: 'ends', told: { ...told, isActive: false } };
    case 'maintenance.planned': {
      // What a series had dropped is planned again in the same stream. What it was before stays so.
      const startsAt = event.version === 1 ? ORIGIN * 1_000 : told.at;
      const first = { ...told, at: startsAt, isActive: false, ...underMaintenance(event.data.affectedServiceIds) };
      return { kind: 'begins', noun: 'maintenance', startsAt, told: first };
    }
    case 'maintenance.services-changed':
      return { kind: 'tells', told: { ...told, ...underMaintenance(event.data.affectedServiceIds) } };
    case 'maintenance.started':
    case 'maintenance.verification-begun':
      return { kind: 'tells', told: { ...told, isActive: true } };
    case 'maintenance.completed':
    case 'maintenance.cancelled':
      return { kind: 'tells', told: { ...told, isActive: false } };
    default:
      return undefined;
  }
}

function underMaintenance(ids: readonly string[]): Pick<Told, 'levels' | 'named'> {
  const level = levelOfStatus('maintenance');
  return { levels: Object.fromEntries(ids.map((id) => [id, level])), named: ids };
}

function activityOf(status: IncidentStatus): Pick<Told, 'isActive'> {
  return { isActive: status !== 'resolved' };
}

function levelsOf(impacts: Readonly<Record<string, ServiceStatus>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(impacts).map(([id, status]) => [id, levelOfStatus(status)]));
}
