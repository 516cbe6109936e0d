// Uptime over the wire: of a service and of an organisation, its corrections and explanations, now and as it was said then.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { UptimeOfOrganization, UptimeOfService } from '../../../projections/uptime-figures.ts';
import { ask, createService, get, openIncident, put, refused } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-10T12:00:30.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});
afterAll(() => app.close());

const ago = (minutes: number) => new Date(time - minutes * 60_000).toISOString();
const passMinutes = (minutes: number) => {
  time += minutes * 60_000;
};
const HOUR = 3_600;
const seconds = (given: object) => ({
  operational: 0,
  maintenance: 0,
  degraded: 0,
  partial: 0,
  major: 0,
  none: 0,
  ...given,
});

/** A service that counts from ten days ago on, in an organisation of its own. */
async function oldService(organizationId: string) {
  return createService(app, { organizationId, startDate: ago(10 * 24 * 60) });
}

describe('the uptime of a service', () => {
  test('is counted from what was shown, day by day, up to the last full minute', async () => {
    const { id } = await oldService('counted');
    const incident = await openIncident(app, {
      organizationId: 'counted',
      startedAt: ago(24 * 60),
      resolvedAt: ago(23 * 60),
      impacts: { [id]: 'partial' },
    });
    const { body } = await ask<UptimeOfService>(app, `/api/services/${id}/uptime?days=3`);
    expect(body).toEqual({
      serviceId: id,
      policy: 'statuspage-1',
      zone: 'UTC',
      from: '2026-03-08T00:00:00.000Z',
      to: '2026-03-10T12:00:00.000Z',
      // 0.3 of an hour out of 60 hours.
      uptime: 99.5,
      seconds: seconds({ operational: 59 * HOUR, partial: HOUR }),
      days: [
        {
          date: '2026-03-08',
          uptime: 100,
          worst: 'operational',
          seconds: seconds({ operational: 24 * HOUR }),
          incidents: [],
          maintenances: [],
        },
        {
          ...{ date: '2026-03-09', uptime: 98.75, worst: 'partial', incidents: [incident.id], maintenances: [] },
          seconds: seconds({ operational: 23 * HOUR, partial: HOUR }),
        },
        {
          date: '2026-03-10',
          uptime: 100,
          worst: 'operational',
          seconds: seconds({ operational: 12 * HOUR }),
          incidents: [],
          maintenances: [],
        },
      ],
      position: app.log.position,
      validUntil: '2026-03-10T13:00:00.000Z',
    });
    expect(await get(app, `/api/services/${id}/uptime?days=3&policy=strict-1`)).toMatchObject({ uptime: 98.33 });
  });

  test('takes windows of times and of dates of any zone, and counts nothing that is still to come', async () => {
    const { id } = await oldService('windows');
    const uptime = (query: string) => get<UptimeOfService>(app, `/api/services/${id}/uptime?${query}`);
    const passed = await uptime('from=2026-03-07&to=2026-03-09&zone=Asia/Kathmandu');
    expect(passed).toMatchObject({
      from: '2026-03-06T18:15:00.000Z',
      to: '2026-03-08T18:15:00.000Z',
      validUntil: null,
    });
    expect(passed.days.map(({ date }) => date)).toEqual(['2026-03-07', '2026-03-08']);
    const open = await uptime(`from=${ago(10 * 24 * 60 + 10)}&to=2026-03-11`);
    expect(open.seconds.none).toBe(10 * 60 + 12 * HOUR - 30);
    expect(open.validUntil).not.toBe(null);
  });

  test.each([
    ['days=401', '/days'],
    ['days=2&from=2026-03-01', '/days'],
    ['to=2026-03-01', '/to'],
    ['from=2026-03-01&to=2026-03-01', '/to'],
    ['from=2024-01-01', '/from'],
    ['from=yesterday', '/from'],
    ['zone=Europe/Atlantis', '/zone'],
    ['policy=kind-1', '/policy'],
  ])('is refused for %s', async (query, pointer) => {
    const { id } = await createService(app);
    const { body } = await refused(app, `/api/services/${id}/uptime?${query}`, {}, [400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ in: 'query', pointer }]);
  });

  test('is kept until it changes, or time ends it', async () => {
    const { id } = await oldService('kept');
    const path = `/api/services/${id}/uptime`;
    const first = await ask<UptimeOfService>(app, path);
    await createService(app, { organizationId: 'another' });
    passMinutes(59);
    expect(await ask(app, path)).toMatchObject({ text: first.text, etag: first.etag });
    passMinutes(1);
    const later = await ask<UptimeOfService>(app, path);
    expect(later.etag).not.toBe(first.etag);
    expect(later.body.to).toBe('2026-03-10T13:00:00.000Z');
    await put(app, `/api/services/${id}`, { status: 'major' });
    const worse = await ask<UptimeOfService>(app, path);
    expect(worse.body).toMatchObject({ position: app.log.position, validUntil: '2026-03-10T13:01:00.000Z' });
  });

  test('follows the settings of the page from then on, and `position` and `at` keep what was said before', async () => {
    const { id } = await oldService('set');
    passMinutes(120);
    await put(app, `/api/services/${id}`, { status: 'partial', at: ago(60) });
    const path = `/api/services/${id}/uptime?days=1`;
    const before = await get<UptimeOfService>(app, path);
    const [then, at] = [app.log.position, ago(0)];
    passMinutes(5);
    await put(app, '/api/page/settings?organizationId=set', { uptimePolicy: 'strict-1', timeZone: 'Europe/Berlin' });
    expect(await get(app, path)).toMatchObject({
      zone: 'Europe/Berlin',
      policy: 'strict-1',
      position: app.log.position,
    });
    for (const when of [`position=${then}`, `at=${at}`]) {
      expect(await get(app, `${path}&${when}`)).toEqual({ ...before, validUntil: null });
    }
  });
});

