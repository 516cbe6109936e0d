// Pages and what they load: how often an address may ask for them is not limited, but they are paid for.
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { Budget } from '../../src/bounds/budget.ts';
import { RateLimiter } from '../../src/bounds/rate-limiter.ts';
import { Payers } from '../../src/http/payers.ts';
import type { Reply, Route } from '../../src/http/route.ts';
import { createClientAddress } from '../../src/identity/client-address.ts';
import { openPolicy } from '../../src/identity/policy.ts';
import { pageRow } from '../support/page-row.ts';
import { type Served, serve } from '../support/serve.ts';

/** The clock stands still: nothing grows back while a test runs. */
const now = () => new Date('2026-03-01T10:00:00.000Z');
const clientAddress = createClientAddress(1);
const TIMES = { network: 100, credential: 100, organization: 100 };

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const row = (path: string, handle: Route['handle'], more: Partial<Route> = {}) =>
  pageRow(path, handle, { cacheable: true, ...more });

const body = 'x'.repeat(100);
const kept = (): Reply => {
  const reply: Reply = { status: 200, body, logTag: 1, revalidation: { isCurrent: () => true, rebuild: () => reply } };
  return reply;
};
const fresh = (): Reply => ({ status: 200, body, logTag: 1 });

interface Terms {
  readonly milliseconds?: number;
  readonly bytes?: number;
  readonly refusals?: number;
}

/** An address may send two requests, and spend what is given. */
async function start(
  routes: readonly Route[],
  { milliseconds = 1e9, bytes = 1e9, refusals = 1e9 }: Terms = {},
  policy = openPolicy,
) {
  const limiter = (name: string) => new RateLimiter({ name, count: 2, window: 60 }, { now, capacity: 100 });
  const payers = new Payers(clientAddress, {
    address: { milliseconds, bytes },
    times: TIMES,
    window: 60,
    counted: 100,
    now,
  });
  served = await serve(routes, {
    policy,
    clientAddress,
    payers,
    isCaching: true,
    limits: {
      addresses: limiter('address'),
      credentials: limiter('credential'),
      refusals: new Budget({ amount: refusals, window: 1 }, { now, capacity: 100 }),
    },
  });
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`${served?.url}${path}`, { method, headers: { 'X-Forwarded-For': '192.0.2.1', ...headers } });
}

async function statuses(count: number, ask: () => Promise<Response>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let time = 0; time < count; time += 1) {
    const { status } = await ask();
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe('the requests of an address', () => {
  test.each<[string, Route, string]>([
    ['a kept page', row('/', kept), '/'],
    ['a page', row('/', fresh), '/'],
    ['a page with a parameter', row('/things/{id}', fresh, { params: z.object({ id: z.string() }) }), '/things/1'],
    [
      'what a page loads',
      row('/assets/{id}', kept, { loadedByPages: true, params: z.object({ id: z.string() }) }),
      '/assets/a.b',
    ],
    ['a page that is not there', row('/things/{id}', fresh, { params: z.object({ id: z.uuid() }) }), '/things/1'],
  ])('are not counted where they are for %s', async (_name, route, path) => {
    await start([route, row('/api', fresh, { page: undefined as never })]);
    const first = await get(path);
    expect(await statuses(10, () => get(path))).toEqual({ [first.status]: 10 });
    expect([...first.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect(await statuses(4, () => get('/api'))).toEqual({ 200: 2, 429: 2 });
    expect((await get(path)).status).toBe(first.status);
  });

  test('are counted for a change at the address of a page, and for what is nowhere', async () => {
    await start([row('/', fresh)]);
    expect(await statuses(2, () => get('/', {}, 'POST'))).toEqual({ 405: 2 });
    expect(await statuses(2, () => get('/nothing'))).toEqual({ 429: 2 });
  });
});

describe('an address pays', () => {
  test('the bytes of kept pages, and not those that it is not sent', async () => {
    await start([row('/', kept)], { bytes: 999 });
    const etag = (await get('/')).headers.get('ETag') ?? '';
    expect(await statuses(20, () => get('/', { 'If-None-Match': etag }))).toEqual({ 304: 20 });
    expect(await statuses(20, () => get('/', {}, 'HEAD'))).toEqual({ 200: 20 });
    expect(await statuses(20, () => get('/'))).toEqual({ 200: 9, 429: 11 });
    expect((await get('/', { 'X-Forwarded-For': '192.0.2.2' })).status).toBe(200);
  });

  test('the time of kept pages', async () => {
    await start([row('/', kept)], { milliseconds: 20 });
    let status = 200;
    for (let left = 5_000; left > 0 && status === 200; left -= 1) ({ status } = await get('/', {}, 'HEAD'));
    expect(status).toBe(429);
    // Express made the first one and the refused one.
    expect(served?.passed()).toBe(2);
  });

  test.each<[string, Partial<Route>, Record<string, string>, number]>([
    ['addresses that are none', { params: z.object({ id: z.uuid() }) }, {}, 404],
    ['wrong queries', { params: z.object({ id: z.string() }), query: z.object({ q: z.string() }) }, {}, 400],
    ['invalid keys', { params: z.object({ id: z.string() }) }, { Authorization: 'Bearer bogus' }, 401],
  ])('for %s too', async (_name, more, headers, status) => {
    const policy = {
      ...openPolicy,
      viewerOf: async (request: Parameters<typeof openPolicy.viewerOf>[0]) =>
        request.headers.authorization ? undefined : openPolicy.viewerOf(request),
    };
    await start([row('/things/{id}', fresh, more)], { milliseconds: 9.9 }, policy);
    expect(await statuses(100, () => get('/things/1', headers))).toEqual({ [status]: 40, 429: 60 });
  });

  test('and is refused later and later once it has nothing left', async () => {
    await start([row('/', fresh)], { bytes: 99, refusals: 3 });
    expect(await statuses(4, () => get('/'))).toEqual({ 200: 1, 429: 3 });
    const late = get('/', {}).then(({ status }) => status);
    const timeout = new Promise((resolve) => setTimeout(resolve, 100, 'not yet'));
    expect(await Promise.race([late, timeout])).toBe('not yet');
    expect(await late).toBe(429);
  });
});

test('a thousand readers behind one address get a page of 12 kB ten times a minute', async () => {
  const page = Buffer.alloc(12 * 1024, 'x');
  // What `app/limits.ts` gives an address that may send 600 requests a minute.
  const { LIMITS } = await import('../../src/app/limits.ts');
  const { milliseconds, bytes } = LIMITS.budgets.perRequest;
  const payer = new Payers(clientAddress, {
    address: { milliseconds: milliseconds * 600, bytes: bytes * 600 },
    ...LIMITS.budgets,
    now,
  }).ofAddress({ headers: {}, socket: { remoteAddress: '192.0.2.1' } } as never);
  for (let reader = 0; reader < 10_000; reader += 1) payer.charge({ milliseconds: 0.05, bytes: page.length });
  expect(payer.wait).toBe(0);
});
