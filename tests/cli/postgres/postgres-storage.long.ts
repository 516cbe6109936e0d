// The verbs on a PostgreSQL database: they read, check and move a log there as they do in a directory.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { SNAPSHOT_FORMAT } from '../../../src/app/snapshot-format.ts';
import { type AccountsApp, addKey, type Machine, type Someone, startOwned } from '../../support/accounts.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { pliveWith, startPlive } from '../../support/plive.ts';
import type { TestDatabase } from '../../support/postgres/databases.ts';
import { newDatabase } from '../../support/postgres.ts';
import { ask } from '../../support/rest.ts';

let directory: string;
let database: TestDatabase;
let app: AccountsApp & { owner: Someone };
let key: Machine;
let log: string;

beforeAll(async () => {
  [directory, database] = await Promise.all([temporaryDirectory(), newDatabase()]);
  app = await startOwned({ DATABASE_URL: database.url });
  key = await addKey(app, 'admin');
  const { headers } = app.owner;
  const json = { name: 'Two lines \u2028 in one', description: 'Finds things' };
  const { id } = (await ask<{ id: string }>(app, '/api/services', { json, headers })).body;
  await ask(app, `/api/services/${id}`, { method: 'PUT', json: { status: 'degraded' }, headers });
  await ask(app, '/api/organizations/default/invitations', { json: { role: 'viewer' }, headers });
  log = (await ask(app, '/api/events/export', { headers })).text;
});
afterAll(async () => {
  await app.close();
  await database.drop();
  await rm(directory, { recursive: true });
});

const on = (url: string, ...words: readonly string[]) =>
  pliveWith({ DATABASE_URL: url, AUTH: 'required', PUBLIC_URL: 'https://status.acme.dev' }, directory, ...words);

async function jsonOf<T>(url: string, ...words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await on(url, ...words, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

async function inDatabase<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

describe('beside a running server', () => {
  test('the log is listed, shown, replayed and compared', async () => {
    const listed = await on(database.url, 'log', '--tail', '1');
    expect(listed.stdout).toContain('organization.invitation-created');
    const [created] = (await on(database.url, 'log', '--type', 'service.created', '--json')).stdout.split('\n');
    const { stream, position } = JSON.parse(created ?? '');
    expect((await on(database.url, 'show', stream)).stdout).toContain('reportedStatus: "operational" → "degraded"');
    const { projections } = await jsonOf<{ projections: object }>(database.url, 'replay');
    expect(projections).toMatchObject(expect.arrayContaining([expect.objectContaining({ entities: 1 })]));
    expect(await on(database.url, 'diff', String(position), String(app.log.position))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('~ service'),
    });
  });

  test('log --follow prints what is recorded, in the database that .env names', async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, '.env'), `DATABASE_URL=${database.url}\n`);
    const following = startPlive(home, {}, 'log', '--tail', '1', '--follow');
    await following.printed(/organization\.invitation-created/);
    const { headers } = app.owner;
    const { position } = app.log;
    await ask(app, '/api/organizations/default/invitations', { json: { role: 'member' }, headers });
    await following.printed(new RegExp(`^ +${position + 1} .*organization\\.invitation-created`, 'm'));
    following.child.kill('SIGINT');
    expect(await following.ended).toBe(0);
    log = (await ask(app, '/api/events/export', { headers })).text;
    await rm(home, { recursive: true });
  });

  test('an export is word for word what a member gets over HTTP, also with the address as an option', async () => {
    expect(await on(database.url, 'export')).toEqual({ code: 0, stdout: log, stderr: '' });
    expect(await pliveWith({}, directory, 'export', '--database', database.url)).toMatchObject({ stdout: log });
  });

  test('verify compares the events, the read models and the claims of identity', async () => {
    const sound = { events: app.log.position, faultCount: 0, snapshot: null };
    expect(await jsonOf(database.url, 'verify')).toMatchObject(sound);
  });

  test('a snapshot that cannot be used stays where it is', async () => {
    const snapshot = `('00000000-0000-4000-8000-000000000000', '${SNAPSHOT_FORMAT}', 2, true, now())`;
    await inDatabase(database.url, `insert into plive.snapshots values ${snapshot}`);
    expect(await on(database.url, 'verify')).toMatchObject({ code: 0 });
    expect(await inDatabase(database.url, 'select position from plive.snapshots')).toHaveLength(1);
    await inDatabase(database.url, 'delete from plive.snapshots');
  });
});

test.each([
  ["update plive.events set text = replace(text, 'Two', 'Too') where type = 'service.created'", /hash does not match/],
  ["update plive.events set type = 'service.deleted' where type = 'service.created'", /type/],
  ['delete from plive.chain_heads', /head/],
  ["insert into plive.chain_heads values ('default', 1, 'x')", /more than one row of the organisation default/],
  ["update plive.api_keys set organization_id = 'acme'", /for the organisation acme; this event made it for default/],
  ["insert into plive.api_keys (id, organization_id, digest) values ('forged', 'default', 'x')", /the log never made/],
])('after %s verify finds a fault', async (damage, problem) => {
  const copy = await newDatabase();
  await writeFile(join(directory, 'log.ndjson'), log);
  await on(copy.url, 'import', join(directory, 'log.ndjson'));
  await inDatabase(copy.url, `insert into plive.api_keys values ('${key.id}', 'default', 'digest')`);
  expect(await on(copy.url, 'verify')).toMatchObject({ code: 0 });
  await inDatabase(copy.url, damage);
  expect(await on(copy.url, 'verify')).toMatchObject({ code: 1, stdout: expect.stringMatching(problem) });
  await copy.drop();
});

