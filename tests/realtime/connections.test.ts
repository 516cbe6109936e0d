// Connections: who may open one, what becomes of one that is not read, and how they end.

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { type ClientOptions, frame, LiveServer } from '../support/sockets.ts';

let server: LiveServer;

afterEach(() => server.close());

const PRODUCTION = { NODE_ENV: 'production', ALLOW_OPEN: 'true', CORS_ORIGIN: 'https://status.example.org' };

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
    server = await LiveServer.start();
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

  test('in production a file may not connect, and the configured origin may', async () => {
    server = await LiveServer.start(PRODUCTION);
    const ask = (origin: string) => opened({ origin }, transport);
    expect(await ask('null')).toBe(false);
    expect(await ask('https://evil.example')).toBe(false);
    expect(await ask('https://status.example.org')).toBe(true);
    expect(await ask(server.app.url)).toBe(true);
  });
});

test('a foreign Host is refused, which a name that was made to resolve to this machine would send', async () => {
  server = await LiveServer.start();
  const ask = (host: string) => opened({ host }, 'websocket');
  expect(await ask('evil.example')).toBe(false);
  expect(await ask('localhost.evil.example:5000')).toBe(false);
  expect(await ask('localhost:1234')).toBe(true);
  const poll = request(`${server.app.url}/socket.io/?EIO=4&transport=polling`, { headers: { host: 'evil.example' } });
  const [response] = (await once(poll.end(), 'response')) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(403);
});

describe('a client that never reads', () => {
  test('is cut off at the bound, and others hear everything', async () => {
    server = await LiveServer.start();
    const other = await server.connect();
    const mute = await server.mute();
    mute.write(frame('40'));
    const clients = async () => {
      const info = await (await server.app.request('/api/websocket/info')).json();
      return (info as { connectedClients: number }).connectedClients;
    };
    while ((await clients()) < 2) await other.settled();
    other.forget();
    const data = 'x'.repeat(60_000);
    let sent = 0;
    while ((await clients()) > 1) {
      for (let burst = 0; burst < 20; burst++, sent++) {
        const type = 'service-update';
        await server.app.request('/api/websocket/broadcast', { json: { type, data } });
      }
    }
    await other.settled();
    expect(other.heard).toHaveLength(sent);
    expect(other.socket.connected).toBe(true);
    mute.destroy();
  });
});

describe('at the end', () => {
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

  test('nobody waits for a client that does not say goodbye', async () => {
    server = await LiveServer.start();
    const mute = await server.mute();
    mute.write(frame('40'));
    await (await server.connect()).settled();
    await server.app.close();
    expect(server.app.server.listening).toBe(false);
  });

  test('a server that could not open its log leaves nothing behind that keeps the process alive', async () => {
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
