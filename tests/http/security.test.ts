// What keeps strangers out: security headers, whose pages may do what, which hosts are answered for, and an access log that cannot be forged.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ask, changingNothing, createService, type EventsPage, get, refused } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const TRUSTED = 'https://status.example.org';
const STRANGER = 'https://evil.example';
const SERVICE = { name: 'Search', description: 'Finds things' };

let app: StartedApp;
let production: StartedApp;

beforeAll(async () => {
  app = await startApp({ CORS_ORIGIN: `${TRUSTED},https://admin.example.org` });
  production = await startApp({ NODE_ENV: 'production', AUTH: 'open', ALLOW_OPEN: 'true', CORS_ORIGIN: TRUSTED });
});

afterAll(async () => {
  await app.close();
  await production.close();
});

describe('every answer', () => {
  // What is not found outside of the API can be a page, which has the stricter headers of pages.
  test.each(['/api/services', '/api/nowhere', '/examples/websocket-client.html'])(
    '%s carries the headers of helmet',
    async (path) => {
      const { headers } = await ask(app, path);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('upgrade-insecure-requests');
      expect(headers.get('Permissions-Policy')).toContain('camera=(), ');
      expect(headers.get('X-Powered-By')).toBeNull();
      expect(headers.get('Server')).toBeNull();
    },
  );
});

test.each([
  [{}, null],
  [{ PUBLIC_URL: 'http://status.acme.com' }, null],
  [{ PUBLIC_URL: 'https://status.acme.com' }, 'max-age=31536000; includeSubDomains'],
])('with %j browsers are told to use https: %j', async (environment, expected) => {
  const server = await startApp(environment);
  // The second answer is a kept one.
  for (const path of ['/api/status', '/api/status', '/nowhere']) {
    const { headers } = await ask(server, path);
    expect(headers.get('Strict-Transport-Security')).toBe(expected);
    expect(headers.get('Permissions-Policy')).toContain('geolocation=()');
  }
  await server.close();
});

describe('a page of a stranger', () => {
  test.each([
    STRANGER,
    'null',
    'http://status.example.org',
    `${TRUSTED}.evil.example`,
    'https://localhost.evil.example',
  ])('at %s may read what anyone may read, without credentials', async (Origin) => {
    const { status, headers } = await ask(production, '/api/services', { headers: { Origin } });
    expect([status, ...allowed(headers)]).toEqual([200, '*', null]);
    expect(headers.get('Access-Control-Expose-Headers')).toContain('ETag');
    expect(headers.get('Vary')).toContain('Origin');
  });

  test.each([STRANGER, 'null', 'https://localhost.evil.example'])(
    'at %s may read nothing of an open server on loopback',
    async (Origin) => {
      for (const path of ['/api/services', '/api/status', '/api/events/export', '/health', '/nowhere']) {
        // The second answer may be a kept one.
        for (let time = 0; time < 2; time += 1) {
          expect(allowed((await ask(app, path, { headers: { Origin } })).headers)).toEqual([null, null]);
          expect(allowed((await ask(app, path)).headers)).toEqual([null, null]);
        }
      }
      expect(allowed(await preflight(app, Origin, 'GET'))).toEqual([null, null]);
    },
  );

  test.each(['GET', 'HEAD'])('is told that it may %s', async (method) => {
    const headers = await preflight(production, STRANGER, method);
    expect(allowed(headers)).toEqual(['*', null]);
  });

  // A browser sends a POST if the preflight allows the origin and the headers, whatever methods it lists.
  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is not told that it may %s', async (method) => {
    for (const to of [app, production]) {
      for (const origin of [STRANGER, 'null']) {
        expect(allowed(await preflight(to, origin, method))).toEqual([null, null]);
      }
    }
  });

  test('cannot write as a form does, without being asked about', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { Origin: STRANGER, 'Content-Type': type };
      const asked = { method: 'POST', body: JSON.stringify(SERVICE), headers };
      const answered = await refused(app, '/api/services', asked, [415, 'not-json']);
      expect(allowed(answered.headers)).toEqual([null, null]);
    }
  });
});

