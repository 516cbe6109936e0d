// Series of maintenance over the wire, with the clock of the server behind them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownMaintenance } from '../../../projections/maintenance.ts';
import type { ShownSeries } from '../../../projections/series.ts';
import { ask, createService, get, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date('2027-03-01T10:00:00.000Z') });
  await createService(app, { name: 'API' });
});
afterAll(() => app.close());

const clocks = { startsAt: '2027-03-14T02:30', endsAt: '2027-03-14T03:30', timeZone: 'Europe/Berlin' };
const weekly = { title: 'New disks', affectedServices: ['API'], ...clocks, recurrence: 'RRULE:FREQ=WEEKLY;COUNT=4' };

async function plan(fields: object = {}): Promise<ShownMaintenance> {
  const answered = await ask<ShownMaintenance>(app, '/api/maintenances', { json: { ...weekly, ...fields } });
  expect(answered.status).toBe(201);
  expect(answered.headers.get('Location')).toBe(`/api/maintenances/${answered.body.id}`);
  return answered.body;
}

const path = ({ seriesId = '' }: ShownMaintenance) => `/api/maintenance-series/${seriesId}`;

/** The occurrences of a series, once the clock has planned as many. */
async function occurrences({ seriesId }: ShownMaintenance, count: number): Promise<readonly ShownMaintenance[]> {
  for (;;) {
    const all = await get<readonly ShownMaintenance[]>(app, '/api/maintenances');
    const own = all.filter((each) => each.seriesId === seriesId).sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
    if (own.length >= count) return own;
  }
}

const told = (all: readonly ShownMaintenance[]) =>
  all.map(({ status, startsAt }) => `${status} ${startsAt.slice(0, 16)}`);

describe('a series', () => {
  let first: ShownMaintenance;

  beforeAll(async () => {
    first = await plan();
  });

  test('is answered with its first occurrence, and planned by the clock', async () => {
    expect(first).toMatchObject({
      title: 'New disks',
      status: 'scheduled',
      affectedServices: ['API'],
      recurrence: 'FREQ=WEEKLY;COUNT=4',
      local: { startsAt: '2027-03-14T02:30:00', endsAt: '2027-03-14T03:30:00', timeZone: 'Europe/Berlin' },
    });
    expect(await get(app, path(first))).toMatchObject({
      recurrence: 'FREQ=WEEKLY;COUNT=4',
      exceptions: [],
      version: 1,
    });
    expect(told(await occurrences(first, 4))).toEqual([
      'scheduled 2027-03-14T01:30',
      'scheduled 2027-03-21T01:30',
      // The clocks skip 02:30.
      'scheduled 2027-03-28T01:30',
      'scheduled 2027-04-04T00:30',
    ]);
  });

  test('brings what nobody changed by hand into line, in its own commit', async () => {
    const [, second, third] = await occurrences(first, 4);
    await put(app, `/api/maintenances/${second?.id}`, { title: 'Disks and memory' });
    const { position } = app.log;
    const changed = { title: 'Disks weekly', exceptions: ['2027-03-28'], startsAt: '2027-03-14T03:00' };
    expect(await put<ShownSeries>(app, path(first), changed)).toMatchObject({ version: 2, title: 'Disks weekly' });
    const commits = new Set<string>();
    for await (const { meta } of app.log.read({ after: position })) commits.add(meta.commit.id);
    expect(commits.size).toBe(1);
    const after = await occurrences(first, 4);
    expect(told(after)).toEqual([
      'scheduled 2027-03-14T02:00',
      'scheduled 2027-03-21T01:30',
      'cancelled 2027-03-28T01:30',
      'scheduled 2027-04-04T01:00',
    ]);
    expect(after.map(({ title }) => title)).toEqual(['Disks weekly', 'Disks and memory', 'New disks', 'Disks weekly']);
    // A date that is taken up again goes on in its stream.
    await put(app, path(first), { exceptions: [] });
    let again = await get<ShownMaintenance>(app, `/api/maintenances/${third?.id}`);
    while (again.status !== 'scheduled') again = await get(app, `/api/maintenances/${third?.id}`);
    expect(again).toMatchObject({ title: 'Disks weekly', createdAt: third?.createdAt, version: 3 });
  });

  test('plans nothing again that somebody deleted or cancelled', async () => {
    const [one, two] = await occurrences(first, 4);
    await remove(app, `/api/maintenances/${one?.id}`);
    await put(app, `/api/maintenances/${two?.id}`, { status: 'cancelled' });
    const { position } = app.log;
    await put(app, path(first), { autoEnd: false });
    // The clock plans after each change of a series: of another one, which is planned later.
    await occurrences(await plan({ title: 'Others' }), 4);
    const types: string[] = [];
    for await (const { type, stream } of app.log.read({ after: position })) {
      if ([one, two].some((each) => stream.endsWith(each?.id ?? ''))) types.push(type);
    }
    expect(types).toEqual([]);
  });

  test('ends, and cancels what is scheduled', async () => {
    await remove(app, path(first));
    expect(told(await occurrences(first, 3)).map((each) => each.split(' ')[0])).toEqual(Array(3).fill('cancelled'));
    expect((await ask(app, path(first))).status).toBe(404);
    const history = await get<{ entries: readonly { type: string }[] }>(app, `${path(first)}/history`);
    expect(history.entries.map(({ type }) => type)).toEqual([
      'series.planned',
      'series.changed',
      'series.changed',
      'series.changed',
      'series.ended',
    ]);
  });
});

test('a dry run tells when there would be maintenance, and records nothing', async () => {
  const { position } = app.log;
  const preview = async (json: object) => {
    const answered = await ask<{ events: readonly { type: string }[]; occurrences: readonly object[] }>(
      app,
      '/api/maintenances/preview',
      { json },
    );
    expect(answered.status).toBe(200);
    return answered.body;
  };
  const series = await preview({ ...weekly, recurrence: 'FREQ=WEEKLY' });
  expect(series.events.map(({ type }) => type)).toEqual(['series.planned', 'maintenance.planned']);
  expect(series.occurrences).toHaveLength(20);
  expect(series.occurrences[0]).toEqual({
    startsAt: '2027-03-14T01:30:00.000Z',
    endsAt: '2027-03-14T02:30:00.000Z',
    local: { startsAt: '2027-03-14T02:30:00', endsAt: '2027-03-14T03:30:00', timeZone: 'Europe/Berlin' },
  });
  expect((await preview({ title: 'Once', ...clocks })).occurrences).toEqual([series.occurrences[0]]);
  expect(app.log.position).toBe(position);
});

test.each([
  [{ recurrence: 'FREQ=WEEKLY;BYDAY=MO' }, '/startsAt'],
  [{ recurrence: 'FREQ=HOURLY' }, '/recurrence'],
  [{ recurrence: 'FREQ=WEEKLY;UNTIL=20270310' }, '/startsAt'],
  [{ recurrence: 'FREQ=YEARLY;COUNT=1', startsAt: '2026-03-14T02:30', endsAt: '2026-03-14T03:30' }, '/recurrence'],
  [{ recurrence: undefined, exceptions: ['2027-03-14'] }, '/exceptions'],
  [{ timeZone: undefined }, '/startsAt'],
  [{ endsAt: '2027-03-14T02:00' }, '/endsAt'],
  [{ endsAt: '9027-03-14T02:00' }, '/endsAt'],
])('refuses %j', async (fields, pointer) => {
  const { body } = await refused(app, '/api/maintenances', { json: { ...weekly, ...fields } }, [
    400,
    'invalid-request',
  ]);
  expect(body).toMatchObject({ errors: [{ pointer }] });
});
