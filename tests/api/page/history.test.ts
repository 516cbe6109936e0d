// Histories over the wire: every change once, a page at a time, and for whom.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { HistoryEntry } from '../../../projections/history.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { askedBy } from '../../support/asked.ts';
import { ask, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

interface History {
  readonly entries: readonly HistoryEntry[];
  readonly next: number | null;
}

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

const historyOf = ({ id }: { id: string }, query = '') => get<History>(app, `/api/services/${id}/history?${query}`);
const versions = ({ entries }: History) => entries.map(({ version }) => version);

describe('the history', () => {
  test('of a service has each of its events, with the position of that', async () => {
    const service = await createService(app);
    const first = app.log.position;
    await openIncident(app, { impacts: { [service.id]: 'major' } });
    await put(app, `/api/services/${service.id}`, { name: 'Found', status: 'degraded' });
    const { events } = await get<{ events: { recordedAt: string }[] }>(app, `/api/events?after=${first - 1}`);
    const [created, , described, reported] = events.map(({ recordedAt }) => recordedAt);
    const actor = { kind: 'anonymous' };
    expect(await historyOf(service)).toEqual({
      entries: [
        {
          position: first,
          version: 1,
          type: 'service.created',
          happenedAt: created,
          recordedAt: created,
          actor,
          changes: expect.arrayContaining([{ field: 'name', from: null, to: 'Search' }]),
        },
        {
          position: first + 2,
          version: 2,
          type: 'service.described',
          happenedAt: described,
          recordedAt: described,
          actor,
          changes: [{ field: 'name', from: 'Search', to: 'Found' }],
        },
        {
          position: first + 3,
          version: 3,
          type: 'service.status-reported',
          happenedAt: reported,
          recordedAt: reported,
          actor,
          changes: [{ field: 'reportedStatus', from: 'operational', to: 'degraded' }],
        },
      ],
      next: null,
    });
  });

  test('of an incident has its updates, and tells what was back-dated', async () => {
    const startedAt = '2026-03-01T08:00:00.000Z';
    const { id } = await openIncident(app, { startedAt });
    await put(app, `/api/incidents/${id}`, { impact: 'major' });
    const json = { status: 'investigating', message: 'We look', at: '2026-03-01T08:30:00.000Z' };
    const { body: update } = await ask(app, `/api/incidents/${id}/updates`, { json });
    const { entries } = await get<History>(app, `/api/incidents/${id}/history`);
    expect(entries).toMatchObject([
      { version: 1, happenedAt: startedAt },
      { version: 2, changes: [{ field: 'impact', from: 'minor', to: 'major' }] },
      { version: 3, happenedAt: json.at, changes: [{ field: 'updates', from: null, to: update }] },
    ]);
  });

  test.each([1, 2, 3, 4, 5, 200])('in pages of %i is whole', async (limit) => {
    const service = await createService(app);
    for (const uptime of [1, 2, 3, 4]) await put(app, `/api/services/${service.id}`, { uptime });
    const seen: number[] = [];
    let next: number | null = 0;
    while (next !== null) {
      const page = await historyOf(service, `after=${next}&limit=${limit}`);
      expect(page.entries.length).toBeLessThanOrEqual(limit);
      seen.push(...versions(page));
      next = page.next;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('knows on a later page what was there before it', async () => {
    const service = await createService(app);
    await put(app, `/api/services/${service.id}`, { uptime: 1 });
    const { entries } = await historyOf(service, 'after=1');
    expect(entries).toMatchObject([{ version: 2, changes: [{ field: 'uptime', from: 100, to: 1 }] }]);
    expect(await historyOf(service, 'after=2')).toEqual({ entries: [], next: null });
    expect(await historyOf(service, 'after=9000')).toEqual({ entries: [], next: null });
  });

  test('has a tag that holds until something happens to the entity itself', async () => {
    const service = await createService(app);
    const path = `/api/services/${service.id}/history`;
    const { etag } = await ask(app, path);
    const headers = { 'If-None-Match': etag };
    await openIncident(app, { impacts: { [service.id]: 'major' } });
    expect((await ask(app, path, { headers })).status).toBe(304);
    await put(app, `/api/services/${service.id}`, { uptime: 1 });
    const changed = await ask(app, path, { headers });
    expect(changed.status).toBe(200);
    await remove(app, `/api/services/${service.id}`);
    expect((await ask(app, path, { headers: { 'If-None-Match': changed.etag } })).status).toBe(200);
  });

  test.each(['after=-1', 'after=x', 'limit=0', 'limit=201'])('with %s is refused', async (query) => {
    const { id } = await createService(app);
    await refused(app, `/api/services/${id}/history?${query}`, {}, [400, 'invalid-request']);
  });

  test('of an unknown id, or of another kind, is 404', async () => {
    const { id } = await createService(app);
    for (const path of [`services/${newUuid()}`, `incidents/${newUuid()}`, `incidents/${id}`]) {
      await refused(app, `/api/${path}/history`, {}, [404, 'not-found']);
    }
  });
});

describe('who may see the history', () => {
  const viewer = (access: 'none' | 'public' | 'member'): Viewer => ({
    actor: { kind: 'anonymous' },
    organizations: access === 'none' ? [] : ['org-history'],
    access: () => access,
  });
  /** Past the wire: there is no policy yet by which a request could come from anyone else. */
  const answerTo = (access: 'none' | 'public' | 'member', id: string) => {
    const asking = viewer(access);
    const asked = askedBy(asking);
    const row = app.routes.find(({ operationId }) => operationId === 'getServiceHistory');
    return row?.handle({ params: { id }, query: { after: 0, limit: 10 }, body: undefined, ...asked });
  };

  test('of what is there: who sees the entity, members with the actors', async () => {
    const { id } = await createService(app, { organizationId: 'org-history' });
    expect(await answerTo('member', id)).toMatchObject({ body: { entries: [{ actor: { kind: 'anonymous' } }] } });
    const forStrangers = await answerTo('public', id);
    expect(forStrangers).toMatchObject({ status: 200, body: { entries: [{ version: 1 }] } });
    expect(JSON.stringify(forStrangers)).not.toContain('actor');
    expect(await answerTo('none', id)).toMatchObject({ problem: 'not-found' });
  });

  test('of what was deleted: members', async () => {
    const service = await createService(app, { organizationId: 'org-history' });
    await remove(app, `/api/services/${service.id}`);
    expect(await historyOf(service)).toMatchObject({
      entries: [{ type: 'service.created' }, { type: 'service.deleted', changes: [] }],
      next: null,
    });
    expect(await answerTo('member', service.id)).toMatchObject({ status: 200 });
    expect(await answerTo('public', service.id)).toMatchObject({ problem: 'not-found' });
    expect(await answerTo('none', service.id)).toMatchObject({ problem: 'not-found' });
  });
});
