// Nodes whose database gets another log, from an older backup: once it is accepted they go on with it, without a restart.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { pliveWith, startPlive } from '../support/plive.ts';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { startApp } from '../support/start-app.ts';

/** How long a test waits for what must happen, in milliseconds. */
const PATIENCE = 20_000;

interface Node {
  readonly plive: ReturnType<typeof startPlive>;
  readonly origin: string;
}

interface Heard {
  readonly log: string;
  readonly position: number;
  readonly services?: readonly { readonly name: string }[];
}

let directory: string;
let database: TestDatabase;
let backup: TestDatabase;
let nodes: Node[];
let socket: Socket;
/** The last update that it heard before the database got the backup. */
let lost: Heard;
/** Resolves when the socket has connected again. */
let reconnected: Promise<unknown>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plive-fork-'));
  database = await newDatabase();
  const app = await startApp({ DATABASE_URL: database.url });
  for (const name of ['one', 'two']) await app.request('/api/services', { json: service(name) });
  await app.close();
  backup = await database.copy();
  nodes = [];
});
afterEach(async () => {
  socket?.close();
  for (const { plive } of nodes) plive.child.kill('SIGKILL');
  await Promise.all(nodes.map(({ plive }) => plive.ended));
  await database.drop();
  await rm(directory, { recursive: true });
});

/** Two nodes, which have shown one service more than the backup has, and are then left with the backup. */
async function forkedNodes(environment: Record<string, string> = {}): Promise<readonly [Node, Node]> {
  const pair = await Promise.all([start('one', environment), start('two', environment)]);
  nodes = [...pair];
  const [one, two] = pair;
  socket = io(two.origin, { transports: ['websocket'] });
  await once(socket as never, 'connect');
  const heard = once(socket as never, 'service-update');
  expect((await create(one, 'lost')).status).toBe(201);
  [lost] = (await heard) as [Heard];
  expect(lost).toMatchObject({ data: { name: 'lost' }, position: 3 });
  reconnected = once(socket as never, 'connect');
  await database.restore(backup);
  return pair;
}

async function start(name: string, environment: Record<string, string>): Promise<Node> {
  const settings = { DATABASE_URL: database.url, PORT: '0', LOG_FORMAT: 'none', SAMPLE_DATA: 'false', NODE_NAME: name };
  const plive = startPlive(directory, { ...settings, ...environment }, 'serve');
  const [, origin = ''] = await plive.printed(/Plive listens on (http\S+)/);
  return { plive, origin };
}

const service = (name: string) => ({ name, description: 'Finds things' });

function create({ origin }: Node, name: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(`${origin}/api/services`, { method: 'POST', headers, body: JSON.stringify(service(name)) });
}

/** The names of the services, and the tag of the answer. */
async function services({ origin }: Node, atLeast = 0) {
  const response = await fetch(`${origin}/api/services?at_least=${atLeast}`, {
    headers: { 'Accept-Encoding': 'identity' },
  });
  const names = ((await response.json()) as { name: string }[]).map(({ name }) => name).sort();
  return { names, etag: response.headers.get('ETag') };
}

async function health({ origin }: Node): Promise<string> {
  return (await fetch(`${origin}/health`)).text();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await condition()); await setTimeout(100)) {
    if (Date.now() > end) throw new Error(`It has not happened:\n${nodes.map(({ plive }) => plive.output).join('\n')}`);
  }
}

/** What a socket hears first in the room of everyone. `auth` is where it resumes. */
async function firstHeard({ origin }: Node, auth: object = {}): Promise<readonly [event: string, message: Heard]> {
  const client = io(origin, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
  try {
    return await new Promise((resolve) => client.onAny((event, message) => resolve([event, message])));
  } finally {
    client.close();
  }
}

/** Both nodes have the log of the backup, take changes, and agree. */
async function expectToGoOn([one, two]: readonly [Node, Node], tagBefore: string | null): Promise<void> {
  await Promise.all([one, two].map(({ plive }) => plive.printed(/The database had another log/)));
  await reconnected;
  const heard = once(socket as never, 'service-update');
  expect((await create(one, 'three')).status).toBe(201);
  expect(await heard).toEqual([
    expect.objectContaining({ data: expect.objectContaining({ name: 'three' }), position: 3, prev: 2 }),
  ]);
  const after = await services(two, 3);
  expect(after.names).toEqual(['one', 'three', 'two']);
  expect(await services(one, 3)).toEqual(after);
  expect(after.etag).not.toBe(tagBefore);
  expect((await create(two, 'four')).status).toBe(201);
  expect((await services(one, 4)).names).toEqual(['four', 'one', 'three', 'two']);
  for (const { plive } of [one, two]) expect(plive.child.exitCode).toBeNull();
}

test('nodes show what they had until somebody accepts the fork, and go on then', async () => {
  const pair = await forkedNodes();
  await until(async () => (await Promise.all(pair.map(health))).every((text) => text.includes('another log')));
  const before = await services(pair[0]);
  expect(before.names).toEqual(['lost', 'one', 'two']);
  expect((await create(pair[0], 'refused')).status).toBe(503);
  await setTimeout(2_000);
  expect(await services(pair[1])).toEqual(before);
  expect(await pliveWith({ DATABASE_URL: database.url }, directory, 'log', 'accept-fork')).toMatchObject({ code: 0 });
  await expectToGoOn(pair, before.etag);
});

test('with ON_FORK=accept nobody has to accept it', async () => {
  const pair = await forkedNodes({ ON_FORK: 'accept' });
  await expectToGoOn(pair, null);
});

test('a socket whose position is in both logs gets all of the other one, if it says in which log it was', async () => {
  const [one, two] = await forkedNodes({ ON_FORK: 'accept' });
  const { log } = lost;
  const hasMovedOn = (node: Node) =>
    services(node).then(
      ({ names }) => !names.includes('lost'),
      () => false,
    );
  await until(async () => (await Promise.all([one, two].map(hasMovedOn))).every(Boolean));
  for (const name of ['three', 'four']) expect((await create(one, name)).status).toBe(201);
  await services(two, 4);
  for (const node of [one, two]) {
    // Clients of the first version miss what took the place of "lost".
    expect(await firstHeard(node, { after: 3 })).toEqual(['service-update', expect.objectContaining({ position: 4 })]);
    const [event, anew] = await firstHeard(node, { after: 3, log });
    expect([event, anew.position]).toEqual(['snapshot', 4]);
    expect(anew.services?.map(({ name }) => name)).toEqual(['one', 'two', 'three', 'four']);
    expect(anew.log).not.toBe(log);
    const [, next] = await firstHeard(node, { after: 3, log: anew.log });
    expect(next).toMatchObject({ log: anew.log, position: 4, prev: 3 });
  }
});

test('a node that goes on ends on a signal, and leaves the list of nodes', async () => {
  const [one, two] = await forkedNodes({ ON_FORK: 'accept' });
  await Promise.all([one, two].map(({ plive }) => plive.printed(/The database had another log/)));
  one.plive.child.kill('SIGTERM');
  expect(await one.plive.ended).toBe(0);
  const { stdout } = await pliveWith({ DATABASE_URL: database.url }, directory, 'nodes', '--json');
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ name: 'two', position: 2 })]);
});
