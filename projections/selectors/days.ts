// The days of a service as a page draws them: a letter a day, and the days that are worth a closer look.
import { SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { levelOf, statement, Timeline } from '../state/timeline.ts';
import { sumOf } from '../uptime/counted.ts';
import { percentage, type SecondsByStatus, weigh } from '../uptime/policies.ts';
import { secondOf, timeOf } from '../uptime/seconds.ts';
import { type ServiceTime, shownOf } from '../uptime/service-time.ts';
import { levelOfStatus } from '../uptime/told.ts';
import type { Day, TimeSpan } from '../uptime/window.ts';
import { daysOfService, type UptimeTerms } from '../uptime-figures.ts';

/** From when until when, and the status in between. */
export type DaySpan = readonly [from: string, to: string, status: ServiceStatus];

/** A day on which something was not operational, or something was told of the service. */
export interface DayException {
  readonly date: string;
  readonly uptime: number | null;
  readonly seconds: SecondsByStatus;
  readonly incidents: readonly string[];
  readonly maintenances: readonly string[];
  /** When it was not operational, oldest first. */
  readonly spans: readonly DaySpan[];
}

export interface ServiceDays {
  /** A letter for the worst status of each day, oldest first: o m d p x, and n without data. */
  readonly days: string;
  readonly exceptions: readonly DayException[];
}

const LETTERS: Readonly<Record<ServiceStatus | 'none', string>> = {
  operational: 'o',
  maintenance: 'm',
  degraded: 'd',
  partial: 'p',
  major: 'x',
  none: 'n',
};

/** How many spans a day has at most. */
const MAX_SPANS = 48;

/** The days of a service in a window, with the seconds of all of them. */
export interface DrawnDays extends ServiceDays {
  readonly seconds: SecondsByStatus;
}

export type DrawDays = (service: ServiceTime, terms: UptimeTerms) => DrawnDays;

export const drawDays: DrawDays = (service, terms) => {
  const days = daysOfService(service, terms);
  const exceptions = days.flatMap(({ worst, ...day }, index): DayException[] => {
    const isPlain = worst === 'operational' || worst === 'none';
    if (isPlain && day.incidents.length === 0 && day.maintenances.length === 0) return [];
    return [{ ...day, spans: spansOf(service, terms.window.days[index] as Day, terms.window.now) }];
  });
  const letters = days.map(({ worst }) => LETTERS[worst]).join('');
  return { days: letters, exceptions, seconds: sumOf(days.map(({ seconds }) => seconds)) };
};

/** What a page draws of a service, and its figure. */
export interface DrawnService extends ServiceDays {
  readonly uptime90: number | null;
}

/**
 * The days of a service in a window that ends today. `drawPast` draws the days before, which time does not change: it may
 * remember them.
 */
export function selectDays(service: ServiceTime, terms: UptimeTerms, drawPast: DrawDays = drawDays): DrawnService {
  const { window, policy } = terms;
  const today = window.days.at(-1)?.from ?? window.from;
  const past = { ...window, to: today, days: window.days.slice(0, -1) };
  const present = { ...window, from: today, days: window.days.slice(-1) };
  const before = drawPast(service, { ...terms, window: past });
  const now = drawDays(service, { ...terms, window: present });
  return {
    uptime90: percentage(weigh(sumOf([before.seconds, now.seconds]), policy)),
    days: before.days + now.days,
    exceptions: [...before.exceptions, ...now.exceptions],
  };
}

/** A level from `from` to `to`, in seconds. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

/** When a service was not operational on a day, oldest first. */
export function spansOf(service: ServiceTime, day: TimeSpan, now: number): DaySpan[] {
  return spansIn(shownOf(service), { from: Math.max(day.from, service.startsAt), to: Math.min(day.to, now) });
}

/** When any of several services was not operational on a day, oldest first: the worst of them in each second. */
export function worstSpansOf(services: readonly ServiceTime[], day: TimeSpan, now: number): DaySpan[] {
  const within = { from: day.from, to: Math.min(day.to, now) };
  const spans = services.flatMap((service) => spansOf(service, day, now));
  const worst = spans.reduce(
    (timeline, [from, to, status]) =>
      timeline.raised({ from: secondOf(from), to: secondOf(to), said: statement(levelOfStatus(status), 0) }),
    Timeline.constant({ ...within, said: statement(0, 0) }),
  );
  return spansIn(worst, within);
}

function spansIn(shown: Timeline, { from, to }: TimeSpan): DaySpan[] {
  if (from >= to) return [];
  const stretches = [...shown.runs(from, to)].map((run) => ({ from: run.from, to: run.to, level: levelOf(run.said) }));
  return fewStretches(alike(stretches))
    .filter(({ level }) => level > 0)
    .map((span) => [timeOf(span.from), timeOf(span.to), SERVICE_STATUSES[span.level] as ServiceStatus]);
}

/** Those that follow each other and have the same level as one. */
function alike(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last?.level === stretch.level) merged[merged.length - 1] = { ...last, to: stretch.to };
    else merged.push(stretch);
  }
  return merged;
}

/** Not more than a day may have: the shortest become part of their worse neighbours. */
function fewStretches(stretches: readonly Stretch[]): readonly Stretch[] {
  let few = stretches;
  for (let length = 2; few.length > MAX_SPANS; ) {
    const fewer = withoutShorter(few, length, few.length - MAX_SPANS);
    // There are none so short any longer.
    if (fewer.length === few.length) length *= 2;
    few = fewer;
  }
  return few;
}

/** Without `most` of those that are shorter, of which no two follow each other: so they go from the whole day alike. */
function withoutShorter(stretches: readonly Stretch[], length: number, most: number): Stretch[] {
  const kept: Stretch[] = [];
  let remaining = most;
  for (let index = 0; index < stretches.length; index += 1) {
    const [stretch, next] = [stretches[index] as Stretch, stretches[index + 1]];
    const before = kept.at(-1);
    if (remaining === 0 || lengthOf(stretch) >= length || !(before || next)) {
      kept.push(stretch);
      continue;
    }
    remaining -= 1;
    const isOfBefore = before !== undefined && before.level >= (next?.level ?? 0);
    if (isOfBefore) kept[kept.length - 1] = { ...before, to: stretch.to };
    if (next) kept.push(isOfBefore ? next : { ...next, from: stretch.from });
    index += 1;
  }
  return alike(kept);
}

function lengthOf({ from, to }: Stretch): number {
  return to - from;
}
