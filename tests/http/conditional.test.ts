// Conditional requests over the wire: what need not be sent again, and what must not be overwritten unseen.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { ShownService } from '../../projections/service.ts';
import { askedBy } from '../support/asked.ts';
import {
  ask,
  changingNothing,
  createService,
  type EventsPage,
  get,
  openIncident,
  put,
  refused,
} from '../support/rest.ts';

import { anyone } from '../support/scenario.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

const path = ({ id }: { id: string }) => `/api/services/${id}`;
const tagOf = async (of: string) => (await ask(app, of)).etag;

async function changeIf(ifMatch: string, service: { id: string }, json: object = { uptime: 5 }) {
  return ask<ShownService>(app, path(service), { method: 'PUT', json, headers: { 'If-Match': ifMatch } });
}

test('the tag of an entity is its version and the position of the last event that changed what is shown', async () => {
  const service = await createService(app);
  expect(await tagOf(path(service))).toBe(`"1-${app.log.position}"`);
  await createService(app);
  expect(await tagOf(path(service))).toBe(`"1-${app.log.position - 1}"`);
  await put(app, path(service), { name: 'Found', status: 'degraded' });
  expect(await tagOf(path(service))).toBe(`"3-${app.log.position}"`);
  const incident = await openIncident(app);
  expect(await tagOf(`/api/incidents/${incident.id}`)).toBe(`"1-${app.log.position}"`);
});

test('an incident’s impact gives a service another tag, but not another version: the old tag still allows a change', async () => {
  const service = await createService(app);
  const before = await tagOf(path(service));
  const { id } = await openIncident(app, { impacts: { [service.id]: 'partial' } });
  const during = await tagOf(path(service));
  expect(during).toBe(`"1-${app.log.position}"`);
  await put(app, `/api/incidents/${id}`, { title: 'Other words' });
  expect(await tagOf(path(service))).toBe(during);
  expect((await changeIf(before, service)).status).toBe(200);
  await put(app, `/api/incidents/${id}`, { status: 'resolved' });
  expect(await tagOf(path(service))).toBe(`"2-${app.log.position}"`);
});

