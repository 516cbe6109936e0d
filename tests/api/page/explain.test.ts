// Explanations over the wire: the rule, what goes into it, and the events behind that.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import type { EventType } from '../../../projections/events/event-types.ts';
import type { TracedInput } from '../../../projections/explain.ts';
import type { Access, Viewer } from '../../../projections/viewer/viewer.ts';
import { withEvent } from '../../../src/api/page/explain.ts';
import { askedBy } from '../../support/asked.ts';
import { ask, changingNothing, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.close());

const explain = (query = '') => get<Record<string, unknown>>(app, `/api/explain?${query}`);

test('with nothing at all, nothing is worse than operational', async () => {
  expect(await explain()).toEqual({
    rule: expect.stringMatching(/^The overall status is the worst of .*\.$/),
    result: 'operational',
    inputs: [],
    total: 0,
    considered: { services: 0, incidents: 0, maintenances: 0 },
  });
});

describe('a service', () => {
  test('is explained by its report and by the incidents that speak of it, each with its event', async () => {
    const service = await createService(app);
    const created = app.log.position;
    const startedAt = '2026-03-01T08:00:00.000Z';
    const incident = await openIncident(app, { startedAt, impacts: { [service.id]: 'partial' } });
    await put(app, `/api/services/${service.id}`, { name: 'Found' });
    await put(app, `/api/incidents/${incident.id}`, { title: 'Slower' });
    await openIncident(app, { impact: 'critical' });
    expect(await explain(`serviceId=${service.id}`)).toEqual({
      rule: expect.stringMatching(/^A service is shown as the worst of .*\.$/),
      result: 'partial',
      inputs: [
        {
          kind: 'report',
          id: service.id,
          name: 'Found',
          status: 'operational',
          decides: false,
          event: {
            position: created,
            type: 'service.created',
            happenedAt: service.createdAt,
            recordedAt: service.createdAt,
          },
        },
        {
          kind: 'incident',
          id: incident.id,
          name: 'Slower',
          status: 'partial',
          decides: true,
          event: {
            position: created + 1,
            type: 'incident.opened',
            happenedAt: startedAt,
            recordedAt: incident.recordedAt,
          },
        },
      ],
      total: 2,
      considered: { services: 1, incidents: 1, maintenances: 0 },
    });
  });

  test('that is unknown or gone is 404', async () => {
    const service = await createService(app);
    await remove(app, `/api/services/${service.id}`);
    for (const id of [service.id, newUuid()]) {
      await refused(app, `/api/explain?serviceId=${id}`, {}, [404, 'not-found']);
    }
  });
});

describe('an organisation', () => {
  test('is explained by what decides it', async () => {
    const organizationId = 'org-explain';
    const bad = await createService(app, { organizationId, status: 'degraded' });
    const worse = await createService(app, { organizationId });
    await put(app, `/api/services/${worse.id}`, { status: 'partial' });
    const position = app.log.position;
    expect(await explain(`organizationId=${organizationId}`)).toMatchObject({
      result: 'partial',
      inputs: [
        { kind: 'service', id: worse.id, status: 'partial', event: { position, type: 'service.status-reported' } },
      ],
      total: 1,
      considered: { services: 2, incidents: 0, maintenances: 0 },
    });
    const incident = await openIncident(app, { organizationId, impact: 'critical', impacts: { [bad.id]: 'major' } });
    expect(await explain(`organizationId=${organizationId}`)).toMatchObject({
      result: 'major',
      inputs: [
        { kind: 'incident', id: incident.id, event: { position: position + 1 } },
        { kind: 'service', id: bad.id, event: { position: position + 1, type: 'incident.opened' } },
      ],
      total: 2,
    });
  });

  test('that nobody knows is as one where all is well', async () => {
    expect(await explain('organizationId=nobody')).toMatchObject({ result: 'operational', total: 0 });
  });

  test('that the viewer may not see is as one that nobody knows', async () => {
    const organizationId = 'org-closed';
    const { id } = await createService(app, { organizationId, status: 'major' });
    const viewer: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'none' };
    const row = app.routes.find(({ operationId }) => operationId === 'explainStatus');
    const asked = askedBy(viewer);
    // Past the wire: there is no policy yet by which a request could come from anyone else.
    const answerTo = (query: object) => row?.handle({ params: {}, query, body: undefined, ...asked });
    for (const query of [{ organizationId }, {}]) {
      expect(await answerTo(query)).toMatchObject({ body: { result: 'operational', total: 0 } });
    }
    expect(await answerTo({ serviceId: id })).toMatchObject({ problem: 'not-found' });
  });
});

test('the event behind an input is shown to its audience only', () => {
  const viewerWith = (access: Access): Viewer => ({
    actor: { kind: 'anonymous' },
    organizations: [],
    access: () => access,
  });
  const recordedAt = '2026-03-01T09:30:00.000Z';
  const inputSetBy = (type: EventType): TracedInput => ({
    kind: 'report',
    id: newUuid(),
    name: 'API',
    status: 'operational',
    decides: true,
    source: { position: 1, type, happenedAt: recordedAt, recordedAt },
    organizationId: 'default',
  });
  const isShown = (type: EventType, access: Access) => withEvent(inputSetBy(type), viewerWith(access)).event !== null;
  expect(isShown('service.created', 'public')).toBe(true);
  expect(isShown('service.created', 'none')).toBe(false);
  expect(isShown('organization.role-granted', 'public')).toBe(false);
  expect(isShown('organization.role-granted', 'viewer')).toBe(true);
});

test('an explanation reads no event from the log', async () => {
  const organizationId = 'org-explain-reads';
  const service = await createService(app, { organizationId, status: 'degraded' });
  const incident = await openIncident(app, { organizationId, impact: 'critical', impacts: { [service.id]: 'major' } });
  await put(app, `/api/incidents/${incident.id}`, { title: 'Slower' });
  const reads = [jest.spyOn(app.log, 'read'), jest.spyOn(app.log, 'stored'), jest.spyOn(app.log, 'batches')];
  expect(await explain(`organizationId=${organizationId}`)).toMatchObject({ total: 2 });
  expect(await explain(`serviceId=${service.id}`)).toMatchObject({ total: 2 });
  for (const read of reads) {
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  }
});

test('both at once are refused, and so is what is no id', async () => {
  const { id } = await createService(app);
  const { body } = await refused(app, `/api/explain?serviceId=${id}&organizationId=default`, {}, [
    400,
    'invalid-request',
  ]);
  expect(body.errors).toMatchObject([{ in: 'query', pointer: '/organizationId' }]);
  await refused(app, '/api/explain?serviceId=7', {}, [400, 'invalid-request']);
});

test('an explanation changes nothing, and its tag holds until something does', async () => {
  const organizationId = 'org-explain-tag';
  const service = await createService(app, { organizationId });
  for (const query of [`organizationId=${organizationId}`, `serviceId=${service.id}`]) {
    const path = `/api/explain?${query}`;
    const { etag } = await changingNothing(app, () => ask(app, path));
    await createService(app);
    expect((await ask(app, path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    await openIncident(app, { organizationId, impacts: { [service.id]: 'major' } });
    expect((await ask(app, path, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  }
});
