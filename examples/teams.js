// A walk through teams and keys: node examples/teams.js LINK, with the link that a server prints which nobody owns yet (AUTH=required).
// It says what it does, and ends with exit code 1 at the first answer that is not as expected. The link works once, and so does the walk.
import { once } from 'node:events';
import { io } from 'socket.io-client';

/** How long the server may take to say something, in milliseconds. */
const PATIENCE = 10_000;

const [link] = process.argv.slice(2);
if (!URL.canParse(link)) stop('Usage: node examples/teams.js http://localhost:5000/setup#token=…');
const { origin: url } = new URL(link);

/** Each is the headers that they send. People are known by the cookie that they are given, and write from a page of the server. */
const stranger = {};
const olga = { Origin: url };
const ben = { Origin: url };

walk().catch((error) => stop(`  That is not as expected: ${error.message}`));

async function walk() {
  const password = crypto.randomUUID();
  await ask(olga, 'POST /api/setup', 201, { token: tokenOf(link), name: 'Olga', email: 'olga@example.org', password });
  say(`Olga is the first owner. She can sign in at ${url}/sign-in: olga@example.org, ${password}`);

  const { id: acme } = await ask(olga, 'POST /api/organizations', 201, { name: 'Acme' });
  const place = `/api/organizations/${acme}`;
  await ask(stranger, `GET ${place}`, 404);
  say('She made an organisation, Acme. It is private: a stranger cannot tell that it is there.');

  const invitation = await ask(olga, `POST ${place}/invitations`, 201, { role: 'viewer' });
  const newcomer = { name: 'Ben', email: 'ben@example.org', password: crypto.randomUUID() };
  const { id: benId } = await ask(ben, 'POST /api/invitations', 201, { token: tokenOf(invitation.link), ...newcomer });
  say('She invited a colleague to look at it. Ben opened the link, made an account, and is in.');

  const incident = { title: 'Orders are refused', description: 'One in three fails', organizationId: acme };
  await ask(ben, 'POST /api/incidents', 403, incident);
  say('Ben tried to open an incident, and was refused: viewers only look.');

  const { id: team } = await ask(olga, `POST ${place}/teams`, 201, { name: 'On call' });
  await ask(olga, `PUT ${place}/teams/${team}/members/${benId}`, 200);
  await ask(olga, `PUT ${place}/roles/teams/${team}`, 200, { role: 'member' });
  const people = await ask(ben, `GET ${place}/people`, 200);
  expect('What they may do', people.map(({ name, role }) => `${name}: ${role}`).join(', '), 'Olga: owner, Ben: member');
  say('Olga made the team On call, put Ben into it and gave it the role member: through it he may now do more.');

  const { id: keyId, key } = await ask(olga, `POST ${place}/keys`, 201, { name: 'Monitoring', role: 'member' });
  const machine = { Authorization: `Bearer ${key}` };
  say(`She made a key for the monitoring, which is shown this once: ${key.slice(0, 8)}…`);

  const socket = io(url, { auth: { key }, reconnection: false });
  await heard(socket, 'connect');
  socket.emit('join-organization', { organizationId: acme });
  await heard(socket, 'joined-organization');
  say('A socket with that key listens to Acme.');

  const update = heard(socket, 'incident-update');
  const { title, description } = incident;
  const opened = await ask(machine, 'POST /api/incidents', 201, { title, description });
  expect('The organisation', opened.organizationId, acme);
  expect('What the socket heard', (await update).data.id, opened.id);
  say('The monitoring opened an incident with the key. It went to Acme, whose key it is, and the socket heard of it.');

  const message = 'A certificate was renewed.';
  await ask(ben, `POST /api/incidents/${opened.id}/updates`, 201, { status: 'resolved', message });
  const { entries } = await ask(ben, `GET /api/incidents/${opened.id}/history`, 200);
  expect('Who did it', entries.map(({ actor }) => actor.name).join(', '), 'Monitoring, Ben');
  say('Ben resolved it, and its history says who did what.');

  const dropped = heard(socket, 'disconnect');
  await ask(olga, `DELETE ${place}/keys/${keyId}`, 204);
  await dropped;
  await ask(machine, 'POST /api/incidents', 401, { title, description });
  say('Olga revoked the key: the socket was dropped at once, and the key is refused. Everything was as expected.');
}

/** Asks the server as someone, keeps the cookie that it gives them, and returns what it answers. */
async function ask(someone, request, expected, json) {
  const [method, path] = request.split(' ');
  const headers = { 'Content-Type': 'application/json', ...someone };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(json) }).catch(unreachable);
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${request}: ${response.status} instead of ${expected}: ${text}`);
  const [cookie] = response.headers.getSetCookie();
  if (cookie) someone.Cookie = cookie.split(';')[0];
  return text === '' ? undefined : JSON.parse(text);
}

function unreachable() {
  throw new Error(`no answer from ${url}.`);
}

/** What the socket hears next under this name. */
async function heard(socket, name) {
  const signal = AbortSignal.timeout(PATIENCE);
  const [said] = await once(socket, name, { signal }).catch((error) => {
    throw signal.aborted ? new Error(`the socket hears no ${name}.`) : error;
  });
  return said;
}

/** The token of a link is behind its #, which browsers send to nobody. */
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