describe('If-None-Match', () => {
  const organizationId = 'org-tags';
  let paths: string[];

  beforeAll(async () => {
    const service = await createService(app, { organizationId });
    const incident = await openIncident(app, { organizationId });
    paths = [
      path(service),
      `/api/incidents/${incident.id}`,
      `/api/services?organizationId=${organizationId}`,
      `/api/incidents?organizationId=${organizationId}`,
      `/api/status?organizationId=${organizationId}`,
      '/api/services',
      '/api/incidents',
      '/api/status',
      '/api/events',
    ];
  });

  test.each<[string, (tag: string) => string]>([
    ['the tag', (tag) => tag],
    ['the tag, made weak', (tag) => `W/${tag}`],
    ['a list that holds the tag', (tag) => `"x", ${tag} , W/"y"`],
    ['any tag', () => '*'],
  ])('with %s is answered with 304 and no body', async (_name, write) => {
    for (const of of paths) {
      const etag = await tagOf(of);
      const headers = { 'If-None-Match': write(etag) };
      for (const method of ['GET', 'HEAD']) {
        const answered = await ask(app, of, { method, headers });
        expect([of, answered.status, answered.etag, answered.text]).toEqual([of, 304, etag, '']);
        expect(answered.headers.get('Cache-Control')).toBe('no-cache');
      }
    }
  });

  test.each(['"0-0"', 'nonsense', '"1'])('with %s is answered in full', async (header) => {
    for (const of of paths) {
      expect(await ask(app, of, { headers: { 'If-None-Match': header } })).toMatchObject({ status: 200 });
    }
  });

  test('is answered in full once something changed, and only then', async () => {
    const lists = paths.filter((of) => of.includes('organizationId'));
    const tags = await Promise.all(lists.map(tagOf));
    const statuses = () =>
      Promise.all(
        lists.map(
          async (of, index) => (await ask(app, of, { headers: { 'If-None-Match': tags[index] ?? '' } })).status,
        ),
      );
    await createService(app, { organizationId: 'org-other' });
    expect(await statuses()).toEqual([304, 304, 304]);
    await createService(app, { organizationId });
    expect(await statuses()).toEqual([200, 304, 200]);
    await openIncident(app, { organizationId });
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  test('that lists a tag with a comma in it is still a list', async () => {
    const etag = await tagOf('/api/status');
    const answered = await ask(app, '/api/status', { headers: { 'If-None-Match': `"a,b", ${etag}` } });
    expect(answered.status).toBe(304);
    expect((await ask(app, '/api/status', { headers: { 'If-None-Match': `"a,${etag}` } })).status).toBe(200);
  });

  test('of any tag refuses a change of what exists, and no creation', async () => {
    const service = await createService(app);
    const incident = await openIncident(app);
    const headers = { 'If-None-Match': '*' };
    const changed: [string, object][] = [
      [path(service), { method: 'PUT', json: { uptime: 5 }, headers }],
      [path(service), { method: 'PUT', json: { uptime: 5 }, headers: { ...headers, 'If-Match': '"1-1"' } }],
      [path(service), { method: 'DELETE', headers }],
      [`/api/incidents/${incident.id}`, { method: 'PUT', json: { title: 'Other words' }, headers }],
      [`/api/incidents/${incident.id}/updates`, { json: { status: 'resolved', message: 'Over' }, headers }],
    ];
    for (const [of, asked] of changed) await refused(app, of, asked, [412, 'stale']);
    await refused(app, `/api/services/${newUuid()}`, { method: 'DELETE', headers }, [404, 'not-found']);
    const json = { name: 'Search', description: 'Finds things' };
    expect((await ask(app, '/api/services', { json, headers })).status).toBe(201);
  });

  test('does not keep a PUT from changing anything', async () => {
    const service = await createService(app);
    const headers = { 'If-None-Match': await tagOf(path(service)) };
    const answered = await ask(app, path(service), { method: 'PUT', json: { uptime: 5 }, headers });
    expect(answered).toMatchObject({ status: 200, body: { uptime: 5 } });
  });
});

test('a tag is of its log: another one at the same address that has come as far is read in full', async () => {
  const answers = async (tags: readonly string[] = []) => {
    const server = await startApp();
    const { id } = await createService(server);
    await openIncident(server, { impacts: { [id]: 'partial' } });
    const paths = ['/api/services', '/api/incidents', '/api/status', '/api/events', '/api/explain'];
    const asked = await Promise.all(
      paths.map((of, index) => ask(server, of, { headers: { 'If-None-Match': tags[index] ?? '""' } })),
    );
    await server.close();
    return asked;
  };
  const before = await answers();
  const after = await answers(before.map(({ etag }) => etag));
  expect(after.map(({ status }) => status)).toEqual(Array(5).fill(200));
  const inLog = ({ etag }: { etag: string }) => /^"[0-9a-f]{8}:(\d+)"$/.exec(etag)?.[1];
  expect(after.map(inLog)).toEqual(['2', '2', '2', '2', '2']);
  expect(before.map(inLog)).toEqual(after.map(inLog));
});

describe('If-Match', () => {
  test.each<[string, (version: number) => string]>([
    ['the tag', (version) => `"${version}-1"`],
    ['the tag, made weak', (version) => `W/"${version}-1"`],
    ['a list that holds the tag', (version) => `"99-1", "${version}-1"`],
    ['any tag', () => '*'],
  ])('with %s makes the change', async (_name, write) => {
    const service = await createService(app);
    const answered = await changeIf(write(service.version), service);
    expect([answered.status, answered.body.version, answered.etag]).toEqual([200, 2, await tagOf(path(service))]);
  });

  test('with an old tag is refused with what happened since', async () => {
    const service = await createService(app);
    const old = await tagOf(path(service));
    await put(app, path(service), { name: 'Found', uptime: 7 });
    const { body } = await refused(
      app,
      path(service),
      { method: 'PUT', json: { uptime: 5 }, headers: { 'If-Match': old } },
      [412, 'stale'],
    );
    const { events } = await get<EventsPage>(app, `/api/events?after=${app.log.position - 2}`);
    expect(body).toMatchObject({ version: 3 });
    expect(body.events).toEqual(events);
  });

  test('counts the newest of the versions that were seen', async () => {
    const service = await createService(app);
    for (const uptime of [1, 2, 3]) await put(app, path(service), { uptime });
    const answered = await changeIf('"1-1", "3-3"', service);
    expect(answered).toMatchObject({ status: 412, body: { version: 4, events: [{ version: 4 }] } });
  });

  test('with an old tag is refused also where nothing would change', async () => {
    const service = await createService(app);
    await put(app, path(service), { uptime: 5 });
    expect(await changingNothing(app, () => changeIf('"1-1"', service, { uptime: 5 }))).toMatchObject({ status: 412 });
  });

  test('with a tag of the future is refused', async () => {
    const service = await createService(app);
    expect(await changingNothing(app, () => changeIf('"2-1"', service))).toMatchObject({ status: 412 });
  });

  test.each<[string, (version: number) => string]>([
    ['before ours', (version) => `"x", "${version}-1"`],
    ['behind ours', (version) => `"${version}-1",W/"01234567:3"`],
    ['with a comma in it', (version) => `"a,b", "${version}-1"`],
    ['without anything in it', (version) => `"", "${version}-1"`],
  ])('with a foreign tag %s makes the change', async (_name, write) => {
    const service = await createService(app);
    expect(await changeIf(write(service.version), service)).toMatchObject({ status: 200, body: { version: 2 } });
  });

  test.each(['"3"', '"01234567:3"', '"a-b"', '""', '"-1-1"', '"x", W/"y"', '"1-1,2-2"'])(
    'of %s matches no version',
    async (ifMatch) => {
      const service = await createService(app);
      const asked = { method: 'PUT', json: { uptime: 5 }, headers: { 'If-Match': ifMatch } };
      expect((await refused(app, path(service), asked, [412, 'stale'])).body).toMatchObject({ version: 1 });
    },
  );

  test.each(['3', '"1-1', '"1-1",', '"1-1" "2-2"', 'W/1-1', '"1-1", *', '"x", 3', ',"1-1"'])(
    'of %s is malformed',
    async (ifMatch) => {
      const service = await createService(app);
      const asked = { method: 'PUT', json: { uptime: 5 }, headers: { 'If-Match': ifMatch } };
      const { body } = await refused(app, path(service), asked, [400, 'invalid-request']);
      expect(body.errors).toMatchObject([{ in: 'header', pointer: '/If-Match' }]);
    },
  );

  test('holds for deletions and updates as well', async () => {
    const service = await createService(app);
    const incident = await openIncident(app);
    await put(app, path(service), { uptime: 5 });
    await put(app, `/api/incidents/${incident.id}`, { impact: 'major' });
    const headers = { 'If-Match': '"1-1"' };
    const json = { status: 'resolved', message: 'Over' };
    await refused(app, path(service), { method: 'DELETE', headers }, [412, 'stale']);
    await refused(app, `/api/incidents/${incident.id}`, { method: 'DELETE', headers }, [412, 'stale']);
    await refused(app, `/api/incidents/${incident.id}/updates`, { json, headers }, [412, 'stale']);
    const fresh = { 'If-Match': '"2-1"' };
    expect(await ask(app, `/api/incidents/${incident.id}/updates`, { json, headers: fresh })).toMatchObject({
      status: 201,
    });
    expect(await ask(app, path(service), { method: 'DELETE', headers: fresh })).toMatchObject({ status: 204 });
  });

  test('of what does not exist is 404', async () => {
    const asked = { method: 'DELETE', headers: { 'If-Match': '*' } };
    await refused(app, `/api/services/${newUuid()}`, asked, [404, 'not-found']);
  });
});

describe('of twenty changes at once', () => {
  const uptimes = Array.from({ length: 20 }, (_, index) => index + 1);

  test('with the same If-Match exactly one is made', async () => {
    const service = await createService(app);
    const answers = await Promise.all(uptimes.map((uptime) => changeIf('"1-1"', service, { uptime })));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
    expect(await get(app, path(service))).toEqual(won[0]?.body);
    expect(won[0]?.body.version).toBe(2);
  });

  test('without it all are made, one after another, and each is answered with its own', async () => {
    const service = await createService(app);
    const after = app.log.position;
    const answers = await Promise.all(
      uptimes.map((uptime) => ask<ShownService>(app, path(service), { method: 'PUT', json: { uptime } })),
    );
    expect(answers.map(({ status, body }) => [status, body.uptime])).toEqual(uptimes.map((uptime) => [200, uptime]));
    const { events } = await get<EventsPage>(app, `/api/events?after=${after}`);
    expect(events.map(({ version }) => version)).toEqual(uptimes.map((index) => index + 1));
    const byTag = new Map(answers.map(({ etag, body }) => [etag, body.uptime]));
    for (const { version, position, data } of events) {
      expect(data).toEqual({ uptime: byTag.get(`"${version}-${position}"`) });
    }
  });

  test('a change is answered as it was made, also with a deletion right behind it', async () => {
    const { id } = await createService(app);
    const asked = askedBy(anyone);
    const handle = (operationId: string, body?: object) =>
      app.routes.find((row) => row.operationId === operationId)?.handle({ params: { id }, query: {}, body, ...asked });
    // Past the wire: only there do both come in the same tick.
    const answers = await Promise.all([handle('updateService', { uptime: 5 }), handle('deleteService')]);
    expect(answers).toMatchObject([{ status: 200, body: { uptime: 5, version: 2 } }, { status: 204 }]);
  });

  test('a deletion comes in between and takes nothing back from those before it', async () => {
    const service = await createService(app);
    const change = (uptime: number) => ask(app, path(service), { method: 'PUT', json: { uptime } });
    const changes = uptimes.map(change);
    await Promise.any(changes);
    const deleted = await ask(app, path(service), { method: 'DELETE' });
    const done = (await Promise.all(changes)).filter(({ status }) => status === 200);
    const { events } = await get<EventsPage>(app, '/api/events?limit=1000&type=service.uptime-reported');
    expect(deleted.status).toBe(204);
    expect(events.filter(({ stream }) => stream === `service-${service.id}`)).toHaveLength(done.length);
  });
});
