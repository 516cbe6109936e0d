// Maintenances over the wire: what is shown of them and of their services, then and now, and what became of redacted words.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MaintenanceUpdate } from '../../../projections/maintenance/updates.ts';
import type { ShownMaintenance } from '../../../projections/maintenance.ts';
import type { ShownService } from '../../../projections/service.ts';
import type { OverallStatus } from '../../../projections/status.ts';
import { ask, createService, get, openIncident, put, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let service: ShownService;
const NOW = '2026-03-01T10:00:00.000Z';

beforeAll(async () => {
  app = await startApp({}, { now: () => new Date(NOW) });
  service = await createService(app, { name: 'API' });
});
afterAll(() => app.close());

const window = { startsAt: '2026-03-29T01:30:00Z', endsAt: '2026-03-29T03:00:00Z' };
const path = ({ id }: { id: string }) => `/api/maintenances/${id}`;

async function plan(fields: object = {}) {
  const json = { title: ' New disks ', affectedServices: ['API'], ...window, ...fields };
  const answered = await ask<ShownMaintenance>(app, '/api/maintenances', { json });
  expect(answered.status).toBe(201);
  return answered;
}

async function post(maintenance: { id: string }, json: object): Promise<MaintenanceUpdate> {
  const answered = await ask<MaintenanceUpdate>(app, `${path(maintenance)}/updates`, { json });
  expect(answered.status).toBe(201);
  return answered.body;
}

const shown = () => get<ShownService>(app, `/api/services/${service.id}`);
const status = () => get<OverallStatus>(app, '/api/status');

test('a new maintenance shows the names of its services, and the wall clocks of its organisation', async () => {
  const { body, text, etag, headers } = await plan();
  expect(body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    title: 'New disks',
    description: '',
    status: 'scheduled',
    startsAt: '2026-03-29T01:30:00.000Z',
    endsAt: '2026-03-29T03:00:00.000Z',
    local: { startsAt: '2026-03-29T01:30:00', endsAt: '2026-03-29T03:00:00', timeZone: 'UTC' },
    affectedServices: ['API'],
    affectedServiceIds: [service.id],
    autoStart: true,
    autoEnd: true,
    startedAt: null,
    endedAt: null,
    updates: [],
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
  });
  expect(headers.get('Location')).toBe(path(body));
  const read = await ask(app, path(body));
  expect([read.text, read.etag]).toEqual([text, etag]);
  await put(app, '/api/page/settings?organizationId=default', { timeZone: 'Europe/Berlin' });
  const moved = await ask<ShownMaintenance>(app, path(body));
  // The clocks are set to summer time meanwhile.
  const berlin = { startsAt: '2026-03-29T03:30:00', endsAt: '2026-03-29T05:00:00', timeZone: 'Europe/Berlin' };
  expect(moved.body).toMatchObject({ version: 1, local: berlin });
  expect(moved.etag).not.toBe(etag);
  expect(await get(app, `${path(body)}?position=${etag.split('-')[1]?.slice(0, -1)}`)).toEqual(body);
  await remove(app, path(body));
});