test('a log moves to a directory and back, byte for byte', async () => {
  const [file, target, back] = [join(directory, 'log.ndjson'), await temporaryDirectory(), await newDatabase()];
  await on(database.url, 'export', '--out', file);
  expect(await pliveWith({}, target, 'import', file)).toMatchObject({ code: 0 });
  expect(await pliveWith({}, target, 'export', '--out', file)).toMatchObject({ code: 0 });
  const name = back.url.replace(/^.*@/, '');
  const imported = { code: 0, stdout: `${app.log.position} events imported into ${name}\n`, stderr: '' };
  expect(await on(back.url, 'import', file)).toEqual(imported);
  expect(await on(back.url, 'export')).toMatchObject({ stdout: log });
  expect(await inDatabase(back.url, HEADS)).toEqual(await inDatabase(database.url, HEADS));
  const renewed = await newDatabase();
  const report = { database: renewed.url.replace(/^.*@/, ''), events: app.log.position };
  expect(await jsonOf(renewed.url, 'import', file)).toMatchObject(report);
  await renewed.drop();
  const again = await on(back.url, 'import', file);
  expect(again).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('is not empty') });
  await rm(target, { recursive: true });
  await back.drop();
});

const HEADS = 'select * from plive.chain_heads order by organization_id, position';

describe('an import', () => {
  test.each<[string, () => string, RegExp]>([
    ['a changed text', () => log.replace('Two lines', 'Too lines'), /Its hash does not match/],
    ['a version twice', () => twice(), /Line 2: version 1 of organization-default already exists/],
    ['half a commit', () => log.split(/(?<=\n)/)[0] ?? '', /The log ends within a commit/],
  ])('of a file with %s is refused, and nothing is kept', async (_, changed, problem) => {
    const [file, target] = [join(directory, 'changed.ndjson'), await newDatabase()];
    await writeFile(file, changed());
    const refused = { code: 1, stdout: '', stderr: expect.stringMatching(problem) };
    expect(await on(target.url, 'import', file)).toEqual(refused);
    expect(await jsonOf(target.url, 'verify')).toMatchObject({ events: 0, faultCount: 0 });
    await target.drop();
  });

  const twice = () => {
    const [first = ''] = log.split(/(?<=\n)/);
    return `${first}${JSON.stringify({ ...JSON.parse(first), position: 2 })}\n`;
  };
});

describe('accounts', () => {
  test('get a link for a new password, and another address, beside the running server', async () => {
    const { stdout } = await on(database.url, 'user', 'reset', app.owner.email.toUpperCase());
    const [, token] = /^https:\/\/status\.acme\.dev\/reset#token=([\w-]{43})\n$/.exec(stdout) ?? [];
    const changed = await ask(app, '/api/password', { json: { token, password: 'difference engine' } });
    expect(changed.status).toBe(204);
    const moved = await on(database.url, 'user', 'email', app.owner.email, 'ada@plive.test');
    expect(moved).toEqual({ code: 0, stdout: 'Olga Owner now has the address ada@plive.test\n', stderr: '' });
    const signedIn = await ask(app, '/api/sessions', {
      json: { email: 'ada@plive.test', password: 'difference engine' },
    });
    expect(signedIn.status).toBe(201);
  });

  test('are set up once, also in a database without tables', async () => {
    expect(await on(database.url, 'setup')).toMatchObject({ code: 2, stderr: expect.stringContaining('an owner') });
    const empty = await newDatabase();
    await inDatabase(empty.url, 'drop schema plive cascade');
    expect((await on(empty.url, 'setup')).stdout).toMatch(/^https:\/\/status\.acme\.dev\/setup#token=/);
    await empty.drop();
  });
});

describe('a database that cannot be used is refused with a sentence:', () => {
  test.each(['verify', 'export', 'log', 'replay'])('%s reads and makes no tables', async (verb) => {
    const empty = await newDatabase();
    await inDatabase(empty.url, 'drop schema plive cascade');
    const refused = { code: 2, stdout: '', stderr: 'There is no log in this database.\n' };
    expect(await on(empty.url, verb)).toEqual(refused);
    expect(await inDatabase(empty.url, "select from pg_namespace where nspname = 'plive'")).toEqual([]);
    await empty.drop();
  });

  test.each([
    ['delete from plive.migrations where version > 1', /older version of Plive/],
    ['update plive.versions set least_reader = 1000', /newer version of Plive/],
  ])('after %s', async (sql, sentence) => {
    const other = await newDatabase();
    await inDatabase(other.url, sql);
    expect(await on(other.url, 'verify')).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
    await other.drop();
  });

  test('no word of the password', async () => {
    const address = 'postgres://plive:secret@127.0.0.1:1/plive';
    for (const words of [['export'], ['setup'], ['import', join(directory, 'log.ndjson')]]) {
      const { code, stdout, stderr } = await on(address, ...words);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^PostgreSQL cannot be reached.*\.\n$/)]);
    }
    const wrong = await pliveWith({}, directory, 'export', '--database', 'postgres://plive:secret@host');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('postgres://USER:PASSWORD@HOST/DATABASE')]);
    expect(wrong.stderr).not.toContain('secret');
  });
});

test('a log that was restored is accepted, and a directory has none to accept', async () => {
  const accepted = await on(database.url, 'log', 'accept-fork');
  expect([accepted.code, accepted.stdout]).toEqual([0, expect.stringMatching(/last event is at position \d+/)]);
  expect(await on('sqlite:', 'log', 'accept-fork')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('backup'),
  });
});

test('backup names what PostgreSQL has for it', async () => {
  const refused = await on(database.url, 'backup', join(directory, 'copy'));
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/pg_dump .* point-in-time recovery/)]);
});
