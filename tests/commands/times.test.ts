// Times in bodies and in queries: one sentence about what is right, and the plus that a query loses.
import { describe, expect, test } from '@jest/globals';
import { parseQueryTime, parseTime, queryTimeField, TIME_RULE, timeField } from '../../src/commands/times.ts';

describe('a time', () => {
  test.each([[1_772_359_200_000], [null], [true], [['2026-03-01T10:00:00Z']], [{}], ['then']])(
    'that is sent as %j is answered with what is right',
    (sent) => {
      for (const field of [timeField, queryTimeField]) {
        expect(field.safeParse(sent).error?.issues).toMatchObject([{ message: TIME_RULE }]);
      }
    },
  );
});

describe('in a query', () => {
  test('a plus that arrives as a space is the plus that was meant', () => {
    expect(parseQueryTime('2026-03-01T10:00:00 01:00')).toBe('2026-03-01T09:00:00.000Z');
    expect(parseQueryTime('2026-03-01T10:00:00.25 00:00')).toBe('2026-03-01T10:00:00.250Z');
  });

  test.each(['2026-03-01T10:00:00 ', '2026-03-01T10:00:00  01:00', '2026-03-01 10:00:00 01:00', ' 01:00'])(
    '%j stays none',
    (sent) => {
      expect(parseQueryTime(sent)).toBeUndefined();
    },
  );

  test('elsewhere a space is none', () => {
    expect(parseTime('2026-03-01T10:00:00 01:00')).toBeUndefined();
  });
});
