// Idempotency keys over the wire: a request that was repeated happened once and is answered as it was the first time.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { ShownService } from '../../projections/service.ts';
import { temporaryDirectory } from '../support/journals.ts';
import {
  type Answered,
  ask,
  changingNothing,
  createService,
  openIncident,
  put,
  refused,
  remove,
} from '../support/rest.ts';
import { LiveServer } from '../support/sockets.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const SERVICE = { name: 'Search', description: 'Finds things' };
const INCIDENT = { title: 'Slow search', description: 'Answers take long' };
const UPDATE = { status: 'identified', message: 'Found' };
const BROADCAST = { type: 'service-update', data: { hello: 'world' } };

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

/** Sends requests with a key to this server. */
function sendTo(to: StartedApp) {
  return (path: string, json: unknown, key: string, headers: Record<string, string> = {}) =>
    ask<ShownService>(to, path, { json, headers: { 'Idempotency-Key': key, ...headers } });
}

const send = (...request: Parameters<ReturnType<typeof sendTo>>) => sendTo(app)(...request);

/** All of an answer that a repeat must give again. */
const essence = ({ status, etag, headers, text }: Answered<unknown>) => [status, etag, headers.get('Location'), text];

test.each<[string, object, number]>([
  ['/api/services', SERVICE, 201],
  ['/api/incidents', INCIDENT, 201],
  ['/api/incidents/{id}/updates', UPDATE, 201],
  ['/api/websocket/broadcast', BROADCAST, 200],
])('POST %s', async (template, json, status) => {
  const path = template.replace('{id}', (await openIncident(app)).id);
  const key = newUuid();
  const first = await send(path, json, key);
  expect(first.status).toBe(status);
  const repeat = await changingNothing(app, () => send(path, json, key));
  expect(essence(repeat)).toEqual(essence(first));
  await changingNothing(app, async () => {
    expect(await send(path, { ...json, tenantId: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'key-reused' },
    });
  });
  expect(essence(await send(path, json, newUuid()))).not.toEqual(essence(first));
});

test('at once, twenty requests with one key happen once', async () => {
  const key = newUuid();
  const before = app.log.position;
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('/api/services', SERVICE, key)));
  expect(app.log.position).toBe(before + 1);
  expect(new Set(answers.map((answer) => JSON.stringify(essence(answer)))).size).toBe(1);
});

