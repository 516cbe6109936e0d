// Rows that are pages: who reads them, how their answers are kept, with which headers, and where other spellings of
// their addresses lead.
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { readerFields } from '../../src/http/browsers/reader.ts';
import type { Reply, Route, RouteRequest } from '../../src/http/route.ts';
import { pageRow } from '../support/page-row.ts';
import { logAt, type Served, serve } from '../support/serve.ts';

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const TYPE = 'text/html; charset=utf-8';
const long = 'x'.repeat(5_000);

const page = (path: string, handle: Route['handle'], more: Partial<Route> = {}) =>
  pageRow(path, handle, { cacheable: true, query: z.object(readerFields), ...more });

/** A page that says who reads it. */
function shown({ reader: { language, theme } }: Pick<RouteRequest, 'reader'>): Reply {
  const rebuild = () => reply;
  const reply: Reply = {
    status: 200,
    body: `<p>${language ?? 'own'} ${theme ?? 'system'}${long}`,
    logTag: 7,
    headers: { 'Content-Type': TYPE },
    revalidation: { isCurrent: () => true, rebuild },
  };
  return reply;
}

async function start(routes: readonly Route[], isCaching = true): Promise<Served> {
  served = await serve(routes, { log: logAt(() => 1, 'log'), isCaching });
  return served;
}

