// Live updates: what each room hears of a change made over REST, and what it does not hear.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LiveServer, type TestClient } from '../support/sockets.ts';

let server: LiveServer;

beforeEach(async () => {
  server = await LiveServer.start();
});

afterEach(() => server.close());

interface Entity {
  readonly id: string;
  readonly [member: string]: unknown;
}

async function send(method: string, path: string, json?: unknown): Promise<Entity> {
  const response = await server.app.request(path, json === undefined ? { method } : { method, json });
  expect(response.ok).toBe(true);
  return response.status === 204 ? { id: '' } : ((await response.json()) as Entity);
}

async function read(path: string): Promise<unknown> {
  return (await server.app.request(path)).json();
}

const createService = (place: object = {}) =>
  send('POST', '/api/services', { name: 'Search', description: 'Finds things', ...place });
const openIncident = (fields: object = {}) =>
  send('POST', '/api/incidents', { title: 'Slow', description: 'Slower than usual', ...fields });

describe('who hears of an entity', () => {
  let everyone: TestClient;
  let acme: TestClient;
  let red: TestClient;
  let umbrellaRed: TestClient;

  beforeEach(async () => {
    everyone = await server.connect();
    acme = await server.connectTo('acme');
    red = await server.connect();
    await red.ask('authenticate', { tenantId: 'red' });
    umbrellaRed = await server.connect();
    await umbrellaRed.ask('authenticate', { organizationId: 'umbrella', tenantId: 'red' });
    for (const client of [everyone, acme, red, umbrellaRed]) client.forget();
  });

  /** The rooms under whose name each of the four clients heard of services and incidents. */
  async function heardBy(): Promise<string[][]> {
    const clients = [everyone, acme, red, umbrellaRed];
    await Promise.all(clients.map((client) => client.settled()));
    return clients.map((client) => client.updates().map(({ room }) => room));
  }

  test.each([
    [{}, ['org:default'], ['org:default'], ['org:default'], ['org:default']],
    [{ organizationId: 'default' }, ['org:default'], ['org:default'], ['org:default'], ['org:default']],
    [{ organizationId: 'acme' }, [], ['org:acme'], [], []],
    [{ organizationId: 'acme', tenantId: 'red' }, [], ['org:acme'], [], []],
    [{ tenantId: 'red' }, [], [], ['tenant:red'], ['tenant:red']],
    [{ tenantId: 'blue' }, [], [], [], []],
    [{ organizationId: 'umbrella', tenantId: 'red' }, [], [], [], ['org:umbrella']],
  ])('in %j: everyone %j, acme %j, tenant red %j, umbrella with tenant red %j', async (place, ...expected) => {
    await createService(place);
    expect(await heardBy()).toEqual(expected);
    for (const client of [everyone, acme, red, umbrellaRed]) client.forget();
    await openIncident(place);
    expect(await heardBy()).toEqual(expected);
  });

  test('nobody hears of what is refused, nor of a change that changes nothing', async () => {
    const { id } = await createService();
    await heardBy();
    for (const client of [everyone, acme, red, umbrellaRed]) client.forget();
    await server.app.request('/api/services', { json: { name: '' } });
    await server.app.request(`/api/services/${id}`, { method: 'PUT', json: { organizationId: 'acme' } });
    await send('PUT', `/api/services/${id}`, { name: 'Search' });
    expect(await heardBy()).toEqual([[], [], [], []]);
    expect(everyone.heard).toEqual([]);
  });

  test('who has left a room hears of nothing there any more', async () => {
    await acme.ask('leave-organization', { organizationId: 'acme' });
    acme.forget();
    await createService({ organizationId: 'acme' });
    await acme.settled();
    expect(acme.heard).toEqual([]);
  });
});

