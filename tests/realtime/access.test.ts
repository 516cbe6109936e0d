// Where people sign in: who may hear what over a socket, how that changes while it is open, and what strangers never hear.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type AccountsApp,
  addKey,
  addOrganization,
  addPerson,
  grant,
  happen,
  type Machine,
  type Someone,
  startOwned,
} from '../support/accounts.ts';
import { ask } from '../support/rest.ts';
import { type ClientOptions, LiveServer, type TestClient } from '../support/sockets.ts';

const DAY = 24 * 60 * 60 * 1000;
const [PUBLIC, PRIVATE] = ['open-house', 'closed-house'];

let clock: Date;
let app: AccountsApp & { owner: Someone };
let server: LiveServer;

beforeEach(async () => {
  clock = new Date('2026-03-01T09:00:00.000Z');
  app = await startOwned({}, { now: () => clock, expiryCheck: 20 });
  server = new LiveServer(app);
  await addOrganization(app, PUBLIC, { owner: app.owner, visibility: 'public' });
  await addOrganization(app, PRIVATE, { owner: app.owner });
});
afterEach(async () => {
  await server.close();
  expect(app.reported).toEqual([]);
});

const as = ({ headers }: { readonly headers: object }): ClientOptions => ({
  extraHeaders: { ...headers } as Record<string, string>,
});

const joined = (room: string) => ({ organizationId: room.slice(4), room, timestamp: expect.any(String) });

/** Something is said in the organisation, and everyone who was told of it has heard it. */
async function say(organizationId: string, name: string, ...listeners: TestClient[]): Promise<void> {
  const json = { name, description: 'Canary', organizationId };
  expect((await ask(app, '/api/services', { json, headers: app.owner.headers })).status).toBe(201);
  for (const listener of listeners) await listener.settled();
}

const revokeRole = ({ id: userId }: Someone, organizationId: string) =>
  happen(app, organizationId, [{ type: 'organization.role-revoked', organizationId, data: { userId } }]);

const revokeKey = ({ id: keyId }: Machine) =>
  happen(app, 'default', [{ type: 'organization.key-revoked', organizationId: 'default', data: { keyId } }]);

const showTo = (organizationId: string, visibility: 'public' | 'private') =>
  happen(app, organizationId, [{ type: 'organization.visibility-changed', organizationId, data: { visibility } }]);

/** Resolves when the connection is closed, with why. */
function closed({ socket }: TestClient): Promise<string> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

describe('who may join', () => {
  let clients: Record<string, TestClient>;

  beforeEach(async () => {
    const viewer = await addPerson(app, 'viewer', PRIVATE);
    const member = await addKey(app, 'member', { organizationId: PRIVATE });
    const elsewhere = await addPerson(app, 'admin', PUBLIC);
    const byMessage = await server.connect();
    expect(await byMessage.ask('authenticate', { key: member.key })).toMatchObject({ success: true });
    clients = {
      stranger: await server.connect(),
      'someone of another organisation': await server.connect(as(elsewhere)),
      viewer: await server.connect(as(viewer)),
      'a key in the header': await server.connect(as(member)),
      'a key in the handshake': await server.connect({ auth: { key: member.key } }),
      'a key that is sent later': byMessage,
    };
  });

  test('an organisation, by who they are', async () => {
    const told: Record<string, boolean[]> = {};
    for (const [name, client] of Object.entries(clients)) {
      const answers: unknown[] = [];
      for (const organizationId of ['default', PUBLIC, PRIVATE, 'nowhere'])
        answers.push(await client.ask('join-organization', { organizationId }));
      told[name] = answers.map((answer) => Object.hasOwn(answer as object, 'room'));
    }
    const [open, all] = [
      [true, true, false, false],
      [true, true, true, false],
    ];
    expect(told).toEqual({
      stranger: open,
      'someone of another organisation': open,
      viewer: all,
      'a key in the header': all,
      'a key in the handshake': all,
      'a key that is sent later': all,
    });
    for (const client of Object.values(clients)) client.forget();
    await say(PRIVATE, 'Canary', ...Object.values(clients));
    const heard = Object.entries(clients).map(([name, client]) => [
      name,
      JSON.stringify(client.heard).includes('Canary'),
    ]);
    expect(Object.fromEntries(heard)).toEqual(
      Object.fromEntries(Object.entries(told).map(([name, rooms]) => [name, rooms[2]])),
    );
  });

  test('what they claim to be makes no difference, and what is not theirs is as unknown as what is not there', async () => {
    const { stranger } = clients;
    const claims = { userId: app.owner.id, userRole: 'owner', organizationId: PRIVATE };
    const refused = (await stranger?.ask('authenticate', claims)) as { message: string };
    const unknown = (await stranger?.ask('authenticate', { ...claims, organizationId: 'nowhere' })) as typeof refused;
    expect(refused).toEqual({ success: false, message: `There is no room org:${PRIVATE}.` });
    expect(unknown.message.replace('nowhere', PRIVATE)).toBe(refused.message);
    const join = (organizationId: string) => stranger?.ask('join-organization', { organizationId });
    expect(await join(PRIVATE)).toEqual({ message: refused.message });
    expect(await join('nowhere')).toEqual({ message: unknown.message });
  });
});

