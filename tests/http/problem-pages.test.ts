// Problems as pages: for browsers that ask for HTML elsewhere than below `/api`, in the reader's language and theme.
import { afterEach, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Route } from '../../src/http/route.ts';
import { createOriginPolicy } from '../../src/identity/origins.ts';
import { openPolicy } from '../../src/identity/policy.ts';
import { pageRow } from '../support/page-row.ts';
import { type Served, serve } from '../support/serve.ts';
import { testConfig } from '../support/start-app.ts';

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const ROUTES: readonly Route[] = [
  pageRow('/gone', () => ({ problem: 'gone', detail: 'It was deleted.', members: { lastSeen: '/there?position=1' } })),
  pageRow('/broken', () => {
    throw new Error('Not today.');
  }),
  pageRow('/things/{id}', () => ({ status: 200, body: '' }), { params: z.object({ id: z.uuid() }) }),
  pageRow('/api/gone', () => ({ problem: 'gone', detail: 'It was deleted.' }), { page: undefined as never }),
  pageRow('/query', () => ({ status: 200, body: '' }), { query: z.object({ size: z.literal('1').exactOptional() }) }),
];

async function start() {
  served = await serve(ROUTES, {
    problemPage: ({ problem, status, reference, members }, { language, theme }) =>
      `<p>${[problem, status, reference, members?.lastSeen, language, theme].join(' ')}`,
  });
}

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served?.url}${path}`, { headers });

test.each<[string, Record<string, string>, number, string]>([
  ['/nothing', {}, 404, 'no-such-route 404 id   '],
  ['/nothing?lang=de', { Cookie: 'theme=dark' }, 404, 'no-such-route 404 id  de dark'],
  ['/things/x', {}, 404, 'not-found 404 id   '],
  ['/gone', { 'Accept-Language': 'de' }, 410, 'gone 410 id /there?position=1 de '],
  ['/query?size=2', {}, 400, 'invalid-request 400 id   '],
  ['/things/%', {}, 400, 'invalid-request 400 id   '],
  ['/broken', {}, 500, 'internal 500 id   '],
])('%s with %j is a page', async (path, headers, status, said) => {
  await start();
  const response = await get(path, { Accept: HTML, ...headers });
  expect([response.status, await response.text()]).toEqual([status, `<p>${said}`]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("require-trusted-types-for 'script'"),
    'referrer-policy': 'same-origin',
    vary: 'Origin, Accept, Accept-Language, Cookie',
  });
});

test.each([
  ['/gone', '*/*'],
  ['/gone', 'application/json'],
  ['/gone', 'text/html;q=0'],
  ['/gone', 'text/html; q=0.0, application/json'],
  ['/api/gone', HTML],
  ['/api', HTML],
  ['/api/nothing', HTML],
  ['/socket.io/nothing', HTML],
])('%s for a client that accepts %s is a problem document', async (path, accept) => {
  await start();
  const response = await get(path, { Accept: accept });
  expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
  expect(await response.json()).toMatchObject({ status: response.status });
  const depends = !path.startsWith('/api') && !path.startsWith('/socket.io');
  expect(response.headers.get('Vary')).toBe(depends ? 'Origin, Accept, Accept-Language, Cookie' : 'Origin');
});

test('a foreign host, a wrong method and too many requests are pages too', async () => {
  const origins = createOriginPolicy({ ...testConfig(), allowOpen: false, production: true });
  served = await serve(ROUTES, {
    origins: { ...origins, allowsHost: () => false },
    policy: openPolicy,
    problemPage: ({ problem }) => problem,
  });
  expect(await (await get('/gone', { Accept: HTML })).text()).toBe('host-not-allowed');
  await served.close();
  await start();
  const posted = await fetch(`${served.url}/gone`, { method: 'POST', headers: { Accept: HTML } });
  expect([posted.status, await posted.text()]).toEqual([405, '<p>method-not-allowed 405 id   ']);
});

test('a page of a problem has no body where only its headers are asked for', async () => {
  await start();
  const response = await fetch(`${served?.url}/gone`, { method: 'HEAD', headers: { Accept: HTML } });
  expect([response.status, response.headers.get('Content-Type'), await response.text()]).toEqual([
    410,
    'text/html; charset=utf-8',
    '',
  ]);
});
