// The read model of incidents: status changes, updates, and times of resolution.

import { describe, expect, test } from '@jest/globals';
import { findIncident, showIncident } from '../../projections/incidents.ts';
import { foldModels } from '../../projections/models.ts';
import { findService } from '../../projections/services.ts';
import { type Happened, id, recorded, recordedAt } from '../support/scenario.ts';

const stream = `incident-${id(7)}`;
const opened: Happened = {
  stream,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'investigating',
    impact: 'minor',
    affectedServices: ['API'],
    affectedServiceIds: [],
    impacts: {},
  },
};
const moved = (status: 'monitoring' | 'resolved'): Happened => ({
  stream,
  type: 'incident.status-changed',
  data: { status },
});
const posted = (status: 'monitoring' | 'resolved'): Happened => ({
  stream,
  type: 'incident.update-posted',
  data: { updateId: id(8), status, message: 'News' },
});

function shownAfter(...happened: readonly Happened[]) {
  const found = findIncident(foldModels(recorded(happened)).incidents, id(7));
  return found && showIncident(found);
}

test('an incident is shown as it was opened', () => {
  expect(shownAfter(opened)).toEqual({
    id: id(7),
    ...opened.data,
    startedAt: recordedAt(1),
    createdAt: recordedAt(1),
    recordedAt: recordedAt(1),
    updatedAt: recordedAt(1),
    resolvedAt: null,
    nextUpdateBy: null,
    updates: [],
    version: 1,
  });
});

test('an incident that is opened as resolved was resolved when it happened', () => {
  const occurredAt = '2026-02-28T12:00:00.000Z';
  const past = { ...opened, occurredAt, data: { ...opened.data, status: 'resolved' } } as Happened;
  expect(shownAfter(past)).toMatchObject({
    createdAt: occurredAt,
    recordedAt: recordedAt(1),
    resolvedAt: occurredAt,
    updatedAt: recordedAt(1),
  });
});

describe('an incident that was opened as resolved ended', () => {
  const HOURS = ['10', '13', '15'].map((hour) => `2026-02-27T${hour}:00:00.000Z`);
  const [began = '', ended = '', later = ''] = HOURS;
  const past = { ...opened, occurredAt: began, data: { ...opened.data, status: 'resolved' } } as Happened;
  const resolved = (occurredAt?: string) => ({ ...posted('resolved'), ...(occurredAt ? { occurredAt } : {}) });
  const backfilled = (status: 'monitoring' | 'resolved', occurredAt: string) =>
    ({ ...posted(status), type: 'incident.update-backfilled', occurredAt }) as Happened;

  test.each<[string, readonly Happened[], string | null]>([
    ['when the first resolved update says so', [resolved(ended)], ended],
    ['then for good: a look-back of later moves nothing', [resolved(ended), resolved(later), resolved()], ended],
    ['when it began, if that is what the first one says', [resolved(began), resolved(later)], began],
    ['when it began, if no update names a time', [resolved(), moved('resolved')], began],
    ['when an update says so that was filed afterwards', [resolved(), backfilled('resolved', ended)], ended],
    ['when it began, whatever else is filed', [backfilled('monitoring', ended)], began],
    ['never, if it was reopened', [{ ...posted('monitoring'), occurredAt: ended }], null],
    ['when it ended again, if it was reopened', [moved('monitoring'), resolved(ended), resolved(later)], ended],
  ])('%s', (_when, updates, resolvedAt) => {
    expect(shownAfter(past, ...updates)).toMatchObject({ createdAt: began, resolvedAt });
  });

  test('and shows no more of it than others do', () => {
    expect(Object.keys(shownAfter(past) ?? {}).sort()).toEqual(Object.keys(shownAfter(opened) ?? {}).sort());
  });
});

test('the end of an incident that was opened unresolved is when it was first resolved, whatever is said later', () => {
  const later = { ...posted('resolved'), occurredAt: '2026-03-05T10:00:00.000Z' };
  expect(shownAfter(opened, posted('resolved'), later)).toMatchObject({ resolvedAt: recordedAt(2) });
});

