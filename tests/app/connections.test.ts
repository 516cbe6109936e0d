// Connections to a whole server: what counts for a peer, how many the process can open, and which are never cut off.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/app/limits.ts';
import { readOpenFilesLimit } from '../../src/app/open-files.ts';
import { LiveServer } from '../support/sockets.ts';

const { perPeer } = LIMITS.connections;

let server: LiveServer;
let clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await server.close();
});

async function start(...given: Parameters<typeof LiveServer.start>) {
  server = await LiveServer.start(...given);
  const seen = { accepted: 0, refused: 0 };
  server.app.server.on('connection', ({ destroyed }) => {
    seen[destroyed ? 'refused' : 'accepted'] += 1;
  });
  server.app.server.on('drop', () => {
    seen.refused += 1;
  });
  return seen;
}

/** Opens this many connections. Each of the first ones sends one of these texts. */
async function open(count: number, texts: readonly string[] = []): Promise<void> {
  const { hostname, port } = new URL(server.app.url);
  const arrived = new Promise<void>((resolve) => {
    let awaited = count;
    const arrive = () => {
      awaited -= 1;
      if (awaited === 0) resolve();
    };
    server.app.server.on('connection', arrive).on('drop', arrive);
  });
  for (let index = 0; index < count; index += 1) {
    const client = connect(Number(port), hostname).on('error', () => {});
    client.write(texts[index] ?? '');
    clients.push(client);
  }
  await arrived;
}

const UPGRADE = [
  'GET /health HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade, keep-alive',
  'Upgrade: h2c',
  '\r\n',
].join('\r\n');

test('sockets are not cut off when nothing is written for the time in which an answer must be read', async () => {
  server = await LiveServer.start();
  server.app.server.timeout = 50;
  const webSocket = await server.connect();
  const polling = await server.connect({ transports: ['polling'] });
  // The poll that waits for a message.
  await once(server.app.server, 'timeout');
  await webSocket.settled();
  await polling.settled();
  expect([webSocket.socket.connected, polling.socket.connected]).toEqual([true, true]);
});

describe('one peer', () => {
  test(`has ${perPeer} connections; WebSockets are counted by themselves, offers of another protocol are not`, async () => {
    const seen = await start({ RATE_LIMIT: '600' });
    for (let count = 0; count < 20; count += 1) await server.connect();
    await open(perPeer - 10);
    expect(seen).toEqual({ accepted: perPeer + 10, refused: 0 });
    // The server keeps a connection after it ignored such an offer.
    await open(13, Array(10).fill(UPGRADE));
    expect(seen).toEqual({ accepted: perPeer + 20, refused: 3 });
  });

  test.each([{ RATE_LIMIT: '0' }, { RATE_LIMIT: '600', TRUST_PROXY: 'loopback' }])(
    'is not limited with %j',
    async (environment) => {
      const seen = await start(environment);
      await open(perPeer + 10);
      expect(seen.refused).toBe(0);
    },
  );
});

test('there are fewer connections than files that the process may open, sockets included', async () => {
  const seen = await start({}, { openFiles: 20 });
  for (let count = 0; count < 5; count += 1) await server.connect();
  await open(7);
  expect(seen).toEqual({ accepted: 10, refused: 2 });
});

test('sockets leave a share of the connections to requests, health checks included', async () => {
  await start({}, { openFiles: 20 });
  expect(server.app.maxSockets).toBe(5);
  for (let count = 0; count < 5; count += 1) await server.connect();
  await expect(server.connect()).rejects.toThrow();
  expect((await server.app.request('/health')).status).toBe(200);
});

test('the limit of open files is known on Linux', async () => {
  server = await LiveServer.start();
  expect(await readOpenFilesLimit()).toEqual(process.platform === 'linux' ? expect.any(Number) : undefined);
});
