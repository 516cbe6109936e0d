// Redaction end to end: after it no answer, no stream, no socket and no byte of a file holds the words, and the log verifies.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportPages } from '../../../projections/chain/export-pages.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { ShownEvent } from '../../../projections/viewer/shown-event.ts';
import { SqliteStorage } from '../../../src/cli/sqlite-storage.ts';
import { verify } from '../../../src/log/verify.ts';
import { EventSource } from '../../support/event-source.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import {
  type Answered,
  ask,
  createService,
  type EventsPage,
  get,
  openIncident,
  put,
  refused,
  remove,
} from '../../support/rest.ts';
import { ROOT } from '../../support/root.ts';
import { longTest } from '../../support/size.ts';
import { LiveServer } from '../../support/sockets.ts';

const SECRET = /hunter-\w+/;

/** Where the journal of the server is; none where it is in memory. */
let directory: string | undefined;
let server: LiveServer;

beforeEach(async () => {
  server = await LiveServer.start();
});
afterEach(async () => {
  await server.close();
  if (directory !== undefined) await rm(directory, { recursive: true });
  directory = undefined;
});

/** Goes on with a server whose journal is in files, which takes much longer to start; resolves with their directory. */
async function moveToDisk(): Promise<string> {
  await server.close();
  directory = await temporaryDirectory();
  server = await LiveServer.start(onDisk(directory));
  return directory;
}

const onDisk = (where: string) => ({ DATABASE_URL: 'sqlite:', DATA_DIR: where });

const redact = (position: number, asked: object = {}) =>
  ask<ShownEvent>(server.app, `/api/events/${position}/redaction`, { json: { reason: 'It was a password' }, ...asked });

/** Words that should never have been published in every kind of text that there is, also of what is deleted by now. */
async function publishSecrets(): Promise<{ service: string; incident: string }> {
  const service = await createService(server.app, { description: 'With hunter-service' });
  const named = await createService(server.app, { name: 'hunter-name' });
  await put(server.app, `/api/services/${named.id}`, { name: 'Harmless' });
  const from = service.createdAt;
  const to = new Date(Date.parse(from) + 1).toISOString();
  const correction = { from, to, status: 'major', reason: 'Since hunter-correction' };
  while (new Date().toISOString() <= to) await new Promise((resolve) => setTimeout(resolve, 1));
  await ask(server.app, `/api/services/${service.id}/corrections`, { json: correction });
  const incident = await openIncident(server.app, { title: 'hunter-title', affectedServices: ['hunter-affected'] });
  const update = { status: 'identified', message: 'Use hunter-message' };
  await ask(server.app, `/api/incidents/${incident.id}/updates`, { json: update });
  const gone = await openIncident(server.app, { description: 'It was hunter-gone', organizationId: 'acme' });
  await remove(server.app, `/api/incidents/${gone.id}`);
  return { service: service.id, incident: incident.id };
}

/** Positions of the events in which the words are. */
async function positionsOfSecrets(): Promise<number[]> {
  const { events } = await get<EventsPage>(server.app, '/api/events?limit=1000');
  return events.filter((event) => SECRET.test(JSON.stringify(event))).map(({ position }) => position);
}

/**
 * Every path that can be read: each row of the table with every id that there ever was, now, at half of the positions, and at
 * the times of the others.
 */
async function paths(): Promise<string[]> {
  const { events, head } = await get<EventsPage>(server.app, '/api/events?limit=1000');
  const ids = [...new Set(events.map(({ stream }) => stream.slice(stream.indexOf('-') + 1)))];
  const positions = Array.from({ length: head + 1 }, (_, position) => position);
  const pasts = positions.filter((position) => position % 2 === head % 2).map((position) => `position=${position}`);
  const times = events.filter(({ position }) => position % 2 !== head % 2).map(({ recordedAt }) => `at=${recordedAt}`);
  const moments = [...new Set(times)];
  return server.app.routes
    .filter(({ method, path }) => method === 'get' && !/asset|docs|stream/.test(path))
    .flatMap(({ path, query }) => {
      const whens = query && 'position' in query.shape ? ['', ...pasts, ...moments] : [''];
      const named = path.includes('{id}') ? ids.map((id) => path.replace('{id}', id)) : [path];
      return named.flatMap((one) => whens.map((when) => (when === '' ? one : `${one}?${when}`)));
    });
}

