// What the server was first promised to be: every example, every named endpoint and the sample data, as they stand.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import type { ShownIncident } from '../projections/incidents.ts';
import type { ShownMaintenance } from '../projections/maintenance.ts';
import type { ShownService } from '../projections/service.ts';
import { describeNeeding, hasProgram } from './support/needs.ts';
import { ask, createService, get, openIncident } from './support/rest.ts';
import { type StartedApp, startApp } from './support/start-app.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const EXAMPLES = 'tests/fixtures/seed-examples.sh';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp({ SAMPLE_DATA: 'true' }, { now: () => NOW });
});

afterAll(() => app.close());

describe('the sample data', () => {
  test('is six services with what their teams report', async () => {
    const services = await get<ShownService[]>(app, '/api/services');
    expect(services.map(({ name, uptime, status }) => [name, uptime, status])).toEqual([
      ['API Gateway', 99.98, 'operational'],
      ['Database Cluster', 99.95, 'operational'],
      ['Authentication Service', 99.99, 'operational'],
      ['File Storage', 98.5, 'degraded'],
      ['Email Service', 99.92, 'operational'],
      ['CDN', 99.97, 'operational'],
    ]);
  });

  test('is an incident with two updates, opened two hours before', async () => {
    const [incident, ...others] = await get<ShownIncident[]>(app, '/api/incidents?active=true');
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      title: 'File Storage Performance Issues',
      impact: 'minor',
      affectedServices: ['File Storage'],
      createdAt: '2026-03-01T08:00:00.000Z',
      resolvedAt: null,
      updates: [{ status: 'investigating' }, { status: 'identified' }],
    });
  });

  test('is what makes a page worth looking at: two groups, incidents that are over, and planned work', async () => {
    expect(await get(app, '/api/groups')).toMatchObject([
      { name: 'Platform', display: 'expanded', status: 'operational' },
      { name: 'Delivery', display: 'expanded', status: 'degraded' },
    ]);
    const over = await get<ShownIncident[]>(app, '/api/incidents?active=false');
    expect(over.map(({ title, impacts }) => [title, Object.values(impacts)])).toEqual([
      ['Slow delivery of static files in Europe', ['degraded']],
      ['Errors in a part of API requests', ['partial']],
      ['Delayed mail', ['degraded']],
    ]);
    const [past, coming] = await get<ShownMaintenance[]>(app, '/api/maintenances');
    expect(past).toMatchObject({ status: 'completed' });
    expect(coming).toMatchObject({ status: 'scheduled', startsAt: '2026-03-06T10:00:00.000Z' });
    const services = await get<ShownService[]>(app, '/api/services');
    expect(new Set(services.map(({ startDate }) => startDate))).toEqual(new Set(['2025-12-01T10:00:00.000Z']));
  });

  test('is of services that began before anything is said of them', async () => {
    const [gateway, , , storage] = await get<ShownService[]>(app, '/api/services');
    expect(gateway).toMatchObject({ createdAt: '2026-01-05T08:00:00.000Z', reportedSince: '2026-01-05T08:00:00.000Z' });
    expect(storage).toMatchObject({ createdAt: gateway?.createdAt, reportedSince: '2026-03-01T08:05:00.000Z' });
  });

  test('is one commit', async () => {
    const { events } = await get<{ events: { meta: { commit: { id: string } } }[] }>(app, '/api/events');
    expect(new Set(events.map(({ meta }) => meta.commit.id)).size).toBe(1);
  });

  test.each([
    [{ NODE_ENV: 'development', SAMPLE_DATA: '' }, 6],
    [{ NODE_ENV: 'production', SAMPLE_DATA: '', AUTH: 'open', ALLOW_OPEN: 'true' }, 0],
    [{ NODE_ENV: 'production', SAMPLE_DATA: 'true', AUTH: 'open', ALLOW_OPEN: 'true' }, 6],
    [{ NODE_ENV: 'development', SAMPLE_DATA: 'false' }, 0],
  ])('with %j is %i services', async (environment, count) => {
    const other = await startApp(environment);
    try {
      expect(await get(other, '/api/services')).toHaveLength(count);
    } finally {
      await other.close();
    }
  });
});

