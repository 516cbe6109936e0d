// Dry runs over the wire: they say what the request itself then leads to, and leave nothing behind.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import { ask, createService, get, openIncident } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

interface Preview {
  readonly events: readonly Pick<RecordedEvent, 'type' | 'stream' | 'data'>[];
  readonly status: { readonly before: ServiceStatus; readonly after: ServiceStatus };
  readonly headline: { readonly before: object; readonly after: object };
  readonly services: readonly object[];
  readonly uptime: readonly { readonly serviceId: string; readonly before: number; readonly after: number }[];
}

/** The clock stands: the uptime changes with each minute. */
const NOW = new Date();
let app: StartedApp;

beforeAll(async () => {
  app = await startApp({}, { now: () => NOW });
});
afterAll(() => app.close());

const overall = async () => (await get<{ overallStatus: ServiceStatus }>(app, '/api/status')).overallStatus;

const headline = async () => (await get<{ headline: object }>(app, '/api/page')).headline;

const uptimeOf = async (id: string) =>
  (await get<{ uptime: number | null }>(app, `/api/services/${id}/uptime?days=90`)).uptime;

/** Without ids that are made anew each time. */
function withoutNewIds(events: Preview['events'], known: readonly string[]): unknown {
  const text = JSON.stringify(events.map(({ type, stream, data }) => ({ type, stream, data })));
  const isKnown = (id: string) => known.includes(id);
  return JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => (isKnown(id) ? id : 'new')));
}

/** The dry run of a request, which is held against what the request then records. */
async function previewAndSend(path: string, json: object, known: readonly string[]): Promise<Preview> {
  const { position } = app.log;
  const headers = { 'Idempotency-Key': `after-${position}` };
  const dry = await ask<Preview>(app, `${path}/preview`, { json, headers });
  expect([dry.status, app.log.position]).toEqual([200, position]);
  expect(dry.body.status.before).toBe(await overall());
  expect(dry.body.headline.before).toEqual(await headline());
  for (const { serviceId, before } of dry.body.uptime) expect(before).toBe(await uptimeOf(serviceId));
  const sent = await ask(app, path, { json, headers });
  expect(sent.status).toBe(201);
  const { events } = await get<{ events: RecordedEvent[] }>(app, `/api/events?after=${position}`);
  expect(withoutNewIds(dry.body.events, known)).toEqual(withoutNewIds(events, known));
  expect(dry.body.status.after).toBe(await overall());
  expect(dry.body.headline.after).toEqual(await headline());
  for (const { serviceId, after } of dry.body.uptime) expect(after).toBe(await uptimeOf(serviceId));
  return dry.body;
}

test('a dry run says what an incident and its updates would lead to', async () => {
  const { id, name } = await createService(app, { name: 'Search' });
  const other = await createService(app);
  const incident = { title: 'Slow', description: 'Answers take long', impact: 'minor', impacts: { [id]: 'partial' } };
  const opened = await previewAndSend('/api/incidents', incident, [id]);
  expect(opened).toMatchObject({
    status: { before: 'operational', after: 'partial' },
    services: [{ id, name, before: 'operational', after: 'partial' }],
  });
  const own = await openIncident(app, { impacts: { [id]: 'major' } });
  const update = { status: 'identified', message: 'Found', impacts: { [other.id]: 'degraded' } };
  const posted = await previewAndSend(`/api/incidents/${own.id}/updates`, update, [id, own.id, other.id]);
  expect(posted.services).toEqual([
    { id, name, before: 'major', after: 'partial' },
    { id: other.id, name: other.name, before: 'operational', after: 'degraded' },
  ]);
});

test('a dry run says what a past incident and a correction would make of the uptime', async () => {
  const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
  const { id } = await createService(app, { startDate: hoursAgo(100) });
  const times = { startedAt: hoursAgo(60), resolvedAt: hoursAgo(50) };
  const past = { title: 'Down', description: 'Nothing worked', impacts: { [id]: 'major' }, ...times };
  const opened = await previewAndSend('/api/incidents', past, [id]);
  expect([opened.services, opened.uptime]).toMatchObject([[], [{ serviceId: id, before: 100 }]]);
  const correction = { from: hoursAgo(60), to: hoursAgo(55), status: 'operational', reason: 'It worked again' };
  const corrected = await previewAndSend(`/api/services/${id}/corrections`, correction, [id]);
  const [{ before = 0, after = 0 } = {}] = corrected.uptime;
  expect(before).toBe(opened.uptime[0]?.after);
  expect(after).toBeGreaterThan(before);
});

test('a dry run is refused like the request', async () => {
  const { id } = await openIncident(app);
  const preview = (path: string, json: object, headers = {}) => ask(app, `${path}/preview`, { json, headers });
  const fields = { title: 'Slow', description: 'Answers take long' };
  const { position } = app.log;
  expect((await preview('/api/incidents', { ...fields, title: '' })).body).toMatchObject({ code: 'invalid-request' });
  expect((await preview('/api/incidents', { ...fields, startedAt: '2999-01-01T00:00:00Z' })).body).toMatchObject({
    code: 'future-time',
  });
  const update = { status: 'identified', message: 'Found' };
  const stale = await preview(`/api/incidents/${id}/updates`, update, { 'If-Match': '"7-7"' });
  expect([stale.status, app.log.position]).toEqual([412, position]);
});
