// Days of time zones, against the dates that the clocks of the zone show.
import { expect, test } from '@jest/globals';
import { dateOf, dayOf, dayWithDate, startOfDay } from '../../../projections/uptime/zones.ts';
import { sized } from '../../support/size.ts';

const at = (time: string) => Date.parse(time) / 1_000;

test.each([
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
  ['Pacific/Auckland', '2026-04-05', '2026-04-04T11:00:00Z', 25],
  ['Pacific/Auckland', '2026-09-27', '2026-09-26T12:00:00Z', 23],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
  ['Asia/Kathmandu', '2026-11-27', '2026-11-26T18:15:00Z', 24],
  // Clocks go from midnight to one o'clock.
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23],
  // Clocks go from one o'clock back to midnight, so that it is midnight twice.
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', 25],
  // A minute after midnight, clocks went back to the day before.
  ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z', 25],
  ['UTC', '2026-12-31', '2026-12-31T00:00:00Z', 24],
])('in %s, %s begins at %s and has %d hours', (zone, date, start, hours) => {
  const day = dayWithDate(date);
  expect(dateOf(day)).toBe(date);
  expect(startOfDay(zone, day)).toBe(at(start));
  expect((startOfDay(zone, day + 1) - startOfDay(zone, day)) / 3_600).toBe(hours);
});

test('a date that a zone left out has no seconds', () => {
  const day = dayWithDate('2011-12-30');
  expect(startOfDay('Pacific/Apia', day + 1) - startOfDay('Pacific/Apia', day)).toBe(0);
});

test.each(
  sized(
    ['Australia/Lord_Howe'],
    ['Africa/Casablanca', 'Asia/Gaza', 'America/Godthab', 'Antarctica/Troll', 'Pacific/Apia'],
  ),
)('the clocks of %s show the date of the day', (zone) => {
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  for (let second = at('2026-01-01T00:00:00Z'); second < at('2027-01-01T00:00:00Z'); second += 1_800) {
    const date = shown.format(second * 1_000);
    if (dateOf(dayOf(zone, second)) !== date) expect([second, dateOf(dayOf(zone, second))]).toEqual([second, date]);
  }
});
