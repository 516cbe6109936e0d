// `plive migrate`: all that a data directory has moves into a database, or servers refuse the database.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { DatabaseSync } from '../../../src/sqlite/driver.ts';
import { openIdentityTables } from '../../../src/sqlite/identity/identity-tables.ts';
import { SqliteJournal } from '../../../src/sqlite/journal/sqlite-journal.ts';
import { openLogFile } from '../../../src/sqlite/log-file.ts';
import { madeUpCommits } from '../../bench/made-up-log.ts';
import { addKey, PASSWORD, startOwned, startUnowned } from '../../support/accounts.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { pliveWith, startPlive } from '../../support/plive.ts';
import type { TestDatabase } from '../../support/postgres/databases.ts';
import { newDatabase } from '../../support/postgres.ts';
import { ask } from '../../support/rest.ts';
import { ROOT } from '../../support/root.ts';
import type { StartedApp } from '../../support/start-app.ts';
import { until } from '../../support/until.ts';

let directory: string;
let target: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  [directory, target] = await Promise.all([temporaryDirectory(), newDatabase()]);
  client = new pg.Client({ connectionString: target.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await target.drop();
  await rm(directory, { recursive: true });
});

const migrate = () => pliveWith({ DATABASE_URL: target.url }, directory, 'migrate', `sqlite:${directory}`);

const PNG = Buffer.from(`89504e470d0a1a0a0000000d49484452${'00'.repeat(20)}`, 'hex');

/** Records something of everything on a server, and reads it back. */
async function lived() {
  const app = await startOwned({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  const { headers } = app.owner;
  const key = await addKey(app, 'admin');
  const json = { name: 'Two lines \u2028 in one', description: 'Ünïcode ☂' };
  const creation = { json, headers: { ...headers, 'Idempotency-Key': 'once' } };
  expect(await ask(app, '/api/services', creation)).toMatchObject({ status: 201 });
  await ask(app, '/api/organizations/default/invitations', { json: { role: 'viewer' }, headers });
  await ask(app, '/api/sessions', { json: { email: app.owner.email, password: PASSWORD } });
  const put = { method: 'PUT', headers: { ...headers, 'Content-Type': 'image/png' }, body: PNG };
  const { logo } = (await ask<{ logo: string }>(app, '/api/page/logo', put)).body;
  const read = (running: StartedApp) =>
    Promise.all(
      ['/api/services', '/api/events/export', '/api/page/settings', logo].map(
        async (path) => (await ask(running, path, { headers })).text,
      ),
    );
  const seen = await read(app);
  await app.close();
  putPending();
  return { owner: app.owner, key, creation, read, seen };
}

/** As a server leaves it that is killed in the middle of an erasure. */
function putPending(): void {
  const tables = openIdentityTables(directory);
  tables.putPending({ id: 'begun', kind: 'join', step: 'join', data: '{}', at: new Date().toISOString() });
  tables.close();
}

test('a server on the database goes on where the one on the directory ended', async () => {
  const { owner, key, creation, read, seen } = await lived();
  const name = target.url.replace(/^.*@/, '');
  const said = new RegExp(`^\\d+ events and \\d+ other rows copied to ${name}\nThe copy is verified: .*\n$`);
  expect(await migrate()).toEqual({ code: 0, stdout: expect.stringMatching(said), stderr: '' });
  expect(await rowsOfTarget()).toEqual(rowsOfSource());
  await client.query('delete from plive.pending');

  const app = await startUnowned({ DATABASE_URL: target.url });
  expect(await read(app)).toEqual(seen);
  const signedIn = await ask(app, '/api/sessions', { json: { email: owner.email, password: PASSWORD } });
  expect(signedIn.status).toBe(201);
  expect(await ask(app, '/api/organizations/default', { headers: key.headers })).toMatchObject({ status: 200 });
  const { position } = app.log;
  expect(await ask(app, '/api/services', creation)).toMatchObject({ status: 201, body: creation.json });
  expect(app.log.position).toBe(position);
  await ask(app, '/api/services', { json: { name: 'More', description: 'More' }, headers: owner.headers });
  expect(app.log.position).toBe(position + 1);
  await app.close();
  expect(await pliveWith({ DATABASE_URL: target.url }, directory, 'verify')).toMatchObject({ code: 0 });
});

/** Every value of every table, except what differs between the engines. */
const TABLES = {
  events: 'position',
  chain_heads: 'organization_id',
  users: 'id',
  sessions: 'id',
  known_places: 'digest',
  api_keys: 'id',
  links: 'digest',
  pending: 'id',
  pictures: 'digest',
};

function rowsOfSource(): Record<string, unknown> {
  const database = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
  const read = (table: string, order: string) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all().map(plain);
  const rows = Object.entries(TABLES).map(([table, order]) => [table, read(table, order)]);
  database.close();
  for (const [, found] of rows) expect(found).not.toEqual([]);
  return Object.fromEntries(rows);
}

async function rowsOfTarget(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [table, order] of Object.entries(TABLES)) {
    found[table] = (await client.query(`select * from plive.${table} order by ${order}`)).rows.map(plain);
  }
  return found;
}

/** Numbers of `bigint` columns come as text, and bytes in two classes. */
function plain({ blanks: _, holder: __, until: ___, put_at: ____, ...row }: Record<string, unknown>): object {
  const text = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : `${value}`);
  return Object.fromEntries(
    Object.keys(row)
      .sort()
      .map((name) => [name, text(row[name])]),
  );
}

