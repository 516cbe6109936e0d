// The check of a stored log: what it refuses before anything is served, what it finds in the background, and whom it leaves alone.
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Commit } from '../../src/log/commit.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { IntegrityCheck } from '../../src/log/integrity-check.ts';
import { JournalError, type PreparedCommit } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { editPage, loseLast } from '../support/pages.ts';
import { described, naming, prepared } from '../support/prepared.ts';
import { ROOT } from '../support/root.ts';

let directory: string;
let journal: SqliteJournal;
let reported: string[];

/** What each test begins with, in a directory that is copied: to record it anew costs a thread. */
let sound: string;

/** Twenty events: 1 of acme, which is silent from then on, the others of the default organisation. */
beforeAll(async () => {
  sound = await recorded([
    [
      prepared({ writes: [{ stream: 'service-acme', expected: 'any', events: [described('first', 'acme')] }] }),
      ...Array.from({ length: 19 }, (_, index) => naming('service-1', 'any', `${index + 2}`)),
    ],
  ]);
});
afterAll(() => rm(sound, { recursive: true }));

/** A new directory with a log of these batches, after what is in another. */
async function recorded(batches: readonly (readonly PreparedCommit[])[], begun?: string): Promise<string> {
  const place = await temporaryDirectory();
  if (begun !== undefined) await cp(begun, place, { recursive: true });
  const recording = new SqliteJournal({ directory: place, root: ROOT });
  await recording.open();
  for (const batch of batches) await recording.commit(batch);
  await recording.close();
  return place;
}

beforeEach(async () => {
  reported = [];
  await begin(sound);
});

async function begin(from: string): Promise<void> {
  directory = await temporaryDirectory();
  await cp(from, directory, { recursive: true });
  journal = new SqliteJournal({ directory, root: ROOT });
}

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

const change = (position: number) =>
  `UPDATE events SET text = replace(text, 'name', 'game') WHERE position = ${position}`;

/** An opened log with its check, of which the last five events are the tail, after this was done to its database. */
async function opened(sql = ''): Promise<{ log: EventLog; check: IntegrityCheck }> {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec(sql);
  database.close();
  const report = (message: string, error: unknown) => reported.push(`${message}: ${(error as Error).message}`);
  const log = new EventLog(journal, { newId, eventsInMemory: 10, maxWaiting: 10_000, report });
  await log.open();
  return { log, check: new IntegrityCheck(journal, log, { tail: 5, report }) };
}

function commit(name: string): Commit {
  const writes = [{ stream: `service-${newId()}`, expected: 'any' as const, events: [described(name)] }];
  return { writes, actor: { kind: 'anonymous' }, correlationId: 'test' };
}

const sentence = (position: number) =>
  `The log is damaged at position ${position}: replace it with a backup; "npx plive verify" shows details.`;

test('a sound log passes, wherever the start begins', async () => {
  const { log, check } = await opened();
  for (const position of [0, 3, 17, 20]) await check.checkAfter(Promise.resolve(position));
  await check.checkAll();
  expect([log.failure, reported]).toEqual([undefined, []]);
  expect(await log.append(commit('after'))).toMatchObject({ kind: 'appended', first: 21 });
});

test('an empty log passes', async () => {
  const { log, check } = await opened('DELETE FROM events; DELETE FROM chain_heads');
  await check.checkAfter(Promise.resolve(0));
  await check.checkAll();
  expect([log.failure, reported]).toEqual([undefined, []]);
});

test('a journal that ends with the process is not checked', async () => {
  const memory = new MemoryJournal({ now: () => new Date() });
  const log = new EventLog(memory, { newId, eventsInMemory: 10, maxWaiting: 10, report: () => {} });
  const check = new IntegrityCheck(memory, log, { tail: 5, report: (message) => reported.push(message) });
  await check.checkAfter(Promise.resolve(0));
  await check.checkAll();
  expect(reported).toEqual([]);
  await expect(check.checkAfter(Promise.reject(new Error('No log.')))).rejects.toThrow('No log.');
});