describe('a correction', () => {
  const corrected = (id: string, json: object, headers = {}) =>
    ask<{ id: string; days: unknown }>(app, `/api/services/${id}/corrections`, {
      json: { reason: 'So', ...json },
      headers,
    });

  test('says what it does to the days, reaches back to the start, and is answered again to a repeat', async () => {
    const { id } = await oldService('corrected');
    const times = { from: '2026-03-05T23:00:00Z', to: '2026-03-06T06:00:00Z' };
    const headers = { 'Idempotency-Key': newUuid() };
    const first = await corrected(id, { ...times, status: 'major' }, headers);
    expect(first.body.days).toEqual([
      { date: '2026-03-05', before: 100, after: 95.83 },
      { date: '2026-03-06', before: 100, after: 75 },
    ]);
    await corrected(id, { ...times, status: 'degraded' });
    expect((await corrected(id, { ...times, status: 'major' }, headers)).text).toBe(first.text);
    // No per cent changes, but what was shown does.
    expect((await corrected(id, { ...times, status: 'maintenance' })).body.days).toHaveLength(2);
    await refused(
      app,
      `/api/services/${id}/corrections`,
      { json: { ...times, from: ago(11 * 24 * 60), status: 'major', reason: 'So' } },
      [409, 'out-of-order'],
    );
  });

  test('can be withdrawn, once, and then never was', async () => {
    const { id } = await oldService('withdrawn');
    const path = `/api/services/${id}/uptime?from=2026-03-05&to=2026-03-07`;
    const before = await get<UptimeOfService>(app, path);
    const { body } = await corrected(id, { from: '2026-03-05T23:00:00Z', to: '2026-03-06T06:00:00Z', status: 'major' });
    expect(await get(app, path)).not.toMatchObject({ uptime: 100 });
    const withdrawal = `/api/services/${id}/corrections/${body.id}`;
    expect((await app.request(withdrawal, { method: 'DELETE' })).status).toBe(204);
    expect(await get(app, path)).toEqual({ ...before, position: app.log.position });
    await refused(app, withdrawal, { method: 'DELETE' }, [404, 'not-found']);
  });
});

