// Whose pages a socket may bring cookies from: those of strangers connect as strangers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { v7 as newId } from 'uuid';
import { Turns } from '../../src/bounds/turns.ts';
import { Freshness } from '../../src/http/freshness/freshness.ts';
import { Payers } from '../../src/http/payers.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { createOriginPolicy } from '../../src/identity/origins.ts';
import { openPolicy, type Policy } from '../../src/identity/policy.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { Gateway, type GatewayLimits } from '../../src/realtime/gateway.ts';
import { places } from '../support/serve.ts';

const TRUSTED = 'https://admin.example.org';
const Cookie = '__Host-plive=secret';

const now = () => new Date();
const report = (message: string, cause: unknown) => {
  throw new Error(message, { cause });
};

const LIMITS: GatewayLimits = {
  connections: { total: 10, perAddress: 10 },
  messageBytes: 1_024,
  history: { perRoom: 1, total: 10 },
  catchUp: { bytes: 1_024, keptStates: 1_024, keptUpdates: 1_024 },
  unread: { packets: 10, bytes: 1_024 * 1_024 },
  client: { rooms: 10, waiting: 10, joins: 10, refused: 10 },
};

let seen: (string | undefined)[];
let url: string;
let close: () => Promise<void>;

beforeEach(async () => {
  seen = [];
  const policy: Policy = {
    ...openPolicy,
    viewerOf: (request) => {
      seen.push(request.headers.cookie);
      return openPolicy.viewerOf(request);
    },
  };
  const log = new EventLog(new MemoryJournal({ now }), { newId, eventsInMemory: 100, maxWaiting: 100, report });
  const models = new ReadModels(log.committed$, report);
  await log.open();
  const origins = createOriginPolicy({
    auth: 'open',
    allowOpen: false,
    production: false,
    allowNullOrigin: true,
    corsOrigins: [TRUSTED],
  });
  const clientAddress = createClientAddress(0);
  const payers = new Payers(clientAddress, undefined);
  const turns = new Turns({ slice: 4, waiting: { strangers: 100, others: 100 } });
  const access = { policy, origins, clientAddress };
  const freshness = new Freshness(log, places(1).live);
  const gateway = new Gateway({ ...access, log, freshness, models, payers, turns, limits: LIMITS, now, report });
  const server = createServer().listen(0, '127.0.0.1');
  gateway.attach(server);
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    gateway.close();
    await new Promise((resolve) => server.close(resolve));
    await log.close();
  };
});
afterEach(() => close());

/** The cookies that came with a socket from a page of this origin, when it was asked whose it is. */
async function cookiesFrom(origin: string | undefined, transport: 'websocket' | 'polling'): Promise<unknown[]> {
  seen = [];
  const extraHeaders = { Cookie, ...(origin === undefined ? {} : { Origin: origin }) };
  const socket = io(url, { transports: [transport], forceNew: true, reconnection: false, extraHeaders });
  await once(socket as unknown as NodeJS.EventEmitter, 'connect');
  await socket.emitWithAck('join-organization', { organizationId: 'acme' });
  const closed = new Promise((resolve) => socket.io.engine.once('close', resolve));
  socket.disconnect();
  await closed;
  return seen;
}

test.each(['websocket', 'polling'] as const)('over %s', async (transport) => {
  expect(await cookiesFrom('null', transport)).toStrictEqual([undefined]);
  expect(await cookiesFrom(TRUSTED, transport)).toStrictEqual([Cookie]);
  expect(await cookiesFrom(url, transport)).toStrictEqual([Cookie]);
  expect(await cookiesFrom(undefined, transport)).toStrictEqual([Cookie]);
});
