// `plive upgrade finish`: ends an upgrade of several servers, beside those that run.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { DATA_VERSION } from '../../../src/postgres/migrations.ts';
import { type AccountsApp, type Someone, startOwned } from '../../support/accounts.ts';
import { plive, pliveWith } from '../../support/plive.ts';
import type { TestDatabase } from '../../support/postgres/databases.ts';
import { newDatabase } from '../../support/postgres.ts';
import { ask } from '../../support/rest.ts';

let database: TestDatabase;
let app: AccountsApp & { owner: Someone };

beforeAll(async () => {
  database = await newDatabase();
  app = await startOwned({ DATABASE_URL: database.url, NODE_NAME: 'new' });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const finish = (...options: readonly string[]) =>
  pliveWith({ DATABASE_URL: database.url }, '/nowhere', 'upgrade', 'finish', ...options);

async function inDatabase(sql: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

const versions = () => inDatabase('select least_reader as reader, least_writer as writer from plive.versions');

test('is refused while an older server runs, which can be forced to stop; the new one goes on', async () => {
  await inDatabase(`insert into plive.nodes (name, process, version, position, at)
    values ('old', gen_random_uuid(), '0.1.0', 1, now() + interval '1 hour')`);
  const { stdout: listed } = await pliveWith({ DATABASE_URL: database.url }, '/nowhere', 'nodes');
  expect(listed).toMatch(new RegExp(`data version .*\\nnew +\\S+ +${DATA_VERSION} .*\\nold +0\\.1\\.0 +unknown `));
  expect(await finish()).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/: old\. .*--force.*\n$/) });
  expect(await versions()).toEqual([{ reader: 1, writer: 1 }]);
  expect(await finish('--force')).toEqual({
    code: 0,
    stdout: `Servers need data version ${DATA_VERSION} now to use this database.\nThese stop: old\n`,
    stderr: '',
  });
  expect(await versions()).toEqual([{ reader: DATA_VERSION, writer: DATA_VERSION }]);
  const { headers } = app.owner;
  const json = { name: 'Search', description: 'Finds things' };
  expect((await ask(app, '/api/services', { json, headers })).status).toBe(201);
});

test('says so if there is nothing to raise', async () => {
  await finish('--force');
  const { code, stdout } = await finish();
  expect([code, stdout]).toEqual([
    0,
    `There is nothing to raise: servers need data version ${DATA_VERSION} already.\n`,
  ]);
  expect(JSON.parse((await finish('--json')).stdout)).toEqual({
    dataVersion: DATA_VERSION,
    raised: false,
    stopped: [],
  });
});

test('a data directory and other actions are refused', async () => {
  expect(await plive('/nowhere', 'upgrade', 'finish')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has one server'),
  });
  expect(await plive('/nowhere', 'upgrade')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Unknown action "". The only action is: finish'),
  });
});
