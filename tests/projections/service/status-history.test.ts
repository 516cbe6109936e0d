// The timeline of a service: without gaps, with corrections in their intervals only; the last recorded correction wins.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SERVICE_STATUSES, type ServiceStatus } from '../../../projections/events/severity.ts';
import { type StatusInterval, statusHistory } from '../../../projections/service/status-history.ts';
import { type Happened, id, recorded, recordedAt } from '../../support/scenario.ts';

const stream = `service-${id(1)}`;

/** A moment of a test: minutes after the creation of the service. */
const minute = (number: number) => recordedAt(1 + number);

const created: Happened = {
  stream,
  type: 'service.created',
  data: { name: 'API', description: 'Answers', status: 'operational', uptime: 100 },
};
const reported = (status: ServiceStatus, at: number): Happened => ({
  stream,
  type: 'service.status-reported',
  occurredAt: minute(at),
  data: { status },
});
const corrected = (status: ServiceStatus, from: number, to: number): Happened => ({
  stream,
  type: 'service.history-corrected',
  data: { correctionId: id(7), from: minute(from), to: minute(to), status, reason: 'It was' },
});
const deleted = (at: number): Happened => ({
  stream,
  type: 'service.deleted',
  occurredAt: minute(at),
  data: {},
});

const historyOf = (...happened: readonly Happened[]) => statusHistory(recorded(happened));

/** An interval in minutes, with the originally reported status if it was corrected. */
function interval(
  from: number,
  to: number | null,
  status: ServiceStatus,
  recordedStatus?: ServiceStatus,
): StatusInterval {
  const times = { from: minute(from), to: to === null ? null : minute(to) };
  return recordedStatus === undefined
    ? { ...times, status, corrected: false }
    : { ...times, status, recordedStatus, corrected: true };
}

describe('the history', () => {
  test('of no service is empty', () => {
    expect(historyOf()).toEqual([]);
    expect(historyOf(reported('major', 3), corrected('major', 1, 2))).toEqual([]);
  });

  test('starts with the creation and lasts until now', () => {
    expect(historyOf(created)).toEqual([interval(0, null, 'operational')]);
  });

  test('changes at the time that a report gives, not when it was recorded', () => {
    expect(historyOf(created, reported('major', 10), reported('operational', 20))).toEqual([
      interval(0, 10, 'operational'),
      interval(10, 20, 'major'),
      interval(20, null, 'operational'),
    ]);
  });

  test('merges adjacent intervals with the same status', () => {
    expect(historyOf(created, reported('operational', 10))).toEqual([interval(0, null, 'operational')]);
  });

  test('ends with the deletion', () => {
    expect(historyOf(created, reported('major', 10), deleted(20))).toEqual([
      interval(0, 10, 'operational'),
      interval(10, 20, 'major'),
    ]);
  });

  test('keeps the reported status next to a correction', () => {
    expect(historyOf(created, reported('degraded', 10), corrected('major', 5, 15))).toEqual([
      interval(0, 5, 'operational'),
      interval(5, 10, 'major', 'operational'),
      interval(10, 15, 'major', 'degraded'),
      interval(15, null, 'degraded'),
    ]);
  });

  test('follows the last recorded correction where several overlap', () => {
    expect(historyOf(created, corrected('major', 5, 15), corrected('partial', 10, 20))).toEqual([
      interval(0, 5, 'operational'),
      interval(5, 10, 'major', 'operational'),
      interval(10, 20, 'partial', 'operational'),
      interval(20, null, 'operational'),
    ]);
  });

  test('follows corrections before reports, also one that was recorded later', () => {
    expect(historyOf(created, corrected('major', 5, 15), reported('degraded', 10))).toEqual([
      interval(0, 5, 'operational'),
      interval(5, 10, 'major', 'operational'),
      interval(10, 15, 'major', 'degraded'),
      interval(15, null, 'degraded'),
    ]);
  });

  test('ignores the parts of a correction before the creation or after the deletion', () => {
    expect(historyOf(created, corrected('major', -5, 5), corrected('major', 15, 25), deleted(20))).toEqual([
      interval(0, 5, 'major', 'operational'),
      interval(5, 15, 'operational'),
      interval(15, 20, 'major', 'operational'),
    ]);
  });
});

describe('with any reports and corrections', () => {
  const status = fc.constantFrom(...SERVICE_STATUSES);
  const report = fc.record({ status, at: fc.nat(60) });
  const correction = fc
    .record({ status, from: fc.nat(60), length: fc.integer({ min: 1, max: 30 }) })
    .map(({ status, from, length }) => ({ status, from, to: from + length }));
  const story = fc.record({
    reports: fc.array(report, { maxLength: 8 }),
    corrections: fc.array(correction, { maxLength: 8 }),
    end: fc.option(fc.integer({ min: 1, max: 100 })),
  });
  type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

  /** Reports come in the order of their times, as commands see to it. */
  const play = ({ reports, corrections, end }: Story) =>
    historyOf(
      created,
      ...[...reports].sort((a, b) => a.at - b.at).map(({ status, at }) => reported(status, at)),
      ...corrections.map(({ status, from, to }) => corrected(status, from, to)),
      ...(end === null ? [] : [deleted(end)]),
    );

  test('the intervals follow each other without a gap, from the creation until now or the deletion', () => {
    fc.assert(
      fc.property(story, (told) => {
        const intervals = play(told);
        expect(intervals[0]?.from).toBe(minute(0));
        expect(intervals.at(-1)?.to).toBe(told.end === null ? null : minute(told.end));
        intervals.slice(1).forEach(({ from }, index) => {
          expect(intervals[index]?.to).toBe(from);
        });
        for (const { from, to } of intervals) expect(to === null || from < to).toBe(true);
      }),
    );
  });

  test('at every moment the last recorded correction decides, or the report if there is none', () => {
    fc.assert(
      fc.property(story, fc.nat(99), (told, at) => {
        fc.pre(told.end === null || at < told.end);
        const found = play(told).filter(({ from, to }) => from <= minute(at) && (to === null || minute(at) < to));
        const said = [...told.reports].sort((a, b) => a.at - b.at).findLast((each) => each.at <= at);
        const recordedStatus = said?.status ?? 'operational';
        const correction = told.corrections.findLast(({ from, to }) => from <= at && at < to);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject(
          correction
            ? { status: correction.status, recordedStatus, corrected: true }
            : { status: recordedStatus, corrected: false },
        );
        expect('recordedStatus' in Object(found[0])).toBe(correction !== undefined);
      }),
      { numRuns: 500 },
    );
  });
});
