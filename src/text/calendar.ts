// How a language writes days and months. They belong to a calendar and not to a zone, so that what was written is
// remembered for all zones: the strips of a page name the same few days again and again.
import type { Clock, ClockParts } from './clock.ts';
import { filled } from './fill.ts';
import type { FormatWords, TextTemplate } from './words/words.ts';

/** A day is `2026-11-27` and a month `2026-11`. */
export interface Calendar {
  /** "Friday 27 November" */
  dayOf(day: string): string;
  /** "27 Nov" */
  shortDayOf(day: string): string;
  /** "27 Nov 2026" */
  fullDayOf(day: string): string;
  /** "14 to 23 November" */
  days(from: string, to: string): string;
  /** "November" */
  monthName(month: string): string;
  /** "November 2026" */
  month(month: string): string;
}

/** The days of a year, in each way of writing them. */
const REMEMBERED = 1_200;

/** By a clock that shows UTC. */
export function calendarOf(clock: Clock, format: FormatWords): Calendar {
  const written = new Map<string, string>();
  const write = (template: TextTemplate, day: string, width: 'long' | 'short' = 'long') => {
    const key = `${width} ${template} ${day}`;
    const known = written.get(key);
    if (known !== undefined) return known;
    if (written.size >= REMEMBERED) written.clear();
    const text = writeDate(template, clock[width](`${day}T12:00:00Z`));
    written.set(key, text);
    return text;
  };
  return {
    dayOf: (day) => write(format.date, day),
    shortDayOf: (day) => write(format.shortDate, day, 'short'),
    fullDayOf: (day) => write(format.fullDate, day, 'short'),
    days: (from, to) => {
      const isOneMonth = from.slice(0, 7) === to.slice(0, 7);
      const end = write(format.shortDate, to);
      const begin = write(isOneMonth ? format.day : format.shortDate, from);
      return from === to ? end : filled(format.days, { from: begin, to: end });
    },
    monthName: (month) => write('{month}', `${month}-01`),
    month: (month) => write('{month} {year}', `${month}-01`),
  };
}

/** A date as the template puts its parts together. */
export function writeDate(template: TextTemplate, parts: ClockParts): string {
  return filled(template, { ...parts });
}