describe('the shape of an update', () => {
  test('a service is shown as REST shows it, with its place in the sequence of the room', async () => {
    const client = await server.connectTo('acme');
    const created = await createService({ organizationId: 'acme', tenantId: 'red' });
    const changed = await send('PUT', `/api/services/${created.id}`, { status: 'degraded', uptime: 98.5 });
    await client.settled();
    const place = { room: 'org:acme', log: server.app.log.id };
    expect(client.updates('org:acme')).toEqual([
      { type: 'service-update', data: created, timestamp: created.lastUpdated, ...place, position: 1, prev: 0 },
      // One commit of two events is one update, at the position of its last event.
      { type: 'service-update', data: changed, timestamp: changed.lastUpdated, ...place, position: 3, prev: 1 },
    ]);
    expect(client.all('service-update')).toEqual(client.updates());
  });

  test('an incident is shown as REST shows it, updates included', async () => {
    const client = await server.connect();
    const opened = await openIncident();
    await send('POST', `/api/incidents/${opened.id}/updates`, { status: 'identified', message: 'A full disk.' });
    const shown = (await read(`/api/incidents/${opened.id}`)) as Entity;
    await client.settled();
    const place = { room: 'org:default', log: server.app.log.id };
    expect(client.updates()).toEqual([
      { type: 'incident-update', data: opened, timestamp: opened.updatedAt, ...place, position: 1, prev: 0 },
      { type: 'incident-update', data: shown, timestamp: shown.updatedAt, ...place, position: 2, prev: 1 },
    ]);
  });

  test('a deletion is the last state, marked as deleted', async () => {
    const client = await server.connect();
    const service = await createService();
    const incident = await openIncident();
    await send('DELETE', `/api/services/${service.id}`);
    await send('DELETE', `/api/incidents/${incident.id}`);
    await client.settled();
    const [, , serviceGone, incidentGone] = client.updates();
    expect(serviceGone).toMatchObject({ type: 'service-update', position: 3, prev: 2 });
    expect(serviceGone?.data).toEqual({ ...service, deleted: true });
    expect(incidentGone).toMatchObject({ type: 'incident-update', position: 4, prev: 3 });
    expect(incidentGone?.data).toEqual({ ...incident, deleted: true });
  });

  test('rooms count on their own: what others hear leaves no gap', async () => {
    const client = await server.connectTo('acme');
    for (const organizationId of ['acme', 'umbrella', 'acme', 'default', 'acme'])
      await createService({ organizationId });
    await client.settled();
    const places = client.updates('org:acme').map(({ position, prev }) => [position, prev]);
    expect(places).toEqual([
      [1, 0],
      [3, 1],
      [5, 3],
    ]);
  });
});

describe('what an incident says of a service', () => {
  const heard = (client: TestClient) =>
    client
      .updates()
      .map(({ type, position, data }) => [
        type,
        position,
        'title' in data ? data.title : 'status' in data && data.status,
      ]);

  test.each([
    [
      'is taken back when it is resolved',
      (id: string) => send('POST', `/api/incidents/${id}/updates`, { status: 'resolved', message: 'Done.' }),
    ],
    ['is taken back when it is deleted', (id: string) => send('DELETE', `/api/incidents/${id}`)],
    ['is taken back when it says something else', (id: string) => send('PUT', `/api/incidents/${id}`, { impacts: {} })],
  ])("is an update of the service too, behind the incident's own at the same position, and %s", async (_name, end) => {
    const client = await server.connect();
    const service = await createService();
    const incident = await openIncident({ impacts: { [service.id]: 'major' } });
    await end(incident.id);
    await client.settled();
    expect(heard(client)).toEqual([
      ['service-update', 1, 'operational'],
      ['incident-update', 2, 'Slow'],
      ['service-update', 2, 'major'],
      ['incident-update', 3, 'Slow'],
      ['service-update', 3, 'operational'],
    ]);
    expect(client.updates().map(({ prev }) => prev)).toEqual([0, 1, 2, 2, 3]);
    expect(client.updates().at(-1)?.data).toEqual(await read(`/api/services/${service.id}`));
  });

  test('is no update of a service that is shown no worse for it', async () => {
    const client = await server.connect();
    const service = await createService({ status: 'major' });
    await openIncident({ impacts: { [service.id]: 'degraded' } });
    await client.settled();
    expect(heard(client)).toEqual([
      ['service-update', 1, 'major'],
      ['incident-update', 2, 'Slow'],
    ]);
  });

  test("reaches a tenant of the organisation: the service's update and the tenant's status", async () => {
    const client = await server.connect();
    await client.ask('authenticate', { tenantId: 'red' });
    const service = await createService({ tenantId: 'red' });
    client.forget();
    await openIncident({ impacts: { [service.id]: 'major' } });
    await client.settled();
    expect(client.updates('tenant:red').map(({ data }) => data)).toEqual([await read(`/api/services/${service.id}`)]);
    await client.hearsStatus('tenant:red', await read('/api/status?organizationId=default&tenantId=red'));
  });

  test("comes behind the incident's own update, also where the service changed earlier in the same commit", async () => {
    const client = await server.connect();
    const { id } = await createService();
    const { app } = server;
    const incidentId = 'a1b2c3d4-0000-4000-8000-000000000999';
    const claim = { affectedServices: [], affectedServiceIds: [id], impacts: { [id]: 'major' as const } };
    const fields = { title: 'Slow', description: 'Slow', status: 'investigating' as const, impact: 'major' as const };
    const place = { organizationId: 'default' };
    await app.log.append({
      actor: { kind: 'system' },
      correlationId: 'test',
      writes: [
        {
          stream: `service-${id}`,
          expected: 1,
          events: [{ type: 'service.described', ...place, data: { name: 'Find' } }],
        },
        {
          stream: `incident-${incidentId}`,
          expected: 'no-stream',
          events: [{ type: 'incident.opened', ...place, data: { ...fields, ...claim } }],
        },
      ],
    });
    await client.settled();
    expect(heard(client).slice(1)).toEqual([
      ['incident-update', 3, 'Slow'],
      ['service-update', 3, 'major'],
    ]);
  });
});

