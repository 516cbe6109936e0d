// Follows a server's updates and prints a line for each: node examples/follow.js [organization], with PLIVE_URL for the server.
import { io } from 'socket.io-client';

const url = process.env.PLIVE_URL || 'http://localhost:5000';
const organizationId = process.argv[2] ?? 'default';
const followed = `org:${organizationId}`;

/** Position of the last update that was printed, and what was seen to change there: one event can change several. */
let position;
const seen = new Set();
let isJoining = false;
let lastStatus;

const socket = io(url);

socket.on('connect', () => {
  print(`Connected to ${url}`);
  join();
});
socket.on('disconnect', (reason) => print(`Connection lost: ${reason}`));
socket.on('connect_error', ({ message }) => print(`No connection: ${message}`));
socket.on('error', ({ message }) => print(`The server says: ${message}`));

socket.on('service-update', take);
socket.on('incident-update', take);

socket.on('status-update', (update) => {
  if (update.room !== followed || update.test) return;
  // Whoever joins is told the status first, and follows from there.
  position ??= update.position;
  const { overallStatus, totalServices, activeIncidents } = update.data;
  const status = `status ${overallStatus}, services ${totalServices}, open incidents ${activeIncidents}`;
  if (status !== lastStatus) print(status);
  lastStatus = status;
});

// Where too much was missed, the server tells the state instead of what led to it.
socket.on('snapshot', skip);
socket.on('resync', skip);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => socket.close());

/** Joins where the printed lines end; the server sends what was missed since, before it answers. */
function join() {
  isJoining = true;
  const leftOff = position === undefined ? {} : { after: position, ...(seen.size > 0 ? { seen: seen.size } : {}) };
  socket.timeout(10_000).emit('join-organization', { organizationId, ...leftOff }, (error) => {
    isJoining = false;
    if (error) print(`No answer: ${error.message}`);
  });
}

/** Prints the next update of the sequence. One that is ahead shows a gap: it is dropped, and what is missing is asked for. */
function take({ type, data, room, position: at, prev, test }) {
  if (room !== followed || test || position === undefined || at < position) return;
  if (prev > position) {
    if (!isJoining) join();
    return;
  }
  if (at > position) seen.clear();
  position = at;
  if (seen.has(data.id)) return;
  seen.add(data.id);
  print(`${at} ${type} ${data.name ?? data.title}: ${data.deleted ? 'deleted' : data.status}`);
}

function skip({ room, position: at }) {
  if (room !== followed) return;
  print(`Too many updates were missed; goes on after position ${at}`);
  position = at;
  seen.clear();
}

/** Names come from strangers: control characters could play tricks with the terminal. */
function print(line) {
  console.log(line.replace(/\p{Cc}/gu, ' '));
}
