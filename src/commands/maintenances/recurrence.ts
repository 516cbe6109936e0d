// Recurrence: which local dates a rule of RFC 5545 hits, and the windows on these. A rule is about wall clocks, so it is
// evaluated on these, and each window is then found in its time zone: 02:30 stays 02:30.
import { RRuleTemporal } from 'rrule-temporal';
import * as z from 'zod';
import type { Local } from '../../../projections/events/maintenance.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import { lengthOf, type Window, windowAt } from './windows.ts';

/** When there is a maintenance of a series. */
export interface Schedule {
  readonly rrule: string;
  /** The wall clocks of the first one. */
  readonly local: Local;
  /** Local dates without one. */
  readonly exceptions: readonly string[];
}

/** One maintenance of a series. */
export interface Occurrence extends Window {
  readonly local: Local;
  /** Its local date, by which it is known in its series. */
  readonly occurrence: string;
}

/** The parts that a rule may have: those of the time of day would make it more frequent than daily. */
const PARTS = [
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'],
  ...['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'],
];
const UNTIL = /(?<=(?:^|;)UNTIL=)(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?(?=;|$)/;

/** The highest COUNT: the occurrences of a rule with one are counted from the first one on, each time. */
const MOST = 1_000;

/** A rule in a body, as it is recorded. */
export const recurrenceField = z
  .string()
  .max(500)
  .transform((sent, { addIssue }): string => {
    const rrule = sent
      .trim()
      .toUpperCase()
      .replace(/^RRULE:/, '');
    const problem = problemOf(rrule);
    if (problem === undefined) return rrule;
    addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });

function problemOf(rrule: string): string | undefined {
  const parts = rrule.split(';').map((part) => part.split('=', 1)[0] ?? '');
  if (/(?:^|;)(?:FREQ=(?:HOURLY|MINUTELY|SECONDLY)|BY(?:HOUR|MINUTE|SECOND)=)/.test(rrule)) {
    return 'must not be more frequent than daily; the time of day is that of startsAt';
  }
  const isWritten = /^[A-Z0-9=;,+-]+$/.test(rrule) && parts.every((name) => PARTS.includes(name));
  if (!isWritten) return `must be a rule like FREQ=WEEKLY;BYDAY=MO, of the parts ${PARTS.join(', ')}`;
  if (Number(/(?:^|;)COUNT=(\d+)/.exec(rrule)?.[1]) > MOST) return `must have a COUNT of at most ${MOST}`;
  try {
    evaluated(rrule, { startsAt: '2026-01-05T00:00:00', endsAt: '2026-01-05T01:00:00', timeZone: 'UTC' });
    return undefined;
  } catch (error) {
    return `must be a rule of RFC 5545: ${(error as Error).message}`;
  }
}

/** The rule over the wall clocks of a zone, as if they were of UTC. Throws where it is no rule. */
function evaluated(rrule: string, { startsAt, timeZone }: Local): RRuleTemporal {
  const wallClocks = rrule.replace(UNTIL, (...[, year, month, day, hour, minute, second, utc]: string[]) => {
    if (hour === undefined) return `${year}${month}${day}T235959Z`;
    const until = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
    return `${basic(utc === 'Z' ? wallClockAt(`${until}.000Z`, timeZone) : until)}Z`;
  });
  return new RRuleTemporal({ rruleString: `DTSTART:${basic(startsAt)}Z\nRRULE:${wallClocks}`, strict: true });
}

/** A wall clock in the basic form of ISO 8601, to the second. */
function basic(wallClock: string): string {
  return wallClock.slice(0, 19).replaceAll(/[-:]/g, '');
}

/** Whether the rule hits its own first date. */
export function hitsItsStart({ rrule, local }: Schedule): boolean {
  return datesIn({ rrule, local, exceptions: [] }, local.startsAt.slice(0, 10), local.startsAt.slice(0, 10)).length > 0;
}

/** The local dates from one to another, both included, on which there is an occurrence. */
export function datesIn(schedule: Schedule, from: string, to: string): readonly string[] {
  return datesWithin(schedule, from, to) ?? [];
}

/** The same; `undefined` where the rule hits nothing for thousands of periods: it hits nothing any more. */
function datesWithin({ rrule, local, exceptions }: Schedule, from: string, to: string): readonly string[] | undefined {
  const start = new Date(`${from}T00:00:00.000Z`);
  const end = new Date(`${to}T23:59:59.999Z`);
  try {
    const hits = evaluated(rrule, local).between(start, end, true);
    return hits.flatMap((hit) => dateOf(hit) ?? []).filter((date) => !exceptions.includes(date));
  } catch {
    return undefined;
  }
}

/**
 * The local dates from this one on on which there is an occurrence. The rule is evaluated for years at once, more of them
 * each time: for every date alone, one evaluation would count again what the others have counted.
 */
function* datesFrom(schedule: Schedule, from: string): Generator<string> {
  for (let [start, years] = [from, 1]; start <= LAST_DATE; years *= 4) {
    const end = Number(start.slice(0, 4)) + years;
    const to = end < 9_999 ? `${end}${start.slice(4, 7)}-01` : LAST_DATE;
    const dates = datesWithin(schedule, start, to);
    if (!dates) return;
    yield* dates;
    start = nextDate(to);
  }
}

/** Of later dates, times would not compare as strings where an occurrence ends. */
const LAST_DATE = '9998-12-31';

/** `undefined` beyond the four-digit years. */
function dateOf(hit: { toString(): string }): string | undefined {
  return /^\d{4}-\d\d-\d\d/.exec(hit.toString())?.[0];
}

/** The occurrence on a local date. It has the times of day of the first one, and lasts as many days. */
export function occurrenceOn({ local }: Pick<Schedule, 'local'>, date: string): Occurrence {
  const startsAt = `${date}${local.startsAt.slice(10)}`;
  const endsAt = new Date(Date.parse(`${startsAt}Z`) + lengthOf(local)).toISOString().replace(/(\.000)?Z$/, '');
  return { ...windowAt({ startsAt, endsAt, timeZone: local.timeZone }), occurrence: date };
}

/** Whether an occurrence lasts longer than occurrences are planned ahead. */
export function isTooLong(local: Local): boolean {
  return lengthOf(local) > AHEAD;
}

const DAY = 24 * 60 * 60 * 1_000;
/** How far ahead occurrences are planned, in milliseconds, and how many of a series at most. */
const AHEAD = 90 * DAY;
const MAX_OPEN = 100;

/** The first occurrences that are not over, `count` of them. */
export function nextOccurrences(schedule: Schedule, now: string, count: number): readonly Occurrence[] {
  const found: Occurrence[] = [];
  for (const date of datesFrom(schedule, nextDate(dateBefore(schedule, now)))) {
    const occurrence = occurrenceOn(schedule, date);
    if (occurrence.endsAt > now) found.push(occurrence);
    if (found.length === count) break;
  }
  return found;
}

/** What is to be planned by now: what begins within 90 days, and the next one in any case. */
export interface Planning {
  readonly occurrences: readonly Occurrence[];
  /** When there is more to plan; `undefined` if never. */
  readonly again: string | undefined;
}

export function planningOf(schedule: Schedule, now: string): Planning {
  const horizon = moved(now, AHEAD);
  const until = wallClockAt(horizon, schedule.local.timeZone).slice(0, 10);
  const within = datesIn(schedule, nextDate(dateBefore(schedule, now)), until)
    .map((date) => occurrenceOn(schedule, date))
    .filter(({ startsAt, endsAt }) => endsAt > now && startsAt <= horizon);
  const occurrences = (within.length > 0 ? within : nextOccurrences(schedule, now, 1)).slice(0, MAX_OPEN);
  const last = occurrences.at(-1);
  const [following] = last ? datesFrom(schedule, nextDate(last.occurrence)) : [];
  if (!last || following === undefined) return { occurrences, again: undefined };
  const inReach = moved(occurrenceOn(schedule, following).startsAt, -AHEAD);
  return { occurrences, again: inReach < last.endsAt ? inReach : last.endsAt };
}

/** A local date before every occurrence that may not be over yet. */
function dateBefore({ local }: Schedule, now: string): string {
  const earliest = wallClockAt(moved(now, -lengthOf(local) - DAY), local.timeZone);
  return (earliest < local.startsAt ? moved(`${local.startsAt.slice(0, 10)}T00:00:00Z`, -DAY) : earliest).slice(0, 10);
}

function nextDate(date: string): string {
  return moved(`${date}T00:00:00Z`, DAY).slice(0, 10);
}

function moved(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
