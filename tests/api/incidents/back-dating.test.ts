// Back-dating and corrections over the wire: what happened earlier than it was recorded, and what really was.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { IncidentUpdate } from '../../../projections/incident/updates.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import type { ShownService } from '../../../projections/service.ts';
import { TIME_RULE } from '../../../src/commands/times.ts';
import { ask, changingNothing, createService, get, openIncident, put, refused } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterAll(() => app.close());

/** The time so many minutes ago. */
const ago = (minutes: number) => new Date(time - minutes * 60_000).toISOString();
const tomorrow = () => ago(-24 * 60);
const passMinutes = (minutes: number) => {
  time += minutes * 60_000;
};

describe('an incident', () => {
  test('may have started before it was opened, in any offset', async () => {
    const json = { title: 'Slow', description: 'Long', startedAt: '2026-03-01T10:30:00+02:00' };
    const answered = await ask<ShownIncident>(app, '/api/incidents', { json });
    expect(answered).toMatchObject({
      status: 201,
      etag: `"1-${app.log.position}"`,
      body: { createdAt: '2026-03-01T08:30:00.000Z', recordedAt: ago(0), updatedAt: ago(0) },
    });
    expect(await get(app, `/api/incidents/${answered.body.id}`)).toEqual(answered.body);
  });

  test('tells when it happened and when it was recorded, on its event too', async () => {
    await openIncident(app, { startedAt: ago(30) });
    const { events } = await get<{ events: unknown[] }>(app, `/api/events?after=${app.log.position - 1}`);
    expect(events).toMatchObject([{ occurredAt: ago(30), recordedAt: ago(0) }]);
    expect(JSON.stringify(events)).not.toContain('startedAt');
  });

  test('cannot start in the future', async () => {
    const json = { title: 'Slow', description: 'Long', startedAt: tomorrow() };
    const { body } = await refused(app, '/api/incidents', { json }, [400, 'future-time']);
    expect(body.errors).toMatchObject([{ in: 'body', pointer: '/startedAt' }]);
  });

  test.each(['yesterday', '2026-03-01T09:00:00', 7, null])('cannot start at %j', async (startedAt) => {
    const json = { title: 'Slow', description: 'Long', startedAt };
    const { body } = await refused(app, '/api/incidents', { json }, [400, 'invalid-request']);
    expect(body.detail).toBe(`startedAt ${TIME_RULE}.`);
  });

  test('of the past is listed in the order of its recording', async () => {
    const organizationId = 'late';
    const first = await openIncident(app, { organizationId });
    const second = await openIncident(app, { organizationId, startedAt: ago(60) });
    const listed = await get<ShownIncident[]>(app, `/api/incidents?organizationId=${organizationId}`);
    expect(listed.map(({ id }) => id)).toEqual([first.id, second.id]);
  });
});

describe('an update', () => {
  const post = (id: string, json: object, headers = {}) =>
    ask<IncidentUpdate>(app, `/api/incidents/${id}/updates`, { json, headers });

  test('may have happened before it was posted, and moves the incident as of then', async () => {
    const { id } = await openIncident(app, { startedAt: ago(60) });
    const at = ago(20);
    const { status, body, etag } = await post(id, { status: 'resolved', message: 'Over', at });
    expect([status, body]).toEqual([
      201,
      { id: body.id, status: 'resolved', message: 'Over', changes: [], createdAt: at, recordedAt: ago(0) },
    ]);
    const read = await ask<ShownIncident>(app, `/api/incidents/${id}`);
    expect(read.etag).toBe(etag);
    expect(read.body).toMatchObject({ status: 'resolved', resolvedAt: at, updatedAt: ago(0), updates: [body] });
  });

  test('of before the latest move is filed where it belongs, and reopens nothing', async () => {
    const service = await createService(app);
    const { id } = await openIncident(app, { startedAt: ago(60), impacts: { [service.id]: 'major' } });
    const over = await post(id, { status: 'resolved', message: 'Over', at: ago(10) });
    const position = app.log.position;
    const found = await post(id, { status: 'identified', message: 'Found', at: ago(30) });
    expect([found.status, app.log.position]).toEqual([201, position + 1]);
    const read = await ask<ShownIncident>(app, `/api/incidents/${id}`);
    expect(read.etag).toBe(found.etag);
    expect(read.body).toMatchObject({ status: 'resolved', resolvedAt: ago(10), updates: [found.body, over.body] });
    expect(await get(app, `/api/services/${service.id}`)).toMatchObject({ status: 'operational' });
    expect(await get(app, '/api/status')).toMatchObject({ overallStatus: expect.not.stringMatching('major') });
  });

  test('says when an incident ended that is recorded afterwards', async () => {
    const { id } = await openIncident(app, { startedAt: ago(180), status: 'resolved' });
    await post(id, { status: 'resolved', message: 'Over', at: ago(60) });
    await post(id, { status: 'resolved', message: 'What we learned', at: ago(10) });
    expect(await get(app, `/api/incidents/${id}`)).toMatchObject({ createdAt: ago(180), resolvedAt: ago(60) });
    const { body } = await ask<{ changes: { fields: { field: string }[] }[] }>(app, `/api/incidents/${id}/history`);
    expect(JSON.stringify(body)).not.toContain('EndOpen');
  });

  test('of before the latest move is answered again to a repeat', async () => {
    const { id } = await openIncident(app, { startedAt: ago(60), status: 'identified' });
    await post(id, { status: 'monitoring', message: 'Mended' });
    const headers = { 'Idempotency-Key': newUuid() };
    const json = { status: 'identified', message: 'Found', at: ago(30) };
    const first = await post(id, json, headers);
    const repeat = await changingNothing(app, () => post(id, json, headers));
    expect([repeat.status, repeat.text, repeat.etag]).toEqual([201, first.text, first.etag]);
  });

  test.each([
    ['in the future', () => ({ at: tomorrow() }), [400, 'future-time'], '/at'],
    ['before the incident', () => ({ at: ago(61) }), [409, 'out-of-order'], '/at'],
    ['at no time', () => ({ at: 'then' }), [400, 'invalid-request'], '/at'],
  ] as const)('cannot happen %s', async (_name, wrong, refusal, pointer) => {
    const incident = await openIncident(app, { startedAt: ago(60) });
    const json = { status: 'identified', message: 'Found', ...wrong() };
    const { body } = await refused(app, `/api/incidents/${incident.id}/updates`, { json }, refusal);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
    expect(await get(app, `/api/incidents/${incident.id}`)).toEqual(incident);
  });
});

