// What a day of a strip was, in words and in seconds. It is remembered: the days before today stay as they were.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { DayException } from '../../../projections/selectors/days.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { dayWithDate, startOfDay } from '../../../projections/uptime/zones.ts';
import type { Formats } from '../../text/formats.ts';
import type { Reading } from '../reply/reading.ts';

/** From and to in seconds since the day began, and the letter of the status in between. */
type NotedSpan = readonly [from: number, to: number, letter: string];

export interface DayNote {
  /** "partly down 18 minutes, degraded 42 minutes, 99.62 %". */
  readonly text: string;
  readonly spans: readonly NotedSpan[];
  /** "99.62 %"; empty where nothing was counted. */
  readonly uptime: string;
}

const LETTERS: Readonly<Record<ServiceStatus, string>> = {
  operational: 'o',
  maintenance: 'm',
  degraded: 'd',
  partial: 'p',
  major: 'x',
};

/** Statuses that a day is told by, the worst first. */
export const WORST_FIRST = ['major', 'partial', 'degraded', 'maintenance'] as const;

/** By the formats: they differ by language and by zone. */
const known = new WeakMap<DayException, Map<Formats, DayNote>>();

export function noteOf(day: DayException, reading: Reading): DayNote {
  const { formats } = reading;
  const byFormats = known.get(day) ?? new Map<Formats, DayNote>();
  const note = byFormats.get(formats) ?? write(day, reading);
  known.set(day, byFormats.set(formats, note));
  return note;
}

function write({ date, seconds, uptime, spans }: DayException, { words, formats, zone }: Reading): DayNote {
  const parts = WORST_FIRST.filter((status) => seconds[status] > 0).map((status) => ({
    status,
    duration: formats.duration(seconds[status]),
  }));
  const figure = uptime === null ? null : formats.percent(uptime);
  const begin = startOfDay(zone, dayWithDate(date));
  return {
    text: words.services.day(parts, figure),
    spans: spans.map(([from, to, status]) => [secondOf(from) - begin, secondOf(to) - begin, LETTERS[status]]),
    uptime: figure ?? '',
  };
}
