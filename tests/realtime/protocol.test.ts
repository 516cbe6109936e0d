// The protocol: what clients may say, and how they are answered, however they say it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { frame, LiveServer, type TestClient } from '../support/sockets.ts';
import { until } from '../support/until.ts';

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const sentence = expect.stringMatching(/.+/);

let server: LiveServer;
let reported: unknown[];

beforeEach(async () => {
  reported = [];
  server = await LiveServer.start({}, { report: (...problem) => reported.push(problem) });
});

afterEach(async () => {
  await server.close();
  expect(reported).toEqual([]);
});

async function roomsOf({ socket }: TestClient): Promise<string[]> {
  const response = await server.app.request('/api/websocket/info');
  const { clientsInfo } = (await response.json()) as { clientsInfo: { clientId: string; rooms: string[] }[] };
  return clientsInfo.find(({ clientId }) => clientId === socket.id)?.rooms ?? [];
}

test('all events are listed by name, in one list and by direction', async () => {
  const info = (await (await server.app.request('/api/websocket/info')).json()) as Record<string, string[]>;
  const { supportedEvents = [], clientEvents = [], serverEvents = [] } = info;
  expect(supportedEvents).toEqual([...clientEvents, ...serverEvents]);
  expect(new Set(supportedEvents).size).toBe(supportedEvents.length);
  expect(clientEvents).toEqual(['authenticate', 'join-organization', 'leave-organization', 'ping']);
  expect(serverEvents).toEqual(
    expect.arrayContaining(['service-update', 'incident-update', 'status-update', 'pong', 'snapshot', 'resync']),
  );
});

describe('every message is answered by an event, and through an ack function where one is passed', () => {
  test.each([
    ['authenticate', {}, 'authenticated'],
    [
      'authenticate',
      { userId: 'user-123', organizationId: 'acme', tenantId: 'red', userRole: 'admin' },
      'authenticated',
    ],
    ['authenticate', { organizationId: 'no such name!' }, 'authentication-error'],
    ['join-organization', { organizationId: 'acme' }, 'joined-organization'],
    ['join-organization', {}, 'error'],
    ['leave-organization', { organizationId: 'acme' }, 'left-organization'],
    ['leave-organization', { organizationId: 7 }, 'error'],
    ['ping', undefined, 'pong'],
    ['ping', { anything: 'goes' }, 'pong'],
  ])('%s with %j by %s', async (event, message, answer) => {
    const client = await server.connect();
    client.forget();
    const acknowledged = await client.ask(event, message);
    expect(client.all(answer)).toEqual([acknowledged]);
    client.forget();
    client.socket.emit(event, message);
    await client.settled();
    const shapes = client.all(answer).map((message) => Object.keys(message as object));
    expect(shapes).toEqual([Object.keys(acknowledged as object)]);
  });
});

describe('authenticate', () => {
  test('answers who the client is, and joins the rooms of its organisation and tenant', async () => {
    const client = await server.connect();
    const answer = await client.ask('authenticate', {
      userId: 'user-123',
      organizationId: 'org-456',
      tenantId: 'tenant-789',
      userRole: 'admin',
    });
    expect(answer).toEqual({ success: true, clientId: client.socket.id, timestamp });
    expect(await roomsOf(client)).toEqual(['org:default', 'org:org-456', 'tenant:tenant-789']);
  });

  test('joins nothing where it names nothing', async () => {
    const client = await server.connect();
    await client.ask('authenticate', { userId: 'user-123' });
    expect(await roomsOf(client)).toEqual(['org:default']);
  });

  test.each([
    [undefined],
    [null],
    ['user-123'],
    [[]],
    [{ organizationId: '' }],
    [{ organizationId: 'a b' }],
    [{ organizationId: { $ne: null } }],
    [{ tenantId: 'x'.repeat(65) }],
    [{ userId: 'x'.repeat(201) }],
    [{ organizationId: 'acme', after: -1 }],
    [{ organizationId: 'acme', after: 1.5 }],
    [{ organizationId: 'acme', after: '0' }],
  ])('refuses %j in words, and joins nothing', async (message) => {
    const client = await server.connect();
    const answer = await client.ask('authenticate', message);
    expect(answer).toEqual({ success: false, message: sentence });
    expect(client.all('authentication-error')).toEqual([answer]);
    expect(await roomsOf(client)).toEqual(['org:default']);
  });
});

describe('join-organization and leave-organization', () => {
  test('name the room, and move the client in and out of it', async () => {
    const client = await server.connect();
    expect(await client.ask('join-organization', { organizationId: 'acme' })).toEqual({
      organizationId: 'acme',
      room: 'org:acme',
      timestamp,
    });
    expect(await roomsOf(client)).toEqual(['org:default', 'org:acme']);
    expect(await client.ask('leave-organization', { organizationId: 'acme' })).toEqual({
      organizationId: 'acme',
      room: 'org:acme',
      timestamp,
    });
    expect(await roomsOf(client)).toEqual(['org:default']);
  });

  test('take effect in the order in which they were sent', async () => {
    const client = await server.connect();
    // Sent at once, they arrive in one piece.
    client.socket.emit('join-organization', { organizationId: 'acme', after: 0 });
    client.socket.emit('leave-organization', { organizationId: 'acme' });
    client.socket.emit('join-organization', { organizationId: 'umbrella' });
    client.forget();
    const answers = () => client.heard.map(({ event }) => event).filter((event) => event !== 'status-update');
    await until(() => answers().length === 3);
    expect(answers()).toEqual(['joined-organization', 'left-organization', 'joined-organization']);
    expect(await roomsOf(client)).toEqual(['org:default', 'org:umbrella']);
  });

  test('let a client into a hundred rooms and no more', async () => {
    const client = await server.connect();
    const join = (organizationId: string) => client.ask('join-organization', { organizationId });
    for (let room = 1; room < 100; room++) expect(await join(`org-${room}`)).toHaveProperty('room');
    expect(await join('one-too-many')).toEqual({ message: sentence });
    expect(await join('org-1')).toHaveProperty('room');
    expect(await roomsOf(client)).toHaveLength(100);
  });
});

