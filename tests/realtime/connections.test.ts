// Connections: who may open one, what becomes of one that is not read, and how they end.

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { ConnectionLimits } from '../../src/realtime/connection-limits.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { longTest, longTests, quickTest, quickTests } from '../support/size.ts';
import { type ClientOptions, frame, LiveServer } from '../support/sockets.ts';

let server: LiveServer;

afterEach(() => server.close());

const PRODUCTION = {
  NODE_ENV: 'production',
  AUTH: 'open',
  ALLOW_OPEN: 'true',
  CORS_ORIGIN: 'https://status.example.org',
};

/** How the server answers a page of this origin that wants a socket. */
async function opened(extraHeaders: Record<string, string>, transport: 'websocket' | 'polling'): Promise<boolean> {
  const options: ClientOptions = { extraHeaders, transports: [transport] };
  return server.connect(options).then(
    () => true,
    () => false,
  );
}

describe.each(['websocket', 'polling'] as const)('over %s', (transport) => {
  test('pages of this machine and files opened from its disk may connect, strangers may not', async () => {
    server = await LiveServer.start({ ALLOW_NULL_ORIGIN: 'true' });
    const ask = (origin: string) => opened({ origin }, transport);
    expect(await opened({}, transport)).toBe(true);
    expect(await ask('http://localhost:3000')).toBe(true);
    expect(await ask('http://127.0.0.1:8080')).toBe(true);
    expect(await ask('http://[::1]:8080')).toBe(true);
    expect(await ask('null')).toBe(true);
    expect(await ask('https://evil.example')).toBe(false);
    expect(await ask('http://localhost.evil.example')).toBe(false);
    expect(await ask('http://127.0.0.1.evil.example')).toBe(false);
    expect(await ask('nonsense')).toBe(false);
  });

  test.each([
    [{ NODE_ENV: 'development' }, true],
    [{ NODE_ENV: 'development', ALLOW_NULL_ORIGIN: 'false' }, false],
    [{ NODE_ENV: 'test' }, false],
    [{ ...PRODUCTION, ALLOW_NULL_ORIGIN: 'true' }, true],
    [{ AUTH: 'required' }, true],
  ])('with %j a file may connect: %j', async (environment, isAllowed) => {
    server = await LiveServer.start(environment);
    expect(await opened({ origin: 'null' }, transport)).toBe(isAllowed);
  });

  test('in production a file may not connect, and the configured origin may', async () => {
    server = await LiveServer.start(PRODUCTION);
    const ask = (origin: string) => opened({ origin }, transport);
    expect(await ask('null')).toBe(false);
    expect(await ask('https://evil.example')).toBe(false);
    expect(await ask('https://status.example.org')).toBe(true);
    expect(await ask(server.app.url)).toBe(true);
  });
});

quickTest('a foreign Host is refused, which a name that was made to resolve to this machine would send', async () => {
  server = await LiveServer.start();
  const ask = (host: string) => opened({ host }, 'websocket');
  expect(await ask('evil.example')).toBe(false);
  expect(await ask('localhost.evil.example:5000')).toBe(false);
  expect(await ask('localhost:1234')).toBe(true);
  const poll = request(`${server.app.url}/socket.io/?EIO=4&transport=polling`, { headers: { host: 'evil.example' } });
  const [response] = (await once(poll.end(), 'response')) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(403);
});

