// What a day of a strip was, in words and in hours. It is remembered: the days before today stay as they were.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { DayException } from '../../../projections/selectors/days.ts';
import { wallClockAt } from '../../../projections/state/zones.ts';
import type { Formats } from '../../text/formats.ts';
import type { Reading } from '../reply/reading.ts';

/** From and to in minutes of the day, and the letter of the status in between. */
type Hours = readonly (readonly [from: number, to: number, letter: string])[];

export interface DayNote {
  /** "partly down 18 minutes, degraded 42 minutes, 99.62 %". */
  readonly text: string;
  readonly hours: Hours;
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

function write({ seconds, uptime, spans }: DayException, { words, formats, zone }: Reading): DayNote {
  const parts = WORST_FIRST.filter((status) => seconds[status] > 0).map((status) => ({
    status,
    duration: formats.duration(seconds[status]),
  }));
  const figure = uptime === null ? null : formats.percent(uptime);
  const hours = spans.map(
    ([from, to, status]) => [minuteOf(from, zone), endMinute(to, zone), LETTERS[status]] as const,
  );
  return { text: words.services.day(parts, figure), hours, uptime: figure ?? '' };
}

function minuteOf(instant: string, zone: string): number {
  const [hours = 0, minutes = 0] = wallClockAt(instant, zone).slice(11, 16).split(':').map(Number);
  return hours * 60 + minutes;
}

const MINUTES = 1_440;

/** A span that ends at midnight ends with the day. */
function endMinute(instant: string, zone: string): number {
  return minuteOf(instant, zone) || MINUTES;
}
