// Dates, times, durations and numbers as a language writes them, in a time zone. Weekdays and months are Intl's; how they
// stand together is the language's own, because browsers and servers with other versions of Intl differ there.
import { type Calendar, calendarOf, writeDate } from './calendar.ts';
import { type Clock, type ClockParts, clockOf } from './clock.ts';
import { DAY, durationText } from './duration.ts';
import { filled } from './fill.ts';
import { type Grammar, grammarOf } from './grammar.ts';
import type { FormatWords, TextTemplate } from './words/words.ts';

/** What formats need of a language: whole words and those of a script have both. */
interface FormatLanguage {
  readonly locale: string;
  readonly format: FormatWords;
}

/** Instants are RFC 3339. Days and months, which are no instants, have no zone. */
export interface Formats extends Calendar {
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

/** What a language has for all zones. */
interface Zoneless {
  readonly calendar: Calendar;
  readonly grammar: Grammar;
  readonly percents: Intl.NumberFormat;
  readonly universal: Clock;
}

/** By the words of the language, of which there is one object. */
const zoneless = new WeakMap<FormatWords, Zoneless>();

function zonelessFor(locale: string, format: FormatWords): Zoneless {
  const known = zoneless.get(format);
  if (known) return known;
  const universal = clockOf(locale, 'UTC');
  const made = {
    calendar: calendarOf(universal, format),
    grammar: grammarOf(locale),
    percents: new Intl.NumberFormat(locale, { maximumFractionDigits: 2, roundingMode: 'trunc' }),
    universal,
  };
  zoneless.set(format, made);
  return made;
}

function makeFormats({ locale, format }: FormatLanguage, timeZone: string): Formats {
  const { calendar, grammar, percents, universal } = zonelessFor(locale, format);
  const own = timeZone === 'UTC' ? universal : clockOf(locale, timeZone);
  const momentOf = (parts: ClockParts, date: TextTemplate) =>
    filled(format.moment, { date: writeDate(date, parts), time: timeOf(parts) });
  const duration = (seconds: number) => durationText(seconds, format.duration, grammar);
  return {
    time: (instant) => timeOf(own.short(instant)),
    moment: (instant) => momentOf(own.short(instant), format.date),
    fullMoment: (instant) => `${momentOf(own.short(instant), format.fullDate)} ${own.zoneName(instant)}`,
    date: (instant) => writeDate(format.date, own.long(instant)),
    shortDate: (instant) => writeDate(format.shortDate, own.short(instant)),
    fullDate: (instant) => writeDate(format.fullDate, own.short(instant)),
    shortMonth: (instant) => own.short(instant).month,
    dayOfMonth: (instant) => own.short(instant).day,
    ...calendar,
    range: (from, to) => {
      const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
      return filled(format.lasting, { range: rangeOf(from, to, seconds < DAY), duration: duration(seconds) });
    },
    duration,
    percent: (value) => `${percents.format(value)}\u00a0%`,
    number: grammar.number,
    list: grammar.list,
    zoneName: own.zoneName,
    place: placeOf(timeZone),
    utc: (instant) => `${timeOf(universal.short(instant))} UTC`,
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

/** "Berlin" of Europe/Berlin, "Buenos Aires" of America/Argentina/Buenos_Aires. */
function placeOf(timeZone: string): string {
  if (/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i.test(timeZone)) return 'UTC';
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
}
