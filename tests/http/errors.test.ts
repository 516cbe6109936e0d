// Everything that can be wrong with a request: refused politely, in one form, with nothing given away and nothing left behind.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import { PROBLEMS, type ProblemCode } from '../../src/http/problem.ts';
import { ask, changingNothing, createService, type EventsPage, get, refused } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => {
  await app.close();
  expect(app.reported).toEqual([]);
});

const SERVICES = '/api/services';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const GOOD = { name: 'Search', description: 'Finds things' };
const INNARDS = /node:internal|node_modules|\.[jt]s\b|\bat \S+ \(|sqlite|select |\/src\//i;

const raw = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { ...JSON_TYPE, ...headers },
});

/** A good body with a member nested so deeply that the whole has this many levels. */
const nested = (levels: number) =>
  `{"name":"Deep","description":"Nested","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

/** A good body of this many bytes. */
function sized(bytes: number): string {
  const empty = JSON.stringify({ ...GOOD, x: '' });
  return JSON.stringify({ ...GOOD, x: 'x'.repeat(bytes - empty.length) });
}

describe('a body', () => {
  test.each<[string, ReturnType<typeof raw>, ProblemCode]>([
    ['that is cut off', raw('{"name":'), 'malformed-json'],
    ['with a trailing comma', raw('{"name":"x",}'), 'malformed-json'],
    ['that is no JSON at all', raw('name=x'), 'malformed-json'],
    ['of brackets alone', raw('['.repeat(60_000)), 'malformed-json'],
    ['said to be text', raw(JSON.stringify(GOOD), { 'Content-Type': 'text/plain' }), 'not-json'],
    [
      'said to be text and JSON',
      raw(JSON.stringify(GOOD), { 'Content-Type': 'text/plain; application/json' }),
      'not-json',
    ],
    ['of a form', raw('name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }), 'not-json'],
    ['in latin1', raw(JSON.stringify(GOOD), { 'Content-Type': 'application/json; charset=latin1' }), 'not-json'],
    ['in an unknown compression', raw('x', { 'Content-Encoding': 'rot13' }), 'not-json'],
    ['that is not compressed as it says', raw('x', { 'Content-Encoding': 'gzip' }), 'malformed-json'],
    [
      'with half of its compression',
      raw(gzipSync('{}').subarray(0, 12), { 'Content-Encoding': 'gzip' }),
      'malformed-json',
    ],
    ['that is no brotli', raw('garbage', { 'Content-Encoding': 'br' }), 'malformed-json'],
    ['one byte over 64 kB', raw(sized(65_537)), 'body-too-large'],
    [
      'that is small until it is unpacked',
      raw(gzipSync(sized(1_000_000)), { 'Content-Encoding': 'gzip' }),
      'body-too-large',
    ],
    ['of 33 levels', raw(nested(33)), 'too-deep'],
    ['of 15,000 levels', raw(nested(15_000)), 'too-deep'],
    ['without any known member', raw('{"nmae":"x"}'), 'no-known-member'],
    ['without any member', raw('{}'), 'invalid-request'],
    ['with its members in __proto__', raw(`{"__proto__":${JSON.stringify(GOOD)}}`), 'no-known-member'],
    ['that is a list', raw(JSON.stringify([GOOD])), 'invalid-request'],
    ['that is a number', raw('7'), 'invalid-request'],
    ['that is a text', raw('"name"'), 'invalid-request'],
    ['that is true', raw('true'), 'invalid-request'],
    ['that is null', raw('null'), 'invalid-request'],
    ['with a number beyond all numbers', raw(JSON.stringify(GOOD).replace('}', ',"uptime":1e999}')), 'invalid-request'],
    ['with objects for texts', raw('{"name":{"$gt":""},"description":["x"]}'), 'invalid-request'],
  ])('%s is refused', async (_name, asked, code) => {
    await refused(app, SERVICES, asked, [PROBLEMS[code].status, code]);
  });

  test('that is missing is refused', async () => {
    const { status } = await changingNothing(app, () => ask(app, SERVICES, { method: 'POST' }));
    expect(status).toBe(400);
  });

  test.each<[string, ReturnType<typeof raw>]>([
    ['of exactly 64 kB', raw(sized(65_536))],
    ['of exactly 32 levels', raw(nested(32))],
    ['said to be a kind of JSON', raw(JSON.stringify(GOOD), { 'Content-Type': 'application/merge-patch+json' })],
    ['compressed with gzip', raw(gzipSync(JSON.stringify(GOOD)), { 'Content-Encoding': 'gzip' })],
    [
      'compressed with brotli',
      raw(new Uint8Array(brotliCompressSync(JSON.stringify(GOOD))), { 'Content-Encoding': 'br' }),
    ],
  ])('%s is taken', async (_name, asked) => {
    expect(await ask(app, SERVICES, asked)).toMatchObject({ status: 201 });
  });

  test.each([
    ...['utf-8', 'UTF-8', 'utf8', 'UTF8', 'Utf8', '"utf8"', '"utf-8"', "'utf-8'", 'utf_8', 'utf8;', ' utf8 ; x=y'],
    ...['us-ascii', 'US-ASCII'],
  ])('in UTF-8 that is called %s is taken', async (charset) => {
    for (const type of ['application/json', 'application/merge-patch+json;v=1']) {
      const headers = { 'Content-Type': `${type}; charset=${charset}` };
      const answered = await ask(app, SERVICES, raw(JSON.stringify({ ...GOOD, name: 'Zürich ☂' }), headers));
      expect(answered).toMatchObject({ status: 201, body: { name: 'Zürich ☂' } });
    }
  });

  test.each(['text/plain; charset=utf8', 'text/plain;charset=UTF-8', 'application/json; charset=iso-8859-1'])(
    'said to be %s is refused',
    async (type) => {
      await refused(app, SERVICES, raw(JSON.stringify(GOOD), { 'Content-Type': type }), [415, 'not-json']);
    },
  );

  test('cannot say what only the log decides, nor reach beyond itself', async () => {
    const hostile = `{"name":"Search","description":"Finds things",
      "__proto__":{"status":"major","polluted":1},"constructor":{"prototype":{"polluted":1}},
      "id":"x","position":7,"version":9,"hash":"0","stream":"incident-1","type":"service.deleted","schema":2,
      "meta":{"actor":{"kind":"system"}},"recordedAt":"1999-01-01T00:00:00.000Z","occurredAt":"1999-01-01T00:00:00.000Z",
      "createdAt":"1999-01-01T00:00:00.000Z","reportedStatus":"major"}`;
    const after = app.log.position;
    const { body } = await ask(app, SERVICES, raw(hostile));
    expect(body).toMatchObject({ status: 'operational', version: 1 });
    const { events } = await get<EventsPage>(app, `/api/events?after=${after}`);
    expect(events).toMatchObject([
      { type: 'service.created', version: 1, position: after + 1, schema: 2, meta: { actor: { kind: 'anonymous' } } },
    ]);
    expect(events[0]).not.toHaveProperty('occurredAt');
    expect(events[0]?.data).toEqual({ ...GOOD, status: 'operational', uptime: 100 });
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    ['name', 'a\u0000b'],
    ['name', 'two\nlines'],
    ['name', '\ud800'],
    ['description', '\udc00x\ud83d'],
    ['description', 'bell \u0007'],
  ])('with a %s of %j is refused: no terminal and no file should have to bear it', async (member, text) => {
    await refused(app, SERVICES, { json: { ...GOOD, [member]: text } }, [400, 'invalid-request']);
  });

  test('may describe in several lines', async () => {
    const description = 'First\n\tand then\r\n🦊';
    expect(await createService(app, { description })).toMatchObject({ description });
  });

  test.each(['🦊‮txt', '<script>alert(1)</script>', "'; DROP TABLE events; --", '__proto__'])(
    'with the text %j gives it back as it was',
    async (name) => {
      const service = await createService(app, { name });
      expect(await get(app, `${SERVICES}/${service.id}`)).toMatchObject({ name });
    },
  );
});

describe('a path', () => {
  const id = newUuid();

  test.each([
    ['GET', '/api/services/nope', 'invalid-request'],
    ['GET', '/api/services/__proto__', 'invalid-request'],
    ['GET', `/api/services/${id}0`, 'invalid-request'],
    ['GET', '/api/incidents/7', 'invalid-request'],
    ['DELETE', '/api/services/%00', 'invalid-request'],
    ['GET', '/api/services/%E0%A4%A', 'invalid-request'],
    ['GET', `/api/services/${id}`, 'not-found'],
    ['GET', `/api/incidents/${id}`, 'not-found'],
    ['DELETE', `/api/incidents/${id}`, 'not-found'],
    ['GET', '/api', 'no-such-route'],
    ['GET', '/api/service', 'no-such-route'],
    ['GET', '/api/%zz', 'no-such-route'],
    ['GET', '/../../etc/passwd', 'no-such-route'],
    ['GET', `/api/services/${id}/updates`, 'no-such-route'],
    ['POST', '/nowhere', 'no-such-route'],
  ] as const)('%s %s is %s', async (method, path, code) => {
    const answered = await refused(app, path, { method }, [PROBLEMS[code].status, code]);
    expect(answered.text).not.toMatch(INNARDS);
  });

  test('says what is wrong with an id', async () => {
    const { body } = await refused(app, '/api/services/nope', {}, [400, 'invalid-request']);
    expect(body).toMatchObject({
      detail: 'id must be a UUID.',
      errors: [{ in: 'path', pointer: '/id', detail: 'must be a UUID' }],
    });
  });
});

test.each([
  '/api/services?organizationId=a&organizationId=b',
  '/api/incidents?tenantId=a&tenantId=a',
  '/api/status?organizationId=%00',
  '/api/events?after=1&after=2',
  '/api/events?type=__proto__',
  '/api/websocket/info?organizationId=%E0%A4%A',
])('the query of %s is refused', async (path) => {
  const { body } = await refused(app, path, {}, [400, 'invalid-request']);
  expect(body.errors).toMatchObject([{ in: 'query' }]);
});

test('a query may say more than is asked', async () => {
  expect(await ask(app, '/api/services?__proto__[x]=1&constructor=2&utm_source=mail')).toMatchObject({ status: 200 });
});

describe('a problem', () => {
  test('is a problem document, with the sentence once more where the first clients read it', async () => {
    const { headers, body, text } = await refused(app, '/nowhere', { headers: { 'X-Request-Id': 'mine' } }, [
      404,
      'no-such-route',
    ]);
    expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toEqual({
      type: 'urn:plive:problem:no-such-route',
      title: 'No such route',
      status: 404,
      code: 'no-such-route',
      detail: expect.stringMatching(/^[A-Z].*\.$/),
      error: body.detail,
      requestId: 'mine',
    });
    expect(text).not.toMatch(INNARDS);
  });

  test('lists everything that is wrong, and where', async () => {
    const json = { name: '', status: 'down', uptime: 200, tenantId: '~/' };
    const { body } = await refused(app, SERVICES, { json, headers: { 'Idempotency-Key': 'a b' } }, [
      400,
      'invalid-request',
    ]);
    const errors = body.errors as { in: string; pointer: string; detail: string }[];
    expect(errors.map((error) => `${error.in}${error.pointer}`)).toEqual([
      'body/name',
      'body/description',
      'body/status',
      'body/uptime',
      'body/tenantId',
      'header/Idempotency-Key',
    ]);
    for (const { pointer, detail } of errors) expect(body.detail).toContain(`${pointer.slice(1)} ${detail}`);
  });

  test('does not list more than anyone would read', async () => {
    const impacts = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 'x']));
    const json = { title: 'Slow', description: 'Long', impacts };
    const { body } = await refused(app, '/api/incidents', { json }, [400, 'invalid-request']);
    expect(body.errors).toHaveLength(50);
    expect(body.detail).toMatch(/; and \d+ more\.$/);
  });

  test('of ours gives nothing away, and is reported with the request’s id', async () => {
    const secret = 'SELECT * FROM /var/lib/secret.js';
    let broken = false;
    const now = () => {
      if (broken) throw new Error(secret);
      return new Date();
    };
    const other = await startApp({}, { now });
    broken = true;
    const answered = await ask(other, '/health', { headers: { 'X-Request-Id': 'mine' } });
    expect(answered).toMatchObject({ status: 500, body: { code: 'internal', requestId: 'mine' } });
    expect(answered.text).not.toMatch(INNARDS);
    expect(other.reported).toEqual([expect.stringMatching(/mine.*SELECT/)]);
    await other.close();
  });

  test('of the journal refuses what would be recorded, and nothing else', async () => {
    const other = await startApp();
    await createService(other);
    await other.log.close();
    const { status, headers, text } = await ask(other, SERVICES, { json: GOOD });
    expect([status, headers.get('Retry-After')]).toEqual([503, '10']);
    expect(text).not.toMatch(/shutting/);
    expect(await get(other, SERVICES)).toHaveLength(1);
    expect(await ask(other, '/health')).toMatchObject({
      status: 503,
      body: { status: 'failing', problems: [expect.any(String)] },
    });
    await other.close();
  });
});

test('HEAD says what GET would, without a body', async () => {
  const { id } = await createService(app);
  for (const path of [`${SERVICES}/${id}`, SERVICES, '/api/status', '/nowhere', `${SERVICES}/nope`]) {
    const [got, head] = [await ask(app, path), await ask(app, path, { method: 'HEAD' })];
    expect([head.status, head.etag, head.text]).toEqual([got.status, got.etag, '']);
    for (const header of ['Content-Type', 'Content-Length', 'Cache-Control']) {
      expect([header, head.headers.get(header)]).toEqual([header, got.headers.get(header)]);
    }
  }
});

test('OPTIONS changes nothing and has no body', async () => {
  const { status, text } = await changingNothing(app, () => ask(app, SERVICES, { method: 'OPTIONS' }));
  expect([status, text]).toEqual([204, '']);
});
