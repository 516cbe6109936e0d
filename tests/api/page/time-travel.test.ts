// Time travel: every read answers as it did then, whatever happened since, and refuses moments that never were.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ShownService } from '../../../projections/service.ts';
import { TIME_RULE } from '../../../src/commands/times.ts';
import { startOwned } from '../../support/accounts.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { ask, createService, get, openIncident } from '../../support/rest.ts';
import { sized } from '../../support/size.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

const START = Date.parse('2026-03-01T10:00:00.000Z');

let app: StartedApp;
let clock: number;

describe.each(sized(['memory:'], ['sqlite:']))('with the journal %s', (journal) => {
  beforeEach(async () => {
    clock = START;
    app = await startApp(
      // So few that most of the past is in the journal alone.
      { DATABASE_URL: journal, DATA_DIR: await temporaryDirectory(), EVENTS_IN_MEMORY: '3' },
      { now: () => new Date(clock) },
    );
  });
  afterEach(() => app.close());

  /** What the reads say, now or then, body and tag. */
  async function said(paths: readonly string[], when = '') {
    const answers = paths.map(async (path) => {
      const headers = { 'X-Request-Id': 'the-same' };
      const response = await app.request(`${path}${when && (path.includes('?') ? '&' : '?')}${when}`, { headers });
      return [response.status, response.headers.get('ETag'), await response.text()];
    });
    return Promise.all(answers);
  }

  describe('a read of the past', () => {
    test('says byte for byte what was said then, by position and by time', async () => {
      const service = await createService(app, { name: 'API' });
      const incident = await openIncident(app, { impacts: { [service.id]: 'partial' } });
      const paths = [
        '/api/services',
        '/api/services?organizationId=default',
        '/api/incidents',
        '/api/status',
        '/api/events?limit=1000',
        `/api/services/${service.id}`,
        `/api/incidents/${incident.id}`,
      ];
      const steps = [
        () => app.request(`/api/services/${service.id}`, { method: 'PUT', json: { name: 'Gateway', uptime: 97 } }),
        () => app.request(`/api/incidents/${incident.id}/updates`, { json: { status: 'resolved', message: 'Over' } }),
        () => createService(app, { name: 'Database', organizationId: 'org-456' }),
        () => app.request(`/api/incidents/${incident.id}`, { method: 'DELETE' }),
        () => app.request(`/api/services/${service.id}`, { method: 'DELETE' }),
      ];
      const then: { position: number; at: string; answers: unknown }[] = [];
      for (const step of steps) {
        then.push({ position: app.log.position, at: new Date(clock).toISOString(), answers: await said(paths) });
        clock += 60_000;
        await step();
      }
      for (const { position, at, answers } of then) {
        // One after another: only a few pasts may be looked up at once.
        for (const [index, path] of paths.entries()) {
          expect(await said([path], `position=${position}`)).toEqual([(answers as unknown[])[index]]);
          expect(await said([path], `at=${encodeURIComponent(at)}`)).toEqual([(answers as unknown[])[index]]);
        }
      }
      expect(await get(app, `/api/services?position=${app.log.position}`)).toEqual(await get(app, '/api/services'));
    });

    test('shows what was deleted since, and nothing before it was created', async () => {
      const service = await createService(app);
      await app.request(`/api/services/${service.id}`, { method: 'DELETE' });
      expect(await get(app, '/api/services?position=1')).toMatchObject([{ id: service.id }]);
      expect(await get(app, '/api/services?position=0')).toEqual([]);
      expect((await app.request(`/api/services/${service.id}?position=0`)).status).toBe(404);
    });

    test('takes a position within a commit for the one before it: nobody ever saw half of it', async () => {
      const service = await createService(app, { name: 'API' });
      await app.request(`/api/services/${service.id}`, { method: 'PUT', json: { name: 'Gateway', uptime: 97 } });
      expect(app.log.position).toBe(3);
      expect(await get(app, '/api/services?position=2')).toMatchObject([{ name: 'API', uptime: 100 }]);
    });

    test('takes any offset, and the time before everything', async () => {
      await createService(app);
      expect(await get(app, '/api/services?at=2026-03-01t10:00:00z')).toHaveLength(1);
      expect(await get(app, `/api/services?at=${encodeURIComponent('2026-03-01T12:00:00+02:00')}`)).toHaveLength(1);
      expect(await get(app, '/api/services?at=2026-03-01T12:00:00+02:00')).toHaveLength(1);
      expect(await get(app, '/api/services?at=2026-03-01t10:00:00z')).toHaveLength(1);
      expect(await get(app, '/api/services?at=1999-01-01T00:00:00Z')).toEqual([]);
    });

    test('answers the present for now and for any time to come', async () => {
      await createService(app);
      for (const at of ['2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z', '2999-01-01T00:00:00Z']) {
        expect(await get(app, `/api/services?at=${at}`)).toEqual(await get(app, '/api/services'));
        expect(await get(app, `/api/status?at=${at}`)).toEqual(await get(app, '/api/status'));
        expect(await get(app, `/api/events?at=${at}`)).toEqual(await get(app, '/api/events'));
      }
    });
  });

  test('a few pasts are looked up at once, the rest is asked to come back, and one past is looked up once', async () => {
    for (let number = 0; number < 6; number += 1) await createService(app, { name: `Service ${number}` });
    const statuses = async (positions: readonly number[]) => {
      const answers = await Promise.all(positions.map((position) => app.request(`/api/services?position=${position}`)));
      return answers.map((answer) => [answer.status, answer.headers.get('Retry-After')]);
    };
    expect(await statuses([1, 1, 1, 1])).toEqual(Array(4).fill([200, null]));
    const crowd = await statuses([2, 3, 4, 5]);
    expect(crowd.filter(([status]) => status === 200).length).toBeGreaterThanOrEqual(2);
    for (const [status, again] of crowd)
      expect([200, 503]).toContain(status === 503 && again !== '1' ? 'no hint' : status);
  });

  test('the past of one service is folded from what was said of it, so any number are looked up at once', async () => {
    const service = await createService(app);
    const impacts = { [service.id]: 'partial' };
    const incident = await openIncident(app);
    await app.request(`/api/incidents/${incident.id}`, { method: 'PUT', json: { impacts } });
    for (let number = 0; number < 6; number += 1) await createService(app, { name: `Service ${number}` });
    await app.request(`/api/incidents/${incident.id}`, { method: 'DELETE' });
    const positions = Array.from({ length: app.log.position }, (_, index) => index + 1);
    const answers = await Promise.all(
      positions.map((position) => app.request(`/api/services/${service.id}?position=${position}`)),
    );
    const shown = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { status: string }).status),
    );
    expect(shown).toEqual(['operational', 'operational', ...Array(7).fill('partial'), 'operational']);
  });

  test('strangers see of a past list what they can see today, members also what was deleted since', async () => {
    await app.close();
    const owned = await startOwned({
      DATABASE_URL: journal,
      DATA_DIR: await temporaryDirectory(),
      EVENTS_IN_MEMORY: '3',
    });
    app = owned;
    const { headers } = owned.owner;
    const create = async (name: string) =>
      (await ask<ShownService>(app, '/api/services', { json: { name, description: 'One' }, headers })).body;
    const [kept, deleted] = [await create('Kept'), await create('Deleted')];
    const then = app.log.position;
    await ask(app, `/api/services/${deleted.id}`, { method: 'DELETE', headers });
    // A redaction is recorded in the stream of what is deleted already.
    await ask(app, `/api/events/${then}/redaction`, { json: { reason: 'A mistake' }, headers });
    await create('Later');
    const listed = async (asked: object) =>
      (await ask<ShownService[]>(app, `/api/services?position=${then}`, asked)).body.map(({ id }) => id);
    expect(await listed({})).toEqual([kept.id]);
    expect(await listed({ headers })).toEqual([kept.id, deleted.id]);
    expect((await ask(app, `/api/services/${deleted.id}?position=${then}`)).status).toBe(404);
    const organizations = `/api/organizations?position=${then}`;
    expect((await ask<object[]>(app, organizations)).body).toMatchObject([{ id: 'default', visibility: 'public' }]);
    expect((await ask<object[]>(app, organizations, { headers })).body).toMatchObject([{ role: 'owner' }]);
  });
});

