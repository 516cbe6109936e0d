// Pages of lists over HTTP: limits, filters, cursors, the link to the next page, and that none of them is cached.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { openPolicy } from '../../../src/identity/policy.ts';
import { addServices, ask, createService, openIncident, put, remove } from '../../support/rest.ts';
import { type Served, serve } from '../../support/serve.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

interface Row {
  readonly id: string;
}

let app: StartedApp;

beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

/** The target of the link to the next page, resolved as clients resolve it. */
function nextOf(headers: Headers, path: string): string | undefined {
  const target = /^<([^>]*)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, new URL(path, app.url));
  return pathname + search;
}

/** The ids of each page, following the links. `between` runs before each next page. */
async function walk(path: string, between: () => Promise<unknown> = async () => {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, body, headers } = await ask<Row[]>(app, next);
    expect(status).toBe(200);
    pages.push(body.map(({ id }) => id));
    next = nextOf(headers, next);
    if (next !== undefined) await between();
  }
  return pages;
}

async function create(count: number, fields: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push((await createService(app, fields)).id);
  return ids;
}

describe('a walk along the links', () => {
  test('meets every row once, and the last page has no link', async () => {
    const ids = await create(5);
    expect(await walk('/api/services?limit=2')).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await walk('/api/services?limit=5')).toEqual([ids]);
    expect(await walk('/api/incidents?limit=1')).toEqual([[]]);
  });

  test('goes on after a row that is gone, and meets what is new', async () => {
    const [first = '', second = '', third = ''] = await create(3);
    const walked = await walk('/api/services?limit=1', async () => {
      if (app.models.current.services.services.entities.get(first)) {
        await remove(app, `/api/services/${first}`);
        await create(1, { name: 'Late' });
      }
    });
    expect(walked.flat().slice(0, 3)).toEqual([first, second, third]);
    expect(walked).toHaveLength(4);
  });

  test('keeps the filters', async () => {
    const ids = await create(3, { organizationId: 'acme', tenantId: 'red' });
    const others = await create(2, { organizationId: 'acme' });
    for (const id of [...ids, ...others]) await put(app, `/api/services/${id}`, { status: 'major' });
    await create(1, { organizationId: 'acme', tenantId: 'red' });
    const path = '/api/services?organizationId=acme&tenantId=red&status=major&limit=2';
    expect(await walk(path)).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });

  test('meets incidents in the order in which they began', async () => {
    const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    const lasting = async (from: number, to?: number) =>
      (await openIncident(app, { startedAt: at(from), ...(to === undefined ? {} : { resolvedAt: at(to) }) })).id;
    const [late, open, moment, early] = [
      await lasting(9, 11),
      await lasting(2),
      await lasting(4, 4),
      await lasting(1, 4),
    ] as const;
    const path = '/api/incidents?order=began&limit=3';
    expect(await walk(path)).toEqual([[early, open, moment], [late]]);
    const gone = await walk('/api/incidents?order=began&limit=1', async () => {
      if (app.models.current.incidents.incidents.entities.get(open)) await remove(app, `/api/incidents/${open}`);
    });
    expect(gone).toEqual([[early], [moment], [late]]);
    const { position } = app.log;
    await lasting(3);
    expect(await walk(`${path}&position=${position - 1}`)).toEqual([[early, open, moment], [late]]);
    expect(await walk(`/api/incidents?from=${at(4)}&to=${at(9)}&position=${position - 1}`)).toEqual([[open, moment]]);
    expect(await walk(`/api/incidents?to=${at(2)}`)).toEqual([[early]]);
  });

  test('of the past stays in the past', async () => {
    const ids = await create(3);
    const { position } = app.log;
    await create(2);
    await put(app, `/api/services/${ids[0]}`, { status: 'major' });
    expect(await walk(`/api/services?limit=2&position=${position}`)).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(await walk(`/api/services?status=major&position=${position}`)).toEqual([[]]);
  });
});

