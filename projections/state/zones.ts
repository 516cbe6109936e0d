// Wall clocks: what the clocks of a time zone show at an instant, and which instants they show it at. By the zone data of
// the runtime; pure otherwise.

/** One instant at which a wall clock can be read. */
interface Reading {
  /** RFC 3339 in UTC with milliseconds. */
  readonly instant: string;
  /** How far the wall clock is ahead of UTC: `+02:00`. */
  readonly offset: string;
}

/**
 * The readings of a wall-clock time. One that a change of clocks repeats has both, the first one first. One that a change
 * skips has the one with the offset before the change, then the one with the offset after it.
 */
interface Readings {
  readonly kind: 'unique' | 'repeated' | 'skipped';
  readonly first: Reading;
  readonly second?: Reading;
}

const DAY = 24 * 60 * 60 * 1_000;

/** What the clocks of the zone show at the instant: `2027-10-31T02:30:00`, with a fraction only if there is one. */
export function wallClockAt(instant: string, zone: string): string {
  const time = Date.parse(instant);
  return withoutZone(time + offsetAt(time, zone));
}

/** The instants at which the clocks of the zone show this wall-clock time. */
export function readingsOf(wallClock: string, zone: string): Readings {
  const shown = Date.parse(`${wallClock}Z`);
  const [before, after] = [offsetAt(shown - DAY, zone), offsetAt(shown + DAY, zone)];
  const offsets = [...new Set([before, after])];
  const [first, second] = offsets.filter((offset) => offsetAt(shown - offset, zone) === offset);
  if (first === undefined) {
    return { kind: 'skipped', first: readingAt(shown, before), second: readingAt(shown, after) };
  }
  if (second === undefined) return { kind: 'unique', first: readingAt(shown, first) };
  return { kind: 'repeated', first: readingAt(shown, first), second: readingAt(shown, second) };
}

function readingAt(shown: number, offset: number): Reading {
  return { instant: new Date(shown - offset).toISOString(), offset: offsetText(offset) };
}

/** By how much the clocks of the zone are ahead of UTC at this time, in milliseconds. */
function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(time)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1_000) * 1_000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes a thousand times as long as using it. There are as many as there are zones. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const name = timeZone.toLowerCase();
  const known = formatters.get(name);
  if (known) return known;
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...digits, second: 'numeric' });
  formatters.set(name, made);
  return made;
}

function withoutZone(shown: number): string {
  return new Date(shown).toISOString().replace(/(\.000)?Z$/, '');
}

function offsetText(offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const digits = (number: number) => String(number).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}
