// Services over the wire: what is shown, what may be changed, and what is refused without a trace.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { ShownService } from '../../../projections/service.ts';
import { ask, changingNothing, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterAll(() => app.close());

const path = ({ id }: { id: string }) => `/api/services/${id}`;

describe('a new service', () => {
  test('is operational, fully up and in no named organisation unless told', async () => {
    const answered = await ask<ShownService>(app, '/api/services', {
      json: { name: '  Search ', description: ' Finds things\n' },
    });
    const { id } = answered.body;
    expect(answered.status).toBe(201);
    expect(answered.headers.get('Location')).toBe(`/api/services/${id}`);
    expect(answered.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Search',
      description: 'Finds things',
      status: 'operational',
      reportedStatus: 'operational',
      reportedSince: '2026-03-01T10:00:00.000Z',
      reportedAt: '2026-03-01T10:00:00.000Z',
      uptime: 100,
      groupId: null,
      order: null,
      showUptime: true,
      onlyShowIfAffected: false,
      startDate: '2026-03-01T10:00:00.000Z',
      createdAt: '2026-03-01T10:00:00.000Z',
      lastUpdated: '2026-03-01T10:00:00.000Z',
      version: 1,
    });
    const read = await ask(app, path({ id }));
    expect([read.text, read.etag]).toEqual([answered.text, answered.etag]);
  });

  test.each([
    { status: 'maintenance' },
    { uptime: 0 },
    { uptime: 12.3456 },
    { organizationId: 'org-1', tenantId: 'tenant-1' },
    { tenantId: 'tenant-1' },
    { name: 'x'.repeat(200), description: 'y'.repeat(10_000) },
  ])('takes %j', async (fields) => {
    expect(await createService(app, fields)).toMatchObject(fields);
  });

  test('of the organisation "default" does not say so', async () => {
    expect(await createService(app, { organizationId: 'default' })).not.toHaveProperty('organizationId');
  });

  test.each([
    [{ name: undefined }, '/name'],
    [{ name: ' \t' }, '/name'],
    [{ name: 'x'.repeat(201) }, '/name'],
    [{ name: null }, '/name'],
    [{ description: undefined }, '/description'],
    [{ description: '' }, '/description'],
    [{ description: 'x'.repeat(10_001) }, '/description'],
    [{ status: 'down' }, '/status'],
    [{ uptime: 100.1 }, '/uptime'],
    [{ uptime: -1 }, '/uptime'],
    [{ uptime: '99' }, '/uptime'],
    [{ startDate: '1969-12-31T23:59:59Z' }, '/startDate'],
    [{ organizationId: 'a b' }, '/organizationId'],
    [{ organizationId: '' }, '/organizationId'],
    [{ tenantId: 'x'.repeat(65) }, '/tenantId'],
  ])('is refused with %j', async (fields, pointer) => {
    const json = { name: 'Search', description: 'Finds things', ...fields };
    const { body } = await refused(app, '/api/services', { json }, [400, 'invalid-request']);
    expect(body.errors).toEqual([{ in: 'body', pointer, detail: expect.any(String) }]);
  });
});

describe('PUT', () => {
  test.each([
    { name: 'Found' },
    { description: 'Finds more' },
    { status: 'partial' },
    { status: 'degraded', uptime: 98.5 },
    { uptime: 0 },
    { name: 'Found', description: 'Finds more', status: 'major', uptime: 1 },
  ])('changes nothing but %j', async (change) => {
    const service = await createService(app, { tenantId: 'tenant-1', uptime: 50 });
    time += 1_000;
    const now = new Date(time).toISOString();
    const changed = await put<ShownService>(app, path(service), change);
    const { version: _version, ...rest } = service;
    expect(changed).toMatchObject({
      ...rest,
      ...change,
      ...('status' in change ? { reportedStatus: change.status, reportedSince: now, reportedAt: now } : {}),
      lastUpdated: now,
    });
    expect(changed.version).toBe(
      1 + Number('name' in change || 'description' in change) + Number('status' in change) + Number('uptime' in change),
    );
    expect(await get(app, path(service))).toEqual(changed);
  });

  test('that changes nothing appends nothing and keeps the tag', async () => {
    const service = await createService(app, { organizationId: 'org-1' });
    const { etag } = await ask(app, path(service));
    const { id: _id, createdAt: _createdAt, ...same } = service;
    for (const json of [same, { name: ' Search ' }, { organizationId: 'org-1' }, {}]) {
      const answered = await changingNothing(app, () => ask(app, path(service), { method: 'PUT', json }));
      expect([answered.status, answered.etag, answered.body]).toEqual([200, etag, service]);
    }
  });

  test.each([
    [{ name: '' }, [400, 'invalid-request']],
    [{ name: '   ' }, [400, 'invalid-request']],
    [{ name: null }, [400, 'invalid-request']],
    [{ description: '' }, [400, 'invalid-request']],
    [{ status: 'resolved' }, [400, 'invalid-request']],
    [{ uptime: null }, [400, 'invalid-request']],
    [{ name: 'fine', uptime: 101 }, [400, 'invalid-request']],
    [{ statsu: 'major' }, [400, 'no-known-member']],
    [{ reportedStatus: 'major' }, [400, 'no-known-member']],
    [{ organizationId: 'org-2' }, [409, 'other-place']],
    [{ organizationId: 'default' }, [409, 'other-place']],
    [{ tenantId: 'tenant-2', name: 'fine' }, [409, 'other-place']],
  ] as const)('of %j is refused', async (json, refusal) => {
    const service = await createService(app, { organizationId: 'org-1', tenantId: 'tenant-1' });
    await refused(app, path(service), { method: 'PUT', json }, refusal);
    expect(await get(app, path(service))).toEqual(service);
  });

  test('names what was probably meant', async () => {
    const service = await createService(app);
    const { body } = await refused(app, path(service), { method: 'PUT', json: { statsu: 'major' } }, [
      400,
      'no-known-member',
    ]);
    expect(body.detail).toContain('"status" instead of "statsu"');
  });

  test('does not give a service a tenant that it was created without', async () => {
    const service = await createService(app);
    await refused(app, path(service), { method: 'PUT', json: { tenantId: 'tenant-1' } }, [409, 'other-place']);
  });
});

