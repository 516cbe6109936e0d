// A walk through teams and keys: node examples/teams.js LINK. LINK is the set-up link that a server with AUTH=required
// prints while it has no owner. Prints what it does, and exits with code 1 at the first unexpected response. The link
// works once, so each run needs a new server.
import { once } from 'node:events';
import { io } from 'socket.io-client';

/** How long to wait for a message of the server, in milliseconds. */
const TIMEOUT = 10_000;

const [link] = process.argv.slice(2);
if (!URL.canParse(link)) stop('Usage: node examples/teams.js http://localhost:5000/setup#token=…');
const { origin: url } = new URL(link);

/**
 * The request headers of each client. `ask` adds the session cookie; changes with a cookie need the server's origin.
 */
const anonymous = {};
const olga = { Origin: url };
const ben = { Origin: url };

walk().catch((error) => stop(`  That is not as expected: ${error.message}`));

async function walk() {
  const password = crypto.randomUUID();
  await ask(olga, 'POST /api/setup', 201, { token: tokenOf(link), name: 'Olga', email: 'olga@example.org', password });
  say(`Olga is the first owner. She can sign in at ${url}/sign-in: olga@example.org, ${password}`);

  const { id: acme } = await ask(olga, 'POST /api/organizations', 201, { name: 'Acme' });
  const place = `/api/organizations/${acme}`;
  await ask(anonymous, `GET ${place}`, 404);
  say('She created an organisation, Acme. It is private: an anonymous client cannot see that it exists.');

  const invitation = await ask(olga, `POST ${place}/invitations`, 201, { role: 'viewer' });
  const newcomer = { name: 'Ben', email: 'ben@example.org', password: crypto.randomUUID() };
  const { id: benId } = await ask(ben, 'POST /api/invitations', 201, { token: tokenOf(invitation.link), ...newcomer });
  say('She invited a colleague as a viewer. Ben opened the link, created an account and joined.');

  const incident = { title: 'Orders are refused', description: 'One in three fails', organizationId: acme };
  await ask(ben, 'POST /api/incidents', 403, incident);
  say('Ben tried to open an incident and was refused: viewers can only read.');

  const { id: team } = await ask(olga, `POST ${place}/teams`, 201, { name: 'On call' });
  await ask(olga, `PUT ${place}/teams/${team}/members/${benId}`, 200);
  await ask(olga, `PUT ${place}/roles/teams/${team}`, 200, { role: 'member' });
  const people = await ask(ben, `GET ${place}/people`, 200);
  expect('The people', people.map(({ name, role }) => `${name}: ${role}`).join(', '), 'Olga: owner, Ben: member');
  say('Olga created the team On call, added Ben and gave it the role member, which Ben now has too.');

  const { id: keyId, key } = await ask(olga, `POST ${place}/keys`, 201, { name: 'Monitoring', role: 'member' });
  const machine = { Authorization: `Bearer ${key}` };
  say(`She created an API key for the monitoring. The server shows it only once: ${key.slice(0, 8)}…`);

  const socket = io(url, { auth: { key }, reconnection: false });
  await heard(socket, 'connect');
  socket.emit('join-organization', { organizationId: acme });
  await heard(socket, 'joined-organization');
  say('A socket with that key joined the room of Acme.');

  const update = heard(socket, 'incident-update');
  const { title, description } = incident;
  const opened = await ask(machine, 'POST /api/incidents', 201, { title, description });
  expect('The organisation', opened.organizationId, acme);
  expect('The incident that the socket received', (await update).data.id, opened.id);
  say('The monitoring opened an incident with the key. Like the key, it belongs to Acme. The socket received it.');

  const message = 'A certificate was renewed.';
  await ask(ben, `POST /api/incidents/${opened.id}/updates`, 201, { status: 'resolved', message });
  const { entries } = await ask(ben, `GET /api/incidents/${opened.id}/history`, 200);
  expect('The list of actors', entries.map(({ actor }) => actor.name).join(', '), 'Monitoring, Ben');
  say('Ben resolved it. Its history names the actor of each change.');

  const dropped = heard(socket, 'disconnect');
  await ask(olga, `DELETE ${place}/keys/${keyId}`, 204);
  await dropped;
  await ask(machine, 'POST /api/incidents', 401, { title, description });
  say('Olga revoked the key: the socket was dropped at once, and the key is refused. Everything was as expected.');
}

/**
 * Sends a request with the headers of a client, stores the session cookie of the response there, and returns the parsed
 * body.
 */
async function ask(client, request, expected, json) {
  const [method, path] = request.split(' ');
  const headers = { 'Content-Type': 'application/json', ...client };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(json) }).catch(unreachable);
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${request}: ${response.status} instead of ${expected}: ${text}`);
  const [cookie] = response.headers.getSetCookie();
  if (cookie) client.Cookie = cookie.split(';')[0];
  return text === '' ? undefined : JSON.parse(text);
}

function unreachable() {
  throw new Error(`no answer from ${url}.`);
}

/** The next message that the socket receives under this name. */
async function heard(socket, name) {
  const signal = AbortSignal.timeout(TIMEOUT);
  const [message] = await once(socket, name, { signal }).catch((error) => {
    throw signal.aborted ? new Error(`the socket received no ${name}.`) : error;
  });
  return message;
}

/** The token is in the fragment of a link (after #), which browsers do not send. */
function tokenOf(address) {
  return address.split('#token=')[1];
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} is "${actual}" instead of "${expected}".`);
}

function say(sentence) {
  console.log(sentence);
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
