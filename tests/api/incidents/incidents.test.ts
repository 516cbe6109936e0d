// Incidents over the wire: opened, assessed, updated, resolved and reopened, and what is refused without a trace.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import { INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import type { IncidentUpdate } from '../../../projections/incident/updates.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { ask, changingNothing, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterAll(() => app.close());

const path = ({ id }: { id: string }) => `/api/incidents/${id}`;
const now = () => new Date(time).toISOString();

async function post(incident: { id: string }, json: object): Promise<IncidentUpdate> {
  const answered = await ask<IncidentUpdate>(app, `${path(incident)}/updates`, { json });
  expect(answered.status).toBe(201);
  return answered.body;
}

describe('a new incident', () => {
  test('is minor, being investigated, and about nothing in particular unless told', async () => {
    const json = { title: ' Slow ', description: ' Answers take long ' };
    const answered = await ask<ShownIncident>(app, '/api/incidents', { json });
    const { id } = answered.body;
    expect(answered.status).toBe(201);
    expect(answered.headers.get('Location')).toBe(`/api/incidents/${id}`);
    expect(answered.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      title: 'Slow',
      description: 'Answers take long',
      status: 'investigating',
      impact: 'minor',
      affectedServices: [],
      affectedServiceIds: [],
      impacts: {},
      startedAt: now(),
      createdAt: now(),
      recordedAt: now(),
      updatedAt: now(),
      resolvedAt: null,
      nextUpdateBy: null,
      updates: [],
      version: 1,
    });
    const read = await ask(app, path({ id }));
    expect([read.text, read.etag]).toEqual([answered.text, answered.etag]);
  });

  test.each(INCIDENT_STATUSES)('may start as %s', async (status) => {
    const incident = await openIncident(app, { status });
    expect(incident).toMatchObject({ status, resolvedAt: status === 'resolved' ? now() : null });
  });

  test.each([
    [{ title: undefined }, '/title'],
    [{ title: ' ' }, '/title'],
    [{ title: 'x'.repeat(201) }, '/title'],
    [{ description: undefined }, '/description'],
    [{ description: '\n' }, '/description'],
    [{ status: 'operational' }, '/status'],
    [{ impact: 'some' }, '/impact'],
    [{ affectedServices: 'API' }, '/affectedServices'],
    [{ affectedServices: [' '] }, '/affectedServices/0'],
    [{ affectedServices: Array(101).fill('x') }, '/affectedServices'],
    [{ impacts: [] }, '/impacts'],
    [{ impacts: { 'a/b': 'major' } }, '/impacts/a~1b'],
    [{ impacts: { [newUuid()]: 'operational' } }, /^\/impacts\/[0-9a-f-]{36}$/],
    [{ tenantId: 7 }, '/tenantId'],
  ])('is refused with %j', async (fields, pointer) => {
    const json = { title: 'Slow', description: 'Answers take long', ...fields };
    const { body } = await refused(app, '/api/incidents', { json }, [400, 'invalid-request']);
    expect(body.errors).toEqual([{ in: 'body', pointer: expect.stringMatching(pointer), detail: expect.any(String) }]);
  });

  test('knows services by name and by id, those of its own organisation alone', async () => {
    const organizationId = 'inc-names';
    const api = await createService(app, { name: 'API', organizationId });
    const mail = await createService(app, { name: 'Mail', organizationId });
    const foreign = await createService(app, { name: 'API' });
    const affectedServices = [mail.id, 'API', foreign.id, 'Nobody'];
    const incident = await openIncident(app, { organizationId, affectedServices });
    expect(incident).toMatchObject({ organizationId, affectedServices, affectedServiceIds: [api.id, mail.id] });
  });

  test('affects whom it says something of', async () => {
    const { id } = await createService(app);
    expect(await openIncident(app, { impacts: { [id]: 'major' } })).toMatchObject({
      affectedServices: [],
      affectedServiceIds: [id],
      impacts: { [id]: 'major' },
    });
  });

  test.each(['unknown', 'foreign', 'deleted'])('cannot speak of a service that is %s', async (kind) => {
    const service = await createService(app, { organizationId: kind === 'foreign' ? 'inc-foreign' : 'default' });
    if (kind === 'deleted') await remove(app, `/api/services/${service.id}`);
    const id = kind === 'unknown' ? newUuid() : service.id;
    const json = { title: 'Slow', description: 'Long', impacts: { [id]: 'major' } };
    const { body } = await refused(app, '/api/incidents', { json }, [409, 'unknown-service']);
    expect(body.errors).toMatchObject([{ in: 'body', pointer: `/impacts/${id}` }]);
  });
});

