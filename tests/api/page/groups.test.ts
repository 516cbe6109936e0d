// Groups over the wire: their services come and go, their status follows, and what is asked about the past is answered.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownGroup } from '../../../projections/service/group.ts';
import type { ShownService } from '../../../projections/service.ts';
import { ask, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let group: ShownGroup;

beforeAll(async () => {
  app = await startApp();
  const created = await ask<ShownGroup>(app, '/api/groups', {
    json: { name: ' Core ', translations: { DE: { name: 'Kern' } } },
  });
  expect([created.status, created.headers.get('Location')]).toEqual([201, `/api/groups/${created.body.id}`]);
  group = created.body;
});
afterAll(() => app.close());

const groupNow = () => get<ShownGroup>(app, `/api/groups/${group.id}`);

test('a group is shown as it was asked for', async () => {
  expect(group).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'Core',
    description: '',
    display: 'expanded',
    status: 'operational',
    translations: { de: { name: 'Kern' } },
    order: null,
    createdAt: group.lastUpdated,
    lastUpdated: expect.any(String),
    version: 1,
  });
  expect(await get(app, '/api/groups')).toEqual([group]);
});

test('it has the worst status of its services, at present and in the past', async () => {
  const service = await createService(app, { groupId: group.id, startDate: '2020-02-02T02:02:02+02:00' });
  expect(service).toMatchObject({ groupId: group.id, order: 'a0', startDate: '2020-02-02T00:02:02.000Z', version: 2 });
  const { position } = app.log;
  const { etag } = await ask(app, `/api/groups/${group.id}`);
  const incident = await openIncident(app, { impacts: { [service.id]: 'partial' } });
  expect(await groupNow()).toMatchObject({ status: 'partial', version: 1 });
  expect((await ask(app, `/api/groups/${group.id}`)).etag).not.toBe(etag);
  expect(await get(app, '/api/groups?status=partial')).toHaveLength(1);
  expect(await get(app, `/api/groups/${group.id}?position=${position}`)).toMatchObject({ status: 'operational' });
  expect(await get(app, `/api/groups?position=${position}`)).toEqual([
    expect.objectContaining({ status: 'operational' }),
  ]);
  await remove(app, `/api/incidents/${incident.id}`);
  expect(await groupNow()).toMatchObject({ status: 'operational', version: 1 });
});

test('it is changed under the terms of its version, and its history says how', async () => {
  const { etag } = await ask(app, `/api/groups/${group.id}`);
  const path = `/api/groups/${group.id}`;
  const json = { display: 'collapsed', description: 'All else stands on it' };
  await refused(app, path, { method: 'PUT', json, headers: { 'If-Match': '"7-7"' } }, [412, 'stale']);
  const changed = await ask<ShownGroup>(app, path, { method: 'PUT', json, headers: { 'If-Match': etag } });
  expect(changed.body).toMatchObject({ ...json, version: 2 });
  expect(changed.body).not.toHaveProperty('translations');
  const { entries } = await get<{ entries: { type: string; changes: { field: string }[] }[] }>(app, `${path}/history`);
  expect(entries.map(({ type, changes }) => [type, ...changes.map(({ field }) => field)])).toEqual([
    ['group.created', 'name', 'description', 'display', 'translations'],
    ['group.described', 'description', 'display', 'translations'],
  ]);
});

describe('what is refused', () => {
  test.each<[string, object, string]>([
    ['a name of nothing', { name: ' ' }, '/name'],
    ['an unknown display', { name: 'A', display: 'open' }, '/display'],
    [
      'a translation into no language',
      { name: 'A', translations: { english_please: { name: 'A' } } },
      '/translations/english_please',
    ],
  ])('%s', async (_what, json, pointer) => {
    const { body } = await refused(app, '/api/groups', { json }, [400, 'invalid-request']);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
  });

  test('a service in a group of another organisation', async () => {
    const theirs = await ask<ShownGroup>(app, '/api/groups', { json: { name: 'Theirs', organizationId: 'acme' } });
    const json = { name: 'Search', description: 'Finds', groupId: theirs.body.id };
    await refused(app, '/api/services', { json }, [409, 'unknown-group']);
  });
});

test('once it is deleted, its services have none, and only members see what it was', async () => {
  const [{ id } = { id: '' }] = await get<ShownService[]>(app, '/api/services');
  const { position } = app.log;
  await put(app, `/api/services/${id}`, { showUptime: false });
  await remove(app, `/api/groups/${group.id}`);
  expect(await get(app, `/api/services/${id}`)).toMatchObject({
    groupId: null,
    order: null,
    showUptime: false,
    version: 3,
  });
  expect(await get(app, `/api/services/${id}?position=${position}`)).toMatchObject({ groupId: group.id, order: 'a0' });
  expect((await ask(app, `/api/groups/${group.id}`)).status).toBe(404);
  expect(await get(app, `/api/groups/${group.id}?position=${position}`)).toMatchObject({ name: 'Core' });
});

test('the order of the page is set at once, under the terms of its tag, and rooms hear of it', async () => {
  const path = '/api/page/order?organizationId=ordered';
  const of = { organizationId: 'ordered' };
  const { body: shown } = await ask<ShownGroup>(app, '/api/groups', { json: { name: 'Shown', ...of } });
  const [a, b, c] = [await createService(app, of), await createService(app, of), await createService(app, of)];
  const before = await ask(app, path);
  expect(before.body).toEqual({ groups: [{ id: shown.id, services: [] }], services: [a.id, b.id, c.id] });
  expect((await ask(app, path, { headers: { 'If-None-Match': before.etag } })).status).toBe(304);

  const { position } = app.log;
  const json = { groups: [{ id: shown.id, services: [c.id] }], services: [b.id] };
  const changed = await ask(app, path, { method: 'PUT', json, headers: { 'If-Match': before.etag } });
  expect(changed.body).toEqual({ groups: [{ id: shown.id, services: [c.id] }], services: [b.id, a.id] });
  expect(app.log.position).toBe(position + 2);
  expect(await ask(app, path)).toMatchObject({ etag: changed.etag, body: changed.body });
  expect(await get(app, `/api/services/${b.id}`)).toMatchObject({ groupId: null, order: 'a0' });
  await refused(app, path, { method: 'PUT', json: { services: [] }, headers: { 'If-Match': before.etag } }, [
    412,
    'stale',
  ]);
  expect(await ask(app, `${path}&position=${position}`)).toMatchObject({ etag: before.etag, body: before.body });
  const same = await ask(app, path, { method: 'PUT', json, headers: { 'If-Match': changed.etag } });
  expect([same.status, app.log.position]).toEqual([200, position + 2]);
});