describe('whatever a client sends', () => {
  const events = ['authenticate', 'join-organization', 'leave-organization', 'ping'];
  const hostile: [string, unknown[]][] = [
    ['nothing', []],
    ['null', [null]],
    ['a string', ['organizationId']],
    ['an empty string', ['']],
    ['a number', [Number.MAX_SAFE_INTEGER]],
    ['true', [true]],
    ['an array', [['acme', 'umbrella']]],
    ['an array as a label', [{ organizationId: ['acme'] }]],
    ['bytes', [Buffer.from('acme')]],
    ['bytes as a label', [{ organizationId: Buffer.from('acme') }]],
    ['many arguments', [{}, {}, 'acme', null, [], {}]],
    ['prototype keys', [JSON.parse('{"__proto__":{"organizationId":"acme"},"constructor":{"prototype":1}}')]],
    ['the name of a prototype member', [{ organizationId: '__proto__', tenantId: 'constructor' }]],
    ['an unknown member', [{ organisationId: 'acme', rooms: ['org:umbrella'] }]],
    ['a room of another kind', [{ organizationId: 'tenant:red' }]],
    ['control characters', [{ organizationId: 'acme\n\u0000' }]],
    ['a huge number', [{ organizationId: 'acme', after: 1e308 }]],
    ['a number that is not whole', [{ organizationId: 'acme', after: 1.5 }]],
    ['a number in text', [{ organizationId: 'acme', after: '0x1' }]],
    ['a long text', [{ organizationId: 'x'.repeat(60_000) }]],
    ['many members', [Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 0]))]],
  ];

  test.each(hostile)('as %s, it is answered and goes on', async (_name, args) => {
    const client = await server.connect();
    for (const event of events) {
      client.socket.emit(event, ...args);
      expect(await client.ask(event, ...args)).toEqual(expect.any(Object));
    }
    expect(await client.ask('ping')).toEqual({ timestamp });
  });

  test('nested too deeply for recursion, it is answered and goes on', async () => {
    const client = await server.connect();
    client.forget();
    for (const event of events) {
      client.socket.io.engine.send(`2["${event}",${'['.repeat(20_000)}${']'.repeat(20_000)}]`);
    }
    await client.settled();
    const answers = client.heard.map(({ event }) => event);
    expect(answers).toEqual(['authentication-error', 'error', 'error', 'pong']);
  });

  test('faster than it can be answered, the surplus is refused and the rest keeps its order', async () => {
    const client = await server.connect();
    const answers = await Promise.all(Array.from({ length: 2_000 }, () => client.ask('ping')));
    for (const answer of answers) expect([[{ timestamp }], [{ message: sentence }]]).toContainEqual([answer]);
    expect(await client.ask('ping')).toEqual({ timestamp });
  });

  test('an ack function in place of the payload is answered like a missing payload', async () => {
    const client = await server.connect();
    expect(await client.ask('join-organization')).toEqual({ message: sentence });
  });

  test('under a name that means nothing here, it is not heard', async () => {
    const client = await server.connect();
    for (const event of ['error', 'service-update', '__proto__', 'constructor', 'message', '']) {
      client.socket.emit(event, { type: 'service-update' });
    }
    expect(await client.ask('ping')).toEqual({ timestamp });
  });

  test.each([
    ['a message over the limit', (client: TestClient) => client.socket.emit('ping', 'x'.repeat(70_000))],
    ['a packet that is not one', (client: TestClient) => client.socket.io.engine.send('9nonsense')],
    ['a packet that is cut short', (client: TestClient) => client.socket.io.engine.send('2["ping"')],
    ['bytes that were never announced', (client: TestClient) => client.socket.io.engine.send(Buffer.from([1, 2, 3]))],
    [
      'bytes that never come',
      (client: TestClient) => client.socket.io.engine.send('52-["ping",{"_placeholder":true,"num":0}]'),
    ],
    ['a reserved name', (client: TestClient) => client.socket.io.engine.send('2["disconnect"]')],
    ['a second connect', (client: TestClient) => client.socket.io.engine.send('0')],
  ])('others do not notice %s', async (_name, misbehave) => {
    const other = await server.connect();
    const client = await server.connect();
    const raw = await server.mute();
    raw.write(Buffer.concat([frame('40'), frame('42[]'), frame('4'), frame('')]));
    misbehave(client);
    misbehave(client);
    await server.app.request('/api/services', { json: { name: 'Search', description: 'Finds things' } });
    await other.settled();
    expect(other.updates()).toHaveLength(1);
    expect((await server.app.request('/health')).status).toBe(200);
  });
});