test('an update is appended and changes the status', () => {
  expect(shownAfter(opened, posted('monitoring'), posted('resolved'))).toMatchObject({
    status: 'resolved',
    resolvedAt: recordedAt(3),
    updatedAt: recordedAt(3),
    version: 3,
    updates: [
      {
        id: id(8),
        status: 'monitoring',
        message: 'News',
        changes: [],
        createdAt: recordedAt(2),
        recordedAt: recordedAt(2),
      },
      {
        id: id(8),
        status: 'resolved',
        message: 'News',
        changes: [],
        createdAt: recordedAt(3),
        recordedAt: recordedAt(3),
      },
    ],
  });
});

test('staying resolved keeps the time of the resolution, leaving it clears it', () => {
  expect(shownAfter(opened, moved('resolved'), posted('resolved'))).toMatchObject({ resolvedAt: recordedAt(2) });
  expect(shownAfter(opened, moved('resolved'), moved('monitoring'))).toMatchObject({ resolvedAt: null });
});

test('updates are in the order of their times; those of the same time in the order of recording', () => {
  const told = (number: number, occurredAt: string): Happened => ({
    stream,
    type: 'incident.update-backfilled',
    occurredAt,
    data: { updateId: id(number), status: 'identified', message: 'Earlier news' },
  });
  const shown = shownAfter(
    opened,
    posted('monitoring'),
    told(11, '2026-03-01T09:01:30.000Z'),
    told(12, '2026-03-01T09:01:10.000Z'),
    told(13, '2026-03-01T09:01:30.000Z'),
  );
  expect(shown?.updates.map((update) => update.id)).toEqual([id(12), id(11), id(13), id(8)]);
  expect(shown).toMatchObject({ status: 'monitoring', updatedAt: recordedAt(5), version: 5 });
});

test('a backfilled update changes neither the incident nor the shown status of services', () => {
  const service: Happened = {
    stream: `service-${id(1)}`,
    type: 'service.created',
    data: { name: 'API', description: 'Answers', status: 'operational', uptime: 100 },
  };
  const resolved: Happened[] = [
    service,
    { ...opened, data: { ...opened.data, impacts: { [id(1)]: 'major' } } } as Happened,
    moved('resolved'),
  ];
  const backfilled: Happened = {
    stream,
    type: 'incident.update-backfilled',
    occurredAt: '2026-03-01T09:02:30.000Z',
    data: { updateId: id(8), status: 'identified', message: 'Earlier news' },
  };
  expect(shownAfter(...resolved, backfilled)).toMatchObject({ status: 'resolved', resolvedAt: recordedAt(3) });
  const { services } = foldModels(recorded([...resolved, backfilled]));
  expect(findService(services, id(1))).toMatchObject({ status: 'operational' });
});

test('an update that resolves the incident sets the time of resolution', () => {
  const occurredAt = '2026-03-01T09:01:30.000Z';
  expect(shownAfter(opened, { ...posted('resolved'), occurredAt })).toMatchObject({
    resolvedAt: occurredAt,
    updates: [{ createdAt: occurredAt, recordedAt: recordedAt(2) }],
    updatedAt: recordedAt(2),
  });
});

test('a deleted incident is gone', () => {
  expect(shownAfter(opened, { stream, type: 'incident.deleted', data: {} })).toBeUndefined();
});

test('a retracted incident is gone', () => {
  expect(shownAfter(opened, { stream, type: 'incident.retracted', data: {} })).toBeUndefined();
});

test('an incident of the past has its real length', () => {
  const [began, ended] = ['2026-02-27T10:00:00.000Z', '2026-02-27T13:00:00.000Z'] as const;
  const past = [{ ...opened, occurredAt: began } as Happened, { ...moved('resolved'), occurredAt: ended } as Happened];
  expect(shownAfter(...past)).toMatchObject({ startedAt: began, resolvedAt: ended, status: 'resolved' });
});

