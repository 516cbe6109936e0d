// The overall status over the wire: derived from what is shown, whatever was reported when.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OverallStatus } from '../../../projections/status.ts';
import { ask, createService, get, openIncident, put, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let app: StartedApp;
let time = Date.parse('2026-03-01T10:00:00.000Z');

beforeEach(async () => {
  app = await startApp({}, { now: () => new Date(time) });
});

afterEach(() => app.close());

const status = (query = '') => get<OverallStatus>(app, `/api/status${query}`);

const EMPTY = {
  overallStatus: 'operational',
  totalServices: 0,
  operationalServices: 0,
  degradedServices: 0,
  downServices: 0,
  maintenanceServices: 0,
  activeIncidents: 0,
  activeMaintenances: 0,
  upcomingMaintenances: 0,
  averageUptime: 100,
  lastUpdated: null,
};

test('of an empty log is operational, and was never updated', async () => {
  expect(await status()).toEqual(EMPTY);
  expect(await status('?organizationId=org-1&tenantId=tenant-1')).toEqual({
    ...EMPTY,
    organizationId: 'org-1',
    tenantId: 'tenant-1',
  });
});

test('counts services as they are shown', async () => {
  for (const reported of ['operational', 'operational', 'degraded', 'partial', 'major', 'maintenance']) {
    await createService(app, { status: reported });
  }
  const counts = { totalServices: 6, degradedServices: 1, downServices: 2, maintenanceServices: 1 };
  expect(await status()).toMatchObject({ ...counts, operationalServices: 2, overallStatus: 'major' });
  const said = await createService(app);
  await openIncident(app, { impacts: { [said.id]: 'degraded' } });
  expect(await status()).toMatchObject({ totalServices: 7, operationalServices: 2, degradedServices: 2 });
});

describe('the worst', () => {
  test.each([
    [['operational', 'maintenance'], 'maintenance'],
    [['maintenance', 'degraded'], 'degraded'],
    [['degraded', 'partial', 'maintenance'], 'partial'],
    [['maintenance', 'major', 'partial'], 'major'],
  ])('of services that are %j is %s', async (reported, overallStatus) => {
    for (const each of reported) await createService(app, { status: each });
    expect(await status()).toMatchObject({ overallStatus });
  });

  test.each([
    ['minor', 'degraded'],
    ['major', 'partial'],
    ['critical', 'major'],
  ])('with a %s incident is %s, until it is resolved, and again when it is reopened', async (impact, overallStatus) => {
    await createService(app, { status: 'maintenance' });
    const incident = await openIncident(app, { impact });
    expect(await status()).toMatchObject({ overallStatus, activeIncidents: 1, operationalServices: 0 });
    await put(app, `/api/incidents/${incident.id}`, { status: 'resolved' });
    expect(await status()).toMatchObject({ overallStatus: 'maintenance', activeIncidents: 0 });
    await put(app, `/api/incidents/${incident.id}`, { status: 'monitoring' });
    expect(await status()).toMatchObject({ overallStatus, activeIncidents: 1 });
    await remove(app, `/api/incidents/${incident.id}`);
    expect(await status()).toMatchObject({ overallStatus: 'maintenance', activeIncidents: 0 });
  });

  test('follows an incident whose impact changes', async () => {
    const { id } = await openIncident(app, { impact: 'critical' });
    await put(app, `/api/incidents/${id}`, { impact: 'minor' });
    expect(await status()).toMatchObject({ overallStatus: 'degraded' });
  });
});

test('averages what teams report, to two decimals', async () => {
  const [first] = [await createService(app, { uptime: 99.98 }), await createService(app, { uptime: 98.5 })];
  await createService(app, { uptime: 0 });
  expect(await status()).toMatchObject({ averageUptime: 66.16 });
  await put(app, `/api/services/${first.id}`, { uptime: 0 });
  expect(await status()).toMatchObject({ averageUptime: 32.83 });
  await remove(app, `/api/services/${first.id}`);
  expect(await status()).toMatchObject({ averageUptime: 49.25 });
});

test('was last updated by the last event that touched it, a deletion too, and not by reading', async () => {
  const times: unknown[] = [];
  const note = async () => times.push((await status('?organizationId=org-1')).lastUpdated);
  const at = [1, 2, 3].map((seconds) => new Date(time + seconds * 1_000).toISOString());
  const next = () => {
    time += 1_000;
  };
  next();
  const service = await createService(app, { organizationId: 'org-1' });
  await note();
  next();
  const incident = await openIncident(app, { organizationId: 'org-1' });
  await remove(app, `/api/incidents/${incident.id}`);
  await note();
  next();
  await remove(app, `/api/services/${service.id}`);
  next();
  await createService(app, { organizationId: 'org-2' });
  await note();
  expect(times).toEqual(at);
});

test('is filtered by organisation and tenant, and echoes the filter', async () => {
  await createService(app, { organizationId: 'org-1', tenantId: 'tenant-1', status: 'major' });
  await createService(app, { organizationId: 'org-1', tenantId: 'tenant-2', status: 'degraded' });
  await createService(app, { tenantId: 'tenant-2' });
  await openIncident(app, { organizationId: 'org-2', impact: 'critical' });
  expect(await status()).toMatchObject({ totalServices: 3, overallStatus: 'major', activeIncidents: 1 });
  expect(await status()).not.toHaveProperty('organizationId');
  const filters = [
    [{ organizationId: 'org-1' }, { totalServices: 2, overallStatus: 'major', activeIncidents: 0 }],
    [{ tenantId: 'tenant-2' }, { totalServices: 2, overallStatus: 'degraded' }],
    [
      { organizationId: 'org-1', tenantId: 'tenant-2' },
      { totalServices: 1, overallStatus: 'degraded' },
    ],
    [{ organizationId: 'default' }, { totalServices: 1, overallStatus: 'operational' }],
    [{ organizationId: 'org-2' }, { totalServices: 0, overallStatus: 'major', activeIncidents: 1, averageUptime: 100 }],
  ] as const;
  for (const [filter, expected] of filters) {
    expect(await status(`?${new URLSearchParams(filter)}`)).toMatchObject({ ...filter, ...expected });
  }
});

test('keeps its tag as long as nothing of it changed', async () => {
  // An empty log has no name for a tag to hold yet.
  await createService(app, { organizationId: 'org-2' });
  const tag = async () => (await ask(app, '/api/status?organizationId=org-1')).etag;
  const before = await tag();
  await createService(app, { organizationId: 'org-2' });
  expect(await tag()).toBe(before);
  await createService(app, { organizationId: 'org-1' });
  expect(await tag()).not.toBe(before);
});

test.each(['organizationId=', 'organizationId=a%20b', 'tenantId=a&tenantId=b'])(
  'refuses the filter %s',
  async (query) => {
    await refused(app, `/api/status?${query}`, {}, [400, 'invalid-request']);
  },
);
