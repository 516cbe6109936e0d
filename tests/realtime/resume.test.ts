// Resuming: a client that was away gets exactly what it missed, or everything, or is told to read it over REST.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { PUBLIC_KINDS } from '../../projections/kinds.ts';
import type { Write } from '../../src/log/commit.ts';
import type { EntityUpdate, Snapshot } from '../../src/realtime/protocol.ts';
import { prevsOf } from '../support/follower.ts';
import { step, take } from '../support/histories.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { longTest, quickTest, quickTests } from '../support/size.ts';
import { LiveServer, type TestClient } from '../support/sockets.ts';
import { until } from '../support/until.ts';

let server: LiveServer;

beforeEach(async () => {
  server = await LiveServer.start();
});

afterEach(() => server.close());

/** A history of its own for each seed, the same at every run. */
async function live(steps: number, seed: number): Promise<void> {
  const { log, models } = server.app;
  for (const asked of fc.sample(step, { numRuns: steps, seed })) await take(log, models.current, asked);
}

async function create(count: number, organizationId = 'acme'): Promise<void> {
  const created = (): Write => ({
    stream: `service-${newId()}`,
    expected: 'no-stream',
    events: [
      {
        type: 'service.created',
        organizationId,
        data: { name: 'Search', description: 'Finds things', status: 'operational', uptime: 100 },
      },
    ],
  });
  const commit = {
    writes: Array.from({ length: count }, created),
    actor: { kind: 'system' },
    correlationId: 'test',
  } as const;
  expect(await server.app.log.append(commit)).toHaveProperty('kind', 'appended');
}

async function read(path: string): Promise<unknown> {
  return (await server.app.request(path)).json();
}

/** All that a client hears which joins every room of the histories and claims to have this of it. */
async function heardSince(resume: { after: number; seen?: number }): Promise<TestClient> {
  const client = await server.connect({ auth: resume });
  for (const organizationId of ['acme', 'umbrella'])
    await client.ask('join-organization', { organizationId, ...resume });
  await client.ask('authenticate', { tenantId: 'red', ...resume });
  return client;
}

const ROOMS = ['org:default', 'org:acme', 'org:umbrella', 'tenant:red'];

quickTests('the sequence of a room', () => {
  test('has no gap, and is the same for one who listened, one who asks later, and after a restart', async () => {
    const directory = await temporaryDirectory();
    const onDisk = { DATABASE_URL: 'sqlite:', DATA_DIR: directory };
    await server.close();
    server = await LiveServer.start(onDisk);
    const listener = await heardSince({ after: 0 });
    await live(150, 1);
    await listener.settled();
    const later = await heardSince({ after: 0 });
    await server.close();
    server = await LiveServer.start(onDisk);
    const restarted = await heardSince({ after: 0 });
    for (const room of ROOMS) {
      const updates = listener.updates(room);
      expect(updates.length).toBeGreaterThan(5);
      expect(updates.map(({ prev }) => prev)).toEqual(prevsOf(updates));
      expect(later.updates(room)).toEqual(updates);
      expect(restarted.updates(room)).toEqual(updates);
    }
    await live(20, 2);
    await restarted.settled();
    for (const room of ROOMS) {
      const updates = restarted.updates(room);
      expect(updates.map(({ prev }) => prev)).toEqual(prevsOf(updates));
    }
    await server.close();
    await rm(directory, { recursive: true });
  });
});

