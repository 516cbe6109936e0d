// A server that starts while its database is away: it says that it lives, serves as soon as it can, and ends only if it is
// refused for good.
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { createApp } from '../../src/app/app.ts';
import { startOwned } from '../support/accounts.ts';
import { startPlive } from '../support/plive.ts';
import { newDatabase, withServer } from '../support/postgres.ts';
import { ROOT } from '../support/root.ts';
import { testConfig } from '../support/start-app.ts';

type Plive = ReturnType<typeof startPlive>;

let directory: string;
let started: Plive | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plive-starting-'));
});
afterEach(async () => {
  started?.child.kill('SIGKILL');
  await started?.ended;
  await rm(directory, { recursive: true });
});

function start(url: string): Plive {
  started = startPlive(directory, { DATABASE_URL: url, PORT: '0', LOG_FORMAT: 'none', SAMPLE_DATA: 'false' }, 'serve');
  return started;
}

/** Where the server listens, from the line that begins so. */
async function originIn(plive: Plive, line: string): Promise<string> {
  const [, origin = ''] = await plive.printed(new RegExp(`${line} (http\\S+)`));
  return origin;
}

async function statusOf(url: string, options: RequestInit = {}): Promise<number> {
  const response = await fetch(url, options);
  await response.arrayBuffer();
  return response.status;
}

test('while the database is away it lives, refuses all else, and serves at the same address when it is back', async () => {
  await withServer(async (server, { url }) => {
    await server.stop();
    const plive = start(url);
    const origin = await originIn(plive, 'Plive is starting at');
    await plive.printed(/The log in PostgreSQL cannot be opened yet/);
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true });
    const refused = await fetch(`${origin}/api/status`);
    expect([refused.status, refused.headers.get('Retry-After'), await refused.json()]).toEqual([
      503,
      '2',
      expect.objectContaining({ code: 'unavailable', requestId: refused.headers.get('X-Request-Id') }),
    ]);
    expect(await statusOf(`${origin}/readyz`)).toBe(503);
    expect(await statusOf(`${origin}/healthz`, { method: 'POST' })).toBe(503);
    const socket = io(origin, { transports: ['websocket'], reconnection: false });
    const [error] = await once(socket as never, 'connect_error');
    expect(error).toBeInstanceOf(Error);

    await server.start();
    expect(await originIn(plive, 'Plive listens on')).toBe(origin);
    expect(await (await fetch(`${origin}/readyz`)).json()).toEqual({ ready: true, writable: true });
    expect(await statusOf(`${origin}/api/status`)).toBe(200);
    expect(plive.output).not.toContain(new URL(url).password);
    expect(await readdir(directory)).toEqual([]);
    plive.child.kill('SIGTERM');
    expect(await plive.ended).toBe(0);
  });
});

test('it ends on a signal while the database is away', async () => {
  const plive = start('postgres://plive:secret@127.0.0.1:1/plive');
  await plive.printed(/cannot be opened yet/);
  plive.child.kill('SIGTERM');
  expect(await plive.ended).toBe(0);
});

test('a server with AUTH=open does not open what has an owner to everyone', async () => {
  const database = await newDatabase();
  const owned = await startOwned({ DATABASE_URL: database.url });
  await owned.close();
  const plive = start(database.url);
  expect(await plive.ended).toBe(1);
  expect(plive.output).toMatch(/The log in PostgreSQL cannot be opened\. It has an owner, .* set AUTH=required/);
  await database.drop();
});

test('of a server that could not be opened nothing is left', async () => {
  const config = testConfig({ DATABASE_URL: 'postgres://plive:secret@127.0.0.1:1/plive', AUTH: 'required' });
  const attempt = async () => {
    const surroundings = { root: ROOT, report: () => {}, output: process.stdout };
    await expect(createApp(config, surroundings)).rejects.toMatchObject({ code: 'away' });
    // What closes in a moment has closed.
    await setTimeout(1_500);
    // Histograms are off, and go when their memory does.
    return process
      .getActiveResourcesInfo()
      .filter((name) => name !== 'IntervalHistogram')
      .sort();
  };
  const left = await attempt();
  for (let time = 0; time < 3; time += 1) expect(await attempt()).toEqual(left);
});

test('a database that refuses it for good ends it, with a sentence and without the password', async () => {
  const database = await newDatabase();
  const url = new URL(database.url);
  url.password = 'wrong-password';
  const plive = start(url.href);
  expect(await plive.ended).toBe(1);
  expect(plive.output).toMatch(/The log in PostgreSQL cannot be opened\. /);
  expect(plive.output).not.toContain('wrong-password');
  await database.drop();
});