test('a maintenance that is over when it is planned is an update of its services, as REST shows them', async () => {
  const client = await server.connect();
  const group = await send('POST', '/api/groups', { name: 'Core' });
  const service = await createService({ groupId: group.id });
  client.forget();
  const window = { startsAt: '2026-01-01T10:00:00Z', endsAt: '2026-01-01T11:00:00Z' };
  await send('POST', '/api/maintenances', { title: 'New disks', ...window, affectedServices: [service.id] });
  await client.settled();
  const last = (type: string) => client.updates().findLast((update) => update.type === type)?.data;
  expect(last('service-update')).toEqual(await read(`/api/services/${service.id}`));
  expect(last('group-update')).toEqual(await read(`/api/groups/${group.id}`));
});

describe('the status', () => {
  test('is sent on connecting and on every join, as /api/status answers for the room', async () => {
    await createService();
    await createService({ organizationId: 'acme' });
    await createService({ tenantId: 'red', status: 'major' });
    const client = await server.connect();
    await client.ask('authenticate', { organizationId: 'acme', tenantId: 'red' });
    await client.ask('join-organization', { organizationId: 'nowhere' });
    await client.ask('join-organization', { organizationId: 'acme' });
    const statuses = client.all('status-update');
    expect(statuses.map(({ room, position }) => [room, position])).toEqual([
      ['org:default', 1],
      ['org:acme', 2],
      ['tenant:red', 3],
      ['org:nowhere', 0],
      ['org:acme', 2],
    ]);
    expect(statuses.map(({ data }) => data)).toEqual([
      // What has a tenant is its room's alone: the status of everyone must not tell of what the list does not show.
      expect.objectContaining({ overallStatus: 'operational', totalServices: 1 }),
      await read('/api/status?organizationId=acme'),
      await read('/api/status?organizationId=default&tenantId=red'),
      await read('/api/status?organizationId=nowhere'),
      await read('/api/status?organizationId=acme'),
    ]);
  });

  test('is sent to the room whenever it changes, without a place in the sequence', async () => {
    const client = await server.connectTo('acme');
    client.forget();
    const { id } = await createService({ organizationId: 'acme' });
    const answers: unknown[] = [];
    const heard = async () => {
      const answer = await read('/api/status?organizationId=acme');
      answers.push(answer);
      await client.hearsStatus('org:acme', answer);
    };
    await heard();
    await send('PUT', `/api/services/${id}`, { status: 'partial' });
    await heard();
    await send('DELETE', `/api/services/${id}`);
    await heard();
    expect(client.statuses('org:acme').map(({ data }) => data)).toEqual(answers);
    for (const status of client.statuses('org:acme')) {
      expect(Object.keys(status)).toEqual(['type', 'data', 'timestamp', 'room', 'log', 'position']);
      expect(status.timestamp).toBe(status.data.lastUpdated);
    }
    expect(client.statuses('org:default')).toEqual([]);
  });
});

