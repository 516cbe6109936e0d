// What reads cost: who pays for them, what is refused when a budget is spent, and what is never refused.

import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Access, Viewer } from '../../projections/viewer/viewer.ts';
import { Turns } from '../../src/bounds/turns.ts';
import { type BudgetTerms, Payers } from '../../src/http/payers.ts';
import type { Route } from '../../src/http/route.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { openPolicy, type Policy } from '../../src/identity/policy.ts';
import { ask, createService } from '../support/rest.ts';
import { type Served, serve } from '../support/serve.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** The clock stands still: nothing grows back while a test runs. */
const now = () => new Date('2026-03-01T10:00:00.000Z');
const TIMES = { network: 3, credential: 2, organization: 3 };
const clientAddress = createClientAddress(1);
/** How many reads of one payer are worked on at once. */
const AT_ONCE = 8;

let served: Served | undefined;
let app: StartedApp | undefined;
afterEach(async () => {
  await served?.close();
  await app?.close();
  served = undefined;
  app = undefined;
});

const row = (path: string, handle: Route['handle'], more: Partial<Route> = {}): Route => ({
  method: 'get',
  path,
  operationId: `do${path.replaceAll(/\W/g, '')}`,
  tag: 'things',
  summary: 'A thing',
  access: 'anyone',
  success: { status: 200, description: 'The thing' },
  problems: [],
  handle,
  ...more,
});

/** Holds the thread for this many milliseconds. */
function hold(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const slow = row('/slow', () => {
  hold(60);
  return { status: 200, body: {} };
});
/** Its work is done after the handler's first `await`. */
const laterSlow = row('/later', async ({ turn }) => {
  await Promise.resolve();
  await turn(() => hold(60));
  return { status: 200, body: {} };
});
const large = row('/large', () => ({ status: 200, body: Buffer.alloc(2_001, ' ') }));
const ownSlow = row('/organizations/{organizationId}', slow.handle, {
  params: z.object({ organizationId: z.string() }),
});

/** An address may spend 50 ms and 1,000 bytes. */
function start(routes: readonly Route[], policy: Policy = openPolicy, terms: Partial<BudgetTerms> = {}) {
  const address = { milliseconds: 50, bytes: 1_000 };
  const payers = new Payers(clientAddress, { address, times: TIMES, window: 60, counted: 100, now, ...terms });
  return serve(routes, { policy, clientAddress, payers });
}

const get = (path: string, address = '192.0.2.1', headers: Record<string, string> = {}) =>
  fetch(`${served?.url}${path}`, { headers: { 'X-Forwarded-For': address, ...headers } });
const statusOf = async (...asked: Parameters<typeof get>) => (await get(...asked)).status;

describe('an address', () => {
  test.each([slow, laterSlow, large])('pays for what its reads cost: $path', async (costly) => {
    served = await start([costly, row('/other', () => ({ status: 200, body: {} }))]);
    expect(await statusOf(costly.path)).toBe(200);
    const refused = await get('/other');
    expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining({ code: 'too-costly' })]);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await statusOf('/other', '192.0.2.2')).toBe(200);
  });

  test('does not pay for what is refused', async () => {
    let time = now().getTime();
    served = await start([large], openPolicy, { now: () => new Date(time) });
    await get('/large');
    for (let times = 0; times < 50; times += 1) expect(await statusOf('/large')).toBe(429);
    time += 61_000;
    expect(await statusOf('/large')).toBe(200);
  });

  test('does not pay for bytes that it is not sent', async () => {
    served = await start([large]);
    await fetch(`${served.url}/large`, { method: 'HEAD', headers: { 'X-Forwarded-For': '192.0.2.1' } });
    expect(await statusOf('/large')).toBe(200);
    expect(await statusOf('/large')).toBe(429);
  });

  test('pays for credentials that are not valid', async () => {
    const bogus: Policy = {
      ...openPolicy,
      viewerOf: async (request) => (request.headers.authorization ? undefined : openPolicy.viewerOf(request)),
    };
    served = await start([row('/other', () => ({ status: 200, body: {} }))], bogus);
    expect(await statusOf('/other')).toBe(200);
    for (let time = 0; time < 200; time += 1) {
      expect(await statusOf('/other', '192.0.2.1', { Authorization: 'Bearer bogus' })).toBe(401);
    }
    expect(await statusOf('/other')).toBe(429);
    expect(await statusOf('/other', '192.0.2.2')).toBe(200);
  });

  test('is never refused changes, health checks or what is in memory anyway', async () => {
    const done = () => ({ status: 200, body: {} }) as const;
    served = await start([
      large,
      row('/health', done, { unlimited: true }),
      row('/page', done, { isFree: true }),
      row('/change', done, { method: 'post' }),
    ]);
    await get('/large');
    expect([await statusOf('/health'), await statusOf('/page')]).toEqual([200, 200]);
    const change = { method: 'POST', headers: { 'X-Forwarded-For': '192.0.2.1' } };
    expect((await fetch(`${served.url}/change`, change)).status).toBe(200);
  });
});

