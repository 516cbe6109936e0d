// What clients see of a log that other servers write to: how far each answer reaches, and which requests wait.
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { numberParameter } from '../../../src/commands/numbers.ts';
import type { Answer, Route } from '../../../src/http/route.ts';
import { openPolicy } from '../../../src/identity/policy.ts';
import { type Served, serve } from '../../support/serve.ts';

/** This server's side of a log that another one writes to. */
class SharedLog {
  readonly id = 'log';
  position = 5;
  staleSince: Date | undefined;
  /** How far the other server has written. */
  head = 5;
  isAway = false;
  /** How often it was read on request. */
  reads = 0;

  async freshen(): Promise<boolean> {
    this.reads += 1;
    await setImmediate();
    if (!this.isAway) this.position = this.head;
    return !this.isAway;
  }
}

const ROW = {
  method: 'get',
  path: '/api/things',
  operationId: 'listThings',
  tag: 'test',
  summary: 'Things',
  access: 'anyone',
  success: { status: 200, description: 'They' },
  problems: [],
} as const;

const open: Served[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Given = NonNullable<Parameters<typeof serve>[1]>;

async function serveRow(row: Partial<Route>, given: Given): Promise<Served> {
  const served = await serve([{ ...ROW, handle: () => ({ status: 200, body: 'things' }), ...row }], given);
  open.push(served);
  return served;
}

interface Got {
  readonly status: number;
  readonly code: unknown;
  readonly headers: Headers;
}

async function ask({ url }: Served, path: string, options: RequestInit = {}): Promise<Got> {
  const response = await fetch(url + path, options);
  const text = await response.text();
  return {
    status: response.status,
    code: text.startsWith('{') ? JSON.parse(text).code : text,
    headers: response.headers,
  };
}

const BEHIND = { status: 503, code: 'behind' };

describe('each answer says how far it reaches', () => {
  const kept = (log: SharedLog): Partial<Route> => {
    const reply: Answer = {
      status: 200,
      body: 'things',
      etag: 'tag',
      revalidation: { isCurrent: () => log.position > 0, rebuild: () => reply },
    };
    return { cacheable: true, handle: () => reply };
  };
  const streamed: Partial<Route> = {
    handle: () => ({
      status: 200,
      stream: {
        async *chunks() {
          yield 'things';
        },
      },
    }),
  };

  test.each<[string, Partial<Route>, string, RequestInit, number]>([
    ['a reply', {}, '/api/things', {}, 200],
    ['the head of a stream', streamed, '/api/things', {}, 200],
    ['a reply without a body', {}, '/api/things', { method: 'HEAD' }, 200],
    [
      'nothing new',
      { handle: () => ({ status: 200, body: '', etag: 'tag' }) },
      '/api/things',
      { headers: { 'If-None-Match': '"tag"' } },
      304,
    ],
    ['a problem', { handle: () => ({ problem: 'limit-reached', detail: 'No.' }) }, '/api/things', {}, 409],
    ['a route that there is not', {}, '/api/nothing', {}, 404],
    ['a method that there is not', {}, '/api/things', { method: 'PUT' }, 405],
    [
      'a preflight',
      {},
      '/api/things',
      { method: 'OPTIONS', headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'PUT' } },
      204,
    ],
  ])('%s', async (...[, row, path, options, status]) => {
    const log = new SharedLog();
    const served = await serveRow(row, { log });
    const got = await ask(served, path, options);
    expect([got.status, got.headers.get('X-Log-Position'), got.headers.get('Plive-Stale-Since')]).toEqual([
      status,
      '5',
      null,
    ]);
    log.staleSince = new Date('2026-03-01T10:00:00.000Z');
    expect((await ask(served, path, options)).headers.get('Plive-Stale-Since')).toBe('2026-03-01T10:00:00.000Z');
  });

  test('also one that is kept in memory, which says how far the log is when it is sent', async () => {
    const log = new SharedLog();
    const served = await serveRow(kept(log), { log, isCaching: true });
    await ask(served, '/api/things');
    log.position = 6;
    log.staleSince = new Date('2026-03-01T10:00:00.000Z');
    for (const headers of [{}, { 'If-None-Match': '"tag"' }]) {
      const got = await ask(served, '/api/things', { headers });
      expect([got.status, got.headers.get('X-Log-Position'), got.headers.get('Plive-Stale-Since')]).toEqual([
        'If-None-Match' in headers ? 304 : 200,
        '6',
        '2026-03-01T10:00:00.000Z',
      ]);
    }
    expect(served.passed()).toBe(1);
  });

  test('one that is kept is for those too who have seen as much, and for nobody who has seen more', async () => {
    const log = new SharedLog();
    const served = await serveRow(kept(log), { log, isCaching: true });
    await ask(served, '/api/things');
    expect(await ask(served, '/api/things?at_least=5')).toMatchObject({ status: 200, code: 'things' });
    expect(await ask(served, '/api/things', { headers: { 'X-Log-Position': '5' } })).toMatchObject({ status: 200 });
    expect(served.passed()).toBe(1);
    expect(await ask(served, '/api/things?at_least=6')).toMatchObject(BEHIND);
    expect(await ask(served, '/api/things', { headers: { 'X-Log-Position': '6' } })).toMatchObject(BEHIND);
    log.head = 6;
    expect(await ask(served, '/api/things?at_least=6')).toMatchObject({ status: 200 });
    expect(served.passed()).toBe(4);
    expect([await ask(served, '/api/things?at_least=6'), served.passed()]).toMatchObject([{ status: 200 }, 4]);
  });

  test('which pages of other origins may read and ask for', async () => {
    const served = await serveRow({}, { log: new SharedLog() });
    const { headers } = await ask(served, '/api/things', { headers: { Origin: 'http://localhost:3000' } });
    expect(headers.get('Access-Control-Expose-Headers')?.split(',')).toEqual(
      expect.arrayContaining(['X-Log-Position', 'Plive-Stale-Since']),
    );
    const preflight = await ask(served, '/api/things', {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:3000',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'x-log-position',
      },
    });
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('x-log-position');
  });
});