longTests('a client that never reads', () => {
  // Large messages reach the bound of bytes long before that of packets, small ones the other way round.
  const bounds: readonly (readonly [string, number, (sent: number) => boolean])[] = [
    ['bytes', 60_000, (sent: number) => sent < 1_000],
    ['packets', 5_000, (sent: number) => sent * 5_000 < 16 * 1024 * 1024],
  ];

  /** A client that reads, and one that does not. */
  const readerAndMute = async () => {
    const reader = await server.connect();
    const mute = await server.mute();
    mute.write(frame('40'));
    while ((await clients()) < 2) await reader.settled();
    reader.forget();
    return { reader, mute };
  };
  const clients = async () => {
    const info = await (await server.app.request('/api/websocket/info')).json();
    return (info as { connectedClients: number }).connectedClients;
  };
  const broadcast = async (count: number, size: number) => {
    const json = { type: 'service-update', data: 'x'.repeat(size) };
    for (let sent = 0; sent < count; sent += 1) await server.app.request('/api/websocket/broadcast', { json });
  };

  test.each(bounds)('is cut off at the bound of %s, and others hear everything', async (_bound, size, isInTime) => {
    server = await LiveServer.start();
    const { reader, mute } = await readerAndMute();
    let sent = 0;
    for (; (await clients()) > 1; sent += 20) await broadcast(20, size);
    expect([sent, isInTime(sent)]).toEqual([sent, true]);
    await reader.settled();
    expect(reader.heard).toHaveLength(sent);
    expect(reader.socket.connected).toBe(true);
    mute.destroy();
  });

  test('is cut off below those bounds after a time in which it read nothing, and others hear everything', async () => {
    server = await LiveServer.start({}, { readTimeout: 100 });
    const { reader, mute } = await readerAndMute();
    // More than the kernel takes for a connection.
    const sent = 150;
    await broadcast(sent, 60_000);
    while ((await clients()) > 1) await reader.settled();
    expect(reader.heard).toHaveLength(sent);
    expect(reader.socket.connected).toBe(true);
    mute.destroy();
  });
});

quickTests('too many connections', () => {
  test.each(['websocket', 'polling'] as const)('over %s are refused until others are closed', async (transport) => {
    server = await LiveServer.start({ MAX_CONNECTIONS: '2' });
    const [first, second] = [await server.connect(), await server.connect({ transports: ['polling'] })];
    expect(await opened({}, transport)).toBe(false);
    const response = await server.app.request('/socket.io/?EIO=4&transport=polling');
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: 4, message: 'Too many connections are open; try again later.' },
    ]);
    await second.settled();
    first.socket.disconnect();
    while (!(await opened({}, transport))) await second.settled();
  });

  test('of one address are refused, those of others are not', () => {
    const limits = new ConnectionLimits({ total: 4, perAddress: 2 });
    const close = limits.opened('192.0.2.1');
    expect(limits.refuse('192.0.2.1')).toBeUndefined();
    limits.opened('192.0.2.1');
    expect(limits.refuse('192.0.2.1')).toMatch(/your address/);
    expect(limits.refuse('192.0.2.2')).toBeUndefined();
    limits.opened('2001:db8::1');
    limits.opened('2001:db8::2');
    expect(limits.refuse('192.0.2.2')).toMatch(/try again later/);
    close();
    expect(limits.refuse('192.0.2.1')).toBeUndefined();
    expect(limits.refuse('2001:db8::3')).toMatch(/your address/);
  });
});

