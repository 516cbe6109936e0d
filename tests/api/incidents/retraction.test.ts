// What is taken back over the wire: an edited or retracted update, and an incident that was a mistake.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IncidentUpdate } from '../../../projections/incident/updates.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { ask, createService, get, openIncident, put } from '../../support/rest.ts';
import { LiveServer } from '../../support/sockets.ts';

let server: LiveServer;

beforeAll(async () => {
  server = await LiveServer.start();
});
afterAll(() => server.close());

const path = ({ id }: { id: string }) => `/api/incidents/${id}`;
const send = <B = object>(to: string, asked: object) => ask<B>(server.app, to, asked);
const redact = (position: number) => send(`/api/events/${position}/redaction`, { json: { reason: 'A secret' } });
const serviceStatus = async (id: string) => (await get<{ status: string }>(server.app, `/api/services/${id}`)).status;

async function post(incident: { id: string }, json: object): Promise<IncidentUpdate> {
  return (await send<IncidentUpdate>(`${path(incident)}/updates`, { json })).body;
}

describe('an update', () => {
  test('that is retracted takes its status and impacts along, and a repeat of its post is answered as it was', async () => {
    const { id } = await createService(server.app);
    const incident = await openIncident(server.app);
    const headers = { 'Idempotency-Key': 'post-once' };
    const json = { status: 'monitoring', message: 'News', impacts: { [id]: 'major' } };
    const first = await send<IncidentUpdate>(`${path(incident)}/updates`, { json, headers });
    expect(first.body.changes).toEqual([{ serviceId: id, from: null, to: 'major' }]);
    expect(await serviceStatus(id)).toBe('major');
    const { position } = server.app.log;
    const retracted = await send(`${path(incident)}/updates/${first.body.id}`, { method: 'DELETE' });
    expect(retracted.status).toBe(204);
    expect(await serviceStatus(id)).toBe('operational');
    expect(await get(server.app, path(incident))).toMatchObject({ status: 'investigating', impacts: {}, updates: [] });
    const then = await get<{ status: string }>(server.app, `/api/services/${id}?position=${position}`);
    expect(then.status).toBe('major');
    const repeated = await send(`${path(incident)}/updates`, { json, headers });
    expect([repeated.status, repeated.text, repeated.etag]).toEqual([201, first.text, first.etag]);
  });

  test('shows its present message; a redaction of either event blanks what still says those words', async () => {
    const incident = await openIncident(server.app);
    const { id } = await post(incident, {
      status: 'identified',
      message: 'hunter-first',
      translations: { de: { message: 'hunter-de' } },
    });
    const posted = server.app.log.position;
    const edited = await send<IncidentUpdate>(`${path(incident)}/updates/${id}`, {
      method: 'PUT',
      json: { message: 'hunter-second', translations: { de: { message: 'hunter-zwei' } } },
      headers: { 'If-Match': `"2-${posted}"` },
    });
    expect([edited.status, edited.body]).toMatchObject([
      200,
      { id, message: 'hunter-second', editedAt: expect.any(String) },
    ]);
    const edit = server.app.log.position;
    const history = async () => (await send(`${path(incident)}/history`, {})).text;
    expect(await history()).toContain('hunter-first');
    await redact(posted);
    expect(await history()).not.toMatch(/hunter-(first|de)/);
    const [kept] = (await get<ShownIncident>(server.app, path(incident))).updates;
    expect(kept).toMatchObject({ message: 'hunter-second', translations: { de: { message: 'hunter-zwei' } } });
    await redact(edit);
    const [blank] = (await get<ShownIncident>(server.app, path(incident))).updates;
    expect(blank).toMatchObject({ message: '[redacted]', translations: { de: { message: '[redacted]' } } });
    expect(await history()).not.toContain('hunter');
  });

  test('that is not there cannot be edited or retracted', async () => {
    const [incident, other] = [await openIncident(server.app), await openIncident(server.app)];
    const { id } = await post(other, { status: 'identified', message: 'News' });
    const update = `${path(incident)}/updates/${id}`;
    expect((await send(update, { method: 'DELETE' })).status).toBe(404);
    expect((await send(update, { method: 'PUT', json: { message: 'News' } })).status).toBe(404);
  });
});

test('an incident that was a mistake is answered as a deleted one', async () => {
  const organizationId = 'mistaken';
  const { id } = await createService(server.app, { organizationId });
  const incident = await openIncident(server.app, { organizationId, impacts: { [id]: 'partial' } });
  const listener = await server.connectTo(organizationId);
  const retracted = await send(`${path(incident)}/retraction`, { json: {} });
  expect([retracted.status, retracted.text]).toEqual([204, '']);
  await listener.settled();
  expect(listener.updates()).toMatchObject([
    { type: 'incident-update', data: { id: incident.id, deleted: true } },
    { type: 'service-update', data: { id, status: 'operational' } },
  ]);
  expect((await send(path(incident), {})).status).toBe(404);
  expect((await send(`${path(incident)}/retraction`, { json: {} })).status).toBe(404);
  expect(await get(server.app, `/api/incidents?organizationId=${organizationId}`)).toEqual([]);
  expect(await get(server.app, `/api/status?organizationId=${organizationId}`)).toMatchObject({
    activeIncidents: 0,
    overallStatus: 'operational',
  });
});

test('an incident of the past gives no service a status now, and shows its real length', async () => {
  const { id } = await createService(server.app);
  const [startedAt, resolvedAt] = ['2026-03-01T10:00:00.000Z', '2026-03-01T12:00:00.000Z'];
  const over = await openIncident(server.app, { startedAt, resolvedAt, impacts: { [id]: 'major' } });
  expect(over).toMatchObject({ status: 'resolved', startedAt, resolvedAt, version: 2 });
  expect(await serviceStatus(id)).toBe('operational');
  const json = { title: 'Slow', description: 'Answers take long', startedAt: resolvedAt, resolvedAt: startedAt };
  const reversed = await send<{ errors: object[] }>('/api/incidents', { json });
  expect([reversed.status, reversed.body.errors]).toMatchObject([400, [{ pointer: '/resolvedAt' }]]);
  const revised = await put<ShownIncident>(server.app, path(over), { startedAt: '2026-03-01T09:00:00Z' });
  expect(revised).toMatchObject({ startedAt: '2026-03-01T09:00:00.000Z', createdAt: startedAt, resolvedAt });
});
