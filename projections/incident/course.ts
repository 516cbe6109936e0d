// The course of an incident: what each of its events set, in the order of recording. The course is kept, so that an update
// can be taken back: its status and impacts are then those that the other events make.
import { happenedAt } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { ClaimedStatus, IncidentImpact, IncidentStatus } from '../events/severity.ts';
import { type SourceEvent, sourceOf } from '../events/source-event.ts';
import { type IncidentSources, sourcesAfter } from './sources.ts';

/** By service id: the status that an incident gives to the service while it is unresolved. */
export type Impacts = Readonly<Record<string, ClaimedStatus>>;

/** Where an incident stands: what its course has made of it. */
export interface Standing {
  readonly status: IncidentStatus;
  readonly impact: IncidentImpact;
  /** The services of the same organisation that it names, and those in `impacts`. */
  readonly affectedServiceIds: readonly string[];
  readonly impacts: Impacts;
  /** When it began. */
  readonly startedAt: string;
  /**
   * When it ended; `null` unless it is resolved. If it was opened as resolved: the time that the first resolved update
   * names, until then when it began.
   */
  readonly resolvedAt: string | null;
  /** When the latest update promised the next one; `null` without a promise, and once it is resolved. */
  readonly nextUpdateBy: string | null;
  /** When its current status began: when the incident did, or at the latest status change. */
  readonly movedAt: string;
  /** Whether it was opened as resolved, and no resolved update has named a time since. */
  readonly isEndOpen: boolean;
  /** The events that set its impact and impacts; `null` while it is resolved. */
  readonly sources: IncidentSources | null;
}

/** What one event set. It leaves what it does not name as it was. */
export interface Step extends Partial<Pick<Standing, 'status' | 'impact' | 'affectedServiceIds' | 'impacts'>> {
  readonly source: SourceEvent;
  /** The update that the event carries. */
  readonly updateId?: string;
  readonly startedAt?: string;
  readonly nextUpdateBy?: string | null;
  /** The time that a resolved update names: the end of an incident that was opened as resolved. */
  readonly endedAt?: string;
}

/** One service's status in an incident before and after an update: `null` if the incident gives it none. */
export interface ImpactChange {
  readonly serviceId: string;
  readonly from: ClaimedStatus | null;
  readonly to: ClaimedStatus | null;
}

/** The types of the events that set something of an incident's standing. */
export type StepType =
  | 'incident.opened'
  | 'incident.assessed'
  | 'incident.start-moved'
  | 'incident.status-changed'
  | 'incident.update-posted'
  | 'incident.update-backfilled';

/** What the event set of its incident's standing. */
export function stepOf(event: RecordedEvent<StepType>): Step {
  const source = sourceOf(event);
  switch (event.type) {
    case 'incident.opened': {
      const { status, impact, affectedServiceIds, impacts, nextUpdateBy = null } = event.data;
      return { source, status, impact, affectedServiceIds, impacts, startedAt: happenedAt(event), nextUpdateBy };
    }
    case 'incident.assessed': {
      const { affectedServices: _words, ...set } = event.data;
      return { source, ...set };
    }
    case 'incident.start-moved':
    case 'incident.status-changed':
      return { source, ...event.data };
    case 'incident.update-posted': {
      const { updateId, status, impacts, nextUpdateBy = null } = event.data;
      const step: StepDraft = { source, updateId, status, nextUpdateBy };
      if (impacts) step.impacts = impacts;
      return withEndNamed(step, event);
    }
    case 'incident.update-backfilled':
      return withEndNamed({ source, updateId: event.data.updateId }, event);
  }
}

type StepDraft = { -readonly [K in keyof Step]: Step[K] };

function withEndNamed(
  step: StepDraft,
  { data, occurredAt }: RecordedEvent<'incident.update-posted' | 'incident.update-backfilled'>,
): Step {
  if (data.status === 'resolved' && occurredAt !== undefined) step.endedAt = occurredAt;
  return step;
}

/** A standing that is about to become the next one: a copy of its own, or of a whole incident. */
export type StandingDraft = { -readonly [K in keyof Standing]: Standing[K] };

