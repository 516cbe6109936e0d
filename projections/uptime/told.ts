// What the events of incidents and maintenances say of services, in the terms in which uptime counts.
import type { RecordedEvent } from '../events/event-types.ts';
import { type IncidentStatus, SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { momentOf, ORIGIN } from './seconds.ts';

/** What tells something of services. */
export type TellerNoun = 'incident' | 'maintenance';

/** What an event says. A member that is missing leaves what was said before. */
interface Said {
  /** Whether services are affected at all: an incident that is not resolved. */
  readonly isActive?: boolean;
  /** By service id: how badly. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Ids of the services that it is about, whether or not it changes what is shown of them. */
  readonly named?: readonly string[];
  /** The update that says it, which can be retracted. */
  readonly updateId?: string;
}

/** What one event says, from when on. */
export interface Told extends Said {
  /** From when on it holds, in milliseconds since 1970. */
  readonly at: number;
  /** Position of the event. */
  readonly by: number;
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
  switch (event.type) {
    case 'incident.opened': {
      const { status, impacts, affectedServiceIds: named } = event.data;
      const said = { isActive: isActive(status), levels: levelsOf(impacts), named };
      return { kind: 'begins', noun: 'incident', startsAt: momentOf(event), told: toldFrom(FIRST, event, said) };
    }
    case 'incident.assessed': {
      const { impacts, affectedServiceIds: named } = event.data;
      if (!impacts && !named) return undefined;
      return tells(event, { ...(impacts && { levels: levelsOf(impacts) }), ...(named && { named }) });
    }
    case 'incident.status-changed':
      return tells(event, { isActive: isActive(event.data.status) });
    case 'incident.update-posted': {
      const { updateId, status, impacts } = event.data;
      return tells(event, { isActive: isActive(status), updateId, ...(impacts && { levels: levelsOf(impacts) }) });
    }
    case 'incident.start-moved':
      return { kind: 'moves', startsAt: Date.parse(event.data.startedAt) };
    case 'incident.update-retracted':
      return { kind: 'unsays', updateId: event.data.updateId };
    case 'incident.retracted':
      return { kind: 'vanishes' };
    case 'incident.deleted':
    case 'maintenance.deleted':
      return { kind: 'ends', told: toldFrom(momentOf(event), event, { isActive: false }) };
    case 'maintenance.planned': {
      // What a series had dropped is planned again in the same stream. What it was before stays so.
      const startsAt = event.version === 1 ? FIRST : momentOf(event);
      const said = { ...underMaintenance(event.data), isActive: false };
      return { kind: 'begins', noun: 'maintenance', startsAt, told: toldFrom(startsAt, event, said) };
    }
    case 'maintenance.services-changed':
      return tells(event, underMaintenance(event.data));
    case 'maintenance.started':
    case 'maintenance.verification-begun':
      return tells(event, { isActive: true });
    case 'maintenance.completed':
    case 'maintenance.cancelled':
      return tells(event, { isActive: false });
    default:
      return undefined;
  }
}

/** What a stream says at first is never later than its start, wherever that is moved. */
const FIRST = ORIGIN * 1_000;

function tells(event: RecordedEvent, said: Said): Telling {
  return { kind: 'tells', told: toldFrom(momentOf(event), event, said) };
}

function toldFrom(at: number, { position: by }: RecordedEvent, said: Said): Told {
  return { at, by, ...said };
}

function underMaintenance({ affectedServiceIds: named }: { readonly affectedServiceIds: readonly string[] }): Said {
  const level = levelOfStatus('maintenance');
  return { levels: Object.fromEntries(named.map((id) => [id, level])), named };
}

function isActive(status: IncidentStatus): boolean {
  return status !== 'resolved';
}

function levelsOf(impacts: Readonly<Record<string, ServiceStatus>>): Readonly<Record<string, number>> {
  const levels: Record<string, number> = {};
  for (const id of Object.keys(impacts)) levels[id] = levelOfStatus(impacts[id] as ServiceStatus);
  return levels;
}
