// The window that a figure of uptime is about, cut into the days of a time zone.
import { secondOf } from './seconds.ts';
import { dateOf, dayOf, dayWithDate, startOfDay } from './zones.ts';

/** The most days of a window. */
export const MAX_DAYS = 400;

/** What is asked for: today and the days before, or from one time to another. Times are RFC 3339, or dates of the zone. */
export type AskedUptimeWindow = { readonly days: number } | { readonly from: string; readonly to?: string | undefined };

/** From `from` up to, not including, `to`, in seconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export interface Day extends TimeSpan {
  readonly date: string;
}

export interface UptimeWindow extends TimeSpan {
  readonly zone: string;
  /** The present second: nothing from it on is counted. */
  readonly now: number;
  /** Whether it will count more: not if it is wholly past. */
  readonly isOpen: boolean;
  /** Oldest first. The first and the last one are clipped. */
  readonly days: readonly Day[];
}

/** What is wrong with a window, and with which member of what was asked. */
export interface WindowError {
  readonly member: 'from' | 'to';
  readonly detail: string;
}

/** The window, as of the present moment. */
export function windowOf(asked: AskedUptimeWindow, zone: string, now: number): UptimeWindow | WindowError {
  if ('days' in asked) return lastDays(asked.days, zone, now);
  const from = startOf(asked.from, zone);
  const to = asked.to === undefined ? lastFullMinute(now) : startOf(asked.to, zone);
  if (from >= to)
    return {
      member: asked.to === undefined ? 'from' : 'to',
      detail: asked.to === undefined ? 'must be in the past' : 'must be later than from',
    };
  if (dayOf(zone, to - 1) - dayOf(zone, from) >= MAX_DAYS) {
    return { member: 'from', detail: `must be at most ${MAX_DAYS} days before the end` };
  }
  const isOpen = asked.to === undefined || to > now;
  return { from, to, zone, now, isOpen, days: daysIn(zone, from, to, to) };
}

/** Today and the days before, as many in all, up to the last full minute. */
export function lastDays(days: number, zone: string, now: number): UptimeWindow {
  const from = startOfDay(zone, dayOf(zone, now) - days + 1);
  const to = lastFullMinute(now);
  return { from, to, zone, now, isOpen: true, days: daysIn(zone, from, now + 1, to) };
}

/** One day of the zone, as far as it has passed. */
export function dayWindow(date: string, zone: string, now: number): UptimeWindow {
  const day = dayWithDate(date);
  const span = { from: startOfDay(zone, day), to: startOfDay(zone, day + 1) };
  return { ...span, zone, now, isOpen: span.to > now, days: [{ date, ...span }] };
}

/** The days that a span has a part of, from their first second to their last one. */
export function wholeDaysOf(zone: string, { from, to }: TimeSpan): readonly Day[] {
  const [first, last] = [dayOf(zone, from), dayOf(zone, to - 1)];
  return daysIn(zone, startOfDay(zone, first), to, startOfDay(zone, last + 1));
}

export function lastFullMinute(second: number): number {
  return second - (((second % 60) + 60) % 60);
}

/** The second in which a time is, or the first one of a date. */
function startOf(timeOrDate: string, zone: string): number {
  return timeOrDate.includes('T') ? secondOf(timeOrDate) : startOfDay(zone, dayWithDate(timeOrDate));
}

/** The days that begin before `last`, each up to `to` at most. A date that the zone left out is no day. */
function daysIn(zone: string, from: number, last: number, to: number): Day[] {
  const days: Day[] = [];
  for (let day = dayOf(zone, from), start = from; start < last; day += 1) {
    const next = startOfDay(zone, day + 1);
    if (next > start) days.push({ date: dateOf(day), from: Math.min(start, to), to: Math.min(next, to) });
    start = Math.max(start, next);
  }
  return days;
}
