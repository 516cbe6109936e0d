// Bodies that do not arrive as a whole: how much they can fill, and whose connection is closed above that.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { UnreadBodies } from '../../../src/http/connections/unread-bodies.ts';
import { createClientAddress } from '../../../src/identity/client-address.ts';

const ONE = '192.0.2.1';
const OTHER = '192.0.2.2';
const NO_LIMIT = { perAddress: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };
const LARGEST = 1_000;

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

/** Reads the body and then answers. */
const readAll: RequestListener = (request, response) => request.resume().once('end', () => response.end());

/** A server that counts bodies. */
async function start(limits: { perAddress: number; total: number }, listener = readAll): Promise<UnreadBodies> {
  const bodies = new UnreadBodies({ ...limits, largest: LARGEST, clientAddress: createClientAddress(['loopback']) });
  server = createServer(listener).listen(0, '127.0.0.1');
  bodies.attach(server);
  await once(server, 'listening');
  return bodies;
}

/** A client at this address that sends these headers and this much of the body. Resolves when the headers arrived. */
async function send(header: string, { address = ONE, sent = 'x' } = {}): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  clients.push(client);
  const arrived = once(server, 'request');
  client.write(`POST / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\n${header}\r\n\r\n${sent}`);
  await arrived;
  return client.resume();
}

const length = (bytes: number) => `Content-Length: ${bytes}`;

describe('a body that has not arrived', () => {
  test.each([
    ['as large as it says', length(300), 300],
    ['as large as can be read, if it is larger', length(3_000), LARGEST],
    ['as large as can be read, in chunks', 'Transfer-Encoding: chunked', LARGEST],
    ['as large as can be read, compressed', `Content-Encoding: gzip\r\n${length(300)}`, LARGEST],
    ['nothing where there is none', length(0), 0],
  ])('counts %s', async (_, header, bytes) => {
    const bodies = await start(NO_LIMIT);
    await send(header, { sent: '' });
    expect(bodies.bytes).toBe(bytes);
  });

  test('counts until it arrives, or its client leaves', async () => {
    const bodies = await start(NO_LIMIT);
    const [slow, leaver] = [await send(length(2)), await send(length(300))];
    expect(bodies.bytes).toBe(302);
    slow.write('x');
    await once(slow, 'data');
    while (bodies.bytes > 300) await turn();
    leaver.destroy();
    while (bodies.bytes > 0) await turn();
  });

  test('counts until its request is answered, if nobody reads it', async () => {
    const bodies = await start(NO_LIMIT, (_request, response) => response.end());
    await send(length(300));
    while (bodies.bytes > 0) await turn();
  });
});

describe('above a limit', () => {
  test('the oldest of the same address is cut off, and others are not', async () => {
    const bodies = await start({ ...NO_LIMIT, perAddress: 500 });
    const other = await send(length(300), { address: OTHER });
    const [oldest, newer] = [await send(length(200)), await send(length(300))];
    const gone = once(oldest, 'close');
    await send(length(200));
    await gone;
    expect(bodies.bytes).toBe(800);
    expect([other.closed, newer.closed]).toEqual([false, false]);
  });

  test('in total, the oldest of the address with most is cut off', async () => {
    const bodies = await start({ ...NO_LIMIT, total: 1_000 });
    const other = await send(length(400), { address: OTHER });
    const [oldest, newer] = [await send(length(300)), await send(length(300))];
    const gone = once(oldest, 'close');
    await send(length(100), { address: '192.0.2.3' });
    await gone;
    expect(bodies.bytes).toBe(800);
    expect([other.closed, newer.closed]).toEqual([false, false]);
  });

  test('the newest stays, even if it exceeds the limit alone', async () => {
    const bodies = await start({ perAddress: 100, total: 100 });
    const newest = await send(length(300));
    newest.write('x'.repeat(299));
    await once(newest, 'data');
    while (bodies.bytes > 0) await turn();
  });
});