describe('a client that sends too much', () => {
  /** The clock stands still: nothing grows back. */
  const now = () => new Date('2026-03-01T10:00:00.000Z');

  quickTest('is told so, and cut off if it goes on; others are not', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600' }, { now });
    const other = await server.connect();
    const client = await server.connect();
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    client.forget();
    for (let time = 0; time < 99; time++) expect(await client.ask('ping')).toHaveProperty('timestamp');
    const refusal = { message: 'Too many messages; send them more slowly.' };
    for (let time = 0; time < 100; time++) expect(await client.ask('ping')).toEqual(refusal);
    expect(client.all('error')).toHaveLength(100);
    client.socket.emit('ping');
    expect(await gone).toBe('io server disconnect');
    await other.settled();
    expect(other.socket.connected).toBe(true);
  });

  quickTest('is cut off when its address sends too much over all its sockets, whatever that is', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600', TRUST_PROXY: '1' }, { now });
    const from = (address: string) => server.connect({ extraHeaders: { 'X-Forwarded-For': address } });
    const other = await from('192.0.2.2');
    const clients = [await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1')];
    const gone = clients.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)));
    for (const { socket } of clients) for (let time = 0; time < 1_000; time += 1) socket.emit('nobody-handles-this');
    // At least one of them sends more than what is left.
    await Promise.race(gone);
    await other.settled();
    expect(other.socket.connected).toBe(true);
  });

  test.each([
    ['over one WebSocket', 1, 101],
    ['over all WebSockets of its address', 21, 100],
  ])('is cut off when it sends too many control frames %s', async (_, sockets, frames) => {
    server = await LiveServer.start({ RATE_LIMIT: '600', TRUST_PROXY: '1' }, { now });
    const other = await server.connect({ extraHeaders: { 'X-Forwarded-For': '192.0.2.2' } });
    const flooding = await Promise.all(Array.from({ length: sockets }, () => server.mute()));
    const gone = flooding.map((connection) => once(connection.resume(), 'close'));
    const control = [Buffer.from([0x89, 0x80, 0, 0, 0, 0]), Buffer.from([0x8a, 0x80, 0, 0, 0, 0])];
    for (let time = 0; time < frames; time += 1) {
      for (const connection of flooding) connection.write(control[time % 2] as Buffer);
    }
    await Promise.race(gone);
    await other.settled();
    expect(other.socket.connected).toBe(true);
  });

  quickTest('may send some control frames', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600' }, { now });
    const connection = await server.mute();
    for (let time = 0; time < 100; time += 1) connection.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]));
    // The server answers frames in order: the one that ends the WebSocket comes last.
    let answered = 0;
    connection.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    connection.on('data', (bytes: Buffer) => {
      answered += bytes.filter((byte) => byte === 0x8a).length;
    });
    await once(connection.resume(), 'close');
    expect(answered).toBe(100);
  });

  longTest('is heard all the same where nothing is limited', async () => {
    server = await LiveServer.start({}, { now });
    const client = await server.connect();
    for (let time = 0; time < 300; time++) expect(await client.ask('ping')).toHaveProperty('timestamp');
  });
});

