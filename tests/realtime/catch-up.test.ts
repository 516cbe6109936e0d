// Catching up costs little: one encoding for all who join, one at a time for a client, and nothing for one that does not read.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { WebSocket } from 'ws';
import { serviceKind } from '../../projections/services.ts';
import type { Write } from '../../src/log/commit.ts';
import type { Client } from '../../src/realtime/client.ts';
import { EncodedMessage } from '../../src/realtime/encoded-message.ts';
import { EncodedRooms } from '../../src/realtime/encoded-rooms.ts';
import { isBehind } from '../../src/realtime/send-buffer.ts';
import { Follower } from '../support/follower.ts';
import { longTest, quickTest, quickTests } from '../support/size.ts';
import { LiveServer, type TestClient } from '../support/sockets.ts';

const ROOM = 'org:acme';
/** Together a megabyte and a half. */
const SERVICES = 300;
const DESCRIPTION = 'x'.repeat(5_000);
/** A position that no log of these tests reaches: whoever resumes there gets the state of the room. */
const NOWHERE = 1_000_000;

let server: LiveServer;
let sendTo: jest.SpiedFunction<EncodedMessage['sendTo']>;

beforeEach(async () => {
  server = await LiveServer.start();
  for (let made = 0; made < SERVICES; made += 100) await create(100);
  sendTo = jest.spyOn(EncodedMessage.prototype, 'sendTo');
});
afterEach(async () => {
  sendTo.mockRestore();
  await server.close();
});

/** Records so many services, and returns their streams. */
async function create(count: number, organizationId = 'acme'): Promise<string[]> {
  const data = { name: 'Search', description: DESCRIPTION, status: 'operational', uptime: 100 } as const;
  const created = (): Write => ({
    stream: `service-${newId()}`,
    expected: 'no-stream',
    events: [{ type: 'service.created', organizationId, data }],
  });
  const writes = Array.from({ length: count }, created);
  await append(writes);
  return writes.map(({ stream }) => stream);
}

async function append(writes: readonly Write[]): Promise<void> {
  const done = await server.app.log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  expect(done).toHaveProperty('kind', 'appended');
}

function join(client: TestClient, after: number | undefined = NOWHERE): Promise<unknown> {
  return client.ask('join-organization', { organizationId: 'acme', after });
}

/** The clients, as the server sees them, that were sent encoded messages: one for each message. */
function sent(): Pick<Client, 'conn'>[] {
  return sendTo.mock.calls.map(([client]) => client);
}

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

/** The WebSocket of a client. */
function webSocketOf({ socket }: TestClient): WebSocket {
  return (socket.io.engine.transport as unknown as { ws: WebSocket }).ws;
}

/** A client that was sent the state of the room and more, and reads nothing of it. */
async function deafClient(): Promise<TestClient> {
  const client = await server.connect();
  webSocketOf(client).pause();
  client.socket.emit('join-organization', { organizationId: 'acme', after: NOWHERE });
  await until(() => sent().length === 1);
  const [{ conn }] = sent() as [Pick<Client, 'conn'>];
  const json = { type: 'service-update', data: 'x'.repeat(60_000), organizationId: 'acme' };
  while (!isBehind(conn)) {
    expect((await server.app.request('/api/websocket/broadcast', { json })).status).toBe(200);
    await new Promise(setImmediate);
  }
  sendTo.mockClear();
  return client;
}

describe('clients that join a large room', () => {
  longTest('cost one encoding of its state, and no memory of their own', async () => {
    const show = jest.spyOn(serviceKind, 'show');
    const clients = await Promise.all(Array.from({ length: 10 }, () => server.connect()));
    await Promise.all(clients.map((client) => join(client)));
    for (let times = 0; times < 10; times += 1) await Promise.all(clients.map((client) => join(client, 1e9)));
    expect(show).toHaveBeenCalledTimes(SERVICES);
    expect(new Set(sendTo.mock.contexts).size).toBe(1);
    for (const client of clients) {
      const services = client.all('snapshot').map((snapshot) => snapshot.services.length);
      expect(services).toEqual(Array.from({ length: 11 }, () => SERVICES));
    }
    show.mockRestore();
  });

  quickTest('get it over long polling too', async () => {
    const client = await server.connect({ transports: ['polling'] });
    await join(client);
    expect(client.all('snapshot').map(({ services, complete }) => [services.length, complete])).toEqual([
      [SERVICES, true],
    ]);
  });

  quickTest('get it in place of missed updates that together are larger than it may be', async () => {
    const ids = await create(210, 'busy');
    const deleted = ids.map(
      (stream): Write => ({
        stream,
        expected: 1,
        events: [{ type: 'service.deleted', organizationId: 'busy', data: {} }],
      }),
    );
    await append(deleted);
    const client = await server.connect();
    await client.ask('join-organization', { organizationId: 'busy', after: 0 });
    expect(client.all('snapshot').map(({ services, complete }) => [services.length, complete])).toEqual([[0, true]]);
    expect(client.updates()).toEqual([]);
    const after = server.app.log.position - 210;
    await client.ask('join-organization', { organizationId: 'busy', after });
    expect(client.updates()).toHaveLength(210);
  });
});

