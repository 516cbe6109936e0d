// The hours of one day beside an incident: the state of the services that it affects, from midnight to midnight.
import type { ServiceStatus } from '../events/severity.ts';
import { secondOf, timeOf } from '../uptime/seconds.ts';
import type { ServiceTime } from '../uptime/service-time.ts';
import { wholeDaysOf } from '../uptime/window.ts';
import { worstSpansOf } from './days.ts';

/** From when until when, and the state in between; `none` without data. */
export type RibbonSpan = readonly [from: string, to: string, status: ServiceStatus | 'none'];

export interface DayRibbon {
  /** A day of the zone. */
  readonly date: string;
  /** When it begins and ends. */
  readonly from: string;
  readonly to: string;
  /** The moment up to which it is known: its end once it is over. */
  readonly known: string;
  /** From its beginning to that moment, oldest first and without gaps: the worst of all services in each second. */
  readonly spans: readonly RibbonSpan[];
}

interface RibbonTerms {
  readonly zone: string;
  /** The present second, and a second of the day. */
  readonly now: number;
  readonly at: number;
}

/** `null` if there was none of the services on that day. */
export function drawRibbon(services: readonly ServiceTime[], { zone, now, at }: RibbonTerms): DayRibbon | null {
  const [day] = wholeDaysOf(zone, { from: at, to: at + 1 });
  const listedFrom = Math.min(...services.map(({ startsAt }) => startsAt));
  if (!day || listedFrom > now || listedFrom >= day.to) return null;
  const known = timeOf(Math.min(day.to, now));
  const spans: RibbonSpan[] = [];
  let end = timeOf(day.from);
  const add = (until: string, status: RibbonSpan[2]) => {
    if (end < until) spans.push([end, until, status]);
    end = until > end ? until : end;
  };
  add(timeOf(Math.min(listedFrom, day.to)), 'none');
  // What is said of the present second counts.
  for (const [from, to, status] of worstSpansOf(services, day, now + 1)) {
    add(from, 'operational');
    spans.push([from, to < known ? to : known, status]);
    end = to;
  }
  add(known, 'operational');
  return { date: day.date, from: timeOf(day.from), to: timeOf(day.to), known, spans };
}

/** Ten minutes are a step of the ribbon that can be seen. */
const STEP = 600;

/** When a ribbon has gone on so far that it must be drawn again; `null` for a day that is over. */
export function nextStepOf(ribbon: DayRibbon | null): string | null {
  if (!ribbon || ribbon.known === ribbon.to) return null;
  const known = secondOf(ribbon.known);
  return timeOf(known - (known % STEP) + STEP);
}