describe('requests to open sockets and over long polling', () => {
  /** The clock stands still: nothing grows back. */
  const now = () => new Date('2026-03-01T10:00:00.000Z');
  const OPEN = '/socket.io/?EIO=4&transport=polling';
  const statusOf = async (path: string, options: RequestInit = {}) => {
    const response = await server.app.request(path, options);
    await response.arrayBuffer();
    return response.status;
  };

  longTest('are limited by address, whatever they are, and answered with 429', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600' }, { now });
    const preflight = { method: 'OPTIONS', headers: { Origin: 'http://localhost:3000' } };
    for (let time = 0; time < 599; time += 3) {
      expect(await statusOf(OPEN, preflight)).toBe(204);
      expect(await statusOf(`${OPEN}&sid=unknown`)).toBe(400);
      if (time < 597) expect(await statusOf('/socket.io/?transport=nonsense')).toBe(400);
    }
    expect(await opened({}, 'websocket')).toBe(true);
    expect(await opened({}, 'websocket')).toBe(false);
    expect(await opened({}, 'polling')).toBe(false);
    expect(await statusOf(OPEN, preflight)).toBe(429);
    const response = await server.app.request(OPEN);
    expect([response.status, response.headers.get('Retry-After'), await response.json()]).toEqual([
      429,
      '1',
      { code: 4, message: 'At most 600 in 60 s are allowed per address; wait 1 s.' },
    ]);
    // Other requests have a limit of their own.
    expect(await statusOf('/api/status')).toBe(200);
  });

  longTest('for scripts of the client count as well', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600' }, { now });
    const scripts = [
      '/socket.io/socket.io.js',
      '/socket.io/socket.io.esm.min.js?v=1',
      '/socket.io/socket.io.min.js.map',
    ];
    for (let time = 0; time < 600; time += 1) {
      expect(await statusOf(scripts[time % scripts.length] as string, { method: 'HEAD' })).toBe(200);
    }
    for (const script of scripts) expect(await statusOf(script)).toBe(429);
    expect(await opened({}, 'polling')).toBe(false);
  });

  quickTest('close a session that sends too many, and no other', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '600' }, { now });
    const [client, other] = [await server.connect({ transports: ['polling'] }), await server.connect()];
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    const path = `${OPEN}&sid=${client.socket.io.engine.id}`;
    const statuses: number[] = [];
    // An acknowledgement of a heartbeat, which asks for nothing.
    do statuses.push(await statusOf(path, { method: 'POST', body: '3' }));
    while (statuses.at(-1) === 200 && statuses.length < 300);
    // The client sent messages of its own while it connected.
    expect(statuses.length).toBeGreaterThan(190);
    expect(statuses.length).toBeLessThanOrEqual(200);
    expect(statuses.at(-1)).toBe(429);
    await gone;
    await other.settled();
  });

  quickTest('pay for the bytes of long polling', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '4' }, { now });
    const client = await server.connect({ transports: ['polling'] });
    expect(await statusOf('/api/events')).toBe(200);
    // A megabyte a minute.
    const { log } = server.app;
    for (let time = 0; time < 15; time += 1) {
      const data = {
        name: `Search ${time}`,
        description: 'x'.repeat(100_000),
        status: 'operational' as const,
        uptime: 100,
      };
      const stream = `service-${newId()}`;
      const events = [{ type: 'service.created' as const, organizationId: 'default', data }];
      const writes = [{ stream, expected: 'no-stream' as const, events }];
      await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
    }
    await client.settled();
    expect(await statusOf('/api/events')).toBe(429);
  });

  longTest('are not limited where nothing is', async () => {
    server = await LiveServer.start({ RATE_LIMIT: '0' }, { now });
    for (let time = 0; time < 700; time += 1) expect(await statusOf(`${OPEN}&sid=unknown`)).toBe(400);
    const preflight = await server.app.request(OPEN, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:3000');
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('POST');
  });
});

quickTests('a refused upgrade', () => {
  test.each(['/nowhere', '/socket.io/?EIO=4&transport=nonsense'])('of %s leaves no connection', async (path) => {
    server = await LiveServer.start();
    const closed = new Promise((resolve) => {
      server.app.server.once('connection', (connection) => connection.once('close', resolve));
    });
    const { hostname, port } = new URL(server.app.url);
    const client = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await closed;
    client.destroy();
  });
});

quickTests('at the end', () => {
  test('clients are told in a way that lets them come back by themselves', async () => {
    server = await LiveServer.start();
    const clients = [await server.connect(), await server.connect({ transports: ['polling'] })];
    const disconnected = clients.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)));
    await server.app.close();
    const [reason] = await Promise.all(disconnected);
    expect(reason).toBe('transport close');
    // Socket.IO leaves a client alone that the server has disconnected on purpose; this one still wants to be connected.
    expect(clients.map(({ socket }) => socket.active)).toEqual([true, true]);
  });

  longTest('nobody waits for a client that does not say goodbye', async () => {
    server = await LiveServer.start();
    const mute = await server.mute();
    mute.write(frame('40'));
    await (await server.connect()).settled();
    await server.app.close();
    expect(server.app.server.listening).toBe(false);
  });

  longTest('a server that could not open its log leaves nothing behind that keeps the process alive', async () => {
    const directory = await temporaryDirectory();
    server = await LiveServer.start({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await expect(LiveServer.start({ DATABASE_URL: 'sqlite:', DATA_DIR: directory })).rejects.toThrow();
    // Others come and go; one that was left behind stays.
    for (let tries = 0; tries < 50 && timers() > before; tries += 1) await delay(100);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
