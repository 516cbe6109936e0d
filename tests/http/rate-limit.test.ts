// Rate limits over the wire: by address, by credential and by organisation, and what clients are told of them.
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Actor } from '../../projections/events/event-types.ts';
import { Budget } from '../../src/bounds/budget.ts';
import { RateLimiter } from '../../src/bounds/rate-limiter.ts';
import type { Route } from '../../src/http/route.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { openPolicy, type Policy } from '../../src/identity/policy.ts';
import { closedLoop, expectStatus, withConnections } from '../bench/load.ts';
import { ask, createService, refused } from '../support/rest.ts';
import { type Served, serve } from '../support/serve.ts';
import { longTest, sized } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** The clock stands still: nothing grows back while a test runs. */
const now = () => new Date('2026-03-01T10:00:00.000Z');

const row = (method: Route['method'], path: string): Route => ({
  method,
  path,
  operationId: 'useThing',
  tag: 'things',
  summary: 'A thing',
  access: 'anyone',
  success: { status: 200, description: 'It is', schema: z.object({}) },
  problems: [],
  handle: () => ({ status: 200, body: {} }),
});

/** Limits of this many requests of an address, and changes of a credential. */
const limitsOf = (address: number, credential: number, refusals = { amount: 10, window: 60 }) => ({
  addresses: new RateLimiter({ name: 'address', count: address, window: 60 }, { now, capacity: 100 }),
  credentials: new RateLimiter({ name: 'credential', count: credential, window: 60 }, { now, capacity: 100 }),
  refusals: new Budget(refusals, { now, capacity: 100 }),
});

let app: StartedApp | undefined;
let served: Served | undefined;
afterEach(async () => {
  await app?.close();
  await served?.close();
  app = undefined;
  served = undefined;
});

const limitHeaders = (headers: Headers) =>
  ['RateLimit-Policy', 'RateLimit', 'Retry-After'].map((name) => headers.get(name));