/** The standing after one more step; the first step is that of the opening. */
export function standingAfter(before: Standing | undefined, step: Step): Standing {
  if (!before) return begun(step);
  const after = { ...before };
  proceed(after, before, step);
  return after;
}

function begun({ source, ...step }: Step): Standing {
  const { status = 'investigating', impact = 'minor', affectedServiceIds = [], impacts = {} } = step;
  const { startedAt = source.happenedAt, nextUpdateBy = null } = step;
  const isResolved = status === 'resolved';
  return {
    status,
    impact,
    affectedServiceIds,
    impacts,
    startedAt,
    resolvedAt: isResolved ? startedAt : null,
    nextUpdateBy: isResolved ? null : nextUpdateBy,
    movedAt: startedAt,
    isEndOpen: isResolved,
    sources: sourcesAfter(undefined, { status, impact, impacts }, source),
  };
}

/** Makes a copy of `before` the standing after one more step. Changes it in place: spreads cost more than all the rest. */
export function proceed(draft: StandingDraft, before: Standing, step: Step): void {
  draft.impact = step.impact ?? before.impact;
  draft.affectedServiceIds = affectedAfter(before, step);
  draft.impacts = step.impacts ?? before.impacts;
  if (step.startedAt !== undefined) restart(draft, step.startedAt);
  if (draft.isEndOpen && step.endedAt !== undefined) {
    draft.resolvedAt = step.endedAt;
    draft.isEndOpen = false;
  }
  if (step.status !== undefined) move(draft, step.status, step);
  draft.sources = sourcesAfter(before, draft, step.source);
}

/** A status that began with the incident, and an end that nobody has named, move with its start. */
function restart(draft: StandingDraft, startedAt: string): void {
  if (draft.movedAt === draft.startedAt) draft.movedAt = startedAt;
  if (draft.isEndOpen) draft.resolvedAt = startedAt;
  draft.startedAt = startedAt;
}

/** `resolvedAt` stays the same while the incident stays resolved. */
function move(draft: StandingDraft, status: IncidentStatus, { source, nextUpdateBy }: Step): void {
  draft.status = status;
  draft.movedAt = source.happenedAt;
  if (status === 'resolved') {
    draft.resolvedAt ??= draft.movedAt;
    draft.nextUpdateBy = null;
  } else {
    draft.resolvedAt = null;
    draft.isEndOpen = false;
    if (nextUpdateBy !== undefined) draft.nextUpdateBy = nextUpdateBy;
  }
}

/** A service that an update gives a status counts as affected. Other events say themselves which services are. */
function affectedAfter({ affectedServiceIds: ids }: Standing, step: Step): readonly string[] {
  if (step.updateId === undefined) return step.affectedServiceIds ?? ids;
  const added = Object.keys(step.impacts ?? {}).filter((id) => !ids.includes(id));
  return added.length === 0 ? ids : [...ids, ...added];
}

/** The impacts that count: none once the incident is resolved. */
export function countedImpacts(standing: Pick<Standing, 'status' | 'impacts'> | undefined): Impacts {
  return standing && standing.status !== 'resolved' ? standing.impacts : {};
}

/** Which services the incident gives another status than before, those that it named first first. */
export function impactChanges(
  before: Pick<Standing, 'status' | 'impacts'> | undefined,
  after: Pick<Standing, 'status' | 'impacts'> | undefined,
): readonly ImpactChange[] {
  const [was, is] = [countedImpacts(before), countedImpacts(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((serviceId) => was[serviceId] !== is[serviceId])
    .map((serviceId) => ({ serviceId, from: was[serviceId] ?? null, to: is[serviceId] ?? null }));
}

/** The standing at the end of a course, and what each of its updates changed. */
export function followCourse(course: readonly Step[]): {
  readonly standing: Standing | undefined;
  readonly changesOf: ReadonlyMap<string, readonly ImpactChange[]>;
} {
  const changesOf = new Map<string, readonly ImpactChange[]>();
  let standing: Standing | undefined;
  for (const step of course) {
    const before = standing;
    standing = standingAfter(before, step);
    if (step.updateId !== undefined) changesOf.set(step.updateId, impactChanges(before, standing));
  }
  return { standing, changesOf };
}
