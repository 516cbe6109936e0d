// The pages of history: three whole months each, from where the record begins until now.
import { describe, expect, test } from '@jest/globals';
import { type HistoryAsked, type HistoryView, selectHistoryView } from '../../../projections/selectors/history-view.ts';
import { after, begun, minute, opened, planned, posted, service } from '../../support/page-events.ts';
import { anyone, id, recordedAt } from '../../support/scenario.ts';

const on = (date: string) => ({ occurredAt: `${date}T12:00:00.000Z` });
const models = after(
  service(1, 'API', on('2025-05-20')),
  opened(31, { impacts: { [id(1)]: 'major' } }, on('2025-08-31')),
  opened(32, {}, on('2025-09-01')),
  posted(32, 91, { status: 'resolved' }, on('2025-09-03')),
  opened(33, {}, on('2026-02-28')),
  planned(41, { affectedServiceIds: [id(1)] }),
  begun(41),
  planned(42),
);

function pageOf(asked: Partial<HistoryAsked> = {}): HistoryView | undefined {
  return selectHistoryView(models, anyone, { organizationId: 'default', ...asked }, minute(60));
}

const shape = (view: HistoryView | undefined) =>
  view?.months.map(({ month, entries }) => [month, entries.map((entry) => entry.id)]);

test('the newest page has the present month and the two before', () => {
  const view = pageOf();
  expect(shape(view)).toEqual([
    ['2026-03', [id(41)]],
    ['2026-02', [id(33)]],
    ['2026-01', []],
  ]);
  expect([view?.older, view?.newer]).toEqual(['2026-01', null]);
  expect(view?.months.map(({ incidents, maintenances }) => [incidents, maintenances])).toEqual([
    [0, 1],
    [1, 0],
    [0, 0],
  ]);
});

test('each page leads to the one before and the one after, up to where the record begins', () => {
  const second = pageOf({ before: '2026-01' });
  expect([shape(second)?.map(([month]) => month), second?.older, second?.newer]).toEqual([
    ['2025-12', '2025-11', '2025-10'],
    '2025-10',
    { before: null },
  ]);
  const third = pageOf({ before: '2025-10' });
  expect(shape(third)).toEqual([
    ['2025-09', [id(32)]],
    ['2025-08', [id(31)]],
    ['2025-07', []],
  ]);
  expect(third?.newer).toEqual({ before: '2026-01' });
  const last = pageOf({ before: '2025-07' });
  expect([shape(last)?.map(([month]) => month), last?.older, last?.begins]).toEqual([
    ['2025-06', '2025-05'],
    null,
    '2025-05-20T12:00:00.000Z',
  ]);
});

test.each(['2026-05', '2025-05', '1999-01'])('there is no page before %s', (before) => {
  expect(pageOf({ before })).toBeUndefined();
});

test('the month after the present one leads to the newest page', () => {
  expect(shape(pageOf({ before: '2026-04' }))).toEqual(shape(pageOf()));
});

test('an entry says what it was, from when until when, and what it affected', () => {
  const [september, august] = pageOf({ before: '2025-10' })?.months ?? [];
  expect(september?.entries).toEqual([
    {
      kind: 'incident',
      id: id(32),
      title: 'Incident 32',
      status: 'resolved',
      worst: 'degraded',
      from: '2025-09-01T12:00:00.000Z',
      to: '2025-09-03T12:00:00.000Z',
      services: [],
      updates: 1,
      hasPostmortem: false,
    },
  ]);
  expect(august?.entries).toMatchObject([
    { worst: 'major', to: null, services: [{ id: id(1), name: 'API', status: 'major' }] },
  ]);
});

describe('filters', () => {
  test('leave one kind', () => {
    expect(shape(pageOf({ kind: 'maintenance' }))?.flatMap(([, ids]) => ids)).toEqual([id(41)]);
    expect(shape(pageOf({ kind: 'incidents' }))?.flatMap(([, ids]) => ids)).toEqual([id(33)]);
  });

  test('leave what affected one service', () => {
    expect(shape(pageOf({ service: id(1) }))?.flatMap(([, ids]) => ids)).toEqual([id(41)]);
    expect(pageOf({ service: id(1) })?.asked).toEqual({ before: null, service: id(1), kind: null });
  });
});

test('a month is one of the zone of the page', () => {
  const page = selectHistoryView(
    after(
      {
        stream: 'page-default',
        type: 'page.configured',
        data: { timeZone: 'Pacific/Auckland' },
      },
      opened(31, {}, { occurredAt: '2026-02-28T12:00:00.000Z' }),
    ),
    anyone,
    { organizationId: 'default' },
    minute(60),
  );
  expect(shape(page)?.[0]).toEqual(['2026-03', [id(31)]]);
});

test('an organisation without any record has an empty month', () => {
  const view = selectHistoryView(after(), anyone, { organizationId: 'default' }, minute(60));
  expect([shape(view), view?.begins, view?.older]).toEqual([[['2026-03', []]], null, null]);
});

test('what is hidden is not listed', () => {
  const view = pageOf({ hidden: new Set([id(41)]) });
  expect(shape(view)?.[0]).toEqual([recordedAt(1).slice(0, 7), []]);
});
