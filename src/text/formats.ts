// Dates, times, durations and numbers as a language writes them, in a time zone. Weekdays and months are Intl's; how they
// stand together is the language's own, because browsers and servers with other versions of Intl differ there.
import { type ClockParts, clockOf } from './clock.ts';
import { filled } from './fill.ts';
import { type Grammar, grammarOf, type PluralText } from './grammar.ts';
import type { FormatWords, Template } from './words/words.ts';

/** What formats need of a language: whole words and those of a script have both. */
interface FormatLanguage {
  readonly locale: string;
  readonly format: FormatWords;
}

/** Instants are RFC 3339; a day is `2026-11-27` and a month `2026-11`, each of a calendar and not of a zone. */
export interface Formats {
  /** "10:38" */
  time(instant: string): string;
  /** "Sun 29 Nov, 10:38" */
  moment(instant: string): string;
  /** "29 Nov 2026, 10:38 CET" */
  fullMoment(instant: string): string;
  /** "Friday 27 November" */
  date(instant: string): string;
  /** "27 Nov" */
  shortDate(instant: string): string;
  /** "27 Nov 2026" */
  fullDate(instant: string): string;
  /** "Nov" */
  shortMonth(instant: string): string;
  /** "27" */
  dayOfMonth(instant: string): string;
  /** "Friday 27 November" */
  dayOf(day: string): string;
  /** "27 Nov" */
  shortDayOf(day: string): string;
  /** "27 Nov 2026" */
  fullDayOf(day: string): string;
  /** "14 to 23 November" */
  days(from: string, to: string): string;
  /** "November 2026" */
  month(month: string): string;
  /** "Thu 3 Dec, 23:00–01:00 (2 h)"; with both dates from a day on, with both zones where clocks change. */
  range(from: string, to: string): string;
  /** "1 h 47 min" */
  duration(seconds: number): string;
  /** "99.98 %", never rounded up. */
  percent(value: number): string;
  number(value: number): string;
  list(items: readonly string[]): string;
  /** "CET", or "UTC+1" where the language has no name. */
  zoneName(instant: string): string;
  /** "Berlin" */
  readonly place: string;
  /** "09:42 UTC" */
  utc(instant: string): string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How many languages and zones are kept. A visitor chooses neither of them, but many organisations can. */
const KEPT = 200;
const kept = new Map<string, Formats>();

/** Making the formats of a zone takes a thousand times as long as using them. */
export function formatsFor(language: FormatLanguage, timeZone: string): Formats {
  const key = `${language.locale} ${timeZone}`;
  const known = kept.get(key);
  if (known) return known;
  const [oldest] = kept.keys();
  if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
  const made = makeFormats(language, timeZone);
  kept.set(key, made);
  return made;
}

function makeFormats({ locale, format }: FormatLanguage, timeZone: string): Formats {
  const { number, list, count } = grammarOf(locale);
  const own = clockOf(locale, timeZone);
  const calendar = timeZone === 'UTC' ? own : clockOf(locale, 'UTC');
  const percents = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, roundingMode: 'trunc' });
  const write = (template: Template, parts: ClockParts) => filled(template, { ...parts });
  const momentOf = (parts: ClockParts, date: Template) =>
    filled(format.moment, { date: write(date, parts), time: timeOf(parts) });
  const duration = (seconds: number) => durationOf(seconds, format.duration, count);
  return {
    time: (instant) => timeOf(own.short(instant)),
    moment: (instant) => momentOf(own.short(instant), format.date),
    fullMoment: (instant) => `${momentOf(own.short(instant), format.fullDate)} ${own.zoneName(instant)}`,
    date: (instant) => write(format.date, own.long(instant)),
    shortDate: (instant) => write(format.shortDate, own.short(instant)),
    fullDate: (instant) => write(format.fullDate, own.short(instant)),
    shortMonth: (instant) => own.short(instant).month,
    dayOfMonth: (instant) => own.short(instant).day,
    dayOf: (day) => write(format.date, calendar.long(noonOf(day))),
    shortDayOf: (day) => write(format.shortDate, calendar.short(noonOf(day))),
    fullDayOf: (day) => write(format.fullDate, calendar.short(noonOf(day))),
    days: (from, to) => {
      const isOneMonth = from.slice(0, 7) === to.slice(0, 7);
      const end = write(format.shortDate, calendar.long(noonOf(to)));
      const begin = write(isOneMonth ? format.day : format.shortDate, calendar.long(noonOf(from)));
      return from === to ? end : filled(format.days, { from: begin, to: end });
    },
    month: (month) => {
      const parts = calendar.long(noonOf(`${month}-01`));
      return `${parts.month} ${parts.year}`;
    },
    range: (from, to) => {
      const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
      return filled(format.lasting, { range: rangeOf(from, to, seconds < DAY), duration: duration(seconds) });
    },
    duration,
    percent: (value) => `${percents.format(value)}\u00a0%`,
    number,
    list,
    zoneName: own.zoneName,
    place: placeOf(timeZone),
    utc: (instant) => `${timeOf(calendar.short(instant))} UTC`,
  };

  /** The end of a short one has no date: it is the next time at which clocks show it. */
  function rangeOf(from: string, to: string, isShort: boolean): string {
    const [begin, last] = [momentOf(own.short(from), format.date), own.short(to)];
    const end = isShort ? timeOf(last) : momentOf(last, format.date);
    const [zone, lastZone] = [own.zoneName(from), own.zoneName(to)];
    if (zone !== lastZone) return filled(format.range, { from: `${begin} ${zone}`, to: `${end} ${lastZone}` });
    return isShort ? `${begin}–${end}` : filled(format.range, { from: begin, to: end });
  }
}

function timeOf({ hour, minute }: ClockParts): string {
  return `${hour}:${minute}`;
}

/** An instant of the day, in the calendar of UTC. */
function noonOf(day: string): string {
  return `${day}T12:00:00Z`;
}

/** "Berlin" of Europe/Berlin, "Buenos Aires" of America/Argentina/Buenos_Aires. */
function placeOf(timeZone: string): string {
  if (/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i.test(timeZone)) return 'UTC';
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
}

/** In the two largest units, of which the smaller one is left out where it is none. */
function durationOf(seconds: number, words: FormatWords['duration'], count: Grammar['count']): string {
  const whole = Math.max(0, Math.floor(seconds));
  const of = (value: number, text: PluralText) => (value === 0 ? [] : [count(value, text)]);
  if (whole < MINUTE) return count(whole, { other: words.seconds });
  const minutes = of(Math.floor((whole % HOUR) / MINUTE), { other: words.minutes });
  if (whole < DAY) return [...of(Math.floor(whole / HOUR), { other: words.hours }), ...minutes].join(' ');
  const hours = of(Math.floor((whole % DAY) / HOUR), { other: words.hours });
  return [...of(Math.floor(whole / DAY), words.days), ...hours].join(' ');
}
