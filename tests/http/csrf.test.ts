// Changes that rest on a session cookie: which page they must come from, as what they must be sent.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changingNothing, createService } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const TRUSTED = 'https://admin.example.org';
const COOKIE = '__Host-plive=secret';
const JSON_TYPE = 'application/json';
const SERVICE = JSON.stringify({ name: 'Search', description: 'Finds things' });

let app: StartedApp;
let own: string;

beforeAll(async () => {
  app = await startApp({ NODE_ENV: 'production', AUTH: 'open', ALLOW_OPEN: 'true', CORS_ORIGIN: TRUSTED });
  own = new URL(app.url).origin;
});
afterAll(() => app.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
}

/** Status and code of the answer to exactly these headers: `fetch` adds its own. */
function send(headers: Record<string, string>, { body, ...sent }: Sent = {}): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', path: '/api/services', agent: false, headers, ...sent };
    const asked = httpRequest(app.url, options, async (response) => {
      const text = (await response.toArray()).join('');
      resolve([response.statusCode, JSON.parse(text || '{}').code]);
    });
    asked.on('error', reject).end(body);
  });
}

const create = (headers: Record<string, string>) => send({ 'Content-Type': JSON_TYPE, ...headers }, { body: SERVICE });

const REFUSED = [403, 'cross-origin'];
const CREATED = [201, undefined];

describe('with a session cookie', () => {
  test.each([
    'https://evil.example',
    `${TRUSTED}.evil.example`,
    'http://admin.example.org',
    'http://localhost:3000',
    'null',
    '',
    'nonsense',
  ])('a change by a page at %j is refused', async (Origin) => {
    for (const Cookie of [COOKIE, 'plive=secret', 'a=b; plive=secret', `theme="x;y";${COOKIE}; c=d`, 'plive=']) {
      expect(await changingNothing(app, () => create({ Cookie, Origin }))).toEqual(REFUSED);
    }
  });

  test.each(['same-site', 'cross-site', 'none', ''])('one without an Origin, %j, is refused', async (site) => {
    const headers = { Cookie: COOKIE, ...(site ? { 'Sec-Fetch-Site': site } : {}) };
    expect(await changingNothing(app, () => create(headers))).toEqual(REFUSED);
  });

  test('an Origin counts for more than what the browser says of the site', async () => {
    const headers = { Cookie: COOKIE, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' };
    expect(await changingNothing(app, () => create(headers))).toEqual(REFUSED);
  });

  test.each([
    'Basic eDp5',
    'Bearer x',
    'Bearer',
    'plv_key',
    'Digest username="x"',
    'Basic plv_key',
    'Bearer x plv_key',
  ])('a change by a foreign page is refused, with Authorization: %s too', async (Authorization) => {
    const headers = { Cookie: COOKIE, Origin: 'https://evil.example', Authorization };
    expect(await changingNothing(app, () => create(headers))).toEqual(REFUSED);
  });

  test('one by a page of this server or a trusted one is made', async () => {
    expect(await create({ Cookie: COOKIE, Origin: own })).toEqual(CREATED);
    expect(await create({ Cookie: COOKIE, Origin: TRUSTED })).toEqual(CREATED);
    expect(await create({ Cookie: COOKIE, 'Sec-Fetch-Site': 'same-origin' })).toEqual(CREATED);
  });

  test('every unsafe method is refused to strangers, also where no body is expected', async () => {
    const { id } = await createService(app);
    const headers = { Cookie: COOKIE, Origin: 'https://evil.example' };
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect(await changingNothing(app, () => send(headers, { method, path: `/api/services/${id}` }))).toEqual(REFUSED);
    }
    expect(await send(headers, { method: 'GET', path: `/api/services/${id}` })).toEqual([200, undefined]);
  });

  test('a body that is not JSON is refused, also where none is expected', async () => {
    const { id } = await createService(app);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { Cookie: COOKIE, Origin: own, 'Content-Type': type, 'Content-Length': '1' };
      const remove = () => send(headers, { method: 'DELETE', path: `/api/services/${id}`, body: '1' });
      expect(await changingNothing(app, remove)).toEqual([415, 'not-json']);
    }
    expect(await send({ Cookie: COOKIE, Origin: own }, { method: 'DELETE', path: `/api/services/${id}` })).toEqual([
      204,
      undefined,
    ]);
  });
});

test('a change that rests on an API key, or on nothing, may come from anywhere', async () => {
  const Origin = 'https://evil.example';
  expect(await create({ Origin, Cookie: COOKIE, Authorization: 'Bearer plv_key' })).toEqual(CREATED);
  expect(await create({ Origin, Cookie: 'theme=dark; xplive=1; plivex=2' })).toEqual(CREATED);
  expect(await create({})).toEqual(CREATED);
});