describe('a key that is not valid', () => {
  test.each([['plv_nonsense'], [''], [7], [null]])(
    'as %j in the handshake is refused, and not taken for a stranger',
    async (key) => {
      await expect(server.connect({ auth: { key } })).rejects.toThrow('The API key is invalid, expired or revoked.');
    },
  );

  test('in the header is refused, whatever cookie comes with it', async () => {
    const extraHeaders = { ...app.owner.headers, Authorization: 'Bearer plv_nonsense' };
    await expect(server.connect({ extraHeaders })).rejects.toThrow('The API key is invalid, expired or revoked.');
  });

  test('in a message changes nothing of who it is', async () => {
    const client = await server.connect(as(app.owner));
    const answer = { success: false, message: 'The API key is invalid, expired or revoked.' };
    expect(await client.ask('authenticate', { key: 'plv_nonsense', organizationId: PUBLIC })).toEqual(answer);
    expect(client.all('authentication-error')).toEqual([answer]);
    expect(await client.ask('join-organization', { organizationId: PRIVATE })).toEqual(joined(`org:${PRIVATE}`));
  });
});

test('with another key a client hears no more of what it heard as who it was', async () => {
  const key = await addKey(app, 'owner', { organizationId: PUBLIC });
  const client = await server.connectTo(PRIVATE, as(app.owner));
  await client.ask('authenticate', { key: key.key, organizationId: PUBLIC });
  expect(client.all('left-organization')).toEqual([joined(`org:${PRIVATE}`)]);
  client.forget();
  await say(PRIVATE, 'Canary', client);
  expect(client.heard).toEqual([]);
  // The session that it came with is nothing to it any more.
  await app.identity.sessions.end(app.owner.id);
  await client.settled();
  expect(client.socket.connected).toBe(true);
});

describe('the default organisation', () => {
  test('that is private is for its members, its tenants included, and for everyone once it is public', async () => {
    await showTo('default', 'private');
    const [stranger, member] = [await server.connect(), await server.connect(as(app.owner))];
    expect(stranger.heard).toEqual([]);
    expect(await stranger.ask('authenticate', { tenantId: 'red' })).toMatchObject({ success: false });
    expect(await member.ask('authenticate', { tenantId: 'red' })).toMatchObject({ success: true });
    stranger.forget();
    await say('default', 'Canary', stranger, member);
    expect([stranger.heard, member.updates('org:default').length]).toEqual([[], 1]);
    await showTo('default', 'public');
    await say('default', 'Public', stranger);
    expect(stranger.updates('org:default')).toMatchObject([{ data: { name: 'Public' } }]);
  });

  test('that becomes private is left by strangers, their tenants included', async () => {
    const [stranger, member] = [await server.connect(), await server.connect(as(app.owner))];
    await stranger.ask('authenticate', { tenantId: 'red' });
    await showTo('default', 'private');
    await stranger.settled();
    expect(stranger.all('left-organization')).toEqual([
      { organizationId: 'default', room: 'org:default', timestamp: expect.any(String) },
      { organizationId: 'default', room: 'tenant:red', timestamp: expect.any(String) },
    ]);
    stranger.forget();
    await say('default', 'Canary', stranger, member);
    expect([stranger.heard, member.updates().length]).toEqual([[], 1]);
  });

  test('is not forced on who has left it', async () => {
    const client = await server.connect(as(app.owner));
    await client.ask('leave-organization', { organizationId: 'default' });
    client.forget();
    await showTo('default', 'private');
    await client.settled();
    expect(client.heard).toEqual([]);
  });
});

