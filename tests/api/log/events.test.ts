// The log over the wire: every event once, in order, a page at a time.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, createService, type EventsPage, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
  expect(await page()).toEqual({ events: [], next: 0, head: 0 });
  const service = await createService(app, { organizationId: 'org-1' });
  await put(app, `/api/services/${service.id}`, { name: 'Found', status: 'degraded', uptime: 1 });
  const incident = await openIncident(app);
  await remove(app, `/api/incidents/${incident.id}`);
  await createService(app, { tenantId: 'tenant-1' });
});

afterAll(() => app.close());

const page = (query = '') => get<EventsPage>(app, `/api/events?${query}`);
const positions = ({ events }: EventsPage) => events.map(({ position }) => position);

test('every event is there, in the order of its commit, dense in the log and in its stream', async () => {
  const { events, next, head } = await page();
  expect(events.map(({ type, version }) => [type, version])).toEqual([
    ['service.created', 1],
    ['service.described', 2],
    ['service.status-reported', 3],
    ['service.uptime-reported', 4],
    ['incident.opened', 1],
    ['incident.deleted', 2],
    ['service.created', 1],
  ]);
  expect([positions({ events, next, head }), next, head]).toEqual([[1, 2, 3, 4, 5, 6, 7], 7, 7]);
});

test('an event has the whole envelope', async () => {
  const requestId = 'events-test-1';
  const json = { name: 'Search', description: 'Finds things', tenantId: 'tenant-2' };
  const other = await startApp();
  try {
    const { body } = await ask(other, '/api/services', { json, headers: { 'X-Request-Id': requestId } });
    const { events } = await get<EventsPage>(other, '/api/events');
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        type: 'service.created',
        schema: 2,
        stream: `service-${body.id}`,
        version: 1,
        position: 1,
        recordedAt: body.createdAt,
        organizationId: 'default',
        tenantId: 'tenant-2',
        data: { name: 'Search', description: 'Finds things', status: 'operational', uptime: 100 },
        meta: {
          actor: { kind: 'anonymous' },
          correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          requestId,
          commit: { id: expect.any(String), index: 0, size: 1 },
        },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  } finally {
    await other.close();
  }
});

describe('a page', () => {
  test.each([1, 2, 3, 100])('of at most %i leads to the next until all was seen', async (limit) => {
    const seen: number[] = [];
    let next = 0;
    let head: number;
    do {
      const one = await page(`after=${next}&limit=${limit}`);
      expect(one.events.length).toBeLessThanOrEqual(limit);
      expect(one.next).toBeGreaterThan(next);
      seen.push(...positions(one));
      ({ next, head } = one);
    } while (next < head);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('at the head is empty, and one ahead of the log says to begin anew', async () => {
    expect(await page('after=7')).toEqual({ events: [], next: 7, head: 7 });
    // Positions of another log: the client begins anew.
    for (const after of ['8', '9000', '99999999999999999999']) {
      expect(await page(`after=${after}`)).toEqual({ events: [], next: 0, head: 7, reset: true });
    }
  });

  test.each([
    ['organizationId=org-1', [1, 2, 3, 4]],
    ['organizationId=default', [5, 6, 7]],
    ['organizationId=nobody', []],
    ['type=service.created', [1, 7]],
    ['type=service.created&organizationId=org-1', [1]],
    ['type=service.created&after=1&limit=1', [7]],
  ])('with %s holds only %j', async (query, expected) => {
    const one = await page(query);
    expect(positions(one)).toEqual(expected);
    expect([one.next, one.head]).toEqual([7, 7]);
  });

  test.each([
    'after=-1',
    'after=1.5',
    'after=x',
    'after=1e99',
    'limit=0',
    'limit=1001',
    'limit=',
    'type=nope',
    'organizationId=a/b',
  ])('with %s is refused', async (query) => {
    await refused(app, `/api/events?${query}`, {}, [400, 'invalid-request']);
  });
});

test('events that no longer are in memory come from the journal', async () => {
  const small = await startApp({ EVENTS_IN_MEMORY: '1' });
  try {
    for (const name of ['a', 'b', 'c']) await createService(small, { name });
    const { events } = await get<EventsPage>(small, '/api/events');
    expect(events.map(({ data }) => data)).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  } finally {
    await small.close();
  }
});
