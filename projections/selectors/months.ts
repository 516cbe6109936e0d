// Months of a time zone, as text: `2026-08`.
import type { TimeSpan } from '../uptime/window.ts';
import { dateOf, dayOf, dayWithDate, startOfDay } from '../uptime/zones.ts';

/** The month in which a second is. */
export function monthOf(zone: string, second: number): string {
  return dateOf(dayOf(zone, second)).slice(0, 7);
}

/** The month that is this many months later, or earlier. */
export function monthAfter(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The seconds of a month. */
export function spanOfMonth(zone: string, month: string): TimeSpan {
  return { from: firstOf(zone, month), to: firstOf(zone, monthAfter(month, 1)) };
}

function firstOf(zone: string, month: string): number {
  return startOfDay(zone, dayWithDate(`${month}-01`));
}