describe('a position that the client has seen', () => {
  const SEEN: readonly [string, string, RequestInit][] = [
    ['in the query', '/api/things?at_least=7', {}],
    ['in a header', '/api/things', { headers: { 'X-Log-Position': '7' } }],
    ['in both, of which the later one counts', '/api/things?at_least=3', { headers: { 'X-Log-Position': '7' } }],
  ];

  test.each(SEEN)('%s is waited for', async (_where, path, options) => {
    const log = new SharedLog();
    log.head = 7;
    expect(await ask(await serveRow({}, { log }), path, options)).toMatchObject({ status: 200, code: 'things' });
    expect([log.position, log.reads]).toEqual([7, 1]);
  });

  test.each(SEEN)('%s is refused where the log ends before it, or cannot be read', async (_where, path, options) => {
    const log = new SharedLog();
    const served = await serveRow({}, { log });
    for (log.isAway of [false, true]) {
      const got = await ask(served, path, options);
      expect([got, got.headers.get('Retry-After')]).toMatchObject([BEHIND, '1']);
    }
  });

  test('that was reached costs nothing', async () => {
    const log = new SharedLog();
    await ask(await serveRow({}, { log }), '/api/things?at_least=5');
    expect(log.reads).toBe(0);
  });

  test.each<[string, RequestInit]>([
    ['/api/things?at_least=x', {}],
    ['/api/things?at_least=-1', {}],
    ['/api/things?at_least=1&at_least=', {}],
    ['/api/things?AtLeast=1', {}],
    ['/api/things', { headers: { 'X-Log-Position': '1.5' } }],
  ])('%s is refused', async (path, options) => {
    const served = await serveRow({ cacheable: true }, { log: new SharedLog(), isCaching: true });
    expect(await ask(served, path, options)).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  test('is waited for by as many as there are places for', async () => {
    const log = new SharedLog();
    log.head = 7;
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const freshen = log.freshen.bind(log);
    log.freshen = () => arrived.then(freshen);
    const served = await serveRow({}, { log, waiting: 2 });
    const [first, second] = [ask(served, '/api/things?at_least=7'), ask(served, '/api/things?at_least=7')];
    while (served.passed() < 2) await setImmediate();
    expect(await ask(served, '/api/things?at_least=7')).toMatchObject(BEHIND);
    arrive();
    expect([await first, await second]).toMatchObject([{ status: 200 }, { status: 200 }]);
  });
});

describe('a position at which a request reads, resumes or changes something', () => {
  const position = numberParameter({ min: 0 }).exactOptional();
  const row = (asked: () => void): Partial<Route> => ({
    query: z.object({
      after: position,
      position,
      cursor: z
        .string()
        .transform((text) => ({ origin: Number(text) }))
        .exactOptional(),
    }),
    resumable: true,
    conditional: true,
    handle() {
      asked();
      return { status: 200, body: 'things' };
    },
  });

  const NAMED: readonly [string, RequestInit][] = [
    ['/api/things?after=7', {}],
    ['/api/things?position=7', {}],
    ['/api/things?cursor=7', {}],
    ['/api/things', { headers: { 'Last-Event-ID': '7' } }],
    ['/api/things', { headers: { 'If-Match': '"1-2", W/"3-7"' } }],
  ];

  test.each(NAMED)('%s %j is waited for', async (path, options) => {
    const log = new SharedLog();
    log.head = 7;
    const seen: number[] = [];
    const served = await serveRow(
      row(() => seen.push(log.position)),
      { log },
    );
    expect(await ask(served, path, options)).toMatchObject({ status: 200 });
    expect(seen).toEqual([7]);
  });

  test.each(NAMED)('%s %j is for the route to judge where the log ends before it', async (path, options) => {
    const log = new SharedLog();
    const seen: number[] = [];
    const served = await serveRow(
      row(() => seen.push(log.position)),
      { log },
    );
    expect(await ask(served, path, options)).toMatchObject({ status: 200 });
    expect(seen).toEqual([5]);
    log.isAway = true;
    expect([await ask(served, path, options), seen]).toMatchObject([BEHIND, [5]]);
  });
});

describe('a refusal', () => {
  /** A thing that the log has at position 6. */
  const thing = (log: SharedLog, asked: number[], found: Answer = { status: 200, body: 'thing' }): Partial<Route> => ({
    handle() {
      asked.push(log.position);
      return log.position < 6 ? { problem: 'not-found', detail: 'There is no thing.' } : found;
    },
  });

  test('is not sent where another server has recorded what it lacks', async () => {
    const log = new SharedLog();
    log.head = 6;
    const asked: number[] = [];
    expect(await ask(await serveRow(thing(log, asked), { log }), '/api/things')).toMatchObject({ status: 200 });
    expect(asked).toEqual([5, 6]);
  });

  test('is sent where nothing was recorded', async () => {
    const log = new SharedLog();
    const asked: number[] = [];
    expect(await ask(await serveRow(thing(log, asked), { log }), '/api/things')).toMatchObject({ status: 404 });
    expect([asked, log.reads]).toEqual([[5], 1]);
  });

  test('is not sent where this server cannot know', async () => {
    const log = new SharedLog();
    log.isAway = true;
    const got = await ask(await serveRow(thing(log, []), { log }), '/api/things');
    expect([got, got.headers.get('Retry-After')]).toMatchObject([BEHIND, '1']);
  });

  test('of what is not in the log needs none of that', async () => {
    const log = new SharedLog();
    log.isAway = true;
    const served = await serveRow({ ...thing(log, []), isStatic: true }, { log });
    expect([await ask(served, '/api/things'), log.reads]).toMatchObject([{ status: 404 }, 0]);
  });

  test('of a change is for its command to judge', async () => {
    const log = new SharedLog();
    log.head = 6;
    const asked: number[] = [];
    const served = await serveRow({ ...thing(log, asked), method: 'post' }, { log });
    expect([await ask(served, '/api/things', { method: 'POST' }), asked]).toMatchObject([{ status: 404 }, [5]]);
  });

  test.each(['get', 'post'] as const)(
    'of a credential that another server has made is not sent: %s',
    async (method) => {
      const log = new SharedLog();
      const policy = {
        ...openPolicy,
        viewerOf: async (request: never) => (log.position < 6 ? undefined : openPolicy.viewerOf(request)),
      };
      const served = await serveRow({ method }, { log, policy });
      const options = { method: method.toUpperCase(), headers: { Authorization: 'Bearer x' } };
      expect(await ask(served, '/api/things', options)).toMatchObject({ status: 401 });
      log.head = 6;
      expect(await ask(served, '/api/things', options)).toMatchObject({ status: 200 });
    },
  );
});