quickTests('a client that was away', () => {
  test('gets exactly what it missed, wherever it left off', async () => {
    const listener = await heardSince({ after: 0 });
    await live(40, 3);
    await listener.settled();
    for (let after = 0; after <= server.app.log.position; after++) {
      const client = await heardSince({ after });
      for (const room of ROOMS) {
        expect(client.updates(room)).toEqual(listener.updates(room).filter(({ position }) => position > after));
      }
      expect(client.all('snapshot')).toEqual([]);
      client.socket.disconnect();
    }
  });

  test('hears it before the status and the answer, and nothing of it unless it says where it left off', async () => {
    await create(2);
    const client = await server.connect();
    client.forget();
    await client.ask('join-organization', { organizationId: 'acme', after: 0 });
    const events = ['service-update', 'service-update', 'status-update', 'joined-organization'];
    expect(client.heard.map(({ event }) => event)).toEqual(events);
    client.forget();
    await client.ask('join-organization', { organizationId: 'acme' });
    expect(client.heard.map(({ event }) => event)).toEqual(events.slice(2));
  });

  test('gets the rest of what one event changed, if it says how many of these updates it has seen', async () => {
    await create(3);
    const services = (await read('/api/services?organizationId=acme')) as { id: string }[];
    const impacts = Object.fromEntries(services.map(({ id }) => [id, 'major']));
    const json = { title: 'Down', description: 'All of it', organizationId: 'acme', impacts };
    await server.app.request('/api/incidents', { json });
    const client = await server.connect();
    const heardAfter = async (resume: object): Promise<EntityUpdate[]> => {
      client.forget();
      await client.ask('join-organization', { organizationId: 'acme', ...resume });
      expect(client.all('snapshot')).toEqual([]);
      return client.updates('org:acme');
    };
    const all = await heardAfter({ after: 3 });
    expect(all.map(({ type, position, prev }) => [type, position, prev])).toEqual([
      ['incident-update', 4, 3],
      ['service-update', 4, 4],
      ['service-update', 4, 4],
      ['service-update', 4, 4],
    ]);
    for (let seen = 0; seen <= 4; seen++) expect(await heardAfter({ after: 4, seen })).toEqual(all.slice(seen));
    expect(await heardAfter({ after: 4 })).toEqual([]);
  });
});

