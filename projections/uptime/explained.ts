// Why a service was shown as it was: intervals of one status, each with the events that decided it.
import { SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { causeOf, levelOf, type Run } from '../state/timeline.ts';
import { timeOf } from './seconds.ts';
import { type ServiceTime, shownOf } from './service-time.ts';
import type { UptimeWindow } from './window.ts';

/** An interval with one status: from `from` up to, not including, `to`. */
export interface ExplainedInterval {
  readonly from: string;
  readonly to: string;
  /** `none` before the start of the service, and from now on. */
  readonly status: ServiceStatus | 'none';
  /** Positions of the events that decided it: none where nothing was ever said. */
  readonly events: readonly number[];
}

/** The intervals of a window, oldest first and without gaps. */
export function* explainedIntervals(
  service: ServiceTime,
  { from, to, now }: UptimeWindow,
): Generator<ExplainedInterval> {
  const first = Math.min(to, Math.max(from, service.startsAt));
  const end = Math.max(first, Math.min(to, now));
  if (from < first) yield interval(from, first, 'none', []);
  for (const run of first < end ? shownOf(service).runs(first, end) : []) {
    yield interval(run.from, run.to, SERVICE_STATUSES[levelOf(run.said)] as ServiceStatus, decidedBy(service, run));
  }
  if (end < to) yield interval(end, to, 'none', []);
}

function interval(
  from: number,
  to: number,
  status: ExplainedInterval['status'],
  events: readonly number[],
): ExplainedInterval {
  return { from: timeOf(from), to: timeOf(to), status, events };
}

/** A correction alone, or everything that said what was shown. */
function decidedBy({ corrections, claims, reports }: ServiceTime, { from, to, said }: Run): readonly number[] {
  for (const { by } of corrections.overlapping(from, to)) if (by === causeOf(said)) return [by];
  const level = levelOf(said);
  const events = new Set<number>();
  for (const report of reports.runs(from, to)) if (levelOf(report.said) === level) events.add(causeOf(report.said));
  for (const claim of claims.overlapping(from, to)) if (claim.level === level && level > 0) events.add(claim.by);
  events.delete(0);
  return [...events].sort((a, b) => a - b);
}
