// A start from a snapshot: REST answers and rooms go on as after a start without one, to the byte, whatever became of the snapshot.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Commit, NewEvent } from '../../src/log/commit.ts';
import type { EntityUpdate } from '../../src/realtime/protocol.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { id } from '../support/scenario.ts';
import { LiveServer, type TestClient } from '../support/sockets.ts';

/** Where the snapshot is, and the end of the log. */
const SNAPSHOT = 1_100;
const HEAD = SNAPSHOT + 20;
const ROOMS = ['org:default', 'org:acme', 'tenant:red'];
const PLACES = [{}, { organizationId: 'acme' }, { tenantId: 'red' }];
const CLOCK = { now: () => new Date('2026-05-01T00:00:00.000Z') };

let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const first = await start(directory);
  await Promise.all(PLACES.map((_, index) => first.app.log.append(created(index))));
  await Promise.all(Array.from({ length: SNAPSHOT - 3 }, (_, index) => first.app.log.append(renamed(index))));
  await first.close();
  // Too little for a snapshot of its own.
  const second = await start(directory);
  await Promise.all(Array.from({ length: HEAD - SNAPSHOT }, (_, index) => second.app.log.append(renamed(index * 3))));
  await second.close();
});
afterAll(() => rm(directory, { recursive: true }));

function start(dataDirectory: string): Promise<LiveServer> {
  return LiveServer.start({ DATABASE_URL: 'sqlite:', DATA_DIR: dataDirectory }, CLOCK);
}

function commit(number: number, event: Pick<NewEvent, 'type' | 'data'>): Commit {
  const place = { organizationId: 'default', ...PLACES[number % PLACES.length] };
  const events = [{ ...place, ...event } as NewEvent];
  const write = { stream: `service-${id(number % PLACES.length)}`, expected: 'any' as const, events };
  return { writes: [write], actor: { kind: 'system' }, correlationId: 'test' };
}

function created(number: number): Commit {
  const data = { name: `Service ${number}`, description: 'One of many', status: 'operational', uptime: 100 } as const;
  return commit(number, { type: 'service.created', data });
}

function renamed(number: number): Commit {
  return commit(number, { type: 'service.described', data: { name: `Named ${number}` } });
}

/** A server on a copy of the log, after someone has been at its database. */
async function startOnCopy(sql: string, then: (server: LiveServer) => Promise<void>): Promise<void> {
  const copy = await temporaryDirectory();
  await cp(directory, copy, { recursive: true });
  const database = new DatabaseSync(join(copy, 'plive.db'));
  database.exec(sql);
  database.close();
  const server = await start(copy);
  try {
    await then(server);
  } finally {
    await server.close();
    await rm(copy, { recursive: true });
  }
}

const WITHOUT_SNAPSHOT = 'DELETE FROM snapshots';

/** What REST says, and what a client that has all so far hears of one more change in each room. */
async function seen(server: LiveServer): Promise<unknown> {
  const paths = ['/api/services', '/api/incidents', '/api/status', '/api/services?tenantId=red', '/api/events'];
  const answers = await Promise.all(paths.map(async (path) => (await server.app.request(path)).text()));
  const client = await resumed(server, { after: HEAD });
  for (const number of PLACES.keys()) await server.app.log.append(renamed(number));
  await client.settled();
  // The answer to authenticate names the connection.
  const heard = client.heard.filter(({ event }) => event !== 'authenticated');
  return { answers, heard, faults: server.app.models.faults };
}

async function resumed(server: LiveServer, resume: object): Promise<TestClient> {
  const client = await server.connect({ auth: resume });
  await client.ask('join-organization', { organizationId: 'acme', ...resume });
  await client.ask('authenticate', { tenantId: 'red', ...resume });
  return client;
}

describe('a start from a snapshot', () => {
  /** What is seen after a start without one. */
  let without: unknown;

  beforeAll(() =>
    startOnCopy(WITHOUT_SNAPSHOT, async (server) => {
      without = await seen(server);
      expect(server.app.reported).toEqual([]);
    }),
  );

  test('publishes what is after it, and nothing else', async () => {
    await startOnCopy('', async ({ app }) => {
      expect(app.reported).toEqual([]);
      expect(app.log.position).toBe(HEAD);
    });
    const [position] = await positionsOf(directory);
    expect(position).toBe(SNAPSHOT);
  });

  test.each([
    ['that is sound', ''],
    [
      'of which a byte was flipped',
      `UPDATE snapshots SET text = replace(text, '"version":', '"versi0n":') WHERE part = 0`,
    ],
    ['of which the header was edited', `UPDATE snapshots SET text = replace(text, '"services":', '"rooms":')`],
    ['beyond the head', `UPDATE snapshots SET position = ${HEAD + 1}`],
    ['of which the end is missing', 'DELETE FROM snapshots WHERE part = 1'],
  ])('%s shows and says the same as one without', async (name, sql) => {
    await startOnCopy(sql, async (server) => {
      expect(await seen(server)).toEqual(without);
      expect(server.app.reported).toHaveLength(name === 'that is sound' ? 0 : 1);
    });
  });

  test('tells a client from after it what it missed, one from before it all there is, one that has all nothing', async () => {
    await startOnCopy('', async (server) => {
      const after = await resumed(server, { after: SNAPSHOT });
      const all = (after.updates() as EntityUpdate[]).map(({ position }) => position);
      expect(all).toHaveLength(HEAD - SNAPSHOT);
      expect(after.all('snapshot')).toEqual([]);
      const before = await resumed(server, { after: SNAPSHOT - 10 });
      expect(before.updates()).toEqual([]);
      expect(before.all('snapshot').map(({ room, position }) => [room, position])).toEqual(
        ROOMS.map((room) => [room, HEAD]),
      );
      const upToDate = await resumed(server, { after: HEAD, seen: 1 });
      expect([upToDate.updates(), upToDate.all('snapshot')]).toEqual([[], []]);
    });
  });
});

async function positionsOf(dataDirectory: string): Promise<number[]> {
  const database = new DatabaseSync(join(dataDirectory, 'plive.db'), { readOnly: true });
  const rows = database.prepare('SELECT DISTINCT position FROM snapshots').all();
  database.close();
  return rows.map(({ position }) => position);
}
