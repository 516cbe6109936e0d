// Public GETs over the wire with and without what is kept in front of Express: nobody can tell the difference, but by the time it takes.

import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Incident, selectIncidents, showIncident } from '../../../projections/incidents.ts';
import { accessOf, isPublic } from '../../../projections/organizations.ts';
import { type Service, showService } from '../../../projections/service.ts';
import { selectServices } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { Budget } from '../../../src/bounds/budget.ts';
import { RateLimiter } from '../../../src/bounds/rate-limiter.ts';
import { type AccessLogFormat, createAccessLog } from '../../../src/http/access-log.ts';
import type { Answer, Reply, Route } from '../../../src/http/route.ts';
import { createClientAddress } from '../../../src/identity/client-address.ts';
import { createOriginPolicy } from '../../../src/identity/origins.ts';
import { openPolicy } from '../../../src/identity/policy.ts';
import { closedLoop, expectStatus, withConnections } from '../../bench/load.ts';
import { step, take } from '../../support/histories.ts';
import { createService, openIncident, put } from '../../support/rest.ts';
import { anyone } from '../../support/scenario.ts';
import { logAt, type Served, serve } from '../../support/serve.ts';
import { sized } from '../../support/size.ts';
import { type StartedApp, startApp, testConfig } from '../../support/start-app.ts';

const clock = '2026-03-01T10:00:00.000Z';
const now = () => new Date(clock);