describe('a reported status', () => {
  test('may hold since before it was reported', async () => {
    const service = await createService(app);
    passMinutes(60);
    const at = ago(15);
    const changed = await put<ShownService>(app, `/api/services/${service.id}`, { status: 'partial', at, uptime: 99 });
    expect(changed).toEqual({
      ...service,
      status: 'partial',
      reportedStatus: 'partial',
      reportedSince: at,
      reportedAt: ago(0),
      uptime: 99,
      lastUpdated: ago(0),
      version: 3,
    });
    const { events } = await get<{ events: object[] }>(app, `/api/events?after=${app.log.position - 2}`);
    expect(events).toMatchObject([{ type: 'service.status-reported', occurredAt: at }, { data: { uptime: 99 } }]);
    expect(events[1]).not.toHaveProperty('occurredAt');
  });

  test.each([
    [{ name: 'Other', at: '2026-03-01T10:00:00Z' }, [400, 'invalid-request']],
    [{ at: '2026-03-01T10:00:00Z' }, [400, 'invalid-request']],
    [{ status: 'major', at: '2999-03-01T10:00:00Z' }, [400, 'future-time']],
    [{ status: 'major', at: '2026-02-01T10:00:00Z' }, [409, 'out-of-order']],
  ] as const)('is refused as %j', async (json, refusal) => {
    const service = await createService(app);
    const path = `/api/services/${service.id}`;
    const { body } = await refused(app, path, { method: 'PUT', json }, refusal);
    expect(body.errors).toMatchObject([{ in: 'body', pointer: '/at' }]);
    expect(await get(app, path)).toEqual(service);
  });
});

describe('a correction', () => {
  const correction = () => ({ from: ago(30), to: ago(10), status: 'major', reason: 'Nobody noticed' });
  let service: ShownService;
  let path: string;

  beforeAll(async () => {
    service = await createService(app);
    path = `/api/services/${service.id}`;
    passMinutes(60);
  });

  test('is answered with 201 and the tag of the service, of which it changes nothing else', async () => {
    const answered = await ask(app, `${path}/corrections`, { json: { ...correction(), comment: 'Not kept' } });
    expect(answered.status).toBe(201);
    const days = [{ date: '2026-03-01', before: 100, after: expect.any(Number) }];
    expect(answered.body).toEqual({ id: expect.any(String), ...correction(), recordedAt: ago(0), days });
    const read = await ask<ShownService>(app, path);
    expect(read.etag).toBe(answered.etag);
    expect(read.body).toEqual({ ...service, version: 2, lastUpdated: ago(0) });
  });

  test('is made once, however often it is sent with one key', async () => {
    const headers = { 'Idempotency-Key': newUuid() };
    const first = await ask(app, `${path}/corrections`, { json: correction(), headers });
    const repeat = await changingNothing(app, () => ask(app, `${path}/corrections`, { json: correction(), headers }));
    expect([repeat.status, repeat.text]).toEqual([201, first.text]);
  });

  test('is refused to who has not seen the service as it is', async () => {
    const headers = { 'If-Match': '"1-1"' };
    await refused(app, `${path}/corrections`, { json: correction(), headers }, [412, 'stale']);
  });

  test.each<[string, () => object, readonly [number, string], string]>([
    ['that ends in the future', () => ({ to: tomorrow() }), [400, 'future-time'], '/to'],
    ['of before the service', () => ({ from: ago(24 * 60) }), [409, 'out-of-order'], '/from'],
    ['that ends where it starts', () => ({ to: ago(30) }), [400, 'invalid-request'], '/to'],
    ['that ends before it starts', () => ({ to: ago(31) }), [400, 'invalid-request'], '/to'],
    ['without a reason', () => ({ reason: ' ' }), [400, 'invalid-request'], '/reason'],
    ['to no status', () => ({ status: 'resolved' }), [400, 'invalid-request'], '/status'],
  ])('%s is refused', async (_name, wrong, refusal, pointer) => {
    const json = { ...correction(), ...wrong() };
    const { body } = await refused(app, `${path}/corrections`, { json }, refusal);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  test('of an unknown service is 404', async () => {
    await refused(app, `/api/services/${newUuid()}/corrections`, { json: correction() }, [404, 'not-found']);
  });
});
