// How the hours of a day are drawn, by the server beside an incident and by the script in the card of a day: a bar for each
// status, as wide as it lasted and, as in a strip, the taller the worse it was. Times are shares of the day, from 0 to 1.
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

/** The attributes of the `rect` of a bar in an `svg` without a `viewBox`. */
export function barOf(from: number, to: number, status: BarStatus) {
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

/** The hours that stand below the bars. */
export const MARKED_HOURS = ['00', '06', '12', '18', '24'] as const;

/** The attributes of the `text` of an hour in an `svg` without a `viewBox`: the first and the last end with the bars. */
export function markOf(at: number) {
  const anchors: Readonly<Record<number, string>> = { 0: 'start', 1: 'end' };
  return { x: percent(at * 100), y: '1em', 'text-anchor': anchors[at] ?? 'middle' } as const;
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}
