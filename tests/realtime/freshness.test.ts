// Joins on a server that shares its log: none is refused, and no client begins anew, because of what it has not read yet.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addKey, addOrganization, type Someone, startOwned } from '../support/accounts.ts';
import { ask } from '../support/rest.ts';
import { LiveServer } from '../support/sockets.ts';

let app: Awaited<ReturnType<typeof startOwned>>;
let server: LiveServer;
/** Records what another server has recorded, when this one is asked to read it. */
let unread: () => Promise<unknown>;
/** Whether this server cannot read it. */
let isAway: boolean;

beforeEach(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  server = new LiveServer(app);
  unread = async () => {};
  isAway = false;
  app.log.freshen = async () => {
    if (isAway) return false;
    await unread();
    unread = async () => {};
    return true;
  };
});
afterEach(() => server.close());

const found = (owner: Someone) => addOrganization(app, 'acme', { owner, visibility: 'public' });

const TOO_EARLY = expect.stringMatching(/^This server cannot say at the moment .*; try again\.$/);
const acme = { organizationId: 'acme' };
const JOINED = { room: 'org:acme' };

test('a room that another server has just opened is joined', async () => {
  const client = await server.connect();
  unread = () => found(app.owner);
  expect(await client.ask('join-organization', acme)).toMatchObject(JOINED);
});

test('as well with the key of a new role, and with claims', async () => {
  await addOrganization(app, 'acme', { owner: app.owner });
  const { key } = await addKey(app, 'viewer', acme);
  const client = await server.connect();
  expect(await client.ask('authenticate', { ...acme })).toMatchObject({ success: false });
  expect(await client.ask('authenticate', { ...acme, key })).toMatchObject({ success: true });
});

test('a test message reaches a room that another server has just opened, and none is refused before that is known', async () => {
  const send = () =>
    ask(app, '/api/websocket/broadcast', {
      json: { type: 'service-update', data: 'A test', ...acme },
      headers: app.owner.headers,
    });
  expect((await send()).status).toBe(404);
  isAway = true;
  expect((await send()).status).toBe(503);
  isAway = false;
  unread = () => found(app.owner);
  expect((await send()).status).toBe(200);
});

test('one that there is not is refused, once that is known', async () => {
  const client = await server.connect();
  expect(await client.ask('join-organization', acme)).toEqual({ message: 'There is no room org:acme.' });
  isAway = true;
  expect(await client.ask('join-organization', acme)).toEqual({ message: TOO_EARLY });
  expect(await client.ask('authenticate', acme)).toEqual({ success: false, message: TOO_EARLY });
});

test('a client that has seen more waits for it, and gets what it missed after that', async () => {
  await found(app.owner);
  const client = await server.connect();
  const after = app.log.position + 1;
  unread = () => addKey(app, 'viewer');
  expect(await client.ask('join-organization', { ...acme, after })).toMatchObject(JOINED);
  expect([client.all('snapshot'), client.all('resync'), app.log.position]).toEqual([[], [], after]);
});

test('one that has seen another log begins anew', async () => {
  await found(app.owner);
  const client = await server.connect();
  expect(await client.ask('join-organization', { ...acme, after: 1_000 })).toMatchObject(JOINED);
  expect(client.all('snapshot')).toMatchObject([{ room: 'org:acme', position: app.log.position }]);
});

test('where neither can be known it is to try again, and hears nothing meanwhile', async () => {
  await found(app.owner);
  const client = await server.connect();
  isAway = true;
  const after = app.log.position + 1;
  expect(await client.ask('join-organization', { ...acme, after })).toEqual({ message: TOO_EARLY });
  expect(await client.ask('authenticate', { ...acme, after })).toEqual({ success: false, message: TOO_EARLY });
  expect(client.all('snapshot')).toEqual([]);
});

test('with such a position in its handshake it is told so and disconnected in a way that makes it reconnect', async () => {
  isAway = true;
  const client = server.client({ auth: { after: app.log.position + 1 } });
  const reason = await new Promise((resolve) => client.socket.once('disconnect', resolve));
  expect(reason).toBe('transport close');
  expect(client.all('error')).toEqual([{ message: TOO_EARLY }]);
  isAway = false;
  unread = () => addKey(app, 'viewer');
  const again = await server.connect({ auth: { after: app.log.position + 1 } });
  expect([again.all('snapshot'), again.all('error')]).toEqual([[], []]);
});