describe('a broadcast by hand', () => {
  test.each([
    [{}, 'org:default', [true, true, true]],
    [{ organizationId: 'acme' }, 'org:acme', [false, true, false]],
    [{ tenantId: 'red' }, 'tenant:red', [false, false, true]],
    [{ organizationId: 'acme', tenantId: 'red' }, 'org:acme', [false, true, false]],
  ])('for %j reaches %s alone, and says that it is a test', async (addressee, room, reached) => {
    const clients = [await server.connect(), await server.connectTo('acme'), await server.connect()];
    await clients[2]?.ask('authenticate', { tenantId: 'red' });
    const data = { hello: ['world', null, 1] };
    for (const type of ['service-update', 'incident-update', 'status-update']) {
      for (const client of clients) client.forget();
      const answer = await send('POST', '/api/websocket/broadcast', { type, data, ...addressee });
      expect(answer).toEqual({ success: true, type, room, test: true, timestamp: expect.any(String) });
      await Promise.all(clients.map((client) => client.settled()));
      const message = { type, data, timestamp: answer.timestamp, room, test: true };
      expect(clients.map(({ heard }) => heard)).toEqual(reached.map((is) => (is ? [{ event: type, message }] : [])));
    }
    expect(server.app.log.position).toBe(0);
  });

  test.each([
    [{ type: 'snapshot', data: {} }],
    [{ type: 'disconnect', data: {} }],
    [{ type: 'service-update' }],
    [{ type: 'service-update', data: {}, organizationId: 'no such name!' }],
  ])('of %j is refused and reaches nobody', async (json) => {
    const client = await server.connect();
    client.forget();
    expect((await server.app.request('/api/websocket/broadcast', { json })).status).toBe(400);
    await client.settled();
    expect(client.heard).toEqual([]);
  });
});

describe('authenticating again', () => {
  test('leaves the rooms that were named before, and keeps what was joined', async () => {
    const client = await server.connect();
    await client.ask('authenticate', { organizationId: 'acme', tenantId: 'red' });
    await client.ask('join-organization', { organizationId: 'umbrella' });
    await client.ask('authenticate', { tenantId: 'blue' });
    expect(await read('/api/websocket/info')).toMatchObject({
      clientsInfo: [{ tenantId: 'blue', rooms: ['org:default', 'org:umbrella', 'tenant:blue'] }],
    });
  });
});

describe('/api/websocket/info', () => {
  test('counts and shows who is connected, of the filter and in all', async () => {
    const [stranger, member] = [await server.connect(), await server.connect()];
    await member.ask('authenticate', { userId: 'user-1', organizationId: 'acme', tenantId: 'red', userRole: 'admin' });
    await (await server.connect()).ask('authenticate', { tenantId: 'red' });
    const of = async (query: string) => {
      const info = (await read(`/api/websocket/info${query}`)) as Record<string, unknown>;
      expect(info.clientsInfo).toHaveLength(Number(info.connectedClients));
      return [info.connectedClients, info.totalConnectedClients];
    };
    expect(await of('')).toEqual([3, 3]);
    expect(await of('?organizationId=acme')).toEqual([1, 3]);
    expect(await of('?organizationId=default')).toEqual([3, 3]);
    expect(await of('?tenantId=red')).toEqual([2, 3]);
    expect(await of('?organizationId=acme&tenantId=red')).toEqual([1, 3]);
    expect(await of('?organizationId=umbrella')).toEqual([0, 3]);
    expect(await read('/api/websocket/info?organizationId=acme')).toMatchObject({
      websocketEndpoint: '/socket.io',
      clientsInfo: [
        {
          clientId: member.socket.id,
          userId: 'user-1',
          organizationId: 'acme',
          tenantId: 'red',
          userRole: 'admin',
          rooms: ['org:default', 'org:acme', 'tenant:red'],
        },
      ],
    });
    stranger.socket.disconnect();
    await member.settled();
    expect(await of('')).toEqual([2, 2]);
  });
});
