// The SQLite journal under the contract, and what only it promises: its files, its lock, its thread, its errors.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Journal, JournalError, type StoredEvent } from '../../src/log/journal.ts';
import { DatabaseSync } from '../../src/log/sqlite-driver.ts';
import { SqliteJournal } from '../../src/log/sqlite-journal.ts';
import { SqliteThread } from '../../src/log/sqlite-thread.ts';
import { verify } from '../../src/log/verify.ts';
import { sqliteStorage, temporaryDirectory } from '../support/journals.ts';
import { naming } from '../support/prepared.ts';
import { durableJournalContract, journalContract } from './journal.contract.ts';

journalContract('SqliteJournal', sqliteStorage);
durableJournalContract('SqliteJournal', sqliteStorage);

let directory: string;
let journal: SqliteJournal;

beforeEach(async () => {
  directory = await temporaryDirectory();
  journal = new SqliteJournal({ directory });
});
afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

describe('the data directory', () => {
  test('is made, with all that leads to it', async () => {
    const nested = new SqliteJournal({ directory: join(directory, 'a', 'b') });
    await nested.open();
    await nested.close();
    expect(await readdir(join(directory, 'a', 'b'))).toEqual(['plive.begun', 'plive.db', 'plive.lock']);
  });

  test('that cannot be made is refused', async () => {
    await writeFile(join(directory, 'file'), '');
    const misplaced = new SqliteJournal({ directory: join(directory, 'file', 'data') });
    await expect(misplaced.open()).rejects.toThrow(refusal('failed', 'The log cannot be used'));
  });
});

describe('one writer for a directory', () => {
  const inUse = () => refusal('in-use', 'Another process uses this log: stop it, or');

  test('a second one in this process is refused, until the first has closed', async () => {
    await journal.open();
    const second = new SqliteJournal({ directory });
    await expect(second.open()).rejects.toThrow(inUse());
    await journal.close();
    await second.open();
    await second.close();
  });

  test('one in another process holds it until that is killed, and what it acknowledged stays', async () => {
    const holder = runScript(`
      const { SqliteJournal } = await import(${JSON.stringify(moduleUrl('src/log/sqlite-journal.js'))});
      const { naming } = await import(${JSON.stringify(moduleUrl('tests/support/prepared.js'))});
      const journal = new SqliteJournal({ directory: ${JSON.stringify(directory)} });
      await journal.open();
      await journal.commit([naming('service-1', 'no-stream', 'acknowledged')]);
      console.log('acknowledged');
      setInterval(() => {}, 1000);
    `);
    await once(holder.stdout, 'data');
    await expect(journal.open()).rejects.toThrow(inUse());
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await journal.open();
    expect(await stored(journal)).toMatchObject([{ stream: 'service-1', version: 1 }]);
  });

  test('who reads the database neither disturbs nor is disturbed', async () => {
    await journal.open();
    await journal.commit([naming('service-1', 'any', 'a')]);
    const reader = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
    const count = reader.prepare('SELECT count(*) AS events FROM events');
    reader.exec('BEGIN');
    expect(count.get()).toEqual({ events: 1 });
    await journal.commit([naming('service-1', 'any', 'b')]);
    expect(count.get()).toEqual({ events: 1 });
    reader.exec('COMMIT');
    expect(count.get()).toEqual({ events: 2 });
    reader.close();
  });
});

describe('a file that is not its own', () => {
  const refused = (sentence: string) => expect(journal.open()).rejects.toThrow(refusal('failed', sentence));
  const path = () => join(directory, 'plive.db');

  test('another database is refused, and left as it is', async () => {
    edit(path(), 'CREATE TABLE theirs (id INTEGER)');
    await refused('plive.db is not a log of Plive');
    edit(path(), 'SELECT id FROM theirs');
    expect(await readdir(directory)).toEqual(['plive.db', 'plive.lock']);
  });

  test('no database at all is refused', async () => {
    await writeFile(path(), 'Dear diary, '.repeat(1000));
    await refused('The log is damaged (file is not a database): put a backup in its place.');
  });

  test('a log that was cut short is refused', async () => {
    await journal.open();
    await journal.close();
    await truncate(path(), 5000);
    await refused('The log is damaged');
  });

  test('the log of a newer version is refused', async () => {
    await journal.open();
    await journal.close();
    edit(path(), 'PRAGMA user_version = 99');
    await refused('plive.db was written by a newer version of Plive');
  });

  test('the log of version 1 gets what is new, and keeps what it has', async () => {
    await journal.open();
    await journal.commit([naming('service-1', 'any', 'before')]);
    const before = await stored(journal);
    await journal.close();
    edit(
      path(),
      `DROP INDEX events_by_organization; ALTER TABLE events DROP COLUMN text_digest;
       ALTER TABLE chain_heads DROP COLUMN position; DROP TABLE snapshots; PRAGMA user_version = 1`,
    );
    expect(await journal.open()).toBe(1);
    expect(await stored(journal)).toEqual(before);
    await journal.snapshots.write(1, ['part']);
    expect(await journal.snapshots.list()).toEqual([1]);
    expect(await journal.commit([naming('service-1', 1, 'after')])).toMatchObject([{ kind: 'appended' }]);
  });

  test('a refusal lets go of the directory', async () => {
    edit(path(), 'CREATE TABLE theirs (id INTEGER)');
    await refused('not a log of Plive');
    await rm(path());
    await journal.open();
  });
});

