// Time zones: where the days of a zone begin. A day begins with the first second that has its date.

const DAY = 86_400;
/** Clocks are at most this far from UTC, in seconds. */
const FAR = 16 * 3_600;
/** How far apart offsets are looked up in a year, in seconds: two changes that cancel each other are further apart. */
const STEP = 7 * DAY;

/** From `from` on clocks are ahead of UTC by `offset`, both in seconds. */
interface Offset {
  readonly from: number;
  readonly offset: number;
}

/** The day of the zone in which a second is, counted from 1970-01-01: the last one that has begun. */
export function dayOf(zone: string, second: number): number {
  const shown = Math.floor((second + offsetAt(zone, second)) / DAY);
  // Clocks that go back over midnight show the date before again.
  return startOfDay(zone, shown + 1) <= second ? shown + 1 : shown;
}

/** The first second that has this date or, where the zone left it out, a later one. */
export function startOfDay(zone: string, day: number): number {
  const midnight = day * DAY;
  const offsets = near(zone, midnight);
  for (const [index, { from, offset }] of offsets.entries()) {
    const next = offsets[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    const first = Math.max(from, midnight - offset);
    if (first < next) return first;
  }
  throw new Error(`The day ${dateOf(day)} does not begin in ${zone}.`);
}

/** A day as a date: `2026-11-27`. */
export function dateOf(day: number): string {
  return new Date(day * DAY * 1_000).toISOString().slice(0, 10);
}

/** The day with this date. */
export function dayWithDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / (DAY * 1_000);
}

function offsetAt(zone: string, second: number): number {
  return near(zone, second).findLast(({ from }) => from <= second)?.offset ?? 0;
}

/** The offsets around a second, in order: the first one holds before it. */
function near(zone: string, second: number): readonly Offset[] {
  const years = [second - FAR, second + FAR].map((each) => new Date(each * 1_000).getUTCFullYear());
  const offsets = [...new Set(years)].flatMap((year) => offsetsIn(zone, year));
  const first = offsets.findLastIndex(({ from }) => from <= second - FAR);
  return offsets.slice(first === -1 ? 0 : first).filter(({ from }, index) => index === 0 || from <= second + FAR);
}

/** By zone and year. Asking `Intl` costs microseconds, and a year of days asks thousands of times. */
const known = new Map<string, readonly Offset[]>();
/** How many years of zones are kept. */
const KEPT = 500;

function offsetsIn(zone: string, year: number): readonly Offset[] {
  const key = `${year} ${zone}`;
  const found = known.get(key) ?? changesOf(zone, startOfYear(year), startOfYear(year + 1));
  if (known.size >= KEPT) known.clear();
  known.set(key, found);
  return found;
}

function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1) / 1_000;
}

function changesOf(zone: string, from: number, to: number): readonly Offset[] {
  const clock = clockOf(zone);
  const offsets: Offset[] = [{ from, offset: askedOffset(clock, from) }];
  for (let low = from; low < to; low += STEP) {
    const high = Math.min(low + STEP, to);
    const offset = askedOffset(clock, high);
    if (offset === offsets.at(-1)?.offset) continue;
    const change = changeBetween(clock, low, high);
    if (change < to) offsets.push({ from: change, offset });
  }
  return offsets;
}

/** The first second between the two that has the offset of the second one. */
function changeBetween(clock: Intl.DateTimeFormat, low: number, high: number): number {
  const before = askedOffset(clock, low);
  let [last, first] = [low, high];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (askedOffset(clock, middle) === before) last = middle;
    else first = middle;
  }
  return first;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en', {
    timeZone,
    era: 'short',
    year: numeric,
    month: numeric,
    day: numeric,
    ...time,
  });
}

/** How far the clocks of a zone are ahead of UTC, in seconds. */
function askedOffset(clock: Intl.DateTimeFormat, second: number): number {
  const parts = new Map(clock.formatToParts(second * 1_000).map(({ type, value }) => [type, value]));
  const shown = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - shown('year') : shown('year');
  const day = new Date(0).setUTCFullYear(year, shown('month') - 1, shown('day')) / 1_000;
  return day + shown('hour') * 3_600 + shown('minute') * 60 + shown('second') - second;
}