test('a network of addresses pays for all of them together', async () => {
  served = await start([large]);
  const addresses = [1, 2, 3, 4, 5].map((host) => `192.0.2.${host}`);
  const statuses: number[] = [];
  for (const address of addresses) statuses.push(await statusOf('/large', address));
  expect(statuses).toEqual([200, 200, 429, 429, 429]);
  expect(await statusOf('/large', '192.0.3.1')).toBe(200);
});

describe('a credential', () => {
  const roles: Record<string, Access> = { acme: 'member' };
  const credential = (id: string): Viewer => ({
    actor: { kind: 'key', id },
    organizations: ['acme'],
    access: (organizationId) => roles[organizationId] ?? 'public',
  });
  const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'public' };
  const policy: Policy = {
    ...openPolicy,
    viewerOf: async ({ headers: { authorization } }) => (authorization ? credential(authorization) : stranger),
  };
  const as = (id: string) => ({ Authorization: id });

  test('has a budget of its own, whatever its address has spent', async () => {
    served = await start([large], policy);
    expect([await statusOf('/large'), await statusOf('/large')]).toEqual([200, 429]);
    // It may spend 2,000 bytes.
    expect(await statusOf('/large', '192.0.2.1', as('a'))).toBe(200);
    expect(await statusOf('/large', '192.0.2.9', as('a'))).toBe(429);
    expect(await statusOf('/large', '192.0.2.1', as('b'))).toBe(200);
  });

  test('charges the organisation that it reads as a member, and no other', async () => {
    served = await start([ownSlow], policy);
    // Three reads of 60 ms are more than the organisation may spend; on a busy machine two are.
    const ids = ['a', 'b', 'c', 'd'];
    const statuses: number[] = [];
    for (const id of ids) statuses.push(await statusOf('/organizations/acme', '192.0.2.1', as(id)));
    expect([statuses[0], statuses[3]]).toEqual([200, 429]);
    expect(await statusOf('/organizations/other', '192.0.2.1', as('d'))).toBe(200);
  });

  test('can read its organisation whatever strangers have read of it', async () => {
    served = await start([ownSlow], policy);
    for (let network = 0; network < 9; network += 1) await get('/organizations/acme', `192.0.${network}.1`);
    expect(await statusOf('/organizations/acme', '192.0.2.1', as('a'))).toBe(200);
  });

  test('is not refused because too much work of strangers waits', async () => {
    const turns = new Turns({ slice: 4, waiting: { strangers: 0, others: 1 } });
    served = await serve([large], { policy, turns });
    expect(await statusOf('/large')).toBe(503);
    expect(await statusOf('/large', '192.0.2.1', as('a'))).toBe(200);
  });
});

test('an answer that was made is sent before others are made, whoever asks', async () => {
  let [asked, made, sent, most] = [0, 0, 0, 0];
  const addresses = [1, 2, 3, 4, 5].map((network) => `192.0.${network}.1`);
  let start = () => {};
  const allAsked = new Promise<void>((resolve) => {
    start = resolve;
  });
  const together: Policy = {
    ...openPolicy,
    async viewerOf(request) {
      asked += 1;
      if (asked === addresses.length) start();
      await allAsked;
      return openPolicy.viewerOf(request);
    },
  };
  const handle = () => {
    hold(5);
    made += 1;
    most = Math.max(most, made - sent);
    const toJSON = () => {
      sent += 1;
      return {};
    };
    return { status: 200, body: { toJSON } } as const;
  };
  const payers = new Payers(clientAddress, undefined);
  served = await serve([row('/made', handle)], { policy: together, clientAddress, payers });
  const answers = await Promise.all(addresses.map((address) => statusOf('/made', address)));
  expect(answers).toEqual(addresses.map(() => 200));
  expect(most).toBe(1);
});

