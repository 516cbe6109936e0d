// How a service was shown in a window: the seconds of each status, and what named the service on each day.
import { SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { LEVELS } from '../state/timeline.ts';
import type { SecondsByStatus } from './policies.ts';
import { type ServiceTime, shownOf } from './service-time.ts';
import type { TellerNoun } from './told.ts';
import { type Day, type TimeSpan, type UptimeWindow, wholeDaysOf } from './window.ts';

/** The seconds of each status; `none` before the start of the service and from the present second on. */
export function secondsIn(service: ServiceTime, { from, to }: TimeSpan, now: number): SecondsByStatus {
  const counts = new Array<number>(LEVELS).fill(0);
  const [first, end] = [Math.max(from, service.startsAt), Math.min(to, now)];
  if (first < end) shownOf(service).addSeconds(first, end, counts);
  const [operational = 0, maintenance = 0, degraded = 0, partial = 0, major = 0] = counts;
  const none = to - from - Math.max(0, end - first);
  return { operational, maintenance, degraded, partial, major, none };
}

/** The worst status that was shown for a second at least; `none` if nothing was. */
export function worstOf(seconds: SecondsByStatus): ServiceStatus | 'none' {
  return SERVICE_STATUSES.findLast((status) => seconds[status] > 0) ?? 'none';
}

export function sumOf(parts: readonly SecondsByStatus[]): SecondsByStatus {
  const sum = { operational: 0, maintenance: 0, degraded: 0, partial: 0, major: 0, none: 0 };
  for (const part of parts) {
    for (const status of Object.keys(sum) as (keyof typeof sum)[]) sum[status] += part[status];
  }
  return sum;
}

/** Ids of all that named a service within a day, each once, oldest first. */
export type NamedOnDay = Readonly<Record<TellerNoun, readonly string[]>>;

type Naming = Record<TellerNoun, Set<string> | undefined>;

/** For each day what named the service within it, after the start of the service and before now. */
export function namedByDay(service: ServiceTime, { from, to, days, now }: UptimeWindow): readonly NamedOnDay[] {
  // A set for each day stays small, where one map of all ids would be slow.
  const named = days.map((): Naming => ({ incident: undefined, maintenance: undefined }));
  const [first, end] = [Math.max(from, service.startsAt), Math.min(to, now)];
  const claims = first < end ? service.claims.overlapping(first, end) : [];
  let day = 0;
  for (const { noun, key, from: begin, to: stop } of claims) {
    if (noun === null) continue;
    const last = Math.min(end, Math.max(stop, begin + 1));
    // Claims are in the order in which they begin.
    while (beginOf(days, day + 1) <= Math.max(first, begin)) day += 1;
    for (let index = day; beginOf(days, index) < last; index += 1) {
      const ids = named[index] as Naming;
      ids[noun] ??= new Set();
      ids[noun].add(key);
    }
  }
  return named.map(({ incident = [], maintenance = [] }) => ({
    incident: [...incident],
    maintenance: [...maintenance],
  }));
}

/** Of the day at this index; infinite after the last one. */
function beginOf(days: readonly Day[], index: number): number {
  return days[index]?.from ?? Number.POSITIVE_INFINITY;
}

/** A day before and after a change. */
export interface ChangedDay {
  readonly date: string;
  readonly before: SecondsByStatus;
  readonly after: SecondsByStatus;
}

/** The days that have other seconds after a change within a span, oldest first. */
export function daysChanged(
  { before, after }: { readonly before: ServiceTime; readonly after: ServiceTime },
  { from, to }: TimeSpan,
  zone: string,
  now: number,
): readonly ChangedDay[] {
  const span = { from: Math.max(from, after.startsAt), to: Math.min(to, now) };
  if (span.from >= span.to) return [];
  return wholeDaysOf(zone, span).flatMap((day) => {
    const [was, is] = [secondsIn(before, day, now), secondsIn(after, day, now)];
    const isSame = SERVICE_STATUSES.every((status) => was[status] === is[status]);
    return isSame ? [] : [{ date: day.date, before: was, after: is }];
  });
}
