// Two servers on one PostgreSQL: a client that moves from one to the other gets exactly what it missed, and no words that
// were redacted meanwhile.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Snapshot } from '../../src/realtime/protocol.ts';
import { prevsOf } from '../support/follower.ts';
import { step, take } from '../support/histories.ts';
import { newDatabase } from '../support/postgres.ts';
import { ask, createService, openIncident } from '../support/rest.ts';
import { LiveServer, type TestClient } from '../support/sockets.ts';
import type { StartedApp } from '../support/start-app.ts';

let database: Awaited<ReturnType<typeof newDatabase>>;
let first: LiveServer;
let second: LiveServer;

beforeEach(async () => {
  database = await newDatabase();
  const start = (name: string) => LiveServer.start({ DATABASE_URL: database.url, NODE_NAME: name });
  first = await start('first');
  second = await start('second');
});
afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.drop();
});

const ROOMS = ['org:default', 'org:acme', 'org:umbrella', 'tenant:red'];

/** All that a client hears which joins every room and has this of it. */
async function heardSince(server: LiveServer, after: number): Promise<TestClient> {
  const client = await server.connect({ auth: { after } });
  for (const organizationId of ['acme', 'umbrella']) await client.ask('join-organization', { organizationId, after });
  await client.ask('authenticate', { tenantId: 'red', after });
  return client;
}

/** A history that both servers write in turns. Resolves when both have read all of it. */
async function live(steps: number, seed: number): Promise<void> {
  const apps = [first.app, second.app] as const;
  for (const [index, asked] of fc.sample(step, { numRuns: steps, seed }).entries()) {
    const app = apps[index % 2] as StartedApp;
    await app.log.freshen();
    await take(app.log, app.models.current, asked);
  }
  for (const app of apps) expect(await app.log.freshen()).toBe(true);
}

test('rooms have the same sequences on both, whoever wrote', async () => {
  const listeners = [await heardSince(first, 0), await heardSince(second, 0)] as const;
  await live(120, 1);
  for (const listener of listeners) await listener.settled();
  const later = await heardSince(second, 0);
  for (const room of ROOMS) {
    const updates = listeners[0].updates(room);
    expect(updates.length).toBeGreaterThan(5);
    expect(updates.map(({ prev }) => prev)).toEqual(prevsOf(updates));
    expect(listeners[1].updates(room)).toEqual(updates);
    expect(later.updates(room)).toEqual(updates);
  }
});

test('a client that moves to the other one gets exactly what it missed, wherever it left off', async () => {
  const listener = await heardSince(first, 0);
  await live(30, 2);
  await listener.settled();
  for (let after = 0; after <= first.app.log.position; after++) {
    const moved = await heardSince(second, after);
    for (const room of ROOMS) {
      expect(moved.updates(room)).toEqual(listener.updates(room).filter(({ position }) => position > after));
    }
    expect(moved.all('snapshot')).toEqual([]);
    moved.socket.disconnect();
  }
});

test('a client that comes with the answer of one server finds no less on the other, and never begins anew', async () => {
  await createService(first.app);
  for (let time = 0; time < 50; time += 1) {
    const [here, there] = time % 2 === 0 ? [first, second] : [second, first];
    const created = await createService(here.app);
    const after = here.app.log.position;
    const [found, client] = await Promise.all([
      ask(there.app, `/api/services/${created.id}`),
      there.connect({ auth: { after } }),
    ]);
    expect([found.status, Number(found.headers.get('X-Log-Position')) >= after]).toEqual([200, true]);
    expect([client.updates(), client.all('snapshot'), client.all('error')]).toEqual([[], [], []]);
    client.socket.disconnect();
  }
});

test('what was redacted on one is in no update, no state and no answer of the other', async () => {
  const incident = await openIncident(first.app, { title: 'The password is hunter2' });
  const { position } = first.app.log;
  await second.app.log.freshen();
  // The second server now holds it in the history of the room, encoded, and as an answer.
  await heardSince(second, 0);
  await ask(second.app, '/api/incidents');
  await ask(second.app, '/api/incidents');
  const redacted = await ask(first.app, `/api/events/${position}/redaction`, { json: { reason: 'A password.' } });
  expect(redacted.status).toBe(201);
  const seen = `?at_least=${redacted.headers.get('X-Log-Position')}`;
  for (const path of [`/api/incidents${seen}`, `/api/events${seen}`, `/api/incidents/${incident.id}${seen}`]) {
    const { status, text } = await ask(second.app, path);
    expect([path, status, text.includes('hunter2')]).toEqual([path, 200, false]);
  }
  const client = await heardSince(second, 0);
  const snapshots: readonly Snapshot[] = client.all('snapshot');
  expect(snapshots.map(({ room }) => room)).toContain('org:default');
  expect(JSON.stringify(client.heard)).not.toContain('hunter2');
});