describe('while it is in progress', () => {
  let maintenance: ShownMaintenance;
  /** The position before it began. */
  let before: number;

  beforeAll(async () => {
    ({ body: maintenance } = await plan());
    expect(await status()).toMatchObject({ activeMaintenances: 0, upcomingMaintenances: 1 });
    before = app.log.position;
    await post(maintenance, { status: 'in-progress', message: 'We begin' });
  });

  test('its services are shown as under maintenance, and it is counted', async () => {
    expect(await shown()).toMatchObject({ status: 'maintenance', reportedStatus: 'operational', version: 1 });
    expect(await status()).toMatchObject({
      overallStatus: 'maintenance',
      maintenanceServices: 1,
      activeMaintenances: 1,
      upcomingMaintenances: 0,
    });
    const then = await get<ShownService>(app, `/api/services/${service.id}?position=${before}`);
    expect(then).toMatchObject({ status: 'operational' });
    expect(await get(app, `/api/status?position=${before}`)).toMatchObject({ upcomingMaintenances: 1 });
    expect(await get(app, `${path(maintenance)}?position=${before}`)).toEqual(maintenance);
  });

  test('it explains the status of its services, together with the event that began it', async () => {
    const explained = await get<{ considered: object; inputs: readonly object[] }>(
      app,
      `/api/explain?serviceId=${service.id}`,
    );
    expect(explained.considered).toEqual({ services: 1, incidents: 0, maintenances: 1 });
    expect(explained.inputs[1]).toMatchObject({
      kind: 'maintenance',
      id: maintenance.id,
      name: 'New disks',
      status: 'maintenance',
      decides: true,
      event: { position: before + 1, type: 'maintenance.started' },
    });
  });

  test('it hides no outage', async () => {
    const incident = await openIncident(app, { impacts: { [service.id]: 'partial' } });
    expect(await shown()).toMatchObject({ status: 'partial' });
    await remove(app, `/api/incidents/${incident.id}`);
    expect(await shown()).toMatchObject({ status: 'maintenance' });
  });

  test('it follows a service that gets another name, or is no longer affected', async () => {
    const other = await createService(app, { name: 'Search' });
    await put(app, path(maintenance), { affectedServices: ['API', 'Search'] });
    await put(app, `/api/services/${other.id}`, { name: 'Full search' });
    expect(await get(app, path(maintenance))).toMatchObject({ affectedServices: ['API', 'Full search'] });
    expect(await get(app, `/api/services/${other.id}`)).toMatchObject({ status: 'maintenance' });
    await remove(app, `/api/services/${other.id}`);
    expect(await get(app, path(maintenance))).toMatchObject({ affectedServices: ['API'] });
  });

  test('is listed as active, and under its status', async () => {
    const other = await plan({ title: 'Later' });
    const ids = async (query: string) =>
      (await get<readonly ShownMaintenance[]>(app, `/api/maintenances?${query}`)).map(({ id }) => id);
    expect(await ids('active=true')).toEqual([maintenance.id]);
    expect(await ids('status=scheduled')).toEqual([other.body.id]);
    // One has begun already; the other one is planned to.
    expect(await ids('order=began')).toEqual([maintenance.id, other.body.id]);
    expect(await ids('to=2026-03-29T01:30:00Z')).toEqual([maintenance.id]);
    expect(await ids('from=2026-03-29T01:40:00Z&to=2026-03-29T01:45:00Z')).toEqual([maintenance.id, other.body.id]);
    expect(await ids('from=2026-04-01T00:00:00Z')).toEqual([maintenance.id]);
    await remove(app, path(other.body));
  });

  test('updates are edited and retracted, and the history keeps what they said', async () => {
    const [update] = (await get<ShownMaintenance>(app, path(maintenance))).updates;
    const { message } = await put<MaintenanceUpdate>(app, `${path(maintenance)}/updates/${update?.id}`, {
      message: 'We have begun',
    });
    expect(message).toBe('We have begun');
    expect((await get<ShownMaintenance>(app, path(maintenance))).updates).toEqual([
      { id: update?.id, status: 'in-progress', message: 'We have begun', createdAt: NOW, editedAt: NOW },
    ]);
    await remove(app, `${path(maintenance)}/updates/${update?.id}`);
    expect(await get(app, path(maintenance))).toMatchObject({ status: 'in-progress', updates: [] });
    const { entries } = await get<{ entries: readonly { changes: readonly object[] }[] }>(
      app,
      `${path(maintenance)}/history`,
    );
    expect(JSON.stringify(entries)).toContain('We begin');
    expect(JSON.stringify(entries)).toContain('We have begun');
  });

  test('redacted words are gone wherever they are shown', async () => {
    const secret = await post(maintenance, { message: 'The password is swordfish' });
    await put(app, path(maintenance), { title: 'About swordfish' });
    for (const position of [app.log.position - 1, app.log.position]) {
      const answered = await ask(app, `/api/events/${position}/redaction`, { json: { reason: 'A secret' } });
      expect(answered.status).toBe(201);
    }
    const read = await get<ShownMaintenance>(app, path(maintenance));
    expect(read).toMatchObject({ title: '[redacted]', updates: [{ id: secret.id, message: '[redacted]' }] });
    for (const reading of ['/api/events?limit=1000', '/api/maintenances', `${path(maintenance)}/history`]) {
      expect((await ask(app, reading)).text).not.toContain('swordfish');
    }
  });

  test('once it is completed its services are as they are reported', async () => {
    await put(app, path(maintenance), { status: 'completed' });
    expect(await get(app, path(maintenance))).toMatchObject({ startedAt: NOW, endedAt: NOW });
    expect(await shown()).toMatchObject({ status: 'operational' });
    const answered = await ask(app, path(maintenance), { method: 'PUT', json: { status: 'in-progress' } });
    expect(answered).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
  });
});

test('a text that changes without its translations loses them, and none are left', async () => {
  const translations = { de: { title: 'Neue Platten' } };
  const { body } = await plan({ translations });
  expect(body.translations).toEqual(translations);
  expect(await put(app, path(body), { affectedServices: [] })).toMatchObject({ translations });
  expect(await put(app, path(body), { title: 'Old disks' })).not.toHaveProperty('translations');
  await put(app, path(body), { translations });
  expect(await put(app, path(body), { translations: {} })).not.toHaveProperty('translations');
  await remove(app, path(body));
});

test('a refusal says what is wrong with which member', async () => {
  const json = {
    title: 'New disks',
    startsAt: '2027-10-31T02:30',
    endsAt: '2027-10-31T05:00',
    timeZone: 'Europe/Berlin',
  };
  const { status: code, body } = await ask(app, '/api/maintenances', { json });
  expect(code).toBe(400);
  expect(body).toMatchObject({
    code: 'invalid-request',
    errors: [{ in: 'body', pointer: '/startsAt', detail: expect.stringContaining('2027-10-31T02:30:00+01:00') }],
  });
});