describe('while a socket is open', () => {
  test('whoever loses their role leaves the room before anything else is said there', async () => {
    const [person, other] = [await addPerson(app, 'member', PRIVATE), await addPerson(app, 'member', PRIVATE)];
    const [client, kept] = [await server.connectTo(PRIVATE, as(person)), await server.connectTo(PRIVATE, as(other))];
    client.forget();
    await revokeRole(person, PRIVATE);
    await say(PRIVATE, 'Canary', client, kept);
    expect(client.heard).toEqual([{ event: 'left-organization', message: joined(`org:${PRIVATE}`) }]);
    expect(kept.updates(`org:${PRIVATE}`)).toMatchObject([{ data: { name: 'Canary' } }]);
    expect(await client.ask('join-organization', { organizationId: PRIVATE })).not.toHaveProperty('room');
  });

  test('an organisation that is deleted is left by all', async () => {
    const client = await server.connectTo(PRIVATE, as(app.owner));
    await happen(app, PRIVATE, [{ type: 'organization.deleted', organizationId: PRIVATE, data: {} }]);
    await client.settled();
    expect(client.all('left-organization')).toEqual([joined(`org:${PRIVATE}`)]);
  });

  test.each(['websocket', 'polling'] as const)(
    'over %s a key that is revoked ends its connections, however it came, and no other',
    async (transport) => {
      const [key, other] = [await addKey(app, 'member'), await addKey(app, 'member')];
      const later = await server.connect({ transports: [transport] });
      await later.ask('authenticate', { key: key.key });
      const ended = [
        later,
        await server.connect({ ...as(key), transports: [transport] }),
        await server.connect({ auth: { key: key.key }, transports: [transport] }),
      ];
      const kept = [await server.connect(as(other)), await server.connect(), await server.connect(as(app.owner))];
      const reasons = ended.map(closed);
      for (const client of ended) client.forget();
      await revokeKey(key);
      // So that clients come back by themselves.
      expect(await Promise.all(reasons)).toEqual(['transport close', 'transport close', 'transport close']);
      for (const client of ended) {
        expect(client.all('authentication-error')).toEqual([
          { success: false, message: 'The session has ended, or the API key was revoked or has expired.' },
        ]);
      }
      await say('default', 'Canary', ...kept);
      expect(ended.map((client) => client.updates().length)).toEqual([0, 0, 0]);
      expect(kept.map((client) => client.updates().length)).toEqual([1, 1, 1]);
      await expect(server.connect(as(key))).rejects.toThrow('invalid, expired or revoked');
    },
  );

  test('a session that is signed out ends its own connections, and what comes back is a stranger', async () => {
    const { email, password, headers } = app.owner;
    const session = await app.request('/api/sessions', { json: { email, password } });
    const there = { headers: { Cookie: String(session.headers.get('Set-Cookie')).split(';')[0] } };
    const [here, elsewhere] = [
      await server.connectTo(PRIVATE, { ...as(app.owner), reconnection: true, reconnectionDelay: 1 }),
      await server.connectTo(PRIVATE, as(there)),
    ];
    const [current] = (await ask<{ id: string; current: boolean }[]>(app, '/api/sessions', { headers })).body.filter(
      (one) => one.current,
    );
    const back = new Promise((resolve) => here.socket.io.once('reconnect', resolve));
    await ask(app, `/api/sessions/${current?.id}`, { method: 'DELETE', headers });
    await back;
    expect(await here.ask('join-organization', { organizationId: PRIVATE })).not.toHaveProperty('room');
    await elsewhere.settled();
    expect(elsewhere.socket.connected).toBe(true);
  });

  test('a key or a session that ends by time alone ends its connections', async () => {
    const key = await addKey(app, 'member', { expiresAt: '2026-03-02T09:00:00.000Z' });
    const [byKey, bySession] = [await server.connect(as(key)), await server.connect(as(app.owner))];
    const [first, second] = [closed(byKey), closed(bySession)];
    clock = new Date(clock.getTime() + DAY);
    expect(await first).toBe('transport close');
    expect(bySession.socket.connected).toBe(true);
    clock = new Date(clock.getTime() + 7 * DAY);
    expect(await second).toBe('transport close');
  });
});

describe('an update of an organisation', () => {
  test('reaches those of its members who are in its room, and nobody else', async () => {
    const [person, outsider] = [await addPerson(app, 'viewer', PUBLIC), await addPerson(app, 'owner', PRIVATE)];
    const member = await server.connectTo(PUBLIC, as(person));
    const others = [
      await server.connectTo(PUBLIC),
      await server.connectTo(PUBLIC, as(outsider)),
      await server.connectTo(PRIVATE, as(app.owner)),
    ];
    for (const client of [member, ...others]) client.forget();
    const key = await addKey(app, 'member', { organizationId: PUBLIC });
    for (const client of [member, ...others]) await client.settled();
    const { data } = (member.all('organization-update') as { data: object }[])[0] ?? {};
    expect(member.heard).toEqual([
      {
        event: 'organization-update',
        message: {
          type: 'organization-update',
          data: {
            id: PUBLIC,
            name: PUBLIC,
            slug: PUBLIC,
            visibility: 'public',
            createdAt: clock.toISOString(),
            version: 4,
          },
          timestamp: clock.toISOString(),
          position: app.log.position,
        },
      },
    ]);
    expect(JSON.stringify(data)).not.toContain(key.id);
    expect(others.map(({ heard }) => heard)).toEqual([[], [], []]);
  });

  test('reaches who has just become a member, and not who has just ceased to be one', async () => {
    const [person, former] = [await addPerson(app), await addPerson(app, 'viewer', PUBLIC)];
    const [comer, goer] = [await server.connectTo(PUBLIC, as(person)), await server.connectTo(PUBLIC, as(former))];
    await grant(app, { userId: person.id, role: 'viewer', organizationId: PUBLIC });
    for (const client of [comer, goer]) await client.settled();
    expect([comer, goer].map((client) => client.all('organization-update').length)).toEqual([1, 1]);
    await revokeRole(former, PUBLIC);
    for (const client of [comer, goer]) await client.settled();
    expect([comer, goer].map((client) => client.all('organization-update').length)).toEqual([2, 1]);
    expect(goer.all('left-organization')).toEqual([]);
  });
});