describe('by address', () => {
  test('each answer says what is left, and one too many is refused before anything is done', async () => {
    app = await startApp({ RATE_LIMIT: '3' }, { now });
    const told: unknown[] = [];
    for (const path of ['/api/services', '/nowhere', '/api/services/nope']) {
      told.push(limitHeaders((await ask(app, path)).headers));
    }
    const policy = '"address";q=3;w=60';
    expect(told).toEqual([
      [policy, '"address";r=2;t=20', null],
      [policy, '"address";r=1;t=40', null],
      [policy, '"address";r=0;t=60', null],
    ]);
    const json = { name: 'Search', description: 'Finds things' };
    const headers = { Origin: 'http://localhost:3000' };
    const refusal = await ask(app, '/api/services', { json, headers });
    expect([refusal.status, ...limitHeaders(refusal.headers)]).toEqual([429, policy, '"address";r=0;t=60', '20']);
    expect(refusal.body).toMatchObject({
      code: 'too-many-requests',
      detail: 'At most 3 in 60 s are allowed per address; wait 20 s.',
    });
    expect(app.log.position).toBe(0);
    const read = await ask(app, '/api/services', { headers });
    expect([read.status, read.headers.get('Access-Control-Expose-Headers')]).toEqual([
      429,
      expect.stringContaining('RateLimit,RateLimit-Policy,Retry-After'),
    ]);
  });

  test('health checks are answered all the same', async () => {
    app = await startApp({ RATE_LIMIT: '1' }, { now });
    for (let time = 0; time < 5; time++) {
      for (const path of ['/health', '/api/health']) {
        const { status, headers } = await ask(app, path);
        expect([path, status, ...limitHeaders(headers)]).toEqual([path, 200, null, null, null]);
      }
    }
    expect((await ask(app, '/api/services')).status).toBe(200);
    expect((await ask(app, '/api/services')).status).toBe(429);
  });

  test('nothing is limited, and nothing said of it, where nobody asked for it', async () => {
    app = await startApp({}, { now });
    for (let time = 0; time < sized(50, 700); time++) await app.request('/health');
    const { status, headers } = await ask(app, '/api/services');
    expect([status, ...limitHeaders(headers)]).toEqual([200, null, null, null]);
  });

  const statuses = async (addresses: readonly string[]) => {
    const all: number[] = [];
    for (const address of addresses) {
      const answered = await app?.request('/api/status', { headers: { 'X-Forwarded-For': address } });
      all.push(answered?.status ?? 0);
    }
    return all;
  };

  test('a forged X-Forwarded-For changes nothing', async () => {
    app = await startApp({ RATE_LIMIT: '2' }, { now });
    expect(await statuses(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'])).toEqual([200, 200, 429, 429]);
  });

  test('behind one trusted proxy the address counts that it has added, and not what was there before', async () => {
    app = await startApp({ RATE_LIMIT: '1', TRUST_PROXY: '1' }, { now });
    expect(await statuses(['192.0.2.1', '192.0.2.2', '192.0.2.9, 192.0.2.1', '192.0.2.1'])).toEqual([
      200, 200, 429, 429,
    ]);
  });

  const serveThing = async (refusals: Parameters<typeof limitsOf>[2]) => {
    served = await serve([row('get', '/thing')], {
      limits: limitsOf(1, 1, refusals),
      clientAddress: createClientAddress(1),
    });
    const { url } = served;
    return async (address: string, signal?: AbortSignal) => {
      const headers = { 'X-Forwarded-For': address };
      return (await fetch(`${url}/thing`, { headers, ...(signal ? { signal } : {}) })).status;
    };
  };

  test('who asks on although it is refused waits for more refusals, and nobody else does', async () => {
    const statusFor = await serveThing({ amount: 2, window: 60 });
    expect([await statusFor('192.0.2.1'), await statusFor('192.0.2.1'), await statusFor('192.0.2.1')]).toEqual([
      200, 429, 429,
    ]);
    const leaving = new AbortController();
    const waiting = statusFor('192.0.2.1', leaving.signal).catch(() => 'left');
    expect([await statusFor('192.0.2.2'), await statusFor('192.0.2.2')]).toEqual([200, 429]);
    expect(await Promise.race([waiting, 'waits'])).toBe('waits');
    expect(served?.passed()).toBe(6);
    leaving.abort();
    expect(await waiting).toBe('left');
  });

  test('a refusal that waited is the same one', async () => {
    const statusFor = await serveThing({ amount: 1, window: 0.01 });
    const statuses = await Promise.all(Array.from({ length: 5 }, () => statusFor('192.0.2.1')));
    expect(statuses.sort()).toEqual([200, 429, 429, 429, 429]);
  });

  test('the addresses of one IPv6 network count as one', async () => {
    app = await startApp({ RATE_LIMIT: '1', TRUST_PROXY: '1' }, { now });
    expect(await statuses(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'])).toEqual([200, 429, 200]);
  });
});

describe('by credential', () => {
  /** The actor is who the request says it is. */
  const policy: Policy = {
    ...openPolicy,
    viewerOf: async ({ headers }) => ({
      actor: JSON.parse(String(headers['x-actor'])) as Actor,
      organizations: [],
      access: () => 'none',
    }),
  };

  test('changes are counted for the account or the key, whatever the address; reads are not', async () => {
    served = await serve([row('get', '/thing'), row('post', '/thing')], { policy, limits: limitsOf(10, 2) });
    const send = async (method: string, actor: Actor) => {
      const { status, headers } = await fetch(`${served?.url}/thing`, {
        method,
        headers: { 'X-Actor': JSON.stringify(actor) },
      });
      return [status, headers.get('RateLimit')];
    };
    expect(await send('POST', { kind: 'key', id: 'k' })).toEqual([200, '"credential";r=1;t=30']);
    expect(await send('GET', { kind: 'key', id: 'k' })).toEqual([200, '"address";r=8;t=12']);
    expect(await send('POST', { kind: 'key', id: 'k' })).toEqual([200, '"credential";r=0;t=60']);
    expect(await send('POST', { kind: 'key', id: 'k' })).toEqual([429, '"credential";r=0;t=60']);
    expect(await send('POST', { kind: 'user', id: 'k' })).toEqual([200, '"credential";r=1;t=30']);
    for (const left of [4, 3, 2, 1]) {
      expect(await send('POST', { kind: 'anonymous' })).toEqual([200, expect.stringContaining(`"address";r=${left};`)]);
    }
    expect(await send('POST', { kind: 'user', id: 'l' })).toEqual([200, '"address";r=0;t=60']);
    expect(await send('GET', { kind: 'user', id: 'l' })).toEqual([429, '"address";r=0;t=60']);
  });
});

longTest('by organisation: one that changes too often is refused, another is not', async () => {
  app = await startApp({ RATE_LIMIT: '60000' }, { now });
  const body = JSON.stringify({ name: 'Search', description: 'Finds things', organizationId: 'busy' });
  await withConnections(app.url, 8, (connections) =>
    closedLoop(
      connections,
      async (connection) =>
        expectStatus(await connection.send('POST /api/services', { body }), 201, 'POST /api/services'),
      { requests: 1_200 },
    ),
  );
  const json = { name: 'Search', description: 'Finds things', organizationId: 'busy' };
  const { headers } = await refused(app, '/api/services', { json }, [429, 'too-many-requests']);
  expect(limitHeaders(headers)).toEqual(['"organization";q=1200;w=60', '"organization";r=0;t=60', '1']);
  await createService(app, { organizationId: 'calm' });
});
