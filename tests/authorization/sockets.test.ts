// Who may use which socket event: every event that the server listens to, sent by everyone about their own and another organisation.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Socket } from 'socket.io';
import { VISIBILITIES, type Visibility } from '../../projections/events/roles.ts';
import { CLIENT_EVENTS, type ClientEvent, SUPPORTED_EVENTS } from '../../src/realtime/protocol.ts';
import { type AccountsApp, startOwned } from '../support/accounts.ts';
import { LiveServer } from '../support/sockets.ts';
import {
  ASKERS,
  type AskerName,
  addOthers,
  addPeople,
  addTarget,
  askerFor,
  OUTSIDERS,
  type Target,
  unknownTarget,
} from './cast.ts';

let app: AccountsApp;
let server: LiveServer;

beforeAll(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  server = new LiveServer(app);
});
afterAll(() => server.close());

const INSIDERS = ASKERS.filter((name) => !OUTSIDERS.includes(name));

/** Who is let have their way with each event, by the visibility of the organisation that it names. */
const TABLE: Readonly<Record<ClientEvent, Readonly<Record<Visibility, readonly AskerName[]>>>> = {
  authenticate: { public: ASKERS, private: INSIDERS },
  'join-organization': { public: ASKERS, private: INSIDERS },
  // Nobody is told whether they were in it, or whether it is there.
  'leave-organization': { public: ASKERS, private: ASKERS },
  ping: { public: ASKERS, private: ASKERS },
};

test('the server listens to what is listed, and to nothing else', async () => {
  const on = jest.spyOn(Socket.prototype, 'on');
  await server.connect();
  const heard = new Set(on.mock.calls.map(([event]) => event as string));
  on.mockRestore();
  // Socket.IO's own: an end, which no client can send, and an error, of which it makes nothing.
  for (const own of ['disconnect', 'error']) heard.delete(own);
  expect([...heard].sort()).toEqual(Object.keys(CLIENT_EVENTS).sort());
  expect([...SUPPORTED_EVENTS.clientToServer].sort()).toEqual(Object.keys(TABLE).sort());
});

test.each(
  SUPPORTED_EVENTS.clientToServer.flatMap((event) => VISIBILITIES.map((visibility) => [event, visibility] as const)),
)('%s, of an organisation that is %s, does for everyone what the table says', async (event, visibility) => {
  const people = await addPeople(app);
  const others = await addOthers(app);
  const allowed: AskerName[] = [];
  for (const name of ASKERS) {
    const target = await addTarget(app, visibility, people);
    const { headers } = await askerFor(app, name, target, { people, others });
    const told = await toldAbout(event, headers, target);
    const ofNothing = await toldAbout(event, headers, unknownTarget(app));
    if (!/error/.test(told)) allowed.push(name);
    else expect([name, told]).toEqual([name, ofNothing]);
    if (OUTSIDERS.includes(name) && visibility === 'private') expect([name, told]).toEqual([name, ofNothing]);
  }
  expect(allowed).toEqual(TABLE[event][visibility]);
});

/** Everything that whoever asks hears until all is said, without ids and times. */
async function toldAbout(
  event: ClientEvent,
  headers: Readonly<Record<string, string>>,
  target: Target,
): Promise<string> {
  const client = await server.connect({ extraHeaders: { ...headers, Origin: app.url } });
  const { organizationId } = target;
  client.forget();
  await client.ask(event, { organizationId, after: 0 });
  await client.settled();
  client.socket.disconnect();
  const names = [organizationId, client.socket.id ?? '', ...client.heard.map(({ message }) => clientIdIn(message))];
  const text = names
    .filter((name) => name !== '')
    .reduce((rest, name) => rest.replaceAll(name, '…'), JSON.stringify(client.heard));
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
}

function clientIdIn(message: unknown): string {
  return String((message as { clientId?: string }).clientId ?? '');
}
