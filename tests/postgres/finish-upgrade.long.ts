// The end of an upgrade: programs that know too little of a database stop, and no commit of theirs comes after that.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from '../../src/postgres/database.ts';
import { finishUpgrade } from '../../src/postgres/finish-upgrade.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { BEING_FILLED, DATA_VERSION, migrate } from '../../src/postgres/migrations.ts';
import { listNodes, Nodes } from '../../src/postgres/nodes/nodes.ts';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { naming } from '../support/prepared.ts';
import { inAMinute, until } from '../support/until.ts';

const NEXT = { dataVersion: DATA_VERSION + 1, force: false };

let fresh: TestDatabase;
let database: Database;

beforeEach(async () => {
  fresh = await newDatabase();
  database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'this' });
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
});

const run = (sql: string) => database.query('requests', sql);
const versions = () => run('select least_reader as reader, least_writer as writer from plive.versions');
/** As a program wrote it that did not know of data versions. */
const announceOld = (name: string) =>
  run(`insert into plive.nodes (name, process, version, position, at)
    values ('${name}', gen_random_uuid(), '0.1.0', 1, now() + interval '1 hour')`);

test('an old program stops writing and reading with a sentence, at the position that it has reached', async () => {
  const journal = new PostgresJournal({ database, snapshotFormat: 'tested 1' });
  await journal.open();
  await journal.commit([naming('service-1', 'any', 'before')]);
  expect(await finishUpgrade(database, NEXT)).toEqual({ dataVersion: DATA_VERSION + 1, raised: true, stopped: [] });
  const refused = { message: expect.stringContaining('A newer version of Plive writes to this database') };
  await expect(journal.commit([naming('service-1', 'any', 'after')])).rejects.toMatchObject(refused);
  for await (const _ of journal.shared.tail(() => 1, inAMinute()));
  expect(journal.shared.trouble).toEqual(refused.message);
  expect(await run('select max(position)::integer as head from plive.events')).toEqual([{ head: 1 }]);
});

test('waits for an append, and is seen by the next one', async () => {
  const appending = await database.connect();
  await appending.query('begin; select from plive.head for update');
  const finishing = finishUpgrade(database, { ...NEXT, dataVersion: DATA_VERSION });
  await until(async () => (await run('select from pg_locks where not granted')).length > 0);
  expect(await versions()).toEqual([{ reader: 1, writer: 1 }]);
  await appending.query('commit');
  expect(await finishing).toMatchObject({ raised: true });
  expect(await versions()).toEqual([{ reader: DATA_VERSION, writer: DATA_VERSION }]);
  await appending.client.end();
});

test('refuses while older nodes are there, unless it is forced, and passes over those that know enough', async () => {
  await announceOld('former');
  await new Nodes(database).announce({ version: '9.9.9', position: 1, url: undefined });
  expect((await listNodes((sql) => run(sql) as never)).map(({ name, dataVersion }) => [name, dataVersion])).toEqual([
    ['former', null],
    ['this', DATA_VERSION],
  ]);
  const options = { dataVersion: DATA_VERSION, force: false };
  const refused = { code: 'failed', message: expect.stringMatching(/: former\. .*--force/) };
  await expect(finishUpgrade(database, options)).rejects.toMatchObject(refused);
  expect(await versions()).toEqual([{ reader: 1, writer: 1 }]);
  expect(await finishUpgrade(database, { ...options, force: true })).toEqual({
    dataVersion: DATA_VERSION,
    raised: true,
    stopped: ['former'],
  });
});

test('never lowers, and has nothing to raise twice', async () => {
  await finishUpgrade(database, { dataVersion: DATA_VERSION, force: false });
  const again = await finishUpgrade(database, { dataVersion: DATA_VERSION - 1, force: true });
  expect(again).toEqual({ dataVersion: DATA_VERSION, raised: false, stopped: [] });
  expect(await versions()).toEqual([{ reader: DATA_VERSION, writer: DATA_VERSION }]);
});

test.each([
  ['of a newer program', DATA_VERSION + 1, /start the newer one/],
  ['that plive migrate fills', BEING_FILLED, /plive migrate has not finished/],
])('a database %s is left as it is', async (_, writer, message) => {
  await run(`update plive.versions set least_writer = ${writer}`);
  const options = { dataVersion: DATA_VERSION, force: true };
  await expect(finishUpgrade(database, options)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  expect(await versions()).toEqual([{ reader: 1, writer }]);
});

test('nodes from before there were data versions run beside newer ones', async () => {
  await run('alter table plive.nodes drop column data_version');
  await run('delete from plive.migrations where version > 3');
  await announceOld('former');
  await migrate(database);
  await run("update plive.nodes set position = 2 where name = 'former'");
  const others = await new Nodes(database).announce({ version: '9.9.9', position: 1, url: undefined });
  expect(others).toEqual([{ name: 'former', url: null }]);
});