test('a page of the past is filled with what its viewer sees today of that time', async () => {
  const ids = await create(6);
  const { position } = app.log;
  for (const index of [1, 3, 4]) await remove(app, `/api/services/${ids[index]}`);
  const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: ['default'], access: () => 'public' };
  const served = await serve(app.routes, { policy: { ...openPolicy, viewerOf: async () => stranger } });
  const page = async (query: string) => {
    const response = await fetch(`${served.url}/api/services?limit=2&position=${position}${query}`);
    return { ids: ((await response.json()) as Row[]).map(({ id }) => id), link: response.headers.get('Link') };
  };
  const first = await page('');
  expect(first.ids).toEqual([ids[0], ids[2]]);
  const second = await page(`&cursor=${/cursor=([\w-]+)/.exec(first.link ?? '')?.[1]}`);
  expect(second).toEqual({ ids: [ids[5]], link: null });
  expect(await walk(`/api/services?limit=4&position=${position}`)).toEqual([ids.slice(0, 4), ids.slice(4)]);
  await served.close();
});

describe('filters', () => {
  test('of incidents are their status and whether they are active', async () => {
    const open = await openIncident(app);
    const over = await openIncident(app, { status: 'resolved' });
    const found = async (query: string) => (await walk(`/api/incidents?${query}`)).flat();
    expect(await found('active=true')).toEqual([open.id]);
    expect(await found('active=false')).toEqual([over.id]);
    expect(await found('status=resolved')).toEqual([over.id]);
    expect(await found('active=true&status=resolved')).toEqual([]);
  });

  test('of services are the status that is shown', async () => {
    const [id = ''] = await create(2);
    await openIncident(app, { impacts: { [id]: 'partial' } });
    expect(await walk('/api/services?status=partial')).toEqual([[id]]);
  });
});

test.each([
  ['limit=0', 'limit must be at least 1.'],
  ['limit=1001', 'limit must be at most 1000.'],
  ['limit=', 'limit must be a number.'],
  ['status=bogus', 'status must be one of operational, maintenance, degraded, partial, major.'],
  ...['', 'x', 'MQ==', 'MDE', 'LTE', 'MWUz', 'OTk5OTk5OTk5OTk5OTk5OTk5'].map((cursor) => [
    `cursor=${cursor}`,
    'cursor is not a cursor of this list; take it from the link to the next page.',
  ]),
])('%s is refused: %s', async (query, detail) => {
  const { status, body } = await ask(app, `/api/services?${query}`);
  expect([status, body.detail]).toEqual([400, detail]);
});

test.each([
  ['order=began&cursor=MQ', 'cursor is not a cursor of this list; take it from the link to the next page.'],
  [
    'cursor=MSAyMDI2LTAzLTAxVDAwOjAwOjAwLjAwMFo',
    'cursor is not a cursor of this list; take it from the link to the next page.',
  ],
  ['from=2026-03-01T10:00:00Z&to=2026-03-01T10:00:00Z', 'to must be later than from.'],
])('%s is refused for incidents: %s', async (query, detail) => {
  const { status, body } = await ask(app, `/api/incidents?${query}`);
  expect([status, body.detail]).toEqual([400, detail]);
});

test('a page has an ETag, which answers 304 until something changes', async () => {
  await create(2);
  const path = '/api/services?limit=1';
  const first = await ask(app, path);
  const again = await ask(app, path, { headers: { 'If-None-Match': first.etag } });
  expect([again.status, again.headers.get('Link')]).toEqual([304, first.headers.get('Link')]);
  await create(1);
  expect((await ask(app, path, { headers: { 'If-None-Match': first.etag } })).status).toBe(200);
});

test('browsers may read the link from elsewhere', async () => {
  const { headers } = await ask(app, '/api/services?limit=1', { headers: { Origin: 'http://localhost:3000' } });
  expect(headers.get('Access-Control-Expose-Headers')?.split(',')).toContain('Link');
});

test('no page is cached, and none is taken for the list', async () => {
  const served: Served = await serve(app.routes, { log: app.log, isCaching: true });
  await addServices(app, 20);
  const rows = async (query: string) => {
    const response = await fetch(`${served.url}/api/services${query}`);
    return ((await response.json()) as Row[]).length;
  };
  for (const _time of ['first', 'second']) {
    expect(await rows('')).toBe(20);
    for (let limit = 1; limit < 20; limit += 1) expect(await rows(`?limit=${limit}`)).toBe(limit);
    expect(await rows('?status=major')).toBe(0);
    expect(await rows('?limit=3&_=1')).toBe(3);
  }
  expect(served.cache?.count).toBe(1);
  await served.close();
});