describe('a page of a stranger', () => {
  test.each(['websocket', 'polling'] as const)('may connect over %s, with its cookies ignored', async (transport) => {
    for (const Origin of ['https://evil.example', 'null']) {
      const extraHeaders = { ...app.owner.headers, Origin };
      const client = await server.connect({ extraHeaders, transports: [transport] });
      expect(await client.ask('join-organization', { organizationId: PUBLIC })).toHaveProperty('room');
      expect(await client.ask('join-organization', { organizationId: PRIVATE })).not.toHaveProperty('room');
    }
    const own = await server.connect({
      extraHeaders: { ...app.owner.headers, Origin: app.url },
      transports: [transport],
    });
    expect(await own.ask('join-organization', { organizationId: PRIVATE })).toHaveProperty('room');
  });
});

describe('/api/websocket', () => {
  interface Info {
    readonly connectedClients: number;
    readonly totalConnectedClients: number;
    readonly clientsInfo: readonly { readonly clientId: string; readonly userId?: string; readonly rooms: string[] }[];
  }

  const info = async (headers: Record<string, string> = {}, query = '') =>
    (await ask<Info>(app, `/api/websocket/info${query}`, { headers })).body;

  test('tells of those who hear of organisations that one belongs to, and of no more than that', async () => {
    const [person, outsider] = [await addPerson(app, 'viewer', PUBLIC), await addPerson(app, 'owner', PRIVATE)];
    const [mine, theirs] = [await server.connectTo(PUBLIC, as(person)), await server.connectTo(PUBLIC, as(outsider))];
    await theirs.ask('join-organization', { organizationId: PRIVATE });
    await theirs.ask('authenticate', { userId: 'made-up', userRole: 'owner', tenantId: 'red' });
    expect(await info()).toMatchObject({ connectedClients: 0, totalConnectedClients: 0, clientsInfo: [] });
    const rooms = [`org:${PUBLIC}`];
    const connectedAt = expect.any(String);
    const seen = await info(person.headers);
    expect([seen.connectedClients, seen.totalConnectedClients]).toEqual([2, 2]);
    expect(seen.clientsInfo).toEqual([
      { clientId: mine.socket.id, userId: person.id, connectedAt, rooms },
      { clientId: theirs.socket.id, connectedAt, rooms },
    ]);
    expect((await info(outsider.headers)).clientsInfo).toEqual([
      { clientId: theirs.socket.id, userId: outsider.id, connectedAt, rooms: [`org:${PRIVATE}`] },
    ]);
    const filtered = await info(person.headers, `?organizationId=${PRIVATE}`);
    expect([filtered.connectedClients, filtered.totalConnectedClients]).toEqual([0, 2]);
  });

  test('takes a message by hand from an admin of the organisation that it is for', async () => {
    const [admin, member] = [await addKey(app, 'admin'), await addKey(app, 'member')];
    const elsewhere = await addKey(app, 'owner', { organizationId: PUBLIC });
    const send = async (headers: Record<string, string>, place: object = {}) => {
      const json = { type: 'service-update', data: 'Canary', ...place };
      const { status, text } = await ask(app, '/api/websocket/broadcast', { json, headers });
      return { status, text: text.replace(/"requestId":"[^"]*"/, '') };
    };
    const places = [{}, { tenantId: 'red' }, { organizationId: PUBLIC }, { organizationId: PRIVATE }];
    const table = async (headers: Record<string, string>) =>
      Promise.all(places.map(async (place) => (await send(headers, place)).status));
    expect(await table(admin.headers)).toEqual([200, 200, 404, 404]);
    expect(await table(member.headers)).toEqual([403, 403, 404, 404]);
    expect(await table(elsewhere.headers)).toEqual([404, 404, 200, 404]);
    expect(await table({})).toEqual([401, 401, 401, 401]);
    const { text } = await send(admin.headers, { organizationId: PRIVATE });
    expect((await send(admin.headers, { organizationId: 'nowhere' })).text.replaceAll('nowhere', PRIVATE)).toBe(text);
  });
});
