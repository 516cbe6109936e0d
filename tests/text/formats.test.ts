// Dates, times, durations and numbers in both languages.
import { describe, expect, test } from '@jest/globals';
import { type Formats, formatsFor } from '../../src/text/formats.ts';
import { de } from '../../src/text/words/de.ts';
import { en } from '../../src/text/words/en.ts';

const ZONE = 'Europe/Berlin';
const SUNDAY = '2026-11-29T09:38:00.000Z';

/** With ordinary spaces: that those within figures do not break has a test of its own. */
const written = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test.each<[what: string, (formats: Formats) => string, english: string, german: string]>([
  ['time', (formats) => formats.time(SUNDAY), '10:38', '10:38'],
  ['midnight', (formats) => formats.time('2026-11-28T23:00:00Z'), '00:00', '00:00'],
  ['moment', (formats) => formats.moment(SUNDAY), 'Sun 29 Nov, 10:38', 'So., 29. Nov., 10:38'],
  ['full moment', (formats) => formats.fullMoment(SUNDAY), '29 Nov 2026, 10:38 CET', '29. Nov. 2026, 10:38 MEZ'],
  ['date', (formats) => formats.date('2026-11-27T12:00:00Z'), 'Friday 27 November', 'Freitag, 27. November'],
  ['date after midnight', (formats) => formats.shortDate('2026-11-27T23:00:00Z'), '28 Nov', '28. Nov.'],
  ['full date', (formats) => formats.fullDate(SUNDAY), '29 Nov 2026', '29. Nov. 2026'],
  ['month of a date', (formats) => formats.shortMonth(SUNDAY), 'Nov', 'Nov.'],
  ['day of a date', (formats) => formats.dayOfMonth(SUNDAY), '29', '29'],
  ['day', (formats) => formats.dayOf('2026-11-27'), 'Friday 27 November', 'Freitag, 27. November'],
  ['short day', (formats) => formats.shortDayOf('2026-05-07'), '7 May', '7. Mai'],
  ['full day', (formats) => formats.fullDayOf('2026-05-07'), '7 May 2026', '7. Mai 2026'],
  ['days', (formats) => formats.days('2026-11-14', '2026-11-23'), '14 to 23 November', '14. bis 23. November'],
  [
    'days of two months',
    (formats) => formats.days('2026-10-28', '2026-11-05'),
    '28 October to 5 November',
    '28. Oktober bis 5. November',
  ],
  ['one day', (formats) => formats.days('2026-11-14', '2026-11-14'), '14 November', '14. November'],
  ['name of a month', (formats) => formats.monthName('2026-11'), 'November', 'November'],
  ['month', (formats) => formats.month('2026-11'), 'November 2026', 'November 2026'],
  ['number', (formats) => formats.number(4182), '4 182', '4 182'],
  ['list', (formats) => formats.list(['A', 'B', 'C']), 'A, B and C', 'A, B und C'],
  ['zone', (formats) => formats.zoneName('2026-07-01T00:00:00Z'), 'CEST', 'MESZ'],
  ['place', (formats) => formats.place, 'Berlin', 'Berlin'],
  ['in UTC', (formats) => formats.utc(SUNDAY), '09:38 UTC', '09:38 UTC'],
])('%s', (_, write, english, german) => {
  expect([en, de].map((words) => written(write(formatsFor(words, ZONE))))).toEqual([english, german]);
});

test.each<[from: string, to: string, english: string, german: string]>([
  [
    '2026-11-29T09:22:00Z',
    '2026-11-29T10:30:00Z',
    'Sun 29 Nov, 10:22–11:30 (1 h 8 min)',
    'So., 29. Nov., 10:22–11:30 (1 h 8 min)',
  ],
  ['2026-12-03T22:00:00Z', '2026-12-04T00:00:00Z', 'Thu 3 Dec, 23:00–01:00 (2 h)', 'Do., 3. Dez., 23:00–01:00 (2 h)'],
  [
    '2026-12-03T22:00:00Z',
    '2026-12-05T00:00:00Z',
    'Thu 3 Dec, 23:00 to Sat 5 Dec, 01:00 (1 day 2 h)',
    'Do., 3. Dez., 23:00 bis Sa., 5. Dez., 01:00 (1 Tag 2 h)',
  ],
  [
    '2026-10-24T23:30:00Z',
    '2026-10-25T01:30:00Z',
    'Sun 25 Oct, 01:30 CEST to 02:30 CET (2 h)',
    'So., 25. Okt., 01:30 MESZ bis 02:30 MEZ (2 h)',
  ],
  [
    '2026-03-29T00:30:00Z',
    '2026-03-29T01:30:00Z',
    'Sun 29 Mar, 01:30 CET to 03:30 CEST (1 h)',
    'So., 29. März, 01:30 MEZ bis 03:30 MESZ (1 h)',
  ],
])('from %s to %s', (from, to, english, german) => {
  expect([en, de].map((words) => written(formatsFor(words, ZONE).range(from, to)))).toEqual([english, german]);
});

test.each<[seconds: number, text: string]>([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_600, '1 h'],
  [6_420, '1 h 47 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 day'],
  [2 * 86_400 + 3 * 3_600 + 59, '2 days 3 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(written(formatsFor(en, ZONE).duration(seconds))).toBe(text);
});

describe('per cent', () => {
  test.each<[value: number, english: string, german: string]>([
    [100, '100 %', '100 %'],
    [99.98, '99.98 %', '99,98 %'],
    [99.999_999, '99.99 %', '99,99 %'],
    [0.29, '0.29 %', '0,29 %'],
    [0.000_000_1, '0 %', '0 %'],
  ])('%d', (value, english, german) => {
    expect([en, de].map((words) => written(formatsFor(words, ZONE).percent(value)))).toEqual([english, german]);
  });
});

test('no line breaks between a number and its unit', () => {
  const formats = formatsFor(en, ZONE);
  expect([formats.percent(99.5), formats.duration(6_420), formats.number(4_182)]).toEqual([
    '99.5\u00a0%',
    '1\u00a0h 47\u00a0min',
    '4\u202f182',
  ]);
});

test.each([
  ['America/New_York', 'New York', 'UTC\u22125'],
  ['America/Argentina/Buenos_Aires', 'Buenos Aires', 'UTC\u22123'],
  ['Asia/Kolkata', 'Kolkata', 'UTC+5:30'],
  ['Europe/London', 'London', 'GMT'],
  ['UTC', 'UTC', 'UTC'],
  ['Etc/UTC', 'UTC', 'UTC'],
])('the zone %s', (zone, place, name) => {
  const formats = formatsFor(en, zone);
  expect([formats.place, formats.zoneName(SUNDAY)]).toEqual([place, name]);
});

test('days that were written are written alike', () => {
  const formats = formatsFor(en, ZONE);
  expect([formats.dayOf('2026-11-27'), formats.shortDayOf('2026-11-27'), formats.dayOf('2026-11-27')]).toEqual([
    'Friday 27 November',
    '27 Nov',
    'Friday 27 November',
  ]);
  expect(formatsFor(de, ZONE).dayOf('2026-11-27')).toBe('Freitag, 27. November');
});

test('the formats of a zone are made once, and not kept for ever', () => {
  const first = formatsFor(en, ZONE);
  expect(formatsFor(en, ZONE)).toBe(first);
  for (const zone of Intl.supportedValuesOf('timeZone')) formatsFor(en, zone);
  expect(formatsFor(en, ZONE)).not.toBe(first);
});