describe('the shown status', () => {
  test('is the worst of what is reported and what unresolved incidents say', async () => {
    const service = await createService(app);
    const shown = async () => {
      const { status, reportedStatus } = await get<ShownService>(app, path(service));
      return [status, reportedStatus];
    };
    const first = await openIncident(app, { impacts: { [service.id]: 'partial' } });
    expect(await shown()).toEqual(['partial', 'operational']);
    await put(app, path(service), { status: 'degraded' });
    expect(await shown()).toEqual(['partial', 'degraded']);
    const second = await openIncident(app, { impacts: { [service.id]: 'major' } });
    expect(await shown()).toEqual(['major', 'degraded']);

    await put(app, `/api/incidents/${second.id}`, { status: 'resolved' });
    expect(await shown()).toEqual(['partial', 'degraded']);
    await put(app, `/api/incidents/${second.id}`, { status: 'monitoring' });
    expect(await shown()).toEqual(['major', 'degraded']);
    await remove(app, `/api/incidents/${second.id}`);
    expect(await shown()).toEqual(['partial', 'degraded']);

    const update = { status: 'identified', message: 'Worse', impacts: { [service.id]: 'major' } };
    await ask(app, `/api/incidents/${first.id}/updates`, { json: update });
    expect(await shown()).toEqual(['major', 'degraded']);
    await ask(app, `/api/incidents/${first.id}/updates`, { json: { status: 'resolved', message: 'Over' } });
    expect(await shown()).toEqual(['degraded', 'degraded']);
  });

  test('is not better than reported because an incident says so', async () => {
    const service = await createService(app, { status: 'major' });
    await openIncident(app, { impacts: { [service.id]: 'degraded' } });
    expect(await get(app, path(service))).toMatchObject({ status: 'major', reportedStatus: 'major' });
  });

  test('under maintenance does not hide an outage', async () => {
    const service = await createService(app, { status: 'maintenance' });
    await openIncident(app, { impacts: { [service.id]: 'degraded' } });
    expect(await get(app, path(service))).toMatchObject({ status: 'degraded', reportedStatus: 'maintenance' });
  });
});

test('lists take organisation and tenant, and keep the order of creation', async () => {
  const inA1 = await createService(app, { organizationId: 'list-a', tenantId: 'list-1' });
  const inA2 = await createService(app, { organizationId: 'list-a', tenantId: 'list-2' });
  const inB1 = await createService(app, { organizationId: 'list-b', tenantId: 'list-1' });
  const in1 = await createService(app, { tenantId: 'list-1' });
  await put(app, path(inA1), { name: 'Renamed' });
  const ids = async (query: string) => (await get<ShownService[]>(app, `/api/services?${query}`)).map(({ id }) => id);
  expect(await ids('organizationId=list-a')).toEqual([inA1.id, inA2.id]);
  expect(await ids('tenantId=list-1')).toEqual([inA1.id, inB1.id, in1.id]);
  expect(await ids('organizationId=list-a&tenantId=list-1')).toEqual([inA1.id]);
  expect(await ids('organizationId=default&tenantId=list-1')).toEqual([in1.id]);
  expect(await ids('organizationId=nobody')).toEqual([]);
  expect(await ids('')).toEqual(expect.arrayContaining([inA1.id, inA2.id, inB1.id, in1.id]));
});

describe('DELETE', () => {
  test('answers 204, after which the service is gone and its events stay', async () => {
    const service = await createService(app, { organizationId: 'org-del' });
    const answered = await ask(app, path(service), { method: 'DELETE' });
    expect([answered.status, answered.text]).toEqual([204, '']);
    for (const asked of [{}, { method: 'DELETE' }, { method: 'PUT', json: { name: 'Back' } }]) {
      await refused(app, path(service), asked, [404, 'not-found']);
    }
    expect(await get(app, '/api/services?organizationId=org-del')).toEqual([]);
    const { events } = await get<{ events: unknown[] }>(app, '/api/events?organizationId=org-del');
    expect(events).toMatchObject([{ type: 'service.created' }, { type: 'service.deleted' }]);
  });

  test.each(['GET', 'PUT', 'DELETE'])('and %s of an unknown id are 404', async (method) => {
    const asked = method === 'PUT' ? { method, json: { name: 'X' } } : { method };
    await refused(app, path({ id: newUuid() }), asked, [404, 'not-found']);
  });

  test('of an incident’s id is 404: it is no service', async () => {
    await refused(app, path(await openIncident(app)), { method: 'DELETE' }, [404, 'not-found']);
  });
});