describe('PUT', () => {
  test.each([
    { title: 'Slower' },
    { description: 'Answers take longer' },
    { impact: 'critical' },
    { affectedServices: ['Somebody'] },
    { status: 'monitoring' },
    { title: 'Slower', impact: 'major', status: 'identified' },
  ])('changes nothing but %j', async (change) => {
    const incident = await openIncident(app, { tenantId: 'tenant-1', affectedServices: ['Nobody'] });
    time += 1_000;
    const changed = await put<ShownIncident>(app, path(incident), change);
    expect(changed).toEqual({ ...incident, ...change, updatedAt: now(), version: 1 + countOf(change) });
    expect(await get(app, path(incident))).toEqual(changed);
  });

  test('replaces what the incident says of services', async () => {
    const [a, b] = [await createService(app), await createService(app)];
    const incident = await openIncident(app, { impacts: { [a.id]: 'major' } });
    expect(await put(app, path(incident), { impacts: { [b.id]: 'partial' } })).toMatchObject({
      impacts: { [b.id]: 'partial' },
      affectedServiceIds: [a.id, b.id],
    });
    expect(await get(app, `/api/services/${a.id}`)).toMatchObject({ status: 'operational' });
    expect(await get(app, `/api/services/${b.id}`)).toMatchObject({ status: 'partial' });
    expect(await put(app, path(incident), { impacts: {} })).toMatchObject({ impacts: {} });
    expect(await get(app, `/api/services/${b.id}`)).toMatchObject({ status: 'operational' });
  });

  test('that changes nothing appends nothing and keeps the tag', async () => {
    const incident = await openIncident(app, { organizationId: 'org-1', affectedServices: ['A'] });
    const { etag } = await ask(app, path(incident));
    for (const json of [incident, { title: ` ${incident.title} ` }, { organizationId: 'org-1' }]) {
      const answered = await changingNothing(app, () => ask(app, path(incident), { method: 'PUT', json }));
      expect([answered.status, answered.etag, answered.body]).toEqual([200, etag, incident]);
    }
  });

  test.each([
    [{ title: '' }, [400, 'invalid-request']],
    [{ title: 'fine', impact: 'huge' }, [400, 'invalid-request']],
    [{ impacts: null }, [400, 'invalid-request']],
    [{ message: 'Only updates have one' }, [400, 'no-known-member']],
    [{ updates: [] }, [400, 'no-known-member']],
    [{ organizationId: 'org-2', title: 'fine' }, [409, 'other-place']],
    [{ tenantId: 'tenant-2' }, [409, 'other-place']],
    [{ impacts: { [newUuid()]: 'major' }, title: 'fine' }, [409, 'unknown-service']],
  ] as const)('of %j is refused', async (json, refusal) => {
    const incident = await openIncident(app, { organizationId: 'org-1' });
    await refused(app, path(incident), { method: 'PUT', json }, refusal);
    expect(await get(app, path(incident))).toEqual(incident);
  });

  /** How many events a change is: what describes it, what assesses it, and where it stands. */
  function countOf(change: object): number {
    return [['title', 'description'], ['impact', 'affectedServices'], ['status']].filter((members) =>
      members.some((member) => member in change),
    ).length;
  }
});