async function ask(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET') {
  const { hostname, port } = new URL(served?.url ?? '');
  // The path as it stands: `send` would change one that is part of a URL.
  const sent = send({ hostname, port, path, method, headers: { Connection: 'close', ...headers } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

const said = async (path: string, headers: OutgoingHttpHeaders = {}) =>
  (await ask(path, headers)).body.toString().replace(long, '');

describe.each([true, false])('a page, kept: %s', (isCaching) => {
  test.each<[string, OutgoingHttpHeaders, string]>([
    ['/', {}, '<p>own system'],
    ['/?lang=de', {}, '<p>de system'],
    ['/?lang=xx', { 'Accept-Language': 'de' }, '<p>de system'],
    ['/?_=1', { 'Accept-Language': 'en-GB,de;q=0.1' }, '<p>en system'],
    ['/', { 'Accept-Language': '*' }, '<p>own system'],
    ['/?lang=en', { Cookie: 'lang=de; theme=dark' }, '<p>en dark'],
    ['/', { Cookie: 'lang=de; theme=light; other=1' }, '<p>de light'],
    ['/', { Cookie: 'theme=black' }, '<p>own system'],
  ])('at %s with %j is for its reader', async (path, headers, expected) => {
    await start([page('/', shown)], isCaching);
    const before = [await said('/'), await said('/', { Cookie: 'theme=dark' })];
    expect([await said(path, headers), await said(path, headers), before]).toEqual([
      expected,
      expected,
      ['<p>own system', '<p>own dark'],
    ]);
  });

  test('has the headers of pages, and a tag with its reader', async () => {
    await start([page('/', shown)], isCaching);
    for (const _time of ['first', 'second']) {
      const { status, headers } = await ask('/?lang=de', { Cookie: 'theme=dark' });
      expect([status, headers]).toEqual([
        200,
        expect.objectContaining({
          'content-type': TYPE,
          'cache-control': 'no-cache',
          etag: '"log:7.de-dark"',
          vary: 'Origin, Accept, Accept-Language, Cookie, Accept-Encoding',
          'referrer-policy': 'same-origin',
          'x-frame-options': 'DENY',
          'x-content-type-options': 'nosniff',
          'content-security-policy':
            "default-src 'none';style-src 'self';script-src 'self';img-src 'self' data:;connect-src 'self';" +
            "form-action 'self';base-uri 'none';frame-ancestors 'none';require-trusted-types-for 'script'",
        }),
      ]);
    }
  });

  test('need not be sent again to the same reader', async () => {
    await start([page('/', shown)], isCaching);
    for (const _time of ['first', 'second']) {
      const tag = { 'If-None-Match': '"log:7.de-"' };
      const same = await ask('/?lang=de', tag);
      const other = await ask('/?lang=en', tag);
      expect([same.status, same.body.length, other.status]).toEqual([304, 0, 200]);
      expect(same.headers).toMatchObject({ vary: expect.stringContaining('Accept-Language'), etag: '"log:7.de-"' });
      const head = await ask('/', {}, 'HEAD');
      expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '5013', 0]);
    }
  });
});

test('what the cache knows does not reach the row again, whatever else is sent', async () => {
  const { passed } = await start([
    page('/', shown),
    page('/status/{page}', shown, { params: z.object({ page: z.string() }) }),
  ]);
  for (const path of ['/', '/status/Acme.org']) {
    for (const headers of [{}, { Cookie: 'theme=dark' }, { 'Accept-Language': 'de' }]) await ask(path, headers);
    const before = passed();
    await ask(`${path}?_=1&lang=xx`, { Cookie: 'a=b; c=d' });
    await ask(`${path}?lang=de-CH`, { Cookie: 'a=b', 'Accept-Language': 'en' });
    await ask(path, { Cookie: 'theme=dark; lang=xx', 'Accept-Language': '*' });
    await ask(path, { 'Accept-Language': 'de-CH, en', Accept: 'text/html', 'User-Agent': 'Other' });
    expect(passed() - before).toBe(0);
  }
});

test('only a session or a key makes a page private', async () => {
  const { passed } = await start([page('/', shown)]);
  for (const headers of [{ Cookie: 'a=b; plive=x' }, { Cookie: '__Host-plive=x' }, { Authorization: 'Basic eDp5' }]) {
    await ask('/');
    const before = passed();
    const got = await ask('/', { ...headers, 'If-None-Match': '*' });
    expect([got.status, got.headers['cache-control'], passed() - before]).toEqual([200, 'no-store', 1]);
  }
});

test('a page is compressed from the third answer on', async () => {
  await start([page('/', shown)]);
  const coding = { 'Accept-Encoding': 'gzip' };
  for (const _time of ['first', 'second']) expect((await said('/', coding)).startsWith('<p>')).toBe(true);
  let got = await ask('/', coding);
  for (let left = 100; left > 0 && got.headers['content-encoding'] === undefined; left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    got = await ask('/', coding);
  }
  expect(got.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': TYPE, etag: 'W/"log:7.-"' });
  expect(gunzipSync(got.body).toString()).toBe(`<p>own system${long}`);
});

test('a page whose content has changed is made anew for the same reader', async () => {
  let count = 0;
  const counting = (request: Pick<RouteRequest, 'reader'>): Reply => {
    const { reader } = request;
    count += 1;
    const made = count;
    return {
      ...shown({ reader }),
      body: `${reader.language} ${made}`,
      logTag: made,
      revalidation: { isCurrent: () => made === count && position === 1, rebuild: () => counting(request) },
    };
  };
  let position = 1;
  served = await serve([page('/', counting)], { log: logAt(() => position), isCaching: true });
  await ask('/?lang=de');
  position = 2;
  const got = await ask('/?lang=de');
  expect([got.body.toString(), got.headers.etag, served.passed()]).toEqual(['de 2', '"0:2.de-"', 1]);
});

test('an answer of the past can be kept by its reader alone', async () => {
  const past: Reply = {
    status: 200,
    body: '<p>',
    logTag: 1,
    headers: { 'Content-Type': TYPE, 'Cache-Control': 'private, max-age=300' },
  };
  await start([page('/', () => past)]);
  const { headers } = await ask('/');
  expect([headers['cache-control'], headers.etag]).toEqual(['private, max-age=300', '"log:1.-"']);
});

test('a page can lead elsewhere', async () => {
  await start([
    page('/old', () => ({ status: 303, headers: { Location: '/new' } })),
    page('/older', () => ({ status: 308, headers: { Location: '/new' } })),
  ]);
  for (const [path, status] of [
    ['/old', 303],
    ['/older', 308],
  ] as const) {
    const got = await ask(path);
    expect([got.status, got.headers.location, got.headers['cache-control']]).toEqual([status, '/new', 'no-store']);
  }
});

describe('an address in another spelling', () => {
  const id = '0190a3b4-0000-7000-8000-00000000abcd';
  const routes = [
    page('/', shown),
    page('/history', shown),
    page('/status/{page}', shown, { params: z.object({ page: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/) }) }),
    page('/incidents/{id}', shown, { params: z.object({ id: z.uuid().toLowerCase() }) }),
    { ...page('/api/things', shown), page: undefined } as unknown as Route,
  ];

  test.each([
    ['/history/', '/history'],
    ['/History', '/history'],
    ['/HISTORY//?lang=de', '/history?lang=de'],
    ['//', '/'],
    ['/status/acme/?at=2026-03-01T10:00:00Z', '/status/acme?at=2026-03-01T10:00:00Z'],
    ['/Status/acme', '/status/acme'],
    [`/incidents/${id.toUpperCase()}?x=/%2F`, `/incidents/${id}?x=/%2F`],
    [`/incidents/${id}/`, `/incidents/${id}`],
  ])('redirects from %s to %s', async (path, location) => {
    await start(routes);
    for (const method of ['GET', 'HEAD']) {
      const got = await ask(path, {}, method);
      expect([got.status, got.headers.location]).toEqual([308, location]);
    }
  });

  test.each([
    ['/status/Acme', 200],
    ['/incidents/nope', 404],
    ['/incidents/%2F', 404],
    ['//evil.example', 404],
    ['//evil.example/', 404],
    ['//evil.example/..', 404],
    ['/\\evil.example/', 404],
    ['/%5Cevil.example/', 404],
    ['///status/acme/', 404],
    ['/api/things/', 404],
    ['/API/things', 404],
    ['/nothing/', 404],
  ])('%s does not redirect', async (path, status) => {
    await start(routes);
    const got = await ask(path);
    expect([got.status, got.headers.location]).toEqual([status, undefined]);
  });

  test('does not redirect a change', async () => {
    await start(routes);
    expect((await ask('/history/', {}, 'POST')).status).toBe(404);
  });
});