interface Got {
  readonly status: number | undefined;
  /** Names and values as they came, but for what no two answers share. */
  readonly headers: readonly string[];
  /** Byte for byte, as Latin-1. */
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

async function ask({ url }: { url: string }, path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Got> {
  const sent = send(`${url}${path}`, { method, headers: { Connection: 'close', ...headers } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { statusCode: status, rawHeaders } = response;
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? `${name}: ${rawHeaders[index + 1]}` : []));
  const body = (await buffer(response)).toString('latin1');
  return { status, headers: pairs.filter((pair) => !/^(Date|X-Request-Id): /.test(pair)).sort(), body };
}

function header({ headers }: Got, name: string): string | undefined {
  return headers.find((pair) => pair.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** One log, served as it is and with answers kept in front. */
interface Both {
  readonly app: StartedApp;
  readonly plain: Served;
  readonly cached: Served;
}

type Terms = Omit<NonNullable<Parameters<typeof serve>[1]>, 'position' | 'limits'>;

async function serveBoth({ limit, ...terms }: Terms & { limit?: number } = {}): Promise<Both> {
  const app = await startApp({}, { now });
  const limits = () => {
    const limiter = (name: string) => new RateLimiter({ name, count: limit ?? 0, window: 60 }, { now, capacity: 100 });
    if (limit === undefined) return {};
    const refusals = new Budget({ amount: 10, window: 60 }, { now, capacity: 100 });
    return { limits: { addresses: limiter('address'), credentials: limiter('credential'), refusals } };
  };
  const given = { newId: () => 'id', log: app.log, ...terms };
  const plain = await serve(app.routes, { ...given, ...limits() });
  const cached = await serve(app.routes, { ...given, ...limits(), isCaching: true });
  open.push(plain, cached, app);
  return { app, plain, cached };
}

const open: { close(): Promise<void> }[] = [];
afterEach(closeAll);

async function closeAll(): Promise<void> {
  for (const each of open.splice(0)) await each.close();
}

/** A row of which answers are kept. */
const ROW = {
  method: 'get',
  path: '/api/something',
  operationId: 'getSomething',
  tag: 'test',
  summary: 'Something',
  access: 'anyone',
  success: { status: 200, description: 'It' },
  problems: [],
  cacheable: true,
} as const;

describe('over every GET row', () => {
  let app: StartedApp;
  let plain: Served;
  let cached: Served;
  let paths: string[];

  beforeAll(async () => {
    ({ app, plain, cached } = await serveBoth());
    open.length = 0;
    const service = await createService(app, { organizationId: 'acme', tenantId: 'red', name: 'Zürich ☂' });
    await createService(app);
    const incident = await openIncident(app, { organizationId: 'acme', impacts: { [service.id]: 'partial' } });
    const ids: Record<string, readonly string[]> = {
      services: [service.id, service.id.toUpperCase(), incident.id, 'nope', '%41', '%'],
      incidents: [incident.id, service.id],
      'docs/': ['page.css', 'nope'],
      examples: ['websocket-client.js'],
    };
    paths = app.routes
      // What never ends cannot be compared whole.
      .filter(({ method, success }) => method === 'get' && success.mediaType !== 'text/event-stream')
      .flatMap(({ path, cacheable }) => {
        const kind = Object.keys(ids).find((name) => path.includes(name)) ?? '';
        const these = path.includes('{') ? (ids[kind] ?? []).map((id) => path.replace(/\{\w+\}/, id)) : [path];
        return these.flatMap((each) => (cacheable ? QUERIES : ['']).map((query) => each + query));
      });
  });

  afterAll(async () => {
    for (const each of [plain, cached, app]) await each.close();
  });

  const QUERIES = [
    ...['', '?', '?_=1', '?organizationId=acme', '?organizationId=acme&_=2&tenantId=red', '?tenantId=red'],
    ...['?organizationId=nobody', '?organizationId=a%62', '?organizationId=bad+one', '?organizationId='],
    ...['?organizationId=acme&organizationId=default', '?%6frganizationId=acme', '?organizationId=acme#x', '?=&&'],
    ...['?position=1', `?at=${clock}`, '?position=x', '?position=1&_=1', '?limit=1', `?_=${'x'.repeat(600)}`],
    `?${'a&'.repeat(1_001)}organizationId=acme`,
  ];

  const PREFLIGHT_LIKE = {
    headers: { Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'PUT' },
  };

  const VARIANTS: readonly (readonly [string, Asked])[] = [
    ['nothing else', {}],
    ['HEAD', { method: 'HEAD' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['another tag', { headers: { 'If-None-Match': '"x", W/"y"' } }],
    ['any tag', { headers: { 'If-None-Match': '*' } }],
    ['any tag, HEAD', { method: 'HEAD', headers: { 'If-None-Match': '*' } }],
    ['a date', { headers: { 'If-Modified-Since': 'Sun, 01 Mar 2026 10:00:00 GMT' } }],
    ['a version', { headers: { 'If-Match': '"1-1"' } }],
    ['a foreign origin', { headers: { Origin: 'https://elsewhere.example' } }],
    ['a trusted origin', { headers: { Origin: 'http://localhost:3001' } }],
    ['the method of a preflight', { headers: { 'Access-Control-Request-Method': 'POST' } }],
    ['a foreign origin and the method of a preflight', PREFLIGHT_LIKE],
    ['a foreign host', { headers: { Host: 'elsewhere.example' } }],
    ['a cookie', { headers: { Cookie: 'a=b', 'If-None-Match': '*' } }],
    ['a session', { headers: { Cookie: 'a=b; plive=c', 'If-None-Match': '*' } }],
    ['a key', { headers: { Authorization: 'Bearer x' } }],
    ['a body', { headers: { 'Content-Length': '0' } }],
    ['a range', { headers: { Range: 'bytes=0-1' } }],
  ];

  /** The paths that a variant is tried with, others for each: one in 18 of them, in npm test one in 400. */
  const pathsFor = (variant: number) => paths.filter((_, index) => (index - variant) % sized(400, 18) === 0);

  test.each(VARIANTS)('with %s the first answer, and each after it, is that of the route', async (name, asked) => {
    for (const path of pathsFor(VARIANTS.findIndex(([each]) => each === name))) {
      const expected = await ask(plain, path, asked);
      for (const _time of ['first', 'second']) {
        expect([path, await ask(cached, path, asked)]).toEqual([path, expected]);
      }
    }
  });

  test('the tag that was sent is the tag that need not be sent again', async () => {
    for (const path of pathsFor(0)) {
      const tag = header(await ask(cached, path), 'ETag');
      if (tag === undefined) continue;
      for (const headers of [{ 'If-None-Match': tag }, { 'If-None-Match': `"x", W/${tag}` }]) {
        const expected = await ask(plain, path, { headers });
        expect([expected.status, await ask(cached, path, { headers })]).toEqual([304, expected]);
      }
    }
  });

  test('most of that never came to Express', async () => {
    const paths = ['/api/status', '/api/services', '/api/incidents', '/api/services/nope'];
    for (const path of paths) await ask(cached, path);
    const before = cached.passed();
    for (const path of paths) {
      await ask(cached, path);
      await ask(cached, path, { method: 'HEAD' });
      await ask(cached, `${path}?_=${Math.random()}`, { headers: { Origin: 'https://elsewhere.example' } });
    }
    // The unknown service each time, and nothing else.
    expect(cached.passed() - before).toBe(3);
  });
});

test.each<[string, OutgoingHttpHeaders]>([
  ['the method of a preflight', { 'Access-Control-Request-Method': 'POST' }],
  ['the headers of a preflight', { 'Access-Control-Request-Headers': 'if-match', Origin: 'https://elsewhere.example' }],
  ['any tag', { 'If-None-Match': '*' }],
  ['codings', { 'Accept-Encoding': 'br, gzip' }],
  ['another connection', { Connection: 'close, X-Other', 'X-Other': '1' }],
  ['an id', { 'X-Request-Id': 'mine', 'X-Forwarded-For': '203.0.113.5', Forwarded: 'for=203.0.113.5' }],
])('the answer that is kept of a first request with %s is the one that all others get', async (_name, headers) => {
  for (const allowOpen of [true, false]) {
    const origins = createOriginPolicy({ ...testConfig(), production: false, allowOpen });
    const { app, plain, cached } = await serveBoth({ origins });
    await createService(app);
    for (const path of ['/api/status', '/api/services']) {
      await ask(cached, path, { headers });
      for (const others of [{}, { Origin: 'https://elsewhere.example' }]) {
        const answered = await ask(cached, path, { headers: others });
        expect(answered).toEqual(await ask(plain, path, { headers: others }));
        expect(header(answered, 'Access-Control-Allow-Origin')).toBe(allowOpen ? '*' : undefined);
      }
    }
    expect(cached.passed()).toBe(2);
  }
});

test('a header that only the first answer had is not kept', async () => {
  const { cached } = await serveBoth();
  cached.server.prependOnceListener('request', (_request, response) => response.setHeader('X-Once', 'mine'));
  const first = await ask(cached, '/api/status');
  const kept = await ask(cached, '/api/status');
  expect([header(first, 'X-Once'), header(kept, 'X-Once'), cached.passed()]).toEqual(['mine', undefined, 1]);
});

test('a request with a session or a key is answered anew, for its sender alone', async () => {
  const { cached } = await serveBoth();
  for (const headers of [{ Cookie: 'plive=b' }, { Authorization: 'Basic eDp5' }]) {
    await ask(cached, '/api/status');
    const before = cached.passed();
    const got = await ask(cached, '/api/status', { headers });
    expect([got.status, header(got, 'Cache-Control'), cached.passed() - before]).toEqual([200, 'no-store', 1]);
  }
});

test('what is kept counts for the limits of its client as what is not', async () => {
  const { plain, cached } = await serveBoth({ limit: 4 });
  for (const path of ['/api/status', '/api/status', '/api/nope', '/api/status', '/api/status', '/api/status']) {
    expect(await ask(cached, path)).toEqual(await ask(plain, path));
  }
  expect((await ask(cached, '/api/status')).status).toBe(429);
});

test.each<AccessLogFormat>(['dev', 'tiny', 'short', 'common', 'combined'])(
  'the access log in the format %s has the same line of it',
  async (format) => {
    const lines: Record<string, string[]> = { plain: [], cached: [] };
    const { app, plain, cached } = await serveBoth();
    const log = (name: string) => {
      const output = { write: (text: string) => lines[name]?.push(text) };
      return createAccessLog(format, createClientAddress(1), output);
    };
    const logged = [
      await serve(app.routes, { accessLog: log('plain') }),
      await serve(app.routes, { accessLog: log('cached'), log: app.log, isCaching: true }),
    ] as const;
    open.push(...logged);
    const tag = header(await ask(plain, '/api/status'), 'ETag');
    await ask(logged[1], '/api/status');
    lines.cached = [];
    const asked: readonly Asked[] = [
      { headers: { 'X-Request-Id': 'mine', 'User-Agent': 'Test "1"', Referer: 'https://elsewhere.example' } },
      { method: 'HEAD', headers: { 'X-Request-Id': 'not mine' } },
      { headers: { 'X-Forwarded-For': '203.0.113.5, 198.51.100.7', 'If-None-Match': tag ?? '*' } },
    ];
    for (const each of asked) {
      for (const server of logged) await ask(server, '/api/status?_=%0A"', each);
    }
    await Promise.all(logged.map((server) => server.close()));
    open.splice(open.indexOf(logged[0]), 2);
    // The moment differs, and how long it took.
    const told = (text: string) => text.replace(/\d+\.\d{3} ms/, '# ms').replace(/:\d\d \+0000/, ':# +0000');
    expect(lines.plain?.map(told)).toHaveLength(3);
    expect(lines.cached?.map(told)).toEqual(lines.plain?.map(told));
    expect([plain, cached].map(({ reported }) => reported)).toEqual([[], []]);
  },
);

test('a change is seen at once without asking Express again, and leaves what is kept of other organisations as it is', async () => {
  const { app, cached } = await serveBoth();
  const ours = await createService(app, { organizationId: 'ours' });
  const theirs = await createService(app, { organizationId: 'theirs' });
  const kept = [
    '/api/services?organizationId=theirs',
    '/api/status?organizationId=theirs',
    `/api/services/${theirs.id}`,
  ];
  const changed = [
    '/api/services?organizationId=ours',
    '/api/status?organizationId=ours',
    '/api/status',
    '/api/services',
  ];
  const before = new Map<string, Got>();
  const askWithoutProgress = async (path: string) => {
    const { headers, ...got } = await ask(cached, path);
    return { ...got, headers: headers.filter((each) => !each.startsWith('X-Log-Position: ')) };
  };
  for (const path of [...kept, ...changed]) before.set(path, await askWithoutProgress(path));
  const passed = cached.passed();
  await put(app, `/api/services/${ours.id}`, { status: 'major' });
  for (const path of kept) expect(await askWithoutProgress(path)).toEqual(before.get(path));
  expect(cached.passed()).toBe(passed);
  for (const path of changed) expect((await ask(cached, path)).body).not.toEqual(before.get(path)?.body);
  expect(cached.passed()).toBe(passed);
});

describe('an answer that does not hold any more', () => {
  let position = 1;

  /** Serves `first` until the position moves, then what `renewed` gives, to whom Express is not asked; it answers `express`. */
  async function serveRenewed(rebuild: () => Answer): Promise<Served> {
    position = 1;
    const since = position;
    const row: Route = {
      ...ROW,
      async handle() {
        const revalidation = { isCurrent: () => position === since, rebuild };
        if (position > since) return { status: 200, body: 'express', etag: 'express' };
        return { status: 200, body: 'first', etag: 'first', revalidation };
      },
    };
    const served = await serve([row], { log: logAt(() => position), isCaching: true });
    open.push(served);
    await ask(served, ROW.path);
    position += 1;
    return served;
  }

  test('is made anew by its row, with its own tag, and kept in turn', async () => {
    let made = 0;
    const reply: Reply = {
      status: 200,
      body: 'second',
      etag: 'second',
      revalidation: { isCurrent: () => true, rebuild: () => reply },
    };
    const served = await serveRenewed(() => {
      made += 1;
      return reply;
    });
    for (const status of [200, 304]) {
      const headers = status === 304 ? { 'If-None-Match': '"second"' } : {};
      const got = await ask(served, ROW.path, { headers });
      expect([got.status, header(got, 'ETag')]).toEqual([status, '"second"']);
    }
    position += 1;
    expect((await ask(served, ROW.path)).body).toBe('second');
    expect([served.passed(), made]).toEqual([1, 1]);
  });

  test('is left to Express where it became a problem', async () => {
    const served = await serveRenewed(() => ({ problem: 'not-found', detail: 'It is gone.' }));
    expect((await ask(served, ROW.path)).body).toBe('express');
    expect([served.passed(), served.reported]).toEqual([2, []]);
  });

  test('is left to Express where making it fails, and that is reported', async () => {
    const served = await serveRenewed(() => {
      throw new Error('Not today.');
    });
    expect((await ask(served, ROW.path)).body).toBe('express');
    expect([served.passed(), served.reported]).toEqual([
      2,
      [`the cached response to ${ROW.path} could not be rebuilt: Error: Not today.`],
    ]);
  });
});

test('nothing is shown of an organisation any more once strangers may not see it', async () => {
  const { app } = await serveBoth();
  const organizations = () => app.models.current.organizations;
  const stranger: Viewer = {
    actor: { kind: 'anonymous' },
    get organizations() {
      return isPublic(organizations(), 'default') ? ['default'] : [];
    },
    access: (id) => accessOf(organizations(), id),
  };
  const policy = { ...openPolicy, viewerOf: async () => stranger };
  const cached = await serve(app.routes, { policy, log: app.log, isCaching: true });
  open.unshift(cached);
  const record = (stream: string, event: object) =>
    app.log.append({
      writes: [{ stream, expected: 'any', events: [{ organizationId: 'default', ...event } as never] }],
      actor: { kind: 'system' },
      correlationId: 'test',
    });
  await record('organization-default', {
    type: 'organization.created',
    data: { name: 'Ours', slug: 'ours', visibility: 'public' },
  });
  const { id } = await createService(app);
  const paths = ['/api/services', '/api/status', '/api/services?organizationId=default', `/api/services/${id}`];
  const shows = async (path: string) => /Search|"totalServices":1/.test((await ask(cached, path)).body);
  for (const path of paths) expect(await shows(path)).toBe(true);
  await record('organization-default', { type: 'organization.visibility-changed', data: { visibility: 'private' } });
  for (const path of paths) expect(await shows(path)).toBe(false);
});

test('whatever happens, what is kept is what would be answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { app, plain, cached } = await serveBoth();
      for (const each of steps) {
        await take(app.log, app.models.current, each);
        for (const path of pathsOf(app))
          expect([path, await ask(cached, path)]).toEqual([path, await ask(plain, path)]);
        const { services, incidents } = app.models.current;
        expect((await ask(cached, '/api/services')).body).toBe(
          latin1(JSON.stringify(selectServices(services, anyone, {}).map(showService))),
        );
        expect((await ask(cached, '/api/incidents')).body).toBe(
          latin1(JSON.stringify(selectIncidents(incidents, anyone, {}).map(showIncident))),
        );
      }
      await closeAll();
    }),
    { numRuns: sized(2, 15) },
  );
});

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function pathsOf({ models: { current } }: StartedApp): string[] {
  const services = selectServices(current.services, anyone, {}).slice(-2);
  const incidents = selectIncidents(current.incidents, anyone, {}).slice(-2);
  const lists = ['/api/services', '/api/incidents', '/api/status'];
  const places = ['', '?organizationId=acme', '?tenantId=red', '?organizationId=acme&tenantId=red'];
  return [
    ...lists.flatMap((list) => places.map((place) => list + place)),
    ...services.map(({ id }: Service) => `/api/services/${id}`),
    ...incidents.map(({ id }: Incident) => `/api/incidents/${id}`),
  ];
}

test('many who ask at once for what is not kept yet share one answer', async () => {
  let asked = 0;
  const row: Route = {
    ...ROW,
    async handle() {
      asked += 1;
      const reply: Reply = { status: 200, body: { asked }, etag: 'same' };
      return { ...reply, revalidation: { isCurrent: () => true, rebuild: () => reply } };
    },
  };
  const served = await serve([row], { log: logAt(() => 1), isCaching: true });
  open.push(served);
  const got = await Promise.all(Array.from({ length: 64 }, () => ask(served, ROW.path)));
  expect(new Set(got.map(({ body }) => body))).toEqual(new Set(['{"asked":1}']));
  expect(served.passed()).toBe(1);
});

const URLS = sized(1_000, 20_000);

test(`${URLS} URLs that nobody asked for before leave nothing behind`, async () => {
  const { app, cached } = await serveBoth();
  await createService(app);
  let asked = 0;
  await withConnections(cached.url, 32, (connections) =>
    closedLoop(
      connections,
      async (connection) => {
        asked += 1;
        const query = asked % 20 === 0 ? 'organizationId' : '_';
        const line = `GET /api/status?${query}=${asked}`;
        return expectStatus(await connection.send(line), 200, line);
      },
      { requests: URLS },
    ),
  );
  expect([cached.cache?.count, cached.passed()]).toEqual([1, URLS / 20 + 1]);
});

describe('compressed', () => {
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync } as const;
  const path = '/api/services';

  const decoded = ({ body }: Got, decode: (bytes: Buffer) => Buffer) =>
    decode(Buffer.from(body, 'latin1')).toString('latin1');

  /** The answer once it is there in this coding: until then the plain one comes. */
  async function compressed(cached: Served, accepted: string): Promise<Got> {
    for (;;) {
      const got = await ask(cached, path, { headers: { 'Accept-Encoding': accepted } });
      if (header(got, 'Content-Encoding') !== undefined) return got;
    }
  }

  async function withMuch(): Promise<Both> {
    const both = await serveBoth();
    for (let count = 0; count < 10; count += 1) await createService(both.app, { name: `Zürich ${count}` });
    return both;
  }

  test.each([
    ['gzip', 'gzip'],
    ['br', 'gzip, deflate, br;q=0.5'],
    ['gzip', 'br;q=0, GZIP;q=1.0'],
  ] as const)(
    'in %s, where %s is accepted, it is the same but for what that makes different',
    async (coding, accepted) => {
      const { plain, cached } = await withMuch();
      const expected = await ask(plain, path);
      expect(await ask(cached, path, { headers: { 'Accept-Encoding': accepted } })).toEqual(expected);
      const got = await compressed(cached, accepted);
      const tag = header(expected, 'ETag');
      const own = /^(Content-Encoding|Content-Length|ETag): /;
      const common = ({ headers }: Got) => headers.filter((pair) => !own.test(pair));
      expect(common(got)).toEqual(common(expected));
      expect(got.headers.filter((pair) => own.test(pair))).toEqual([
        `Content-Encoding: ${coding}`,
        `Content-Length: ${got.body.length}`,
        `ETag: W/${tag}`,
      ]);
      expect(decoded(got, decoders[coding])).toBe(expected.body);
      expect(got.body.length).toBeLessThan(expected.body.length / 2);
      const held = await ask(cached, path, { headers: { 'Accept-Encoding': accepted, 'If-None-Match': `W/${tag}` } });
      expect([held.status, header(held, 'ETag')]).toEqual([304, `W/${tag}`]);
      expect(await ask(cached, path)).toEqual(expected);
    },
  );

  test('it is never what was so before a change', async () => {
    const { app, plain, cached } = await withMuch();
    const before = await compressed(cached, 'br');
    await createService(app);
    expect((await ask(cached, path, { headers: { 'Accept-Encoding': 'br' } })).body).toEqual(
      (await ask(plain, path)).body,
    );
    const after = await compressed(cached, 'br');
    expect(header(after, 'ETag')).not.toBe(header(before, 'ETag'));
    expect(decoded(after, brotliDecompressSync)).toBe((await ask(plain, path)).body);
  });

  test.each(['br;q=0', 'identity', 'deflate', 'brotli', ''])('not where "%s" is accepted', async (accepted) => {
    const { plain, cached } = await withMuch();
    await compressed(cached, 'br');
    await compressed(cached, 'gzip');
    expect(await ask(cached, path, { headers: { 'Accept-Encoding': accepted } })).toEqual(await ask(plain, path));
  });
});