test('at once, two bodies with one key happen once, and one is refused', async () => {
  const key = newUuid();
  const before = app.log.position;
  const answers = await Promise.all(['a', 'b'].map((name) => send('/api/services', { ...SERVICE, name }, key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
  expect(app.log.position).toBe(before + 1);
});

test('a repeat is answered as at first, whatever became of the entity', async () => {
  const [serviceKey, incidentKey, updateKey] = [newUuid(), newUuid(), newUuid()];
  const service = await send('/api/services', SERVICE, serviceKey);
  const json = { ...INCIDENT, impacts: { [service.body.id]: 'major' } };
  const incident = await send('/api/incidents', json, incidentKey);
  const updates = `/api/incidents/${incident.body.id}/updates`;
  const update = await send(updates, UPDATE, updateKey);
  const expectRepeats = async () => {
    expect(essence(await send('/api/services', SERVICE, serviceKey))).toEqual(essence(service));
    expect(essence(await send('/api/incidents', json, incidentKey))).toEqual(essence(incident));
    expect(essence(await send(updates, UPDATE, updateKey))).toEqual(essence(update));
  };

  await put(app, `/api/services/${service.body.id}`, { name: 'Renamed', status: 'partial' });
  await put(app, `/api/incidents/${incident.body.id}`, { impact: 'critical', impacts: {} });
  await changingNothing(app, expectRepeats);
  await remove(app, `/api/services/${service.body.id}`);
  await remove(app, `/api/incidents/${incident.body.id}`);
  await changingNothing(app, expectRepeats);
});

test('a key is looked up before If-Match: a repeat is not refused because of what it did itself', async () => {
  const { id } = await openIncident(app);
  const key = newUuid();
  const headers = { 'If-Match': '"1-1"' };
  const first = await send(`/api/incidents/${id}/updates`, UPDATE, key, headers);
  const repeat = await changingNothing(app, () => send(`/api/incidents/${id}/updates`, UPDATE, key, headers));
  expect(first.status).toBe(201);
  expect(essence(repeat)).toEqual(essence(first));
});

test('a refusal is not remembered', async () => {
  const key = newUuid();
  const { id } = await createService(app);
  const impacts = { [newUuid()]: 'major' };
  const asked = (json: object) => ({ json, headers: { 'Idempotency-Key': key } });
  await refused(app, '/api/incidents', asked({ ...INCIDENT, title: '' }), [400, 'invalid-request']);
  await refused(app, '/api/incidents', asked({ ...INCIDENT, impacts }), [409, 'unknown-service']);
  expect(await send('/api/incidents', { ...INCIDENT, impacts: { [id]: 'major' } }, key)).toMatchObject({ status: 201 });

  const other = newUuid();
  const path = `/api/incidents/${(await openIncident(app)).id}/updates`;
  expect(await send(path, UPDATE, other, { 'If-Match': '"9-9"' })).toMatchObject({ status: 412 });
  expect(await send(path, UPDATE, other, { 'If-Match': '"1-1"' })).toMatchObject({ status: 201 });
});

test('a key means something for one path only', async () => {
  const key = newUuid();
  const [a, b] = [await openIncident(app), await openIncident(app)];
  const answers = [
    await send('/api/services', SERVICE, key),
    await send('/api/incidents', INCIDENT, key),
    await send(`/api/incidents/${a.id}/updates`, UPDATE, key),
    await send(`/api/incidents/${b.id}/updates`, UPDATE, key),
    await send('/api/websocket/broadcast', BROADCAST, key),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 200]);
});

test('PUT and DELETE do not need a key, and take no notice of one', async () => {
  const headers = { 'Idempotency-Key': 'not valid' };
  const path = `/api/services/${(await createService(app)).id}`;
  expect(await ask(app, path, { method: 'PUT', json: { uptime: 1 }, headers })).toMatchObject({ status: 200 });
  expect(await ask(app, path, { method: 'DELETE', headers })).toMatchObject({ status: 204 });
});

test.each(['', 'a b', 'ä', 'x'.repeat(256)])('the key %j is malformed', async (key) => {
  const asked = { json: SERVICE, headers: { 'Idempotency-Key': key } };
  const { body } = await refused(app, '/api/services', asked, [400, 'invalid-request']);
  expect(body.errors).toMatchObject([{ in: 'header', pointer: '/Idempotency-Key' }]);
});

test.each(['"quoted"', '!~', 'x'.repeat(255)])('the key %j is taken', async (key) => {
  expect(await send('/api/services', SERVICE, key)).toMatchObject({ status: 201 });
});

test('a broadcast that was repeated is heard once', async () => {
  const live = await LiveServer.start();
  try {
    const client = await live.connect();
    const key = newUuid();
    await Promise.all([1, 2, 3].map(() => sendTo(live.app)('/api/websocket/broadcast', BROADCAST, key)));
    await client.settled();
    expect(client.updates()).toMatchObject([{ data: BROADCAST.data, test: true }]);
  } finally {
    await live.close();
  }
});

describe('after a restart', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await temporaryDirectory();
  });

  afterAll(() => rm(directory, { recursive: true }));

  test('a repeat is still answered as at first, and another body still refused', async () => {
    const environment = { DATABASE_URL: 'sqlite:', DATA_DIR: directory };
    const before = await startApp(environment);
    const service = await sendTo(before)('/api/services', SERVICE, 'key-1');
    const incident = await sendTo(before)('/api/incidents', INCIDENT, 'key-1');
    const updates = `/api/incidents/${incident.body.id}/updates`;
    const update = await sendTo(before)(updates, UPDATE, 'key-1');
    await remove(before, `/api/services/${service.body.id}`);
    await before.close();

    const after = await startApp(environment);
    try {
      await changingNothing(after, async () => {
        expect(essence(await sendTo(after)('/api/services', SERVICE, 'key-1'))).toEqual(essence(service));
        expect(essence(await sendTo(after)('/api/incidents', INCIDENT, 'key-1'))).toEqual(essence(incident));
        expect(essence(await sendTo(after)(updates, UPDATE, 'key-1'))).toEqual(essence(update));
        expect(await sendTo(after)('/api/services', { ...SERVICE, uptime: 1 }, 'key-1')).toMatchObject({
          status: 422,
        });
      });
    } finally {
      await after.close();
    }
  });
});
