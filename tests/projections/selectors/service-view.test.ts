// The page of a service: since when, figures, and the days with trouble as rows.
import { describe, expect, test } from '@jest/globals';
import type { Models } from '../../../projections/models.ts';
import { type ServiceView, selectServiceView } from '../../../projections/selectors/service-view.ts';
import { after, minute, opened, posted, reported, service } from '../../support/page-events.ts';
import { anyone, type Happened, id, recordedAt } from '../../support/scenario.ts';

const API = id(1);
const asked = { organizationId: 'default', id: API };

function viewOf(models: Models, at: number, more: Partial<Parameters<typeof selectServiceView>[2]> = {}): ServiceView {
  const view = selectServiceView(models, anyone, { ...asked, ...more }, minute(at));
  if (!view) throw new Error('There is no such page.');
  return view;
}

describe('the days with trouble', () => {
  const models = after(
    service(1, 'API'),
    reported(1, 'degraded'),
    opened(9, { impacts: { [API]: 'major' } }),
    posted(9, 91, { status: 'resolved' }),
    reported(1, 'operational'),
  );
  const { rows, causes } = viewOf(models, 60);

  test('are rows, the latest first, with what named the service meanwhile', () => {
    expect(rows).toMatchObject([
      { date: '2026-03-01', from: recordedAt(4), to: recordedAt(5), status: 'degraded', seconds: 60, incidents: [] },
      { from: recordedAt(3), to: recordedAt(4), status: 'major', seconds: 60, incidents: [id(9)] },
      { from: recordedAt(2), to: recordedAt(3), status: 'degraded', seconds: 60, incidents: [] },
    ]);
    expect(causes).toEqual({ [id(9)]: { kind: 'incident', title: 'Incident 9' } });
  });

  test('say the uptime of their day, and the page those of three windows', () => {
    const view = viewOf(models, 60);
    const uptimes = [...view.rows.map(({ uptime }) => uptime), ...view.figures.map(({ uptime }) => uptime)];
    expect(new Set(uptimes)).toEqual(new Set([98.3]));
    expect(view.since).toBe(recordedAt(5));
  });

  test('name nothing that is hidden', () => {
    expect(viewOf(models, 60, { hidden: new Set([id(9)]) }).causes).toEqual({});
  });
});

test('the uptime of today is counted up to the last full minute, as that of the windows', () => {
  const models = after(service(1, 'API'), reported(1, 'partial'));
  const view = selectServiceView(models, anyone, asked, { ...minute(3), now: minute(3).now + 40 });
  const [today] = view?.exceptions ?? [];
  expect(view?.rows.map(({ uptime }) => uptime)).toEqual([today?.uptime]);
  expect(view?.figures[0]?.uptime).toBe(today?.uptime);
});

test('what goes on has no end yet', () => {
  const view = viewOf(after(service(1, 'API'), reported(1, 'partial'), reported(1, 'partial')), 60);
  expect(view.rows).toMatchObject([{ from: recordedAt(2), to: null, seconds: null, status: 'partial' }]);
  expect(view.since).toBe(recordedAt(2));
});

test('trouble over midnight is a row of each day', () => {
  const view = viewOf(after(service(1, 'API'), reported(1, 'major')), 60 * 16);
  expect(view.rows.map(({ date, from, to }) => [date, from, to])).toEqual([
    ['2026-03-02', '2026-03-02T00:00:00.000Z', null],
    ['2026-03-01', recordedAt(2), '2026-03-02T00:00:00.000Z'],
  ]);
});

describe('of many rows', () => {
  const flapping = Array.from({ length: 230 }, (_, index) => reported(1, index % 2 === 0 ? 'degraded' : 'operational'));
  const happened = flapping.map((event, index): Happened => {
    // Two a day, so that they are in many months.
    const occurredAt = new Date(Date.parse('2025-09-01T10:00:00.000Z') + index * 12 * 3_600_000).toISOString();
    return { ...event, occurredAt };
  });
  const created = service(1, 'API', { occurredAt: '2025-01-01T00:00:00.000Z' });
  const models = after(created, ...happened);

  test('the page has the newest hundred, and the rest by month', () => {
    const view = viewOf(models, 400);
    expect([view.rows.length, view.rows[0]?.date, view.rows.at(-1)?.date]).toEqual([100, '2025-12-24', '2025-09-16']);
    expect([view.month, view.older, view.newer]).toEqual([null, '2025-09', null]);
  });

  test('the page of a month has all of it, and leads to those beside it that have any', () => {
    const september = viewOf(models, 400, { month: '2025-09' });
    expect([september.rows.length, september.older, september.newer]).toEqual([30, null, '2025-10']);
    expect(viewOf(models, 400, { month: '2025-11' }).older).toBe('2025-10');
    expect(viewOf(models, 400, { month: '2026-02' })).toMatchObject({ rows: [], older: '2025-12', newer: '2026-03' });
  });
});

test('a correction says what counted before, and what it changed', () => {
  const view = viewOf(
    after(service(1, 'API'), reported(1, 'major'), reported(1, 'operational'), {
      stream: `service-${API}`,
      type: 'service.history-corrected',
      data: {
        correctionId: id(70),
        from: recordedAt(2),
        to: recordedAt(3),
        status: 'operational',
        reason: 'Measured wrongly',
      },
    }),
    60,
  );
  expect(view.rows).toEqual([]);
  expect(view.corrections).toEqual([
    {
      id: id(70),
      position: 4,
      from: recordedAt(2),
      to: recordedAt(3),
      status: 'operational',
      reason: 'Measured wrongly',
      before: 'major',
      days: [{ date: '2026-03-01', before: 98.3, after: 100 }],
    },
  ]);
});

test('the uptime that the team reports is named where it did so since the creation', () => {
  const said: Happened = { stream: `service-${API}`, type: 'service.uptime-reported', data: { uptime: 99.9 } };
  expect(viewOf(after(service(1, 'API')), 60).reportedUptime).toBeNull();
  expect(viewOf(after(service(1, 'API'), said), 60).reportedUptime).toBe(99.9);
});

test('a service that shows no uptime has neither figures nor a strip', () => {
  const view = viewOf(
    after(service(1, 'API'), {
      stream: `service-${API}`,
      type: 'service.display-changed',
      data: { showUptime: false },
    }),
    60,
  );
  expect([view.figures, view.days]).toEqual([[], '']);
});

test.each([
  ['of another organisation', { organizationId: 'acme' }],
  ['unknown', { id: id(2) }],
  ['hidden', { hidden: new Set([API]) }],
])('there is no page of one that is %s', (_why, more) => {
  expect(selectServiceView(after(service(1, 'API')), anyone, { ...asked, ...more }, minute(5))).toBeUndefined();
});
