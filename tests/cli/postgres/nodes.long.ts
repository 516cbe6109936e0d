// `plive nodes`: the servers that share a database, and what they notice of one another.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type AccountsApp, startOwned, startUnowned } from '../../support/accounts.ts';
import { plive, pliveWith } from '../../support/plive.ts';
import type { TestDatabase } from '../../support/postgres/databases.ts';
import { newDatabase } from '../../support/postgres.ts';
import { ask } from '../../support/rest.ts';
import { startApp } from '../../support/start-app.ts';

let database: TestDatabase;
let apps: readonly [AccountsApp, AccountsApp];

beforeAll(async () => {
  database = await newDatabase();
  apps = [
    await startOwned({ DATABASE_URL: database.url, NODE_NAME: 'one', PUBLIC_URL: 'https://status.acme.dev' }),
    await startUnowned({ DATABASE_URL: database.url, NODE_NAME: 'two' }),
  ];
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

interface Listed {
  readonly name: string;
  readonly leases: readonly string[];
}

async function listed(): Promise<readonly Listed[]> {
  const { code, stdout, stderr } = await pliveWith({ DATABASE_URL: database.url }, '/nowhere', 'nodes', '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

async function asSeen(): Promise<readonly Listed[]> {
  for (;;) {
    const nodes = await listed();
    if (nodes.length === 2) return nodes;
  }
}

test('lists each of them, and which one holds the lease', async () => {
  const nodes = await asSeen();
  const node = { version: expect.stringMatching(/^\d/), position: expect.any(Number), leases: expect.any(Array) };
  const seen = { ...node, dataVersion: expect.any(Number), lastContact: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(nodes).toEqual([
    { ...seen, name: 'one', url: 'https://status.acme.dev' },
    { ...seen, name: 'two', url: null },
  ]);
  expect(nodes.flatMap(({ leases }) => leases)).toEqual(['reactors']);
  const { stdout } = await pliveWith({}, '/nowhere', 'nodes', '--database', database.url);
  expect(stdout).toMatch(/^2 nodes\nname {2}version .*\none .*\ntwo /);
});

test('another PUBLIC_URL is a notice of the health check, and no problem', async () => {
  await asSeen();
  for (;;) {
    const { body } = await ask<{ status: string; notices?: string[] }>(apps[0], '/health');
    expect(body.status).toBe('ok');
    if (body.notices?.some((notice) => /^PUBLIC_URL is .* not set on the node two/.test(notice))) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});

test('an open server does not start on a log that has an owner', async () => {
  const open = startApp({ DATABASE_URL: database.url, AUTH: 'open' });
  await expect(open).rejects.toThrow(/^It has an owner, and with AUTH=open everyone/);
  const empty = await newDatabase();
  await (await startApp({ DATABASE_URL: empty.url, AUTH: 'open' })).close();
  await empty.drop();
});

test('a node that is stopped is not listed, and one that was killed for a day', async () => {
  const third = await startUnowned({ DATABASE_URL: database.url, NODE_NAME: 'three' });
  while ((await listed()).length < 3);
  await third.close();
  expect(await listed()).toHaveLength(2);
  const killed = (name: string, hours: number) =>
    `insert into plive.nodes values ('${name}', gen_random_uuid(), '1', 1, null, now() - interval '${hours} hours')`;
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`${killed('today', 23)}; ${killed('yesterday', 25)}`);
  await client.end();
  const names = async () => (await listed()).map(({ name }) => name);
  while ((await names()).includes('yesterday')) await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await names()).toEqual(['one', 'today', 'two']);
});

test('a data directory has one server', async () => {
  const refused = { code: 2, stdout: '', stderr: expect.stringContaining('has one server') };
  expect(await plive('/nowhere', 'nodes')).toEqual(refused);
});
