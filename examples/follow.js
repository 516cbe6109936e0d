// Prints a line for each update of an organisation: node examples/follow.js [organization]. PLIVE_URL names the server.
import { io } from 'socket.io-client';

const url = process.env.PLIVE_URL || 'http://localhost:5000';
const organizationId = process.argv[2] ?? 'default';
const followed = `org:${organizationId}`;

/** Position of the last printed update, in which log, and what changed there: one event can change several entities. */
let position;
let log;
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

// Updates of every kind are in one sequence, also of kinds that later versions add.
socket.onAny((_event, message) => {
  if (message?.prev !== undefined) take(message);
});

socket.on('status-update', (update) => {
  if (update.room !== followed || update.test) return;
  // After a join the server first sends the status. Its position is where following starts.
  if (position === undefined) ({ position, log } = update);
  const { overallStatus, totalServices, activeIncidents } = update.data;
  const status = `status ${overallStatus}, services ${totalServices}, open incidents ${activeIncidents}`;
  if (status !== lastStatus) print(status);
  lastStatus = status;
});

// If the client missed too many updates, or the server has another log now, the server sends the current state instead of the updates.
socket.on('snapshot', skip);
socket.on('resync', skip);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => socket.close());

/** Joins after the last printed update. The server sends the missed updates before it acknowledges. */
function join() {
  isJoining = true;
  const leftOff = position === undefined ? {} : { after: position, log, ...(seen.size > 0 ? { seen: seen.size } : {}) };
  socket.timeout(10_000).emit('join-organization', { organizationId, ...leftOff }, (error) => {
    isJoining = false;
    if (error) print(`No answer: ${error.message}`);
  });
}

/**
 * Prints the next update of the sequence. If an update was missed in between, drops this one and joins again to get
 * both.
 */
function take({ type, data, room, log: of, position: at, prev, test }) {
  if (room !== followed || test || position === undefined || at < position) return;
  if (prev > position) {
    if (!isJoining) join();
    return;
  }
  if (at > position) seen.clear();
  position = at;
  log = of;
  const subject = `${type} ${data.id}`;
  if (seen.has(subject)) return;
  seen.add(subject);
  print(`${at} ${type} ${data.name ?? data.title ?? data.id}: ${changeOf(data)}`);
}

function changeOf({ deleted, reordered, status = 'changed' }) {
  if (deleted) return 'deleted';
  return reordered ? 'in another order' : status;
}

function skip({ room, log: of, position: at }) {
  if (room !== followed) return;
  print(`Not all updates can be told; continuing after position ${at}`);
  position = at;
  log = of;
  seen.clear();
}

/** Replaces control characters, which could affect the terminal: names can come from anyone. */
function print(line) {
  console.log(line.replace(/\p{Cc}/gu, ' '));
}
