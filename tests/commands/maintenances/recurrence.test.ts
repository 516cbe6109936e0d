// Rules of recurrence, on wall clocks: what stays at its time of day over every change of clocks, and what is no rule.
import { describe, expect, test } from '@jest/globals';
import { nextOccurrences, planningOf, recurrenceField } from '../../../src/commands/maintenances/recurrence.ts';

const schedule = (rrule: string, startsAt: string, { minutes = 60, timeZone = 'Europe/Berlin' } = {}) => {
  const endsAt = new Date(Date.parse(`${startsAt}Z`) + minutes * 60_000).toISOString().slice(0, 19);
  return { rrule, local: { startsAt, endsAt, timeZone }, exceptions: [] as readonly string[] };
};
const windows = (given: ReturnType<typeof schedule>, now: string, count = 4) =>
  nextOccurrences(given, now, count).map(({ startsAt, endsAt }) => `${startsAt.slice(0, 16)} ${endsAt.slice(11, 16)}`);

describe('02:30 stays 02:30', () => {
  test.each([
    // Skipped: the offset before the change; what is left of the hour would be before its start.
    [
      '2027-03-21T02:30:00',
      60,
      'Europe/Berlin',
      ['2027-03-21T01:30 02:30', '2027-03-28T01:30 02:30', '2027-04-04T00:30 01:30'],
    ],
    // Repeated: the first one, so that the hour that is repeated lies within.
    [
      '2027-10-24T02:30:00',
      60,
      'Europe/Berlin',
      ['2027-10-24T00:30 01:30', '2027-10-31T00:30 02:30', '2027-11-07T01:30 02:30'],
    ],
    [
      '2027-03-07T02:30:00',
      60,
      'America/New_York',
      ['2027-03-07T07:30 08:30', '2027-03-14T07:30 08:30', '2027-03-21T06:30 07:30'],
    ],
    [
      '2027-10-31T01:30:00',
      30,
      'America/New_York',
      ['2027-10-31T05:30 06:00', '2027-11-07T05:30 07:00', '2027-11-14T06:30 07:00'],
    ],
    [
      '2027-09-26T02:15:00',
      15,
      'Australia/Lord_Howe',
      ['2027-09-25T15:45 16:00', '2027-10-02T15:45 16:00', '2027-10-09T15:15 15:30'],
    ],
    [
      '2026-04-17T00:00:00',
      30,
      'Africa/Cairo',
      ['2026-04-16T22:00 22:30', '2026-04-23T22:00 22:30', '2026-04-30T21:00 21:30'],
    ],
  ])('from %s, %i minutes, weekly in %s', (startsAt, minutes, timeZone, expected) => {
    expect(windows(schedule('FREQ=WEEKLY', startsAt, { minutes, timeZone }), '2026-01-01T00:00:00.000Z', 3)).toEqual(
      expected,
    );
  });
});

describe('a rule', () => {
  const now = '2027-01-01T00:00:00.000Z';
  const dates = (rrule: string, startsAt = '2027-01-29T02:30:00', exceptions: readonly string[] = []) =>
    nextOccurrences({ ...schedule(rrule, startsAt), exceptions }, now, 3).map(({ occurrence }) => occurrence);

  test.each([
    ['FREQ=MONTHLY;BYDAY=-1FR', ['2027-01-29', '2027-02-26', '2027-03-26']],
    ['FREQ=DAILY;COUNT=2', ['2027-01-29', '2027-01-30']],
    // In UTC the last one is still on the 30th.
    ['FREQ=DAILY;UNTIL=20270131T013000Z', ['2027-01-29', '2027-01-30', '2027-01-31']],
    ['FREQ=DAILY;UNTIL=20270131T012959Z', ['2027-01-29', '2027-01-30']],
    ['FREQ=DAILY;UNTIL=20270130', ['2027-01-29', '2027-01-30']],
    // Beyond the four-digit years there is nothing.
    ['FREQ=YEARLY;INTERVAL=7000', ['2027-01-29', '9027-01-29']],
  ])('%s', (rrule, expected) => {
    expect(dates(recurrenceField.parse(`rrule:${rrule.toLowerCase()}`))).toEqual(expected);
  });

  test('leaves out exceptions, and what is over', () => {
    expect(dates('FREQ=DAILY', '2026-12-30T02:30:00', ['2027-01-02'])).toEqual([
      '2027-01-01',
      '2027-01-03',
      '2027-01-04',
    ]);
  });

  test('may leave out its next thousand dates', () => {
    const day = (index: number) => new Date(Date.parse('2027-01-29') + index * 86_400_000).toISOString().slice(0, 10);
    const exceptions = Array.from({ length: 1_000 }, (_, index) => day(index));
    expect(dates('FREQ=DAILY', '2027-01-29T02:30:00', exceptions)).toEqual([1_000, 1_001, 1_002].map(day));
  });

  test.each([
    '',
    'nonsense',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYHOUR=2,14',
    'FREQ=WEEKLY;COUNT=2;UNTIL=20270101T000000Z',
    'FREQ=WEEKLY;FOO=1',
    'FREQ=WEEKLY;INTERVAL=0',
    'FREQ=DAILY;COUNT=1001',
    'FREQ=WEEKLY\nDTSTART:20270101T000000Z',
    `FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(400)}1`,
  ])('is none: %j', (sent) => {
    expect(recurrenceField.safeParse(sent).success).toBe(false);
  });
});

describe('what is planned ahead', () => {
  const now = '2027-01-01T00:00:00.000Z';
  const planned = (rrule: string, startsAt = '2027-01-01T02:30:00') => {
    const { occurrences, again } = planningOf(schedule(rrule, startsAt), now);
    return [occurrences.length, occurrences.at(-1)?.occurrence, again];
  };

  test('is 90 days, and the next one in any case', () => {
    expect(planned('FREQ=WEEKLY')).toEqual([13, '2027-03-26', '2027-01-02T00:30:00.000Z']);
    expect(planned('FREQ=DAILY')).toEqual([90, '2027-03-31', '2027-01-01T00:30:00.000Z']);
    expect(planned('FREQ=YEARLY', '2027-07-01T02:30:00')).toEqual([1, '2027-07-01', '2027-07-01T01:30:00.000Z']);
    expect(planned('FREQ=DAILY;COUNT=3')).toEqual([3, '2027-01-03', undefined]);
  });
});
