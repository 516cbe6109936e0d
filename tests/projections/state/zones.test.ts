// Wall clocks of zones whose clocks change in every way: by an hour, by half an hour, at midnight, and by a whole day.
import { describe, expect, test } from '@jest/globals';
import { readingsOf, wallClockAt } from '../../../projections/state/zones.ts';

describe('a wall clock', () => {
  test.each([
    ['2027-01-10T02:30:00', 'Europe/Berlin', ['2027-01-10T01:30:00.000Z +01:00']],
    ['2027-07-10T02:30:00.25', 'Europe/Berlin', ['2027-07-10T00:30:00.250Z +02:00']],
    // Skipped: the offset before the change comes first.
    ['2027-03-28T02:30:00', 'Europe/Berlin', ['2027-03-28T01:30:00.000Z +01:00', '2027-03-28T00:30:00.000Z +02:00']],
    // Repeated: the first one comes first.
    ['2027-10-31T02:30:00', 'Europe/Berlin', ['2027-10-31T00:30:00.000Z +02:00', '2027-10-31T01:30:00.000Z +01:00']],
    ['2027-03-14T02:30:00', 'America/New_York', ['2027-03-14T07:30:00.000Z -05:00', '2027-03-14T06:30:00.000Z -04:00']],
    ['2027-11-07T01:30:00', 'America/New_York', ['2027-11-07T05:30:00.000Z -04:00', '2027-11-07T06:30:00.000Z -05:00']],
    // Half an hour.
    [
      '2027-04-04T01:45:00',
      'Australia/Lord_Howe',
      ['2027-04-03T14:45:00.000Z +11:00', '2027-04-03T15:15:00.000Z +10:30'],
    ],
    ['2027-04-04T01:15:00', 'Australia/Lord_Howe', ['2027-04-03T14:15:00.000Z +11:00']],
    [
      '2027-10-03T02:15:00',
      'Australia/Lord_Howe',
      ['2027-10-02T15:45:00.000Z +10:30', '2027-10-02T15:15:00.000Z +11:00'],
    ],
    // Cairo had no midnight on that day.
    ['2026-04-24T00:00:00', 'Africa/Cairo', ['2026-04-23T22:00:00.000Z +02:00', '2026-04-23T21:00:00.000Z +03:00']],
    // Samoa had no such day.
    ['2011-12-30T12:00:00', 'Pacific/Apia', ['2011-12-30T22:00:00.000Z -10:00', '2011-12-29T22:00:00.000Z +14:00']],
    ['2027-01-10T02:30:00', 'UTC', ['2027-01-10T02:30:00.000Z +00:00']],
  ])('%s in %s', (wallClock, zone, expected) => {
    const { kind, first, second } = readingsOf(wallClock, zone);
    const readings = [first, ...(second ? [second] : [])];
    expect(readings.map(({ instant, offset }) => `${instant} ${offset}`)).toEqual(expected);
    const shown = readings.filter(({ instant }) => wallClockAt(instant, zone) === wallClock.replace('.25', '.250'));
    expect(shown.length).toBe({ unique: 1, repeated: 2, skipped: 0 }[kind]);
  });
});
