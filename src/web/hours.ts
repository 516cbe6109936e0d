// How the hours of a day are drawn, by the server beside an incident and by the script in the card of a day: a bar for each
// status, as wide as it lasted and, as in a strip, the taller the worse it was.
import type { DayRibbon, RibbonSpan } from '../../projections/selectors/day-ribbon.ts';
import { readingsOf } from '../../projections/state/zones.ts';
import type { DayStatus } from '../text/words/words.ts';

/** `later`: what is yet to come. */
type BarStatus = DayStatus | 'later';

/** In per cent: those of the days of a strip. */
const HEIGHTS: Readonly<Record<BarStatus, number>> = {
  later: 38,
  none: 16,
  operational: 38,
  maintenance: 38,
  degraded: 60,
  partial: 80,
  major: 100,
};

/** The least width of a bar, in per cent: what was short is seen too. */
const MIN_WIDTH = 0.75;

/** The attributes of the `rect` of each bar in an `svg` without a `viewBox`. A later one lies over those before. */
export function hourBars(day: DayRibbon) {
  const share = shareOf(day);
  const later = day.known === day.to ? [] : [barOf(share(day.known), 1, 'later')];
  return [...later, ...day.spans.map(([from, to, status]) => barOf(share(from), share(to), status))];
}

/** Where in the day an instant is, from 0 to 1. */
function shareOf({ from, to }: DayRibbon) {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return (time: string) => (Date.parse(time) - begin) / (end - begin);
}

function barOf(from: number, to: number, status: BarStatus) {
  const width = Math.max((to - from) * 100, MIN_WIDTH);
  const height = HEIGHTS[status];
  return {
    class: `fill-${status}`,
    x: percent(Math.min(from * 100, 100 - width)),
    y: percent(100 - height),
    width: percent(width),
    height: percent(height),
  };
}

/** The hours that stand below the bars: the first and the last one end with them. */
const MARKED_HOURS = [
  ['00', 'start'],
  ['06', 'middle'],
  ['12', 'middle'],
  ['18', 'middle'],
  ['24', 'end'],
] as const;

type MarkedHour = (typeof MARKED_HOURS)[number][0];

/** Each hour with the attributes of its `text` in an `svg` without a `viewBox`. */
export function hourMarks(day: DayRibbon, zone: string) {
  const share = shareOf(day);
  return MARKED_HOURS.map(([hour, anchor]) => {
    const x = percent(share(instantOf(hour, day, zone)) * 100);
    return { hour, place: { x, y: '1em', 'text-anchor': anchor } as const };
  });
}

/** Clocks that change on this day show an hour earlier or later after its beginning than on others. */
function instantOf(hour: MarkedHour, { date, from, to }: DayRibbon, zone: string): string {
  if (hour === '00') return from;
  return hour === '24' ? to : readingsOf(`${date}T${hour}:00:00`, zone).first.instant;
}

/** How many seconds each status lasted. */
export function lastedIn(spans: readonly RibbonSpan[]): ReadonlyMap<DayStatus, number> {
  const seconds = new Map<DayStatus, number>();
  for (const [from, to, status] of spans) {
    seconds.set(status, (seconds.get(status) ?? 0) + (Date.parse(to) - Date.parse(from)) / 1_000);
  }
  return seconds;
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}
