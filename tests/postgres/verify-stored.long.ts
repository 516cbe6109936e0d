// Verification of a log in PostgreSQL: what was changed, removed or cut behind Plive's back is found, with its position.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Fault, JournalError, type StoredEvent } from '../../src/log/journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { newDatabase } from '../support/postgres.ts';
import { described, naming, prepared, redacting } from '../support/prepared.ts';

const { signal } = new AbortController();

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let database: Database;
let journal: PostgresJournal;

beforeAll(async () => {
  fresh = await newDatabase();
  database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'tested' });
  journal = new PostgresJournal({ database, snapshotFormat: 'tested 1' });
});
/** Twenty-two events: 1 of acme, which is silent from then on, 2 that 22 blanks, the others of the default organisation. */
beforeEach(async () => {
  await journal.open();
  await database.query('requests', 'truncate plive.events, plive.chain_heads');
  await journal.open();
  await journal.commit([
    prepared({ writes: [{ stream: 'service-acme', expected: 'any', events: [described('first', 'acme')] }] }),
    ...Array.from({ length: 20 }, (_, index) => naming(`service-${index % 3}`, 'any', `${index + 2}`)),
  ]);
  for await (const page of journal.scan({ after: 1, until: 2 }))
    await journal.commit([redacting(page[0] as StoredEvent)]);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

async function faults(after = 0): Promise<readonly Fault[]> {
  return journal.verify({ after, background: false, signal });
}

async function damage(sql: string): Promise<void> {
  await database.query('requests', sql);
}

test.each([0, 1, 2, 10, 21, 22])('a sound log has no fault after position %i', async (after) => {
  expect(await faults(after)).toEqual([]);
});

test.each([
  ['a text', 10, "update plive.events set text = replace(text, 'name', 'game') where position = 10"],
  ['a meta', 10, "update plive.events set meta = replace(meta, 'test', 'rest') where position = 10"],
  ['a stream', 10, "update plive.events set stream = 'service-9' where position = 10"],
  ['a time', 10, "update plive.events set recorded_at = '2020-01-01T00:00:00.000Z' where position = 10"],
  ['a blanked text', 22, "update plive.events set text = replace(text, 'redacted', 'written') where position = 2"],
])('%s that was changed is found', async (_, position, sql) => {
  await damage(sql);
  expect((await faults())[0]?.position).toBe(position);
});

test('a hole is found, also right after where the verification begins', async () => {
  await damage('delete from plive.events where position = 11');
  expect((await faults())[0]).toMatchObject({ position: 12 });
  expect((await faults(10))[0]).toMatchObject({ position: 12 });
});

test('an end that was cut off is found', async () => {
  await damage('delete from plive.events where position > 20');
  expect((await faults())[0]).toMatchObject({ position: 22 });
  expect((await faults(15))[0]).toMatchObject({ position: 22 });
});

test('what is recorded meanwhile is verified, too', async () => {
  const verifying = faults();
  for (let index = 0; index < 10; index += 1) await journal.commit([naming('service-1', 'any', `${index}`)]);
  expect(await verifying).toEqual([]);
});

test('a verification can be given up', async () => {
  const stopped = new AbortController();
  const verifying = journal.verify({ after: 0, background: true, signal: stopped.signal });
  stopped.abort(new RangeError('enough'));
  await expect(verifying).rejects.toMatchObject({ cause: expect.any(RangeError) });
});

test('a database that is closed is not a damaged log', async () => {
  const other = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'other' });
  const closed = new PostgresJournal({ database: other, snapshotFormat: 'tested 1' });
  await other.close();
  await expect(closed.verify({ after: 0, background: false, signal })).rejects.toThrow(JournalError);
});
