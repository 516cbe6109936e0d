// Snapshots in PostgreSQL: whole or not there, none with words that were blanked, and each format apart.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredEvent } from '../../src/log/journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { PostgresSnapshots } from '../../src/postgres/journal/postgres-snapshots.ts';
import { newDatabase } from '../support/postgres.ts';
import { naming, redacting } from '../support/prepared.ts';
import { until } from '../support/until.ts';

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let database: Database;
let journal: PostgresJournal;
let snapshots: PostgresSnapshots;

beforeAll(async () => {
  fresh = await newDatabase();
  database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'tested' });
  journal = new PostgresJournal({ database, snapshotFormat: 'states 1' });
  ({ snapshots } = journal);
  await journal.open();
});
beforeEach(async () => {
  await database.query('scans', 'delete from plive.snapshots');
  await database.query('scans', 'truncate plive.events, plive.chain_heads');
  await journal.open();
  await journal.commit([naming('service-1', 'any', 'a', 'b', 'c')]);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

async function read(position: number): Promise<readonly string[]> {
  const parts: string[] = [];
  for await (const part of snapshots.read(position)) parts.push(part);
  return parts;
}

async function blank(position: number): Promise<void> {
  for await (const page of journal.scan({ after: position - 1, until: position })) {
    await journal.commit([redacting(page[0] as StoredEvent)]);
  }
}

/** How many rows are left of snapshots and their parts. */
async function remaining() {
  const counts = `select (select count(*) from plive.snapshots) as snapshots,
    (select count(*) from plive.snapshot_parts) as parts`;
  return (await database.query<{ readonly snapshots: number; readonly parts: number }>('scans', counts))[0];
}

test('what was written is read again, part by part, and listed by position', async () => {
  await snapshots.write(3, ['first "\\u0000', 'second é🟢', '']);
  await snapshots.write(2, ['other']);
  expect(await snapshots.list()).toEqual([2, 3]);
  expect([await read(3), await read(2), await read(1)]).toEqual([['first "\\u0000', 'second é🟢', ''], ['other'], []]);
});

test('a second one at a position replaces the first, also while it was being read', async () => {
  await snapshots.write(3, ['old']);
  await snapshots.write(3, ['new']);
  expect([await snapshots.list(), await read(3)]).toEqual([[3], ['new']]);
  expect(await remaining()).toEqual({ snapshots: 1, parts: 1 });
});

test('one that is being written is not there yet', async () => {
  const { client, query } = await database.connect();
  await query('begin; lock table plive.snapshot_parts in share mode');
  // Its first part waits for the lock.
  const writing = snapshots.write(3, ['a', 'b']);
  await until(async () => (await remaining())?.snapshots === 1);
  expect(await snapshots.list()).toEqual([]);
  await query('commit');
  await writing;
  expect(await snapshots.list()).toEqual([3]);
  await client.end();
});

test('one whose writing fails leaves nothing', async () => {
  const parts = function* () {
    yield 'a';
    throw new RangeError('cannot be encoded');
  };
  await expect(snapshots.write(3, parts())).rejects.toThrow('cannot be encoded');
  expect(await remaining()).toEqual({ snapshots: 0, parts: 0 });
});

test('a redaction drops those that have the event, of every format', async () => {
  const newer = new PostgresSnapshots(database, 'states 2');
  await newer.write(3, ['x']);
  for (const position of [1, 2, 3]) await snapshots.write(position, ['x']);
  await blank(2);
  expect([await snapshots.list(), await newer.list()]).toEqual([[1], []]);
});

test('one that a redaction overtakes while it is written never appears', async () => {
  let blanked = Promise.resolve();
  // More parts than are written while the redaction is recorded.
  const parts = function* () {
    for (let part = 0; part < 300; part += 1) {
      if (part === 1) blanked = blank(1);
      yield 'has the words';
    }
  };
  await snapshots.write(3, parts());
  await blanked;
  expect(await remaining()).toEqual({ snapshots: 0, parts: 0 });
});

test('one of a state from before a redaction is refused afterwards; one of other events or later is not', async () => {
  await blank(3);
  await snapshots.write(3, ['has the words']);
  await snapshots.write(2, ['has not got that far']);
  await snapshots.write(4, ['has them no more']);
  expect(await snapshots.list()).toEqual([2, 4]);
});

test('those of another format are neither listed nor dropped', async () => {
  const newer = new PostgresSnapshots(database, 'states 2');
  await newer.write(3, ['newer']);
  expect(await snapshots.list()).toEqual([]);
  await snapshots.drop(3);
  expect(await newer.list()).toEqual([3]);
});

test('those of another format are removed after a month, when one was written', async () => {
  const newer = new PostgresSnapshots(database, 'states 2');
  const age = (format: string, days: number) =>
    database.query('scans', `update plive.snapshots set begun_at = now() - interval '${days} days' where format = $1`, [
      format,
    ]);
  await snapshots.write(1, ['old']);
  await newer.write(2, ['own']);
  await age('states 1', 29);
  await age('states 2', 31);
  await newer.write(3, ['x']);
  expect([await snapshots.list(), await newer.list()]).toEqual([[1], [2, 3]]);
  await age('states 1', 31);
  await newer.write(3, ['y']);
  expect([await snapshots.list(), await newer.list()]).toEqual([[], [2, 3]]);
});
