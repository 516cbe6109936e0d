// The hours of a day of a strip: when they were by the clocks of its zone, and how long each status lasted.
import { describe, expect, test } from '@jest/globals';
import { timeOf } from '../../../projections/uptime/seconds.ts';
import { dateOf, dayWithDate, startOfDay } from '../../../projections/uptime/zones.ts';
import { dayHours } from '../../../src/web/browser/day-hours.ts';
import { hourBars, hourMarks, lastedIn } from '../../../src/web/hours.ts';

const HOUR = 3_600;

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Atlantic/Azores',
  'America/Nuuk',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Pacific/Chatham',
];

test.each(ZONES)('a day of %s begins and ends where the server says', (zone) => {
  const first = dayWithDate('2026-01-01');
  const days = Array.from({ length: 365 }, (_, index) => first + index);
  const others = days.filter((day) => {
    const { from, to } = dayHours({ date: dateOf(day), spans: [] }, { zone, made: '2028-01-01T00:00:00Z' });
    return from !== timeOf(startOfDay(zone, day)) || to !== timeOf(startOfDay(zone, day + 1));
  });
  expect(others.map(dateOf)).toEqual([]);
});

const past = { zone: 'Europe/Berlin', made: '2026-11-29T09:42:00.000Z' };

describe('of a day that is over', () => {
  test('nothing is yet to come', () => {
    const day = dayHours({ date: '2026-11-27', spans: [[6 * HOUR, 12 * HOUR, 'major']] }, past);
    expect(day.known).toBe(day.to);
    expect(hourBars(day).map(({ class: name, x, width }) => `${name} ${x} ${width}`)).toEqual([
      'fill-operational 0% 100%',
      'fill-major 25% 25%',
    ]);
  });

  test('nothing is known before its service was listed', () => {
    const listedAt = Date.parse('2026-11-27T11:00:00.000Z');
    const day = dayHours({ date: '2026-11-27', spans: [[18 * HOUR, 24 * HOUR, 'major']], listedAt }, past);
    expect(hourBars(day).map(({ class: name, x, width }) => `${name} ${x} ${width}`)).toEqual([
      'fill-none 0% 50%',
      'fill-operational 50% 50%',
      'fill-major 75% 25%',
    ]);
    expect(Object.fromEntries(lastedIn(day.spans))).toEqual({
      none: 12 * HOUR,
      operational: 12 * HOUR,
      major: 6 * HOUR,
    });
  });

  test.each(['2026-11-26T22:59:59.000Z', '2025-01-01T00:00:00.000Z'])('a service of %s was listed all day', (time) => {
    const day = dayHours({ date: '2026-11-27', spans: [], listedAt: Date.parse(time) }, past);
    expect(day.spans).toEqual([[day.from, day.to, 'operational']]);
  });

  test.each([
    // Between 01:00 and 04:00 by the clock.
    ['Europe/Berlin', '2026-03-29', 23, [HOUR, 3 * HOUR]],
    ['Europe/Berlin', '2026-10-25', 25, [HOUR, 5 * HOUR]],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, [HOUR, 4.5 * HOUR]],
    ['Australia/Lord_Howe', '2026-10-04', 23.5, [HOUR, 3.5 * HOUR]],
  ] as const)('in %s, %s has %d hours', (zone, date, length, [from, to]) => {
    const day = dayHours({ date, spans: [[from, to, 'degraded']] }, { ...past, zone });
    expect((Date.parse(day.to) - Date.parse(day.from)) / 1_000).toBe(length * HOUR);
    expect(lastedIn(day.spans).get('degraded')).toBe(to - from);
    const [, bar] = hourBars(day);
    expect(bar).toMatchObject({ x: share(1 / length), width: share((to - from) / HOUR / length) });
    const marks = hourMarks(day, zone).map(({ hour, place }) => `${hour} ${place.x}`);
    const after = length - 24;
    expect(marks).toEqual([
      '00 0%',
      `06 ${share((6 + after) / length)}`,
      `12 ${share((12 + after) / length)}`,
      `18 ${share((18 + after) / length)}`,
      '24 100%',
    ]);
  });
});

function share(of: number): string {
  return `${Math.round(of * 10_000) / 100}%`;
}

describe('of the present day', () => {
  const now = Date.parse('2026-11-29T11:00:00.000Z');
  const goesOn = { date: '2026-11-29', spans: [[8 * HOUR, 10 * HOUR + 42 * 60, 'degraded']] } as const;
  const isOver = { date: '2026-11-29', spans: [[8 * HOUR, 9 * HOUR, 'degraded']] } as const;

  test('what is after the moment of the page is yet to come', () => {
    const day = dayHours(goesOn, past);
    expect(day.known).toBe(past.made);
    expect(hourBars(day).map(({ class: name, x, width }) => `${name} ${x} ${width}`)).toEqual([
      'fill-later 44.58% 55.42%',
      'fill-operational 0% 44.58%',
      'fill-degraded 33.33% 11.25%',
    ]);
  });

  test('where the page holds longer, what went on goes on', () => {
    const day = dayHours(goesOn, { ...past, heldAt: now });
    expect(day.known).toBe('2026-11-29T11:00:00.000Z');
    expect(day.spans.at(-1)).toEqual(['2026-11-29T07:00:00.000Z', '2026-11-29T11:00:00.000Z', 'degraded']);
    expect(lastedIn(day.spans).get('degraded')).toBe(4 * HOUR);
  });

  test('what was over stays over', () => {
    const day = dayHours(isOver, { ...past, heldAt: now });
    expect(day.spans.at(-1)).toEqual(['2026-11-29T07:00:00.000Z', '2026-11-29T08:00:00.000Z', 'degraded']);
  });

  test('a page of the past within a minute shows what went on at its last full minute', () => {
    const day = dayHours(goesOn, { ...past, made: '2026-11-29T09:42:31.000Z' });
    expect(day.spans.at(-1)?.[1]).toBe(day.known);
  });

  test('after midnight, until the page is fetched again, the whole day is over', () => {
    const day = dayHours(goesOn, { ...past, heldAt: Date.parse('2026-11-30T03:00:00.000Z') });
    expect(day.known).toBe(day.to);
    expect(day.spans.at(-1)?.[1]).toBe(day.to);
  });
});