describe('a page opened from disk', () => {
  test.each([
    [{ NODE_ENV: 'development' }, 'null'],
    [{ NODE_ENV: 'development', ALLOW_NULL_ORIGIN: 'false' }, null],
    [{ NODE_ENV: 'test' }, null],
    [{ NODE_ENV: 'test', ALLOW_NULL_ORIGIN: 'true' }, 'null'],
    [{ NODE_ENV: 'production', AUTH: 'open', ALLOW_OPEN: 'true' }, '*'],
    [{ AUTH: 'required', ALLOW_NULL_ORIGIN: 'true' }, '*'],
  ])('with %j may read as %j, without credentials, and never write', async (environment, expected) => {
    const server = await startApp(environment);
    for (let time = 0; time < 2; time += 1) {
      const { headers } = await ask(server, '/api/status', { headers: { Origin: 'null' } });
      expect(allowed(headers)).toEqual([expected, null]);
      // Its answer is kept for others only if theirs is the same.
      const others = await ask(server, '/api/status');
      expect(allowed(others.headers)).toEqual([expected === '*' ? '*' : null, null]);
    }
    expect(allowed(await preflight(server, 'null', 'GET'))).toEqual([expected, null]);
    expect(allowed(await preflight(server, 'null', 'POST'))).toEqual([null, null]);
    await server.close();
  });
});

describe('a trusted page', () => {
  test.each([
    ['development', TRUSTED, true],
    ['development', 'https://admin.example.org', true],
    ['development', 'http://localhost:3000', true],
    ['development', 'http://127.0.0.1:8080', true],
    ['development', 'http://[::1]:8080', true],
    ['production', TRUSTED, true],
    ['production', 'http://localhost:3000', false],
    ['production', STRANGER, false],
  ])('in %s: %s is %j', async (environment, Origin, trusted) => {
    const to = environment === 'production' ? production : app;
    const expected = trusted ? [Origin, 'true'] : [null, null];
    const { status, headers } = await ask(to, '/api/services', { json: SERVICE, headers: { Origin } });
    expect([status, ...allowed(headers)]).toEqual([201, ...expected]);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const told = await preflight(to, Origin, method);
      expect(allowed(told)).toEqual(expected);
      if (trusted) {
        expect(told.get('Access-Control-Allow-Methods')).toContain(method);
        expect(told.get('Access-Control-Allow-Headers')).toBe('content-type,if-match,idempotency-key');
      }
    }
  });
});

describe('the Host header', () => {
  test.each(['localhost', 'localhost:1234', 'LocalHost:80', '127.0.0.1', '127.0.0.2:5000', '[::1]', '[::1]:5000'])(
    '%s is answered',
    async (host) => {
      expect(await statusFor(app, { host })).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:5000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:localhost',
    '10.0.0.1',
    '[::2]',
    '0.0.0.0',
  ])('%j is refused, to read and to write', async (host) => {
    expect(await statusFor(app, { host })).toBe(403);
    await changingNothing(app, async () => {
      expect(await statusFor(app, { host, method: 'POST', body: JSON.stringify(SERVICE) })).toBe(403);
    });
    expect(await statusFor(app, { host, path: '/socket.io/?EIO=4&transport=polling' })).toBe(403);
  });

  test('is of no concern where the server was opened on purpose', async () => {
    expect(await statusFor(production, { host: 'status.example.org' })).toBe(200);
  });
});

describe('the request id', () => {
  test.each(['a', '0193b5a0-5f1e-7c3a-9d2b-3f6a1c8e4b70', 'A._-9', 'x'.repeat(128)])('%j is taken over', async (id) => {
    const { headers } = await ask(app, '/health', { headers: { 'X-Request-Id': id } });
    expect(headers.get('X-Request-Id')).toBe(id);
  });

  test.each(['', 'a b', 'a\tb', 'x'.repeat(129), 'ä', '"quoted"', '<script>', '../x'])('%j is replaced', async (id) => {
    const { headers } = await ask(app, '/health', { headers: { 'X-Request-Id': id } });
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is recorded with what the request led to', async () => {
    await ask(app, '/api/services', { json: SERVICE, headers: { 'X-Request-Id': 'mine' } });
    const { events } = await get<{ events: unknown[] }>(app, `/api/events?after=${app.log.position - 1}`);
    expect(events).toMatchObject([{ meta: { requestId: 'mine' } }]);
  });

  test('of a client groups nothing: each request has an id of its own in the log', async () => {
    const after = app.log.position;
    for (const id of ['mine', 'mine', undefined]) {
      const headers: Record<string, string> = id === undefined ? {} : { 'X-Request-Id': id };
      const answered = await ask(app, '/api/services', { json: SERVICE, headers });
      if (id !== undefined) expect(answered.headers.get('X-Request-Id')).toBe(id);
    }
    const { events } = await get<EventsPage>(app, `/api/events?after=${after}`);
    const metas = events.map(({ meta }) => meta);
    expect(new Set(metas.map((meta) => meta?.correlationId)).size).toBe(3);
    for (const meta of metas) expect(meta?.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(metas.map((meta) => meta?.requestId)).toEqual(['mine', 'mine', undefined]);
  });

  test('of the answer is the one in the log if the client sent none', async () => {
    const { headers } = await ask(app, '/api/services', { json: SERVICE });
    const { events } = await get<EventsPage>(app, `/api/events?after=${app.log.position - 1}`);
    expect(events[0]?.meta?.correlationId).toBe(headers.get('X-Request-Id'));
    expect(events[0]?.meta).not.toHaveProperty('requestId');
  });
});

test('the access log has a line for each request, led by its id', async () => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  try {
    const logged = await startApp({ LOG_FORMAT: 'combined' });
    await createService(logged);
    await ask(logged, '/nowhere?x=%0Ay', { headers: { 'X-Request-Id': 'mine', 'User-Agent': 'Test "1"' } });
    const { headers } = await ask(logged, '/health', { headers: { 'X-Request-Id': 'not mine' } });
    await logged.close();
    expect(written).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36} \S+ .*"POST \/api\/services HTTP\/1.1" 201 [^\n]*\n$/),
      expect.stringMatching(/^mine \S+ .*"GET \/nowhere\?x=%0Ay HTTP\/1.1" 404 [^\n]*\n$/),
      expect.stringMatching(new RegExp(`^${headers.get('X-Request-Id')} [^\\n]*200[^\\n]*\\n$`)),
    ]);
  } finally {
    spy.mockRestore();
  }
});

