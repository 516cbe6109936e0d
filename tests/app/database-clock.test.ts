// The clock of a server that shares its log.
import { expect, test } from '@jest/globals';
import { clockNotices, clockOf } from '../../src/app/database-clock.ts';

const now = () => new Date('2026-03-01T10:00:00.000Z');

test('tells the time of the database, as far as it is known at the moment', () => {
  const shared = { clockLead: 2_500 };
  const clock = clockOf(now, shared);
  expect(clock()).toEqual(new Date('2026-03-01T10:00:02.500Z'));
  shared.clockLead = -1;
  expect(clock()).toEqual(new Date('2026-03-01T09:59:59.999Z'));
});

test('of a log of its own is that of the machine', () => {
  expect(clockOf(now, undefined)).toBe(now);
  expect(clockNotices(undefined).notices).toEqual([]);
});

test.each([
  [999, undefined],
  [-999, undefined],
  [1_000, 'The clock of this machine is 1.0 s behind that of PostgreSQL, which counts.'],
  [-61_000, 'The clock of this machine is 61.0 s ahead of that of PostgreSQL, which counts.'],
])('that is %i ms behind the database: %s', (clockLead, notice) => {
  const notices = notice === undefined ? [] : [expect.stringContaining(notice)];
  expect(clockNotices({ clockLead }).notices).toEqual(notices);
});
