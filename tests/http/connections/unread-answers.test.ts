// Answers that are not read: how much may wait, whose connection is closed above that, and when nothing moves at all.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type SentBody, UnreadAnswers } from '../../../src/http/connections/unread-answers.ts';
import type { Reply, Route } from '../../../src/http/route.ts';
import { createClientAddress } from '../../../src/identity/client-address.ts';
import { serve } from '../../support/serve.ts';

/** More than the system takes for a connection that is not read. */
const SIZE = 16 * 1024 * 1024;
const ONE = '192.0.2.1';
const OTHER = '192.0.2.2';

let server: Server;
let clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const clientAddress = createClientAddress(['loopback']);

/** A server whose answers are counted. */
async function start(limits: { perAddress: number; total: number; readTimeout?: number }, answer: () => SentBody) {
  const unread = new UnreadAnswers({ ...limits, clientAddress });
  await listen((_request, response) => {
    const body = answer();
    for (const part of typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body) response.write(part);
    response.end();
    unread.sent(response, body);
  });
  unread.attach(server);
  return unread;
}

async function listen(answer: RequestListener) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** A client at this address that sends requests and reads nothing. Resolves when they were answered. */
async function mute(address = ONE, requests = 1): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => {});
  client.pause();
  clients.push(client);
  await once(client, 'connect');
  const answered = Promise.all(Array.from({ length: requests }, () => once(server, 'request')));
  client.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\n\r\n`.repeat(requests));
  await answered;
  return client;
}

/** The connections of the server that are open, by the address of their client. */
function watched() {
  const open: string[] = [];
  server.on('request', (request) => {
    const address = clientAddress(request);
    const name = `${address} ${open.length}`;
    open.push(name);
    request.socket.once('close', () => open.splice(open.indexOf(name), 1));
  });
  return open;
}

const NO_LIMIT = { perAddress: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };
const distinct = () => Buffer.alloc(SIZE);

describe('what waits', () => {
  test('is what clients did not read, and ends when they do or leave', async () => {
    const unread = await start(NO_LIMIT, distinct);
    const reader = await mute();
    const leaver = await mute();
    expect(unread.bytes).toBe(2 * SIZE);
    reader.resume();
    leaver.destroy();
    while (unread.bytes > 0) await turn();
  });

  test('is nothing where the system takes all of it', async () => {
    const unread = await start(NO_LIMIT, () => Buffer.from('small'));
    await mute();
    expect(unread.bytes).toBe(0);
  });

  test('counts a buffer that answers share once, and a text for each', async () => {
    const [first, second] = [distinct(), distinct()];
    const bodies: SentBody[] = [first, [first, second], [second], 'x'.repeat(SIZE), 'x'.repeat(SIZE)];
    const unread = await start(NO_LIMIT, () => bodies.shift() ?? '');
    const bytes: number[] = [];
    while (bodies.length > 0) {
      await mute(bodies.length % 2 === 0 ? ONE : OTHER);
      bytes.push(unread.bytes / SIZE);
    }
    expect(bytes).toEqual([1, 2, 2, 3, 4]);
  });

  test('counts pipelined answers behind one that is not read, until the client leaves', async () => {
    const unread = await start(NO_LIMIT, distinct);
    const client = await mute(ONE, 5);
    expect(unread.bytes).toBe(5 * SIZE);
    client.destroy();
    while (unread.bytes > 0) await turn();
  });
});

describe('above the limit', () => {
  test('of an address its answer that has waited longest is cut off, and no other', async () => {
    const unread = await start({ perAddress: 2 * SIZE, total: Number.POSITIVE_INFINITY }, distinct);
    const open = watched();
    for (const address of [OTHER, ONE, ONE, ONE]) await mute(address);
    expect(unread.bytes).toBe(3 * SIZE);
    while (open.length > 3) await turn();
    expect(open).toEqual([`${OTHER} 0`, `${ONE} 2`, `${ONE} 3`]);
  });

  test('of an address the only answer is sent, however large', async () => {
    const unread = await start({ perAddress: 1, total: 1 }, distinct);
    const client = await mute();
    let received = 0;
    client.on('data', (data) => {
      received += data.length;
    });
    client.resume();
    while (received < SIZE) await once(client, 'data');
    while (unread.bytes > 0) await turn();
  });

  test('of all the address for which most waits is cut off', async () => {
    const unread = await start({ perAddress: Number.POSITIVE_INFINITY, total: 4 * SIZE }, distinct);
    const open = watched();
    for (const address of [ONE, OTHER, OTHER, OTHER, '192.0.2.3']) await mute(address);
    expect(unread.bytes).toBe(4 * SIZE);
    while (open.length > 4) await turn();
    expect(open).toEqual([`${ONE} 0`, `${OTHER} 2`, `${OTHER} 3`, '192.0.2.3 4']);
  });

  test('of all the newest answer is not cut off even if it is the largest', async () => {
    let size = SIZE;
    const unread = await start({ perAddress: Number.POSITIVE_INFINITY, total: 3 * SIZE }, () => {
      size += 1;
      return Buffer.alloc(size);
    });
    for (let count = 1; count <= 6; count += 1) await mute(`192.0.2.${count}`);
    expect(unread.bytes).toBeLessThanOrEqual(3 * SIZE);
    expect(clients.at(-1)?.destroyed).toBe(false);
  });
});

describe('a client that reads nothing for a time', () => {
  test('is cut off; one that waits for its answer is not, nor one that is idle', async () => {
    const unread = new UnreadAnswers({ ...NO_LIMIT, clientAddress, readTimeout: 50 });
    const bodies = [Buffer.from('idle'), undefined, distinct()];
    await listen((_request, response) => {
      const body = bodies.shift();
      if (body) response.end(body);
    });
    unread.attach(server);
    const open = watched();
    for (const _ of [...bodies]) await mute();
    while (open.length > 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(open).toEqual([`${ONE} 0`, `${ONE} 1`]);
  });

  test('is closed as before after it was idle for the time that connections are kept', async () => {
    const unread = new UnreadAnswers({ ...NO_LIMIT, clientAddress });
    await listen((_request, response) => response.end());
    server.keepAliveTimeout = 1;
    unread.attach(server);
    const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
    await mute();
    await closed;
  });
});

test.each([
  ['Express sends are counted, each for itself', false, 4],
  ['the cache sends are counted, once for all', true, 1],
])('bodies that %s', async (_name, isCached, copies) => {
  const unread = new UnreadAnswers({ ...NO_LIMIT, clientAddress });
  // As large as the cache takes. The system takes the first ones.
  const text = 'x'.repeat(2.5 * 1024 * 1024);
  const reply = (): Reply => ({ status: 200, body: Buffer.from(text), etag: '1' });
  const row: Route = {
    ...{ method: 'get', path: '/', operationId: 'getIt', tag: 'test', summary: 'It', access: 'anyone', problems: [] },
    success: { status: 200, description: 'It' },
    cacheable: isCached,
    handle: () => ({ ...reply(), revalidation: { isCurrent: () => true, rebuild: reply } }),
  };
  const served = await serve([row], { unread, isCaching: isCached });
  server = served.server;
  await (await fetch(served.url)).arrayBuffer();
  await mute(ONE, 8);
  while (unread.bytes < copies * text.length) await turn();
  expect(unread.bytes % text.length).toBe(0);
  expect(unread.bytes / text.length).toBeLessThanOrEqual(isCached ? 1 : 8);
});