describeNeeding(!hasProgram('curl') && 'there is no curl', 'a curl example', () => {
  test('creates a service', async () => {
    const service = await curl('Create a new service');
    expect(service).toMatchObject({ name: 'Payment Service', status: 'operational', uptime: 100 });
    expect(await get(app, `/api/services/${service.id}`)).toEqual(service);
  });

  test('updates a service’s status', async () => {
    const service = await createService(app);
    const updated = await curl('Update service status', { SERVICE_ID: service.id });
    expect(updated).toMatchObject({ id: service.id, name: service.name, status: 'degraded', uptime: 98.5 });
    expect(await get(app, `/api/services/${service.id}`)).toEqual(updated);
  });

  test('creates an incident, and knows which services are meant', async () => {
    const incident = await curl('Create an incident');
    expect(incident).toMatchObject({ title: 'Database Connection Issues', impact: 'major', status: 'investigating' });
    const services = await get<ShownService[]>(app, '/api/services');
    const meant = services.filter(({ name }) => ['Authentication Service', 'Database Cluster'].includes(name));
    expect(incident.affectedServiceIds).toEqual(meant.map(({ id }) => id));
    expect(await get(app, `/api/incidents/${incident.id}`)).toEqual(incident);
  });

  test('adds an update to an incident', async () => {
    const { id } = await openIncident(app);
    const update = await curl('Add incident update', { INCIDENT_ID: id });
    expect(await get(app, `/api/incidents/${id}`)).toMatchObject({ status: 'identified', updates: [update] });
  });

  test('creates a service with an organisation, and gets that organisation’s status', async () => {
    const before = await curl('Get status for specific organization');
    expect(before).toMatchObject({ organizationId: 'org-456', overallStatus: 'operational' });
    const service = await curl('Create service with organization');
    expect(service).toMatchObject({ name: 'Service', organizationId: 'org-456' });
    expect(await curl('Get status for specific organization')).toMatchObject({
      organizationId: 'org-456',
      totalServices: Number(before.totalServices) + 1,
    });
  });
});

test('the socket example hears of its organisation’s services and incidents', async () => {
  const socket = io(app.url);
  try {
    const heard: unknown[] = [];
    socket.emit('authenticate', {
      userId: 'user-123',
      organizationId: 'org-456',
      tenantId: 'tenant-789',
      userRole: 'admin',
    });
    socket.on('service-update', (data) => heard.push(data.data));
    socket.on('incident-update', (data) => heard.push(data.data));
    await new Promise((resolve) => socket.once('authenticated', resolve));

    const service = await createService(app, { organizationId: 'org-456' });
    await createService(app, { organizationId: 'org-other' });
    const incident = await openIncident(app, { organizationId: 'org-456' });
    await socket.emitWithAck('ping');
    expect(heard).toEqual([service, incident]);
  } finally {
    socket.disconnect();
  }
});

test('every endpoint that was named answers', async () => {
  const { id: service } = await createService(app);
  const { id: incident } = await openIncident(app);
  const endpoints = [
    ['GET', '/health', 200],
    ['GET', '/api/services', 200],
    ['GET', `/api/services/${service}`, 200],
    ['POST', '/api/services', 201, { name: 'A', description: 'B' }],
    ['PUT', `/api/services/${service}`, 200, { name: 'C' }],
    ['DELETE', `/api/services/${service}`, 204],
    ['GET', '/api/incidents', 200],
    ['GET', `/api/incidents/${incident}`, 200],
    ['POST', '/api/incidents', 201, { title: 'A', description: 'B' }],
    ['PUT', `/api/incidents/${incident}`, 200, { title: 'C' }],
    ['POST', `/api/incidents/${incident}/updates`, 201, { status: 'resolved', message: 'Over' }],
    ['DELETE', `/api/incidents/${incident}`, 204],
    ['GET', '/api/status', 200],
    ['GET', '/api/websocket/info', 200],
    ['POST', '/api/websocket/broadcast', 200, { type: 'service-update', data: {} }],
    ['GET', '/socket.io/?EIO=4&transport=polling', 200],
  ] as const;
  const statuses: unknown[] = [];
  for (const [method, path, , json] of endpoints) {
    statuses.push((await ask(app, path, { method, ...(json ? { json } : {}) })).status);
  }
  expect(statuses).toEqual(endpoints.map(([, , status]) => status));
});

/** Runs an example in a shell, as it stands but for the port and the ids. */
async function curl(title: string, ids: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const blocks = (await readFile(EXAMPLES, 'utf8')).split(/^### /m);
  const block = blocks.find((text) => text.startsWith(`${title}\n`));
  if (!block) throw new Error(`There is no example "${title}".`);
  const command = Object.entries({ ':5000': `:${new URL(app.url).port}`, ...ids }).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    block.slice(title.length),
  );
  const { stdout } = await promisify(execFile)('bash', ['-c', command]);
  return JSON.parse(stdout);
}
