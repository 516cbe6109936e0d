// Backups of a PostgreSQL database, with the programs of PostgreSQL: a server starts on each, and goes on.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type AccountsApp, PASSWORD, type Someone, startOwned, startUnowned } from '../support/accounts.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive } from '../support/plive.ts';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { ask } from '../support/rest.ts';

const run = promisify(execFile);

let database: TestDatabase;
let app: AccountsApp & { owner: Someone };
let log: string;

beforeAll(async () => {
  database = await newDatabase();
  app = await startOwned({ DATABASE_URL: database.url });
  await addService('Search');
  log = await exported(app);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function addService(name: string, on: AccountsApp = app): Promise<void> {
  const { headers } = app.owner;
  const answer = await ask(on, '/api/services', { json: { name, description: 'Finds things' }, headers });
  expect(answer.status).toBe(201);
}

async function exported(from: AccountsApp): Promise<string> {
  return (await ask(from, '/api/events/export', { headers: app.owner.headers })).text;
}

/** A server on the restored database has what was backed up, and records more. */
async function expectRestored(url: string): Promise<void> {
  const restored = await startUnowned({ DATABASE_URL: url });
  expect(await exported(restored)).toBe(log);
  const json = { email: app.owner.email, password: PASSWORD };
  expect((await ask(restored, '/api/sessions', { json })).status).toBe(201);
  await addService('After the restore', restored);
  await restored.close();
  expect(await plive('/nowhere', 'verify', '--database', url)).toMatchObject({ code: 0 });
}

test('pg_dump copies the database of a running server, and pg_restore makes it anew', async () => {
  const missing = await lacksPrograms();
  if (missing !== undefined) {
    process.stderr.write(`NOT tried: pg_dump, because ${missing}\n`);
    return;
  }
  const restored = await database.empty();
  const file = join(await temporaryDirectory(), 'plive.dump');
  await run('pg_dump', ['--format=custom', '--schema=plive', `--file=${file}`, database.url]);
  await addService('After the backup');
  await run('pg_restore', ['--exit-on-error', '--no-owner', `--dbname=${restored.url}`, file]);
  await expectRestored(restored.url);
  await restored.drop();
  await rm(dirname(file), { recursive: true });
});

test('a copy of the files of the database starts, too', async () => {
  log = await exported(app);
  await app.close();
  const restored = await database.copy();
  await expectRestored(restored.url);
  await restored.drop();
});

/** Why the programs of this machine cannot be used: they serve servers of their own version and older ones. */
async function lacksPrograms(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('show server_version');
  await client.end();
  const server = Number.parseInt(rows[0].server_version, 10);
  const { stdout } = await run('pg_dump', ['--version']).catch(() => ({ stdout: '' }));
  const [, program] = /(\d+)\.\d+/.exec(stdout) ?? [];
  if (program === undefined) return 'the program is missing';
  return Number(program) >= server ? undefined : `its version ${program} is older than that of the server, ${server}`;
}
