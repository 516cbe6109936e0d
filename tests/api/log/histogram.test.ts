// The histogram of events: each event in one bucket, and the worst status that was shown in it, against a naive count.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ShownService } from '../../../projections/service.ts';
import type { OverallStatus } from '../../../projections/status.ts';
import type { Turn } from '../../../src/bounds/turns.ts';
import { FREE } from '../../../src/http/payers.ts';
import type { Route } from '../../../src/http/route.ts';
import { askedBy } from '../../support/asked.ts';
import { ask, createService, type EventsPage, get, openIncident, put, refused } from '../../support/rest.ts';
import { anyone } from '../../support/scenario.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

const START = Date.parse('2026-03-01T00:00:00.000Z');
const HOUR = 3_600_000;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();

interface Histogram {
  readonly from: string;
  readonly to: string;
  readonly buckets: readonly { from: string; to: string; events: number; worst: string | null }[];
}

let app: StartedApp;
let hour = 0;
let service: ShownService;

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(START + hour * HOUR) });
  hour = 1.5;
  service = await createService(app);
  await createService(app, { organizationId: 'acme', status: 'major' });
  hour = 3.25;
  await put(app, `/api/services/${service.id}`, { status: 'partial' });
  hour = 3.5;
  await put(app, `/api/services/${service.id}`, { status: 'degraded' });
  hour = 6;
  await put(app, `/api/services/${service.id}`, { status: 'operational' });
  hour = 7.1;
  const { id } = await openIncident(app, { impact: 'critical' });
  hour = 7.2;
  await put(app, `/api/incidents/${id}`, { status: 'resolved' });
  hour = 9.5;
});
afterAll(() => app.close());

const read = (query: string) => get<Histogram>(app, `/api/events/histogram?${query}`);

test('each bucket has its events and the worst status within it, of one organisation alone', async () => {
  const { from, to, buckets } = await read(`from=${at(0)}&to=${at(12)}&buckets=12`);
  expect([from, to]).toEqual([at(0), at(12)]);
  expect(buckets.map(({ events, worst }) => [events, worst])).toEqual([
    [0, null],
    [1, 'operational'],
    [0, 'operational'],
    [2, 'partial'],
    [0, 'degraded'],
    [0, 'degraded'],
    [1, 'degraded'],
    [2, 'major'],
    [0, 'operational'],
    [0, 'operational'],
    [0, null],
    [0, null],
  ]);
});

test('a window within says of its beginning what was shown before it', async () => {
  const { buckets } = await read(`from=${at(4)}&to=${at(6)}&buckets=2`);
  expect(buckets.map(({ events, worst }) => [events, worst])).toEqual([
    [0, 'degraded'],
    [0, 'degraded'],
  ]);
});

test('agrees with the events and with the status of each moment', async () => {
  const { events } = await get<EventsPage>(app, '/api/events?organizationId=default');
  const { buckets } = await read(`from=${at(0)}&to=${at(9)}&buckets=36`);
  for (const bucket of buckets) {
    const within = events.filter(({ recordedAt }) => recordedAt >= bucket.from && recordedAt < bucket.to);
    expect(bucket.events).toBe(within.length);
    if (within.length > 0) continue;
    const { body } = await ask<OverallStatus>(app, `/api/status?organizationId=default&at=${bucket.to}`);
    // Right before the end nothing has changed yet.
    const isChanged = events.some(({ recordedAt }) => recordedAt === bucket.to);
    if (bucket.worst !== null && !isChanged) expect(bucket.worst).toBe(body.overallStatus);
  }
});

test('without a window it is of the last 90 days, to the end of this one', async () => {
  const { from, to, buckets } = await read('');
  expect([from, to, buckets.length]).toEqual(['2025-12-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z', 90]);
  expect(buckets.at(-1)).toMatchObject({ from: '2026-03-01T00:00:00.000Z', worst: 'major' });
  expect(buckets.reduce((sum, { events }) => sum + events, 0)).toBe(app.log.position - 1);
});

test('a window that ends before it begins is refused', async () => {
  await refused(app, `/api/events/histogram?from=${at(2)}&to=${at(2)}`, {}, [400, 'invalid-request']);
  await refused(app, '/api/events/histogram?buckets=401', {}, [400, 'invalid-request']);
});

test('only so many are counted at once, of one payer and of all, and each leaves room for the next', async () => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const turn: Turn = (work) => begun.then(work);
  const route = app.routes.find(({ path }) => path === '/api/events/histogram') as Route;
  const count = (key: string) =>
    route.handle({ ...askedBy(anyone), params: {}, query: { buckets: 1 }, body: {}, payer: { ...FREE, key }, turn });
  const counted = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'].map(count);
  expect(await count('a')).toMatchObject({ problem: 'too-costly' });
  expect(await count('e')).toMatchObject({ problem: 'overloaded' });
  begin();
  expect(await Promise.all(counted)).toEqual(Array(8).fill(expect.objectContaining({ status: 200 })));
  expect(await count('a')).toMatchObject({ status: 200 });
});