describe('a snapshot', () => {
  async function joined(resume: object): Promise<TestClient> {
    const client = await server.connect();
    client.forget();
    await client.ask('join-organization', { organizationId: 'acme', ...resume });
    expect(client.updates()).toEqual([]);
    return client;
  }

  quickTest('is what REST shows, at the position of the log', async () => {
    await live(120, 10);
    const client = await joined({ after: 1_000_000 });
    const listed = PUBLIC_KINDS.map(({ plural }) => plural).filter((plural) => plural !== 'pages');
    const lists = Object.fromEntries(
      await Promise.all(listed.map(async (plural) => [plural, await read(`/api/${plural}?organizationId=acme`)])),
    );
    // REST gives a page without a name of its own the name of its organisation.
    const { name: _name, ...page } = (await read(
      '/api/page/settings?organizationId=acme',
    )) as Snapshot['pages'][number];
    const snapshot: Snapshot = {
      room: 'org:acme',
      log: server.app.log.id,
      position: server.app.log.position,
      ...lists,
      pages: [page],
      status: (await read('/api/status?organizationId=acme')) as Snapshot['status'],
      complete: true,
    };
    expect(snapshot.services.length * snapshot.incidents.length).toBeGreaterThan(0);
    expect(client.all('snapshot')).toEqual([snapshot]);
  });

  describe('for a client that says of which log its position is', () => {
    test('comes if that is another log, and says of which it is itself', async () => {
      await create(3);
      const { id: log } = server.app.log;
      const client = await joined({ after: 2, log: 'another' });
      expect(client.all('snapshot')).toEqual([expect.objectContaining({ log, position: 3 })]);
      expect(client.statuses('org:acme')).toEqual([expect.objectContaining({ log, position: 3 })]);
      await client.ask('authenticate', { organizationId: 'acme', after: 2, log: 'another' });
      expect(client.all('snapshot')).toHaveLength(2);
    });

    test('comes for a handshake too', async () => {
      await create(3, 'default');
      const resuming = (log: string) => server.connect({ auth: { after: 2, log } });
      expect((await resuming('another')).all('snapshot')).toHaveLength(1);
      const client = await resuming(server.app.log.id);
      expect(client.all('snapshot')).toEqual([]);
      expect(client.updates()).toEqual([expect.objectContaining({ log: server.app.log.id, position: 3, prev: 2 })]);
    });

    test('does not come if it is this one, or was empty when the client left', async () => {
      const resume = { after: 0, log: server.app.log.id };
      await create(1);
      const client = await server.connect();
      await client.ask('join-organization', { organizationId: 'acme', ...resume });
      await client.ask('join-organization', { organizationId: 'acme', after: 0, log: server.app.log.id });
      expect(client.all('snapshot')).toEqual([]);
      expect(client.updates('org:acme')).toHaveLength(2);
    });
  });

  quickTest('of a room holds what the room hears of, and no more', async () => {
    await live(80, 9);
    const client = await heardSince({ after: 1_000_000 });
    const snapshots = client.all('snapshot');
    expect(snapshots.map(({ room }) => room)).toEqual(ROOMS);
    const everyone = snapshots[0]?.services ?? [];
    const red = snapshots[3]?.services ?? [];
    expect(everyone.length * red.length).toBeGreaterThan(0);
    expect(everyone.filter((service) => service.organizationId ?? service.tenantId)).toEqual([]);
    expect(red).toEqual(await read('/api/services?organizationId=default&tenantId=red'));
  });

  quickTest('comes in place of what is no longer known, and what is known still comes as updates', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => create(1, 'busy')));
    const client = await server.connect();
    await client.ask('join-organization', { organizationId: 'busy', after: 0 });
    expect(client.all('snapshot').map(({ services, position }) => [services.length, position])).toEqual([
      [1_000, 1_000],
    ]);
    expect(client.updates()).toEqual([]);
    await client.ask('join-organization', { organizationId: 'busy', after: 500 });
    expect(client.all('snapshot')).toHaveLength(1);
    expect(client.updates()).toHaveLength(500);
  });

  quickTest('is followed by the updates after it without a gap', async () => {
    await create(3);
    await create(1, 'umbrella');
    const client = await joined({ after: 1_000_000 });
    await create(1);
    await client.settled();
    expect(client.updates().map(({ position, prev }) => [position, prev])).toEqual([[5, 3]]);
    expect(client.all('snapshot')[0]?.position).toBe(4);
  });

  longTest('that would be too large is the advice to read the state over REST', async () => {
    for (let times = 0; times < 7; times += 1) await create(1_000);
    const client = await joined({ after: 1_000_000 });
    expect(client.heard.map(({ event }) => event)).toEqual(['resync', 'status-update', 'joined-organization']);
    expect(client.all('resync')).toEqual([{ room: 'org:acme', log: server.app.log.id, position: 7_000 }]);
  });
});

quickTest('the sample data reaches a first client like everything else', async () => {
  const sampled = await LiveServer.start({ SAMPLE_DATA: 'true' });
  try {
    const [listener, newcomer] = [
      await sampled.connect({ auth: { after: 0 } }),
      await sampled.connect({ auth: { after: 1_000_000 } }),
    ];
    // Only a fresh log can tell that there is no such position.
    await until(() => newcomer.all('snapshot').length > 0);
    const names = ['API Gateway', 'Database Cluster', 'Authentication Service', 'File Storage', 'Email Service', 'CDN'];
    const [snapshot] = newcomer.all('snapshot');
    expect(snapshot?.services.map(({ name }) => name)).toEqual(names);
    expect(snapshot?.incidents.map(({ title, updates }) => [title, updates.length])).toEqual([
      ['File Storage Performance Issues', 2],
      ['Slow delivery of static files in Europe', 2],
      ['Errors in a part of API requests', 3],
      ['Delayed mail', 2],
    ]);
    expect(snapshot?.status).toMatchObject({ overallStatus: 'degraded', totalServices: 6, activeIncidents: 1 });
    // Placing a service tells of the page's order too, which is no entity of the snapshot.
    const told = listener
      .updates()
      .filter(({ type }) => type !== 'page-update')
      .map(({ data }) => data);
    const all = PUBLIC_KINDS.flatMap(
      ({ plural }): readonly { readonly id: string }[] => snapshot?.[plural as 'services'] ?? [],
    );
    expect(told.sort(byId)).toEqual(all.sort(byId));
  } finally {
    await sampled.close();
  }
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