describe('an update', () => {
  test('is answered with 201, comes last, and moves the incident', async () => {
    const incident = await openIncident(app);
    const messages = ['We have seen it', 'We know why'];
    const updates = [await post(incident, { status: 'investigating', message: ` ${messages[0]} ` })];
    time += 1_000;
    updates.push(await post(incident, { status: 'identified', message: messages[1] }));
    expect(updates).toMatchObject(messages.map((message) => ({ message })));
    expect(updates[1]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'identified',
      message: 'We know why',
      changes: [],
      createdAt: now(),
      recordedAt: now(),
    });
    expect(await get(app, path(incident))).toEqual({
      ...incident,
      status: 'identified',
      updates,
      updatedAt: now(),
      version: 3,
    });
  });

  test('carries the tag of its incident', async () => {
    const incident = await openIncident(app);
    const json = { status: 'identified', message: 'Found' };
    const { etag } = await ask(app, `${path(incident)}/updates`, { json });
    expect((await ask(app, path(incident))).etag).toBe(etag);
  });

  test('may take any status after any other', async () => {
    const incident = await openIncident(app);
    for (const from of INCIDENT_STATUSES) {
      for (const to of INCIDENT_STATUSES) {
        await post(incident, { status: from, message: 'Was' });
        await post(incident, { status: to, message: 'Is' });
        const resolvedAt = to === 'resolved' ? expect.any(String) : null;
        expect(await get(app, path(incident))).toMatchObject({ status: to, resolvedAt });
      }
    }
  });

  test.each(['PUT', 'POST'])(
    'or a %s that resolves sets when; staying resolved keeps it, leaving clears it',
    async (method) => {
      const incident = await openIncident(app);
      const move = (status: string) =>
        method === 'PUT' ? put(app, path(incident), { status }) : post(incident, { status, message: 'Moved' });
      const resolvedAt = async () => (await get<ShownIncident>(app, path(incident))).resolvedAt;
      time += 1_000;
      const first = now();
      await move('resolved');
      time += 1_000;
      await move('resolved');
      expect(await resolvedAt()).toBe(first);
      await move('investigating');
      expect(await resolvedAt()).toBeNull();
      time += 1_000;
      await move('resolved');
      expect(await resolvedAt()).toBe(now());
    },
  );

  test.each([
    [{ status: 'identified' }, [400, 'invalid-request']],
    [{ message: 'We know' }, [400, 'invalid-request']],
    [{ status: 'identified', message: ' ' }, [400, 'invalid-request']],
    [{ status: 'identified', message: 'x'.repeat(10_001) }, [400, 'invalid-request']],
    [{ status: 'done', message: 'We know' }, [400, 'invalid-request']],
    [{ status: 'identified', message: 'We know', impacts: { x: 'major' } }, [400, 'invalid-request']],
    [{ status: 'identified', message: 'We know', impacts: { [newUuid()]: 'major' } }, [409, 'unknown-service']],
    [{ text: 'We know' }, [400, 'no-known-member']],
  ] as const)('of %j is refused', async (json, refusal) => {
    const incident = await openIncident(app);
    await refused(app, `${path(incident)}/updates`, { json }, refusal);
    expect(await get(app, path(incident))).toEqual(incident);
  });
});

test('lists take organisation and tenant, and keep the order of opening', async () => {
  const inA1 = await openIncident(app, { organizationId: 'list-a', tenantId: 'list-1' });
  const inA2 = await openIncident(app, { organizationId: 'list-a', tenantId: 'list-2' });
  const in1 = await openIncident(app, { tenantId: 'list-1' });
  await post(inA1, { status: 'resolved', message: 'Over' });
  const ids = async (query: string) => (await get<ShownIncident[]>(app, `/api/incidents?${query}`)).map(({ id }) => id);
  expect(await ids('organizationId=list-a')).toEqual([inA1.id, inA2.id]);
  expect(await ids('tenantId=list-1')).toEqual([inA1.id, in1.id]);
  expect(await ids('organizationId=list-a&tenantId=list-1')).toEqual([inA1.id]);
  expect(await ids('organizationId=default&tenantId=list-1')).toEqual([in1.id]);
  expect(await ids('tenantId=nobody')).toEqual([]);
});

test('DELETE answers 204, after which the incident is gone and its events stay', async () => {
  const incident = await openIncident(app, { organizationId: 'inc-del' });
  await remove(app, path(incident));
  const update = { json: { status: 'resolved', message: 'Over' } };
  for (const asked of [{}, { method: 'DELETE' }, { method: 'PUT', json: { title: 'Back' } }]) {
    await refused(app, path(incident), asked, [404, 'not-found']);
  }
  await refused(app, `${path(incident)}/updates`, update, [404, 'not-found']);
  await refused(app, `${path({ id: newUuid() })}/updates`, update, [404, 'not-found']);
  expect(await get(app, '/api/incidents?organizationId=inc-del')).toEqual([]);
  const { events } = await get<{ events: unknown[] }>(app, '/api/events?organizationId=inc-del');
  expect(events).toMatchObject([{ type: 'incident.opened' }, { type: 'incident.deleted' }]);
});