test('a day is explained by intervals and the events that decided them, also as it was known then', async () => {
  const { id } = await oldService('explained');
  const created = app.log.position;
  const [from, to] = ['2026-03-08T10:00:00.000Z', '2026-03-08T11:00:00.000Z'];
  await ask(app, `/api/services/${id}/corrections`, { json: { from, to, status: 'major', reason: 'So' } });
  const path = `/api/explain?serviceId=${id}&date=2026-03-08`;
  expect(await get(app, path)).toMatchObject({
    ...{ serviceId: id, date: '2026-03-08', zone: 'UTC', policy: 'statuspage-1', uptime: 95.83 },
    seconds: seconds({ operational: 23 * HOUR, major: HOUR }),
    intervals: [
      { from: '2026-03-08T00:00:00.000Z', to: from, status: 'operational', events: [] },
      { from, to, status: 'major', events: [app.log.position] },
      { from: to, to: '2026-03-09T00:00:00.000Z', status: 'operational', events: [] },
    ],
  });
  expect(await get(app, `${path}&position=${created}`)).toMatchObject({ uptime: 100, position: created });
  await refused(app, `/api/explain?date=2026-03-08`, {}, [400, 'invalid-request']);
});

test('an organisation has the means of its services and groups, a page at a time, now and then', async () => {
  const organizationId = 'means';
  const group = await ask<{ id: string }>(app, '/api/groups', { json: { name: 'Core', organizationId } });
  const services = [
    await oldService(organizationId),
    await oldService(organizationId),
    await oldService(organizationId),
  ];
  const [first, second, third] = services.map(({ id }) => id);
  await put(app, `/api/services/${first}`, { groupId: group.body.id });
  await put(app, `/api/services/${second}`, { groupId: group.body.id });
  const correction = { from: ago(6 * 60), to: ago(3 * 60), status: 'major', reason: 'So' };
  await ask(app, `/api/services/${second}/corrections`, { json: correction });
  const path = `/api/uptime?organizationId=${organizationId}&days=2`;
  const whole = await get<UptimeOfOrganization>(app, path);
  const own = await get<UptimeOfService>(app, `/api/services/${second}/uptime?days=2`);
  const lost = (100 * 3 * HOUR) / (Date.parse(whole.to) / 1_000 - Date.parse(whole.from) / 1_000);
  expect(whole.services.map(({ serviceId }) => serviceId)).toEqual([first, second, third]);
  expect(whole.services[1]).toEqual({
    ...{ serviceId: second, uptime: own.uptime, seconds: own.seconds },
    days: own.days.map(({ seconds: _, ...day }) => day),
  });
  expect(whole.groups).toEqual([{ groupId: group.body.id, uptime: Math.floor((100 - lost / 2) * 100) / 100 }]);
  expect(whole.uptime).toBe(Math.floor((100 - lost / 3) * 100) / 100);
  const page = await ask<UptimeOfOrganization>(app, `${path}&limit=2`);
  expect([page.body.services.length, page.body.uptime]).toEqual([2, whole.uptime]);
  const next = /<(.*)>/.exec((await app.request(`${path}&limit=2`)).headers.get('Link') ?? '')?.[1];
  expect(await get(app, `/api/uptime${next}`)).toMatchObject({ services: [{ serviceId: third }] });
  const then = app.log.position;
  passMinutes(1);
  await app.request(`/api/services/${second}`, { method: 'DELETE' });
  expect(await get(app, path)).toMatchObject({ uptime: 100, position: app.log.position });
  expect(await get(app, `${path}&position=${then}`)).toEqual({ ...whole, validUntil: null });
});