/** What all of them answer, by path. */
async function answers(asked: Iterable<string>): Promise<Map<string, Answered<unknown>>> {
  const found = new Map<string, Answered<unknown>>();
  for (const path of new Set(asked)) found.set(path, await ask(server.app, path));
  return found;
}

const holdingSecrets = (found: ReadonlyMap<string, Answered<unknown>>) =>
  [...found].filter(([, { text }]) => SECRET.test(text)).map(([path]) => path);

async function holdingFiles(where: string): Promise<string[]> {
  const held: string[] = [];
  for (const file of await readdir(where)) {
    if (SECRET.test(await readFile(join(where, file), 'latin1'))) held.push(file);
  }
  return held;
}

/** All that sockets and followers of the log hear who were never here before. */
async function heard(): Promise<string> {
  const client = await server.connect({ auth: { after: 0 } });
  await client.ask('join-organization', { organizationId: 'acme', after: 0 });
  const followed = await EventSource.open(`${server.app.url}/api/events/stream?after=0`);
  await followed.until(({ positions }) => positions.at(-1) === server.app.log.position);
  followed.leave();
  return JSON.stringify([client.heard, followed.blocks]);
}

async function faults(where: string): Promise<unknown[]> {
  const stored = new SqliteStorage({ directory: where, root: ROOT }).evidence();
  const { text } = await ask(server.app, '/api/events/export');
  const reports = [await verify(stored), await verify(exportPages(Readable.from([text])), { partial: true })];
  expect(reports.map(({ events }) => events)).toEqual([server.app.log.position, server.app.log.position]);
  return reports.flatMap((report) => report.faults);
}

describe('what should never have been published', () => {
  longTest(
    'is nowhere any more: in no answer of now or then, on no channel, in no file, also after a restart',
    async () => {
      const files = await moveToDisk();
      await publishSecrets();
      const secrets = await positionsOfSecrets();
      expect(secrets).toHaveLength(6);
      const asked = await paths();
      const before = await answers(asked);
      expect(holdingSecrets(before).length).toBeGreaterThan(30);
      expect(await holdingFiles(files)).not.toEqual([]);
      expect(await heard()).toMatch(SECRET);

      for (const position of secrets) expect((await redact(position)).status).toBe(201);

      expect(await holdingFiles(files)).toEqual([]);
      const nowhere = async () => {
        expect(holdingSecrets(await answers([...asked, ...(await paths())]))).toEqual([]);
        expect(await heard()).not.toMatch(SECRET);
        expect(await faults(files)).toEqual([]);
      };
      await nowhere();
      for (const path of holdingSecrets(before)) {
        const { etag = '' } = before.get(path) ?? {};
        if (etag !== '')
          expect([path, (await ask(server.app, path, { headers: { 'If-None-Match': etag } })).status]).toEqual([
            path,
            200,
          ]);
      }
      await server.close();
      expect(await holdingFiles(files)).toEqual([]);
      server = await LiveServer.start(onDisk(files));
      await nowhere();
    },
  );

  test('is not told again to the repeat of the request that published it', async () => {
    const json = { title: 'hunter-title', description: 'It is slow' };
    const first = { json, headers: { 'Idempotency-Key': 'once' } };
    expect((await ask(server.app, '/api/incidents', first)).text).toMatch(SECRET);
    await redact(1);
    expect((await ask(server.app, '/api/incidents', first)).body).toMatchObject({ title: '[redacted]', version: 1 });
  });

  test('is gone from rooms: who was away gets their state instead, and who listens hears of it', async () => {
    const incident = await openIncident(server.app, { title: 'hunter-title' });
    const listener = await server.connect();
    await redact(1);
    await listener.settled();
    expect(listener.updates()).toMatchObject([
      { type: 'incident-update', data: { id: incident.id, title: '[redacted]', version: 2 }, position: 2, prev: 1 },
    ]);
    const back = await server.connect({ auth: { after: 0 } });
    expect([back.updates(), back.all('snapshot')]).toMatchObject([[], [{ incidents: [{ title: '[redacted]' }] }]]);
    const upToDate = await server.connect({ auth: { after: 1 } });
    expect(upToDate.updates()).toMatchObject([{ position: 2, prev: 1 }]);
  });

  test('a service says it like an incident', async () => {
    const { id } = await createService(server.app, { name: 'hunter-name', organizationId: 'acme' });
    const listener = await server.connectTo('acme');
    await redact(1);
    await listener.settled();
    expect(listener.updates()).toMatchObject([{ type: 'service-update', data: { id, name: '[redacted]' } }]);
  });
});

