// Fuzz over sockets: up to ten thousand random packets for each event, and what is no packet at all. Every ack is answered, and the server goes on.

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { SUPPORTED_EVENTS } from '../../src/realtime/protocol.ts';
import { between, oneOf, type Random, seededRandom } from '../crash/random.ts';
import { startOwned } from '../support/accounts.ts';
import { sized } from '../support/size.ts';
import { LiveServer, type TestClient } from '../support/sockets.ts';
import { hostileObject, hostileText } from './hostile.ts';

const PACKETS = sized(500, 10_000);
/** No more than a client may have waiting. */
const AT_ONCE = 100;
const CLIENTS = 5;
const GARBAGE = sized(50, 300);
/** How much more memory may be in use after all of it, in bytes; every packet kept would be many times as much. */
const MAX_GROWTH = 256 * 1024 * 1024;

let app: Awaited<ReturnType<typeof startOwned>>;
let server: LiveServer;
const crashes: unknown[] = [];
const crash = (error: unknown) => crashes.push(error);

beforeAll(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  server = new LiveServer(app);
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
});
afterAll(async () => {
  process.off('uncaughtException', crash).off('unhandledRejection', crash);
  await server.close();
});

const VALID: Readonly<Record<string, object>> = {
  authenticate: {
    userId: 'user-1',
    organizationId: 'default',
    tenantId: 'eu',
    userRole: 'admin',
    after: 0,
    seen: 0,
  },
  'join-organization': { organizationId: 'default', after: 0, seen: 0 },
  'leave-organization': { organizationId: 'default' },
  ping: {},
};
const NAMES = ['default', 'org:default', 'tenant:eu', '__proto__', 'constructor'];

/** What a client may pass along with an event, and a little more. */
function hostileArguments(event: string, random: Random): unknown[] {
  const roll = random();
  if (roll < 0.05) return [];
  if (roll < 0.1) return [Buffer.from(hostileText(random, NAMES))];
  if (roll < 0.15) return Array.from({ length: between(random, 2, 20) }, () => JSON.parse(hostileText(random, NAMES)));
  if (roll < 0.4) return [JSON.parse(hostileText(random, NAMES))];
  return [JSON.parse(hostileObject(random, VALID[event] ?? {}, NAMES))];
}

test.each(SUPPORTED_EVENTS.clientToServer)('every "%s" is answered, whatever is in it', async (event) => {
  const random = seededRandom(PACKETS);
  const before = process.memoryUsage().heapUsed;
  const headers = { ...app.owner.headers, Origin: app.url };
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => server.connect(index % 2 === 0 ? { extraHeaders: headers } : {})),
  );
  for (let sent = 0; sent < PACKETS; sent += AT_ONCE * CLIENTS) {
    const answers = await Promise.all(clients.flatMap((client) => packets(client, event, random)));
    expect(answers.every((answer) => typeof answer === 'object' && answer !== null)).toBe(true);
    for (const client of clients) client.forget();
  }
  for (const { socket } of clients) socket.disconnect();
  expect([crashes, app.reported]).toEqual([[], []]);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_GROWTH);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

function packets(client: TestClient, event: string, random: Random): Promise<unknown>[] {
  return Array.from({ length: AT_ONCE }, () => client.ask(event, ...hostileArguments(event, random)));
}

const FRAMES: readonly string[] = [
  '',
  '0',
  '1',
  '2',
  '3probe',
  '4',
  '40',
  '40/admin,',
  '40{"key":{"__proto__":1}}',
  '40{',
  '41',
  '42',
  '42["ping"',
  '42["ping"]',
  '420["ping"]',
  '4299999999999999999999["ping"]',
  '42{"length":1}',
  '42[]',
  '42[null]',
  '42["disconnect"]',
  '42["connect"]',
  '42["error",{}]',
  '42["__proto__",{}]',
  '42["newListener"]',
  '430[]',
  '43',
  '44{"message":"x"}',
  '451-["ping",{"_placeholder":true,"num":0}]',
  '451-["ping",{"_placeholder":true,"num":99}]',
  '4599999999-["ping"]',
  '46',
  '9',
  'b',
  '\u0000',
  'x'.repeat(70_000),
];

test('what is no packet ends its own connection at most', async () => {
  const random = seededRandom(GARBAGE);
  const bystander = await server.connect();
  for (let round = 0; round < GARBAGE; round += 1) await talkGarbage(random);
  for (const query of [
    '',
    'EIO=4',
    'EIO=99&transport=polling',
    'EIO=4&transport=__proto__',
    'EIO=4&transport=polling&sid=__proto__',
  ]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const { status } = await app.request(`/socket.io/?${query}`, {
        method,
        ...(method === 'GET' ? {} : { body: '4x\u001e' }),
      });
      expect(status).toBeLessThan(500);
    }
  }
  await bystander.settled();
  expect([crashes, app.reported]).toEqual([[], []]);
});

async function talkGarbage(random: Random): Promise<void> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  await once(socket, 'open');
  if (random() < 0.7) socket.send('40');
  for (let frame = between(random, 1, 12); frame > 0; frame -= 1) {
    if (random() < 0.2) socket.send(Buffer.from(oneOf(random, FRAMES)));
    else socket.send(oneOf(random, FRAMES));
  }
  socket.close();
  await Promise.race([closed, pause(1_000)]);
  socket.terminate();
}
