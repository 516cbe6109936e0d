// The fields that several commands share: times with any offset.
import { describe, expect, test } from '@jest/globals';
import { timeField } from '../../src/commands/fields.ts';

describe('a time', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5Z', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T10:00:00.123999Z', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['2026-02-28T23:30:00-05:30', '2026-03-01T05:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('%s is stored as %s', (given, kept) => {
    expect(timeField.parse(given)).toBe(kept);
  });

  test.each([
    '',
    'yesterday',
    '2026-03-01',
    '2026-03-01T10:00Z',
    '2026-03-01T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    1_772_359_200_000,
    null,
  ])('%j is not a time', (given) => {
    expect(timeField.safeParse(given).success).toBe(false);
  });
});