describe('the answer', () => {
  test('is the event that says so, in the history of the entity, whose version and tag move', async () => {
    const { incident } = await publishSecrets();
    const position = (await positionsOfSecrets()).at(-2) ?? 0;
    const { status, body, etag } = await redact(position);
    const page = await get<EventsPage>(server.app, '/api/events?limit=1000');
    const target = page.events[position - 1];
    expect([status, body]).toEqual([201, page.events.at(-1)]);
    expect(body).toMatchObject({
      type: 'event.redacted',
      stream: `incident-${incident}`,
      version: 3,
      data: {
        eventId: target?.id,
        shown: [expect.stringMatching(/^\/updates\/[0-9a-f-]+\/message$/)],
        reason: 'It was a password',
      },
    });
    expect((await ask(server.app, `/api/incidents/${incident}`)).etag).toBe(etag);
    const history = await get<{ entries: { changes: unknown[] }[] }>(server.app, `/api/incidents/${incident}/history`);
    expect(history.entries.at(-1)?.changes).toMatchObject([
      { field: 'redactions', to: { reason: 'It was a password' } },
    ]);
  });

  test('is the same to a repeat with the key, and to who asks again without one, and nothing happens', async () => {
    await createService(server.app);
    const headers = { 'Idempotency-Key': 'once' };
    const first = await redact(1, { headers });
    const again = await redact(1, { headers });
    const later = await redact(1);
    expect([first.status, again.status, later.status]).toEqual([201, 201, 200]);
    expect([again.body, later.body]).toEqual([first.body, first.body]);
    expect(server.app.log.position).toBe(2);
  });

  test('of many at once is one redaction, also of what is deleted', async () => {
    const files = await moveToDisk();
    const { id } = await createService(server.app);
    await remove(server.app, `/api/services/${id}`);
    const answered = await Promise.all(Array.from({ length: 10 }, () => redact(1)));
    expect(answered.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(server.app.log.position).toBe(3);
    expect(await faults(files)).toEqual([]);
  });

  test('waits for nobody who changes the same entity meanwhile', async () => {
    const files = await moveToDisk();
    const { id } = await createService(server.app);
    const change = (uptime: number) => put<RecordedEvent>(server.app, `/api/services/${id}`, { uptime });
    const changes = Array.from({ length: 20 }, (_, index) => change(index));
    const [{ status }] = await Promise.all([redact(1), ...changes]);
    expect(status).toBe(201);
    expect(await get(server.app, `/api/services/${id}`)).toMatchObject({ name: '[redacted]' });
    expect(await faults(files)).toEqual([]);
  });

  test.each<[string, number, object, [number, string]]>([
    ['a position that is not there', 99, {}, [404, 'not-found']],
    ['a position that cannot be', 0, {}, [400, 'invalid-request']],
    ['an event without words', 2, {}, [409, 'nothing-to-redact']],
    ['no reason', 1, { json: { reason: '' } }, [400, 'invalid-request']],
    ['nothing that it takes', 1, { json: { why: 'x' } }, [400, 'no-known-member']],
  ])('to %s is a refusal, and nothing happens', async (_, position, asked, expected) => {
    const { id } = await createService(server.app);
    await put(server.app, `/api/services/${id}`, { status: 'major' });
    await refused(server.app, `/api/events/${position}/redaction`, { json: { reason: 'x' }, ...asked }, expected);
  });
});
