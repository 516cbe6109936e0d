// What an incident went through, read from its course: its steps, and what it said of each service from when until when.
import {
  INCIDENT_STATUSES,
  type IncidentStatus,
  type ServiceStatus,
  STATUS_OF_IMPACT,
  worst,
} from '../events/severity.ts';
import { type ImpactChange, impactChanges, type Standing, type Step, standingAfter } from '../incident/course.ts';
import type { Incident } from '../incidents.ts';

/** One of the four states that an incident can go through, in their order. */
export interface IncidentStep {
  readonly status: IncidentStatus;
  /** When the incident came to it; `null` for one that it has passed over, or not reached. */
  readonly at: string | null;
  /** Whether the incident has come this far. */
  readonly isTaken: boolean;
}

/** What an incident said of a service: the worst, from when it first said anything until when it last did. */
export interface AffectedSpan {
  readonly serviceId: string;
  readonly status: ServiceStatus;
  readonly from: string;
  /** `null` as long as it says something of it. */
  readonly to: string | null;
}

/** What it was opened with: its state, and what that changed of services. */
interface Opening {
  readonly status: IncidentStatus;
  readonly changes: readonly ImpactChange[];
}

export interface IncidentCourse {
  readonly opening: Opening;
  readonly steps: readonly IncidentStep[];
  /** When it was last reopened; `null` if it never was, or is resolved again. */
  readonly reopenedAt: string | null;
  /** In the order in which it named them. While it goes on, `status` is what it says now. */
  readonly affected: readonly AffectedSpan[];
  /** The worst that it was: what it says now while it goes on. */
  readonly worst: ServiceStatus;
}

export function courseOfIncident(incident: Incident): IncidentCourse {
  const affected = new Map<string, AffectedSpan>();
  const reached = new Map<IncidentStatus, string>();
  let reopenedAt: string | null = null;
  let most: ServiceStatus = 'operational';
  let standing: Standing | undefined;
  let opening: Opening = { status: incident.status, changes: [] };
  for (const step of incident.course) {
    const before = standing;
    standing = standingAfter(before, step);
    const at = momentOf(step, before, incident);
    if (standing.status !== before?.status) {
      for (const later of INCIDENT_STATUSES.slice(placeOf(standing.status) + 1)) reached.delete(later);
      reached.set(standing.status, at);
      if (before?.status === 'resolved') reopenedAt = at;
    }
    const changes = impactChanges(before, standing);
    if (!before) opening = { status: standing.status, changes };
    for (const { serviceId, to } of changes) {
      affected.set(serviceId, affectedAfter(affected.get(serviceId), { serviceId, at, status: to }));
    }
    most = worst([most, statusOf(standing)]);
  }
  const isOver = incident.status === 'resolved';
  return {
    opening,
    steps: stepsOf(incident, reached),
    reopenedAt: isOver ? null : reopenedAt,
    affected: [...affected.values()].map((span) => presentOf(span, incident)),
    worst: isOver ? most : statusOf(incident),
  };
}

/** The worst that the incident says: by its impact, or of a service. */
function statusOf({ impact, impacts }: Pick<Standing, 'impact' | 'impacts'>): ServiceStatus {
  return worst([STATUS_OF_IMPACT[impact], ...Object.values(impacts)]);
}

/** When a step happened: the first one when the incident is known to have begun. */
function momentOf(step: Step, before: Standing | undefined, { startedAt }: Incident): string {
  return before ? step.source.happenedAt : startedAt;
}

interface Said {
  readonly serviceId: string;
  readonly at: string;
  readonly status: ServiceStatus | null;
}

function affectedAfter(before: AffectedSpan | undefined, { serviceId, at, status }: Said): AffectedSpan {
  if (status === null) return { ...(before ?? { serviceId, status: 'operational', from: at }), to: at };
  if (!before) return { serviceId, status, from: at, to: null };
  return { ...before, status: worst([before.status, status]), to: null };
}

function presentOf(span: AffectedSpan, { status, impacts, resolvedAt }: Incident): AffectedSpan {
  if (status === 'resolved') return { ...span, to: span.to ?? resolvedAt };
  return span.to === null ? { ...span, status: impacts[span.serviceId] ?? span.status } : span;
}

function stepsOf({ status, resolvedAt }: Incident, reached: ReadonlyMap<IncidentStatus, string>): IncidentStep[] {
  return INCIDENT_STATUSES.map((each) => ({
    status: each,
    at: (each === 'resolved' ? resolvedAt : reached.get(each)) ?? null,
    isTaken: placeOf(each) <= placeOf(status),
  }));
}

function placeOf(status: IncidentStatus): number {
  return INCIDENT_STATUSES.indexOf(status);
}