describe('a log that was tampered with', () => {
  test.each([
    ['a text', `UPDATE events SET text = replace(text, '"b"', '"x"') WHERE position = 2`, [2]],
    ['a column', `UPDATE events SET type = 'service.deleted' WHERE position = 2`, [2]],
    ['a row that is gone', 'DELETE FROM events WHERE position = 2', [3]],
  ])('%s is reported', async (_, sql, positions) => {
    await journal.open();
    await journal.commit(['a', 'b', 'c', 'd'].map((name) => naming(`service-${name}`, 'any', name)));
    await journal.close();
    edit(join(directory, 'plive.db'), sql);
    await journal.open();
    const { faults } = await verify(journal.scan({ after: 0 }));
    expect(faults.map(({ position }) => position)).toEqual(positions);
  });
});

describe('errors', () => {
  test('a failed commit records nothing and is final until the journal is opened again, and reads go on', async () => {
    const database = join(directory, 'plive.db');
    const commit = () => journal.commit([naming('service-1', 'any', 'new')]);
    const failed = refusal('failed', 'The log cannot be used: out of order.');
    await journal.open();
    await journal.commit([naming('service-1', 'any', 'before')]);
    edit(database, `CREATE TRIGGER fault AFTER INSERT ON events BEGIN SELECT RAISE(FAIL, 'out of order'); END`);
    await expect(commit()).rejects.toThrow(failed);
    edit(database, 'DROP TRIGGER fault');
    await expect(commit()).rejects.toThrow(failed);
    expect(await stored(journal)).toHaveLength(1);
    await journal.close();
    await journal.open();
    expect(await commit()).toMatchObject([{ kind: 'appended', events: [{ position: 2 }] }]);
  });

  const onFullDisk = 'on a full disk commits are refused until there is room';
  if (!canMount()) test.todo(`${onFullDisk} (needs the right to mount a tmpfs)`);
  else {
    test(onFullDisk, async () => {
      mount(directory);
      try {
        const ballast = join(directory, 'ballast');
        const commit = () => journal.commit([naming('service-1', 'any', 'x'.repeat(100_000))]);
        await journal.open();
        await commit();
        spawnSync('dd', ['if=/dev/zero', `of=${ballast}`]);
        const full = refusal('full', 'No space is left for the log: make room.');
        for (const attempt of [commit, commit]) await expect(attempt()).rejects.toThrow(full);
        expect(await stored(journal)).toHaveLength(1);
        await rm(ballast);
        expect(await commit()).toMatchObject([{ kind: 'appended', events: [{ position: 2 }] }]);
        await journal.close();
        await journal.open();
        expect(await verify(journal.scan({ after: 0 }))).toMatchObject({ events: 2, faults: [] });
      } finally {
        await journal.close();
        unmount(directory);
      }
    });
  }
});

test('pages of big events are small enough to be carried between threads', async () => {
  await journal.open();
  await journal.commit([naming('service-1', 'any', ...Array.from({ length: 10 }, () => 'x'.repeat(1024 * 1024)))]);
  const lengths: number[] = [];
  for await (const { length } of journal.scan({ after: 0 })) lengths.push(length);
  expect(lengths).toEqual([4, 4, 2]);
});

describe('the thread', () => {
  test('when it ends, what was asked and what is asked later fail', async () => {
    const thread = new SqliteThread();
    const asked = thread.call('open', directory);
    const ended = thread.end();
    await expect(asked).rejects.toThrow(refusal('failed', "The journal's thread has stopped: it has ended."));
    await ended;
    await expect(thread.call('findKey', 'key')).rejects.toThrow(JournalError);
  });

  test('does not keep a finished process alive, and prints nothing', async () => {
    const script = runScript(`
      const { SqliteJournal } = await import(${JSON.stringify(moduleUrl('src/log/sqlite-journal.js'))});
      const journal = new SqliteJournal({ directory: ${JSON.stringify(directory)} });
      await journal.open();
    `);
    const printed: string[] = [];
    for (const stream of [script.stdout, script.stderr]) stream.on('data', (text) => printed.push(String(text)));
    expect(await once(script, 'close')).toEqual([0, null]);
    expect(printed).toEqual([]);
  });
});

function refusal(code: JournalError['code'], sentence: string) {
  return expect.objectContaining({ name: 'JournalError', code, message: expect.stringContaining(sentence) });
}

function edit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function canMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'plive-'));
  try {
    mount(path);
    unmount(path);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(path);
  }
}

/** Puts a disk of two megabytes in a directory's place. */
function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
}

function unmount(path: string): void {
  execFileSync('umount', [path], { stdio: 'ignore' });
}

function runScript(source: string) {
  return spawn(execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function moduleUrl(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}

async function stored(from: Journal): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of from.scan({ after: 0 })) events.push(...page);
  return events;
}
