// The hours of a day of a strip, as instants: from what the page says of it, up to when that is known. No clock, no page.
import type { DayRibbon, RibbonSpan } from '../../../projections/selectors/day-ribbon.ts';
import { readingsOf } from '../../../projections/state/zones.ts';
import type { StripDay } from './strip-days.ts';

interface Known {
  /** Whose day it is (IANA). */
  readonly zone: string;
  /** RFC 3339: when the page was made. */
  readonly made: string;
  /** Milliseconds since the epoch: until when it is known to hold, if that is later. */
  readonly heldAt?: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

type Told = Pick<StripDay, 'date' | 'spans' | 'listedAt'>;

export function dayHours({ date, spans, listedAt }: Told, { zone, made, heldAt }: Known): DayRibbon {
  const from = midnightOf(date, zone);
  const to = midnightOf(new Date(Date.parse(date) + DAY).toISOString().slice(0, 10), zone);
  const madeAt = Date.parse(made);
  const known = Math.min(Math.max(madeAt, heldAt ?? 0), to);
  // A page counts up to its last full minute: what lasted until then goes on.
  const lastMinute = madeAt - (madeAt % MINUTE);
  const told = spans.map(([begin, end, status]): RibbonSpan => {
    const until = from + end * 1_000;
    return [timeOf(from + begin * 1_000), timeOf(until < lastMinute ? until : Math.max(until, known)), status];
  });
  const listed = Math.max(from, Math.min(listedAt ?? from, known));
  const before: RibbonSpan[] = listed > from ? [[timeOf(from), timeOf(listed), 'none']] : [];
  const whole: RibbonSpan = [timeOf(listed), timeOf(known), 'operational'];
  return { date, from: timeOf(from), to: timeOf(to), known: timeOf(known), spans: [...before, whole, ...told] };
}

/** Where clocks skip midnight, it is when they do. */
function midnightOf(date: string, zone: string): number {
  return Date.parse(readingsOf(`${date}T00:00:00`, zone).first.instant);
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