quickTest('what was encoded is forgotten when text is redacted', async () => {
  const clear = jest.spyOn(EncodedRooms.prototype, 'clear');
  await join(await server.connect());
  expect(clear).not.toHaveBeenCalled();
  const response = await server.app.request('/api/events/1/redaction', { json: { reason: 'It was a password' } });
  expect(response.status).toBe(201);
  expect(clear).toHaveBeenCalledTimes(1);
  clear.mockRestore();
});

quickTest('over its budget a client is told to read over REST, and joins all the same', async () => {
  await server.close();
  // Five megabytes a minute: the first state is free, four more of 1.5 MB use that up.
  server = await LiveServer.start({ RATE_LIMIT: '20' }, { now: () => new Date(0) });
  for (let made = 0; made < SERVICES; made += 100) await create(100);
  const client = await server.connect();
  const joined = { organizationId: 'acme', room: ROOM, timestamp: new Date(0).toISOString() };
  for (let times = 0; times < 6; times += 1) expect(await join(client)).toEqual(joined);
  const events = client.heard.map(({ event }) => event).filter((event) => ['snapshot', 'resync'].includes(event));
  expect(events).toEqual([...Array(5).fill('snapshot'), 'resync']);
  expect(client.all('resync')).toEqual([{ room: ROOM, log: server.app.log.id, position: SERVICES }]);
  await create(1);
  await client.settled();
  expect(client.updates(ROOM).map(({ prev }) => prev)).toEqual([SERVICES]);
});

quickTests('a client that does not read', () => {
  test('is sent nothing that it missed before it has, then each in turn, and live updates meanwhile', async () => {
    const client = await deafClient();
    const follower = new Follower();
    client.socket.on('snapshot', (snapshot) => follower.load(snapshot));
    client.socket.on('service-update', (update) => update.test || follower.hear(update));
    const answers = Array.from({ length: 10 }, () => join(client));
    const pong = client.ask('ping');
    const refused = client.ask('join-organization', { organizationId: 'acme' });
    await create(1);
    // Another client is served meanwhile.
    await join(await server.connect());
    expect(sent()).toHaveLength(1);

    webSocketOf(client).resume();
    expect(await refused).toEqual({ message: 'Too many messages are waiting; send them more slowly.' });
    await pong;
    expect(client.all('snapshot')).toHaveLength(1);
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ room: ROOM });
    await create(1);
    await client.settled();
    expect(client.all('snapshot')).toHaveLength(11);
    expect(follower.faults).toEqual([]);
    expect(follower.state.services).toHaveLength(SERVICES + 2);
  });

  test('may authenticate then, which is one join', async () => {
    const client = await deafClient();
    const answers = Array.from({ length: 9 }, () => join(client));
    const last = client.ask('authenticate', { organizationId: 'acme', tenantId: 'red', after: NOWHERE });
    const refused = client.ask('authenticate', { organizationId: 'acme' });
    await join(await server.connect());
    expect(sent()).toHaveLength(1);
    webSocketOf(client).resume();
    expect(await refused).toMatchObject({ success: false });
    expect(await last).toMatchObject({ success: true });
    expect(await Promise.all(answers)).toHaveLength(9);
    expect(client.all('snapshot')).toHaveLength(12);
  });

  test('may go: what waits for it ends', async () => {
    const client = await deafClient();
    for (let times = 0; times < 5; times += 1)
      client.socket.emit('join-organization', { organizationId: 'acme', after: 0 });
    await join(await server.connect());
    webSocketOf(client).terminate();
    const alone = async () => (await (await server.app.request('/api/websocket/info')).json()) as object;
    while (((await alone()) as { totalConnectedClients: number }).totalConnectedClients > 1) await pause(5);
    expect(sent()).toHaveLength(1);
    expect(server.app.reported).toEqual([]);
  });
});