test('a read that waits is not done when its client has gone', async () => {
  const counts = { asked: 0, begun: 0, gone: 0 };
  const counting: Policy = {
    ...openPolicy,
    viewerOf(request) {
      if (request.headers['x-leaves']) request.socket.once('close', () => count('gone'));
      count('asked');
      return openPolicy.viewerOf(request);
    },
  };
  const changes = new EventEmitter();
  const count = (what: keyof typeof counts) => {
    counts[what] += 1;
    changes.emit('change');
  };
  const until = async (what: keyof typeof counts, number: number) => {
    while (counts[what] < number) await once(changes, 'change');
  };
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const handle = async () => {
    count('begun');
    await held;
    return { status: 200, body: {} } as const;
  };
  served = await serve([row('/held', handle)], { policy: counting });
  const answers = Array.from({ length: AT_ONCE }, () => statusOf('/held'));
  await until('begun', AT_ONCE);
  const leaving = new AbortController();
  const headers = { 'X-Leaves': 'true' };
  const left = fetch(`${served.url}/held`, { headers, signal: leaving.signal });
  await until('asked', AT_ONCE + 1);
  leaving.abort();
  await expect(left).rejects.toThrow('aborted');
  await until('gone', 1);
  const stays = statusOf('/held');
  await until('asked', AT_ONCE + 2);
  release();
  expect(await Promise.all([...answers, stays])).toEqual(Array(AT_ONCE + 1).fill(200));
  expect(counts.begun).toBe(AT_ONCE + 1);
  expect(served.reported).toEqual([]);
});

describe('on a whole server', () => {
  const description = 'x'.repeat(1_000);

  /** Some answers of events are larger than the bytes of four requests. */
  async function fill(): Promise<void> {
    const created = await createService(app as StartedApp, { description });
    for (let time = 0; time < 1_200; time += 1) {
      await app?.log.append({
        writes: [
          {
            stream: `service-${created.id}`,
            expected: 'any',
            events: [
              {
                type: 'service.described',
                organizationId: 'default',
                data: { name: `Search ${time}`, description },
              },
            ],
          },
        ],
        actor: { kind: 'system' },
        correlationId: 'test',
      });
    }
  }

  test('costly reads are refused once a budget is spent; what is kept is answered all the same', async () => {
    // The clock goes on: a read that spends the budget half-way waits for it.
    app = await startApp({ RATE_LIMIT: '40' });
    await fill();
    expect((await app.request('/api/status')).status).toBe(200);
    const codes: unknown[] = [];
    while (!codes.includes('too-costly') && codes.length < 30) {
      const { status, body } = await ask(app, '/api/events?limit=1000');
      codes.push(status === 200 ? 200 : body.code);
    }
    expect([codes[0], codes.at(-1)]).toEqual([200, 'too-costly']);
    expect((await app.request('/api/status')).status).toBe(200);
    expect((await app.request('/health')).status).toBe(200);
    expect((await createService(app)).status).toBe('operational');
  });

  test('one address has ten streams and two exports, and leaves places to others', async () => {
    app = await startApp({ RATE_LIMIT: '600', TRUST_PROXY: '1' });
    await createService(app);
    const leaving = new AbortController();
    const open = async (path: string, address: string) => {
      const headers = { 'X-Forwarded-For': address };
      const response = await fetch(`${app?.url}${path}`, { headers, signal: leaving.signal });
      return response.status === 200 ? 200 : [response.status, ((await response.json()) as { code: string }).code];
    };
    for (let time = 0; time < 10; time += 1) expect(await open('/api/events/stream', '192.0.2.1')).toBe(200);
    expect(await open('/api/events/stream', '192.0.2.1')).toEqual([429, 'too-many-streams']);
    expect(await open('/api/events/stream', '192.0.2.2')).toBe(200);
    expect(await open('/api/events/export', '192.0.2.1')).toBe(200);
    leaving.abort();
  });
});
