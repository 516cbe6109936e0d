// What operators read of failures: stacks of what nobody expected, and no flood while the storage is away.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DatabaseError } from 'pg';
import { operatorReport } from '../../src/app/operator-report.ts';
import { JournalError } from '../../src/log/journal.ts';
import type { Report } from '../../src/log/report.ts';
import { PostgresError } from '../../src/postgres/journal-error.ts';

let printed: (readonly unknown[])[];
let report: Report;
let now: number;

beforeEach(() => {
  printed = [];
  report = operatorReport((...parts) => printed.push(parts));
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const terminated = () => new PostgresError(Object.assign(new DatabaseError('', 0, 'error'), { code: '57P01' }));

test('an ended connection is a line without a stack, once a second whatever the number of requests', () => {
  for (let request = 0; request < 100; request += 1) report(`request ${request} failed`, terminated());
  now = 999;
  report('request 100 failed', terminated());
  now = 1_000;
  report('request 101 failed', terminated());
  now = 2_000;
  report('request 102 failed', new JournalError('full', 'No space is left.'));
  expect(printed).toEqual([
    ['request 0 failed: PostgreSQL is starting or stopping.'],
    ['request 101 failed: PostgreSQL is starting or stopping. (100 more since the last such line)'],
    ['request 102 failed: No space is left.'],
  ]);
});

test.each([
  ['an unexpected error', new TypeError('x is undefined')],
  ['a log that is damaged', new JournalError('failed', 'The log is damaged.')],
  ['a sentence', 'Set the clock.'],
])('%s is printed as it is, each time', (_, error) => {
  report('this failed', error);
  report('that failed', error);
  expect(printed).toEqual([
    ['this failed', error],
    ['that failed', error],
  ]);
});