describe('the start is refused, with the position, where', () => {
  const keep = (column: string, value: string, organization: string) =>
    `UPDATE chain_heads SET ${column} = ${value} WHERE organization_id = '${organization}'`;
  const otherHash = '(SELECT hash FROM events WHERE position = 2)';
  type Damage = [name: string, sql: string, snapshot: number, position: number];
  test.each<Damage>([
    ['an event after the snapshot was changed', change(18), 17, 18],
    ['there is no snapshot, and one of the tail was', change(17), 0, 17],
    ['the last events are gone', 'DELETE FROM events WHERE position > 18', 0, 20],
    ['the kept head is a later one', keep('position', '21', 'default'), 20, 21],
    ['there is no kept head', `DELETE FROM chain_heads WHERE organization_id = 'default'`, 20, 20],
    ['the first event after it was', change(16), 15, 16],
    ['the head was, on which the snapshot stands', change(20), 20, 20],
    ['an event is gone', 'DELETE FROM events WHERE position = 18', 0, 19],
    ['all events are gone', 'DELETE FROM events', 0, 1],
    ['the kept head has another hash', keep('hash', otherHash, 'default'), 20, 20],
    ['the kept head is an earlier one', keep('position', '19', 'default'), 20, 20],
    ['that of an organisation without any in the tail has another hash', keep('hash', otherHash, 'acme'), 20, 1],
    ['that of an organisation without any event is kept', `INSERT INTO chain_heads VALUES ('none', 'x', 3)`, 20, 3],
  ])('%s', async (_, sql, snapshot, position) => {
    const { check } = await opened(sql);
    await expect(check.checkAfter(Promise.resolve(snapshot))).rejects.toThrow(
      new JournalError('failed', sentence(position)),
    );
  });
});

test('damage before the tail stops writes once it is found, is told once, and reads go on', async () => {
  const { log, check } = await opened(change(7));
  await check.checkAfter(Promise.resolve(0));
  expect(await log.append(commit('before it is found'))).toMatchObject({ kind: 'appended' });
  await check.checkAll();
  expect(log.failure).toBe(sentence(7));
  expect(await log.append(commit('after'))).toEqual({ kind: 'unavailable', reason: sentence(7) });
  expect(reported).toEqual([`the log refuses new events: ${sentence(7)}`]);
  let read = 0;
  for await (const _ of log.read()) read += 1;
  expect(read).toBe(21);
});

test('a damaged index stops writes once it is found, and says how to mend it', async () => {
  await editPage(directory, 'events_by_type', loseLast);
  const { log, check } = await opened();
  await check.checkAll();
  expect(log.failure).toMatch(/^An index of the log is damaged at position 20: The index "events_by_type" .*REINDEX/);
  expect(reported).toEqual([`the log refuses new events: ${log.failure}`]);
  await log.close();
  const mended = await opened('REINDEX');
  await mended.check.checkAll();
  expect(mended.log.failure).toBeUndefined();
});

test('a log that cannot be looked at is not called damaged', async () => {
  const { log, check } = await opened();
  await journal.close();
  await rm(join(directory, 'plive.db'));
  await check.checkAll();
  expect(log.failure).toBeUndefined();
  expect(reported).toEqual([expect.stringMatching(/^the log was not checked completely: /)]);
});

/** How many groups of a thousand events are checked. */
const GROUPS = 8;

describe('while it runs', () => {
  let long: string;

  beforeAll(async () => {
    const group = () => Array.from({ length: 1_000 }, () => naming(`service-${newId()}`, 'any', 'more'));
    long = await recorded(Array.from({ length: GROUPS }, group), sound);
  });
  afterAll(() => rm(long, { recursive: true }));

  beforeEach(async () => {
    await rm(directory, { recursive: true });
    await begin(long);
  });

  test('commits go through, and what they add is sound', async () => {
    const { log, check } = await opened();
    let isOver = false;
    const checked = check.checkAll().then(() => {
      isOver = true;
    });
    let appended = 0;
    for (; !isOver; appended += 1) expect(await log.append(commit('meanwhile'))).toMatchObject({ kind: 'appended' });
    await checked;
    expect([log.failure, reported]).toEqual([undefined, []]);
    expect(appended).toBeGreaterThan(10);
  });

  test('it is stopped at once, without a word, and leaves the files to be closed', async () => {
    const { log, check } = await opened(change(GROUPS * 1_000 + 20));
    const checked = check.checkAll();
    await log.append(commit('meanwhile'));
    await check.stop();
    await checked;
    // It did not come as far as the damage.
    expect([log.failure, reported]).toEqual([undefined, []]);
    await log.close();
    expect(await readdir(directory)).toEqual(['plive.begun', 'plive.db', 'plive.lock']);
  });
});