describe('the start of an incident', () => {
  const startedAt = '2026-02-28T08:00:00.000Z';
  const restarted: Happened = { stream, type: 'incident.start-moved', data: { startedAt } };

  test('moves, and when it was opened stays', () => {
    expect(shownAfter(opened, restarted)).toMatchObject({ startedAt, createdAt: recordedAt(1), resolvedAt: null });
  });

  test('takes along the end that nobody has named', () => {
    const resolved = { ...opened, data: { ...opened.data, status: 'resolved' } } as Happened;
    expect(shownAfter(resolved, restarted)).toMatchObject({ startedAt, resolvedAt: startedAt });
    expect(shownAfter(opened, moved('resolved'), restarted)).toMatchObject({ startedAt, resolvedAt: recordedAt(2) });
  });
});

describe('translations', () => {
  const [de, fr] = [{ de: { title: 'Langsam', message: 'Neues' } }, { fr: { title: 'Lent' } }];
  const described = (data: object) => ({ stream, type: 'incident.described', data }) as Happened;
  const told = { ...opened, data: { ...opened.data, translations: de } } as Happened;

  test('are replaced as a whole, and a text that changes without them drops them', () => {
    expect(shownAfter(told)).toMatchObject({ translations: de });
    expect(shownAfter(told, described({ translations: fr }))).toMatchObject({ translations: fr });
    expect(shownAfter(told, described({ title: 'Slower', translations: fr }))).toMatchObject({ translations: fr });
    expect(shownAfter(told, described({ title: 'Slower' }))).not.toHaveProperty('translations');
    expect(shownAfter(told, described({ translations: {} }))).not.toHaveProperty('translations');
  });

  test('of an update go with its earlier message', () => {
    const news = { updateId: id(8), status: 'monitoring', message: 'News', translations: de } as const;
    const posts: Happened[] = [opened, { stream, type: 'incident.update-posted', data: news }];
    const edited = { stream, type: 'incident.update-edited', data: { updateId: id(8), message: 'Old news' } } as const;
    expect(shownAfter(...posts)?.updates).toMatchObject([{ translations: de }]);
    const [update] = shownAfter(...posts, edited)?.updates ?? [];
    expect(update).toMatchObject({ message: 'Old news', editedAt: recordedAt(3), createdAt: recordedAt(2) });
    expect(update).not.toHaveProperty('translations');
  });
});

describe('impacts in updates', () => {
  const [api, database] = [id(1), id(2)];
  const said = (updateId: string, data: object, occurredAt?: string): Happened =>
    ({
      stream,
      type: 'incident.update-posted',
      ...(occurredAt ? { occurredAt } : {}),
      data: { updateId, status: 'identified', message: 'News', ...data },
    }) as Happened;
  const [first, second, last] = [
    said(id(11), { impacts: { [api]: 'degraded', [database]: 'major' } }),
    said(id(12), { impacts: { [api]: 'partial' }, nextUpdateBy: recordedAt(9) }),
    said(id(13), { status: 'resolved' }),
  ];
  const retracted = (updateId: string): Happened => ({ stream, type: 'incident.update-retracted', data: { updateId } });

  test('are those of the incident, and each update shows what it changed', () => {
    expect(shownAfter(opened, first, second)).toMatchObject({
      impacts: { [api]: 'partial' },
      affectedServiceIds: [api, database],
      nextUpdateBy: recordedAt(9),
    });
    expect(shownAfter(opened, first, second, last)?.updates).toMatchObject([
      {
        changes: [
          { serviceId: api, from: null, to: 'degraded' },
          { serviceId: database, from: null, to: 'major' },
        ],
      },
      {
        changes: [
          { serviceId: api, from: 'degraded', to: 'partial' },
          { serviceId: database, from: 'major', to: null },
        ],
        nextUpdateBy: recordedAt(9),
      },
      { changes: [{ serviceId: api, from: 'partial', to: null }] },
    ]);
    expect(shownAfter(opened, first, said(id(12), { impacts: {} }))).toMatchObject({ impacts: {} });
  });

  test('of an update that was retracted are as if it had not been', () => {
    const shown = shownAfter(opened, first, second, last, retracted(id(13)), retracted(id(11)));
    expect(shown).toMatchObject({
      status: 'identified',
      impacts: { [api]: 'partial' },
      affectedServiceIds: [api],
      resolvedAt: null,
      nextUpdateBy: recordedAt(9),
      updates: [{ id: id(12), changes: [{ serviceId: api, from: null, to: 'partial' }] }],
    });
  });
});