describe('a moment that never was', () => {
  beforeAll(async () => {
    app = await startApp({}, { now: () => new Date(START) });
    await createService(app);
  });
  afterAll(() => app.close());

  test.each([
    ['position=99', '/position', 'is past the end of the log, which is at 1'],
    ['position=-1', '/position', 'must be at least 0'],
    ...['x', '', '0x1', '1e0', '1.0', '%201', '1%20', '+1', '%2B1', '0b1', '1_0', 'Infinity', '\u0661'].map(
      (text) => [`position=${text}`, '/position', 'must be a number'] as const,
    ),
    ['position=99999999999999999999', '/position', 'is past the end of the log, which is at 1'],
    ['at=yesterday', '/at', TIME_RULE],
    ['at=2026-03-01', '/at', TIME_RULE],
    ['at=1772359200000', '/at', TIME_RULE],
    ['at=2026-03-01T10:00:00Z&at=2026-03-01T10:00:00Z', '/at', TIME_RULE],
    ['at=2026-03-01T09:00:00Z&position=1', '/position', 'cannot be combined with at'],
  ])('%s is refused', async (query, pointer, detail) => {
    for (const path of ['/api/services', '/api/incidents', '/api/status', '/api/events']) {
      const response = await app.request(`${path}?${query}`);
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { errors: [{ in: 'query', pointer, detail }] },
      ]);
    }
  });
});