test.each([
  [{}, '127.0.0.1'],
  [{ TRUST_PROXY: '1' }, '198.51.100.7'],
])('with %j the access log tells the client address %s', async (settings, address) => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  try {
    const logged = await startApp({ LOG_FORMAT: 'short', ...settings });
    await ask(logged, '/health', {
      headers: { 'X-Forwarded-For': '203.0.113.5, 198.51.100.7', 'X-Request-Id': 'mine' },
    });
    await logged.close();
    expect(written).toEqual([expect.stringContaining(`mine ${address} `)]);
  } finally {
    spy.mockRestore();
  }
});

test('an idle connection stays open for longer than load balancers keep theirs', async () => {
  const { headers } = await ask(app, '/api/services');
  expect(headers.get('Connection')).toBe('keep-alive');
  expect(headers.get('Keep-Alive')).toBe('timeout=65');
});

describe('a client that dawdles', () => {
  const HEAD =
    'POST /api/services HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n';

  test('is given seconds, not minutes', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = app.server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout }).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
      timeout: 45_000,
    });
  });

  // The server looks for slow requests every two seconds: all three wait for the same look.
  test('over its request line, its headers or its body is cut off, and nothing is done', async () => {
    const slow = await startApp();
    Object.assign(slow.server, { headersTimeout: 50, requestTimeout: 100 });
    const parts = { line: 'GET /api/serv', headers: `${HEAD}X-Slow: `, body: `${HEAD}\r\n{"name":` };
    const received = Object.entries(parts).map(async ([part, sent]) => [part, await dawdle(slow, sent)]);
    const cutOff = expect.stringMatching(/^(HTTP\/1.1 408 |$)/);
    expect(Object.fromEntries(await Promise.all(received))).toEqual({ line: cutOff, headers: cutOff, body: cutOff });
    expect(slow.log.position).toBe(0);
    expect(slow.reported).toEqual([]);
    await slow.close();
  });

  /** Sends this, and then space by space, until the server closes the connection; resolves with what it answered. */
  async function dawdle(to: StartedApp, sent: string): Promise<string> {
    const connection = connect(Number(new URL(to.url).port), '127.0.0.1');
    const dripping = setInterval(() => connection.write(' '), 20);
    connection.on('error', () => {}).write(sent);
    const received = connection.toArray().catch(() => []);
    await once(connection, 'close');
    clearInterval(dripping);
    return Buffer.concat(await received).toString();
  }
});

async function preflight(to: StartedApp, origin: string, method: string): Promise<Headers> {
  const { headers } = await changingNothing(to, () =>
    ask(to, '/api/services', {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'content-type,if-match,idempotency-key',
      },
    }),
  );
  return headers;
}

function allowed(headers: Headers): (string | null)[] {
  return ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials'].map((name) => headers.get(name));
}

interface Raw {
  readonly host: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
}

/** The status of an answer to a request with any Host header: `fetch` sends its own. */
function statusFor(to: StartedApp, { host, body, ...options }: Raw): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Host: host, ...(body ? { 'Content-Type': 'application/json' } : {}) };
    const sent = httpRequest(to.url, { path: '/api/services', ...options, agent: false, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject).end(body);
  });
}
