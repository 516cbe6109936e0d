// A walk through planned work, against a running server: PLIVE_URL, by default http://localhost:5000. A maintenance begins
// and ends by itself while a socket listens. Prints what it does, exits with code 1 at the first unexpected response, and
// deletes what it created. Needs an open server.
import { io } from 'socket.io-client';

const url = process.env.PLIVE_URL || 'http://localhost:5000';

/** How long to wait for a message of the server, in milliseconds. */
const TIMEOUT = 15_000;

/** How long the maintenance takes, in milliseconds. */
const WORK = 1_000;

const socket = io(url, { reconnection: false });
/** What the socket heard of maintenances, and who waits for more. */
const heard = [];
let onHeard = () => {};
socket.on('maintenance-update', ({ data }) => {
  heard.push(data);
  onHeard();
});

walk()
  .catch((error) => {
    console.error(`  That is not as expected: ${error.message}`);
    process.exitCode = 1;
  })
  .finally(() => socket.close());

async function walk() {
  const { id: group } = await ask('POST /api/groups', 201, { name: 'Payments', display: 'affected' });
  const service = { name: 'Invoices', description: 'Writes and sends invoices' };
  const { id: invoices } = await ask('POST /api/services', 201, service);
  await ask(`PUT /api/services/${invoices}`, 200, { groupId: group });
  say('Created the service Invoices in a group of its own, Payments.');

  const begin = Date.now() + 1_000;
  const work = {
    title: 'Invoices move to a new database',
    description: 'Invoices are written, but sent only after the move.',
    affectedServices: ['Invoices'],
    startsAt: new Date(begin).toISOString(),
    endsAt: new Date(begin + WORK).toISOString(),
  };
  const { id } = await ask('POST /api/maintenances', 201, work);
  const { upcomingMaintenances } = await ask('GET /api/status', 200);
  say(`Planned a maintenance that begins in a second. Maintenances to come: ${upcomingMaintenances}.`);

  const started = await told(id, 'in-progress');
  expect('The start', started.startedAt, work.startsAt);
  expect('The service', (await ask(`GET /api/services/${invoices}`, 200)).status, 'maintenance');
  expect('The group', (await ask(`GET /api/groups/${group}`, 200)).status, 'maintenance');
  say('It began by itself, at the planned moment. Its service and its group are shown under maintenance.');

  await ask(`POST /api/maintenances/${id}/updates`, 201, { message: 'All invoices are copied.' });
  const completed = await told(id, 'completed');
  expect('The end', completed.endedAt, work.endsAt);
  expect('The service', (await ask(`GET /api/services/${invoices}`, 200)).status, 'operational');
  say('It ended by itself too, and the service is operational again.');

  await ask(`DELETE /api/maintenances/${id}`, 204);
  await ask(`DELETE /api/services/${invoices}`, 204);
  await ask(`DELETE /api/groups/${group}`, 204);
  say('Deleted everything that was created. Everything was as expected.');
}

/** Sends a request, expects this status, and returns the parsed body. */
async function ask(request, expected, json) {
  const [method, path] = request.split(' ');
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(json) }).catch(() => {
    throw new Error(`no answer from ${url}.`);
  });
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${request}: ${response.status} instead of ${expected}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Resolves with the maintenance once the socket has heard that it has this status. */
function told(id, status) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = heard.find((maintenance) => maintenance.id === id && maintenance.status === status);
      if (found) resolve(found);
    };
    onHeard = look;
    setTimeout(() => reject(new Error(`no message that the maintenance is ${status}.`)), TIMEOUT).unref();
    look();
  });
}

function say(line) {
  console.log(line);
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} is "${actual}" instead of "${expected}".`);
}