test('one that is killed half-way leaves a database that servers refuse, and runs again', async () => {
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  for (const group of madeUpCommits(20_000)) await journal.commit(group);
  await journal.close();

  const run = startPlive(directory, { DATABASE_URL: target.url }, 'migrate', `sqlite:${directory}`);
  while ((await copiedEvents()) === 0) await pause(5);
  run.child.kill('SIGKILL');
  await run.ended;
  expect(run.output).toBe('');
  const copied = await copiedEvents();
  expect(copied).toBeLessThan(20_000);

  await expect(startUnowned({ DATABASE_URL: target.url })).rejects.toThrow(/plive migrate has not finished/);
  const refused = { code: 2, stdout: '', stderr: expect.stringContaining('run it again') };
  expect(await pliveWith({ DATABASE_URL: target.url }, directory, 'verify')).toEqual(refused);

  expect(await migrate()).toMatchObject({ code: 0, stderr: '' });
  expect(await copiedEvents()).toBe(20_000);
  const stored = await pliveWith({ DATABASE_URL: target.url }, directory, 'export');
  expect(stored.stdout === (await pliveWith({}, directory, 'export')).stdout).toBe(true);
});

async function copiedEvents(): Promise<number> {
  return Number((await client.query('select count(*) from plive.events')).rows[0].count);
}

test('a copy with a fault stays refused', async () => {
  await lived();
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec("UPDATE events SET text = replace(text, 'Two', 'Too')");
  database.exec("UPDATE pictures SET bytes = x'00'");
  database.close();
  const faulty = await migrate();
  expect(faulty).toMatchObject({ code: 1, stdout: expect.stringMatching(/\n2 faults\nposition 4: .*\n1 picture /) });
  await expect(startUnowned({ DATABASE_URL: target.url })).rejects.toThrow(/plive migrate has not finished/);
});

test('what is in use, or has events, is refused and stays as it is', async () => {
  await lived();
  const file = openLogFile(directory);
  expect(await migrate()).toMatchObject({ code: 2, stderr: expect.stringContaining('Another process uses this log') });
  file.close();
  const other = await startOwned({ DATABASE_URL: target.url });
  const { position } = other.log;
  expect(await migrate()).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') });
  await ask(other, '/api/services', { json: { name: 'More', description: 'More' }, headers: other.owner.headers });
  expect(other.log.position).toBe(position + 1);
  await other.close();
});

test('a server that runs on the empty database records nothing in the copy', async () => {
  const { owner } = await lived();
  const idle = await startUnowned({ DATABASE_URL: target.url });
  expect(await migrate()).toMatchObject({ code: 0 });
  const json = { email: 'eve@plive.test', password: PASSWORD, name: 'Eve' };
  const token = (await idle.workflows.setUp.issueToken().catch(() => undefined)) ?? 'x'.repeat(43);
  expect((await ask(idle, '/api/setup', { json: { ...json, token } })).status).toBeGreaterThanOrEqual(400);
  // What the set-up has begun is undone, by this server too.
  await until(async () => (await client.query('select from plive.users')).rows.length === 1);
  const { rows } = await client.query('select email from plive.users');
  expect(rows).toEqual([{ email: owner.email }]);
  await idle.close();
});

test.each<[readonly string[], RegExp]>([
  [[], /^The source is missing\./],
  [['data'], /^"data" is not a source: it must be sqlite:DIR\./],
  [['sqlite:data'], /^Name the database in DATABASE_URL/],
  [['postgres://plive:secret@host/plive', 'sqlite:data'], /^"postgres:\/\/…@host\/plive" is not a source/],
  [['sqlite:data', 'postgres://plive:secret@host'], /^The address of a database is postgres:/],
  [['sqlite:/nowhere', 'postgres://plive:secret@127.0.0.1:1/plive'], /^There is no log in \/nowhere\./],
])('%j is refused', async (words, sentence) => {
  const { code, stderr } = await pliveWith({}, directory, 'migrate', ...words);
  expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  expect(stderr).not.toContain('secret');
});
