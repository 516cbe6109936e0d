// The check of indexes by PostgreSQL's extension amcheck: what is damaged is named, and what may not be checked is said.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '../../src/postgres/database.ts';
import { indexFaults } from '../../src/postgres/journal/index-check.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { pliveWith } from '../support/plive.ts';
import type { TestDatabase } from '../support/postgres/databases.ts';
import { newDatabase } from '../support/postgres.ts';
import { naming } from '../support/prepared.ts';

const { signal } = new AbortController();

let fresh: TestDatabase;
let database: Database;
let journal: PostgresJournal;

beforeEach(async () => {
  fresh = await newDatabase();
  database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'tested' });
  journal = new PostgresJournal({ database, snapshotFormat: 'tested 1' });
  await journal.open();
  await journal.commit(Array.from({ length: 5 }, (_, index) => naming(`service-${index}`, 'any', `${index}`)));
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
});

/** In a schema of its own, as a careful operator does it. */
const allow = () =>
  fresh.asSuperuser(`create schema "Checks"; create extension amcheck schema "Checks";
    grant usage on schema "Checks" to public;
    grant execute on function "Checks".bt_index_check(regclass, boolean) to public`);

/** Changes what PostgreSQL's catalogue says of an index. */
const change = (index: string, changes: string) =>
  fresh.asSuperuser(`update pg_index set ${changes} where indexrelid = 'plive.${index}'::regclass`);

/** An event without an entry: PostgreSQL adds none to an index that is not ready. */
async function loseEntry(index: string): Promise<void> {
  await change(index, 'indisready = false, indisvalid = false');
  await journal.commit([naming('service-1', 'any', 'lost')]);
  await change(index, 'indisready = true, indisvalid = true');
}

const damaged = (index: string) => expect.stringMatching(`finds the index plive.${index} damaged.*reindex index`);

describe('where it is allowed', () => {
  beforeEach(allow);

  test('sound indexes have no fault', async () => {
    expect(await indexFaults(database)).toEqual([]);
    expect(await journal.verify({ after: 0, background: true, signal })).toEqual([]);
  });

  test('an entry that is lost is found by comparing with the rows, and verify says so', async () => {
    await loseEntry('events_by_type');
    expect(await indexFaults(database)).toEqual([damaged('events_by_type')]);
    const { code, stdout } = await pliveWith({ DATABASE_URL: fresh.url }, '/nowhere', 'verify');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/\n1 fault\nPostgreSQL finds the index plive\.events_by_type/),
    ]);
  });

  test('an order that is wrong, as after a change of locales, is found in the background', async () => {
    await change('events_stream_version_key', "indoption = '3 3'");
    const fault = { position: 0, problem: damaged('events_stream_version_key'), of: 'index' };
    expect(await journal.verify({ after: 0, background: true, signal })).toEqual([fault]);
    expect(await journal.verify({ after: 0, background: false, signal })).toEqual([]);
  });
});

test('where it is not allowed, verify says so, and what allows it', async () => {
  await loseEntry('events_by_type');
  expect(await indexFaults(database)).toBeUndefined();
  const { code, stdout } = await pliveWith({ DATABASE_URL: fresh.url }, '/nowhere', 'verify');
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/\nThe indexes were not checked\. .*amcheck.*\nno faults\n/),
  ]);
  expect(await journal.verify({ after: 0, background: true, signal })).toEqual([]);
  await fresh.asSuperuser('create extension amcheck');
  expect(await indexFaults(database)).toBeUndefined();
});
