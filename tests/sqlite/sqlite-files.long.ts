// What only the SQLite journal promises: its files, its lock, its thread, its errors.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Journal, JournalError, type StoredEvent } from '../../src/log/journal.ts';
import { verify } from '../../src/log/verify.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { SqliteThread } from '../../src/sqlite/journal/sqlite-thread.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { naming, redacting } from '../support/prepared.ts';
import { ROOT } from '../support/root.ts';

let directory: string;
let journal: SqliteJournal;

beforeEach(async () => {
  directory = await temporaryDirectory();
  journal = new SqliteJournal({ directory, root: ROOT });
});
afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

describe('the data directory', () => {
  test('is made, with all that leads to it', async () => {
    const nested = new SqliteJournal({ directory: join(directory, 'a', 'b'), root: ROOT });
    await nested.open();
    await nested.close();
    expect(await readdir(join(directory, 'a', 'b'))).toEqual(['plive.begun', 'plive.db', 'plive.lock']);
  });

  test('that cannot be made is refused', async () => {
    await writeFile(join(directory, 'file'), '');
    const misplaced = new SqliteJournal({ directory: join(directory, 'file', 'data'), root: ROOT });
    await expect(misplaced.open()).rejects.toThrow(refusal('failed', 'The log cannot be used'));
  });
});

describe('one writer for a directory', () => {
  const inUse = () => refusal('in-use', 'Another process uses this log: stop it, or');

  test('a second one in this process is refused, until the first has closed', async () => {
    await journal.open();
    const second = new SqliteJournal({ directory, root: ROOT });
    await expect(second.open()).rejects.toThrow(inUse());
    await journal.close();
    await second.open();
    await second.close();
  });

  test('one in another process holds it until that is killed, and what it acknowledged stays', async () => {
    const holder = runScript(`
      const { SqliteJournal } = await import(${JSON.stringify(moduleUrl('src/sqlite/journal/sqlite-journal.js'))});
      const { naming } = await import(${JSON.stringify(moduleUrl('tests/support/prepared.js'))});
      const journal = new SqliteJournal({ directory: ${JSON.stringify(directory)}, root: new URL(${JSON.stringify(ROOT.href)}) });
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

describe('a journal that only reads', () => {
  const reader = () => new SqliteJournal({ directory, root: ROOT, readOnly: true });

  test('sees what another one records, and can record and keep nothing', async () => {
    await journal.open();
    await journal.commit([naming('service-1', 'any', 'a')]);
    await journal.snapshots.write(1, ['part']);
    const reading = reader();
    expect(await reading.open()).toBe(1);
    await journal.commit([naming('service-1', 'any', 'b')]);
    expect(await stored(reading)).toEqual(await stored(journal));
    expect(await reading.snapshots.list()).toEqual([1]);
    const refused = refusal('failed', 'The log cannot be used: attempt to write a readonly database.');
    await expect(reading.commit([naming('service-1', 'any', 'c')])).rejects.toThrow(refused);
    await expect(reading.snapshots.drop(1)).rejects.toThrow(refused);
    await reading.close();
    expect(await journal.snapshots.list()).toEqual([1]);
  });

  test('makes no log where there is none', async () => {
    await expect(reader().open()).rejects.toThrow(refusal('failed', 'The log cannot be used'));
    expect(await readdir(directory)).toEqual([]);
  });

  test('refuses the log of an older version, which it may not bring up to date', async () => {
    await journal.open();
    await journal.close();
    edit(join(directory, 'plive.db'), 'PRAGMA user_version = 2');
    await expect(reader().open()).rejects.toThrow(
      refusal('failed', 'plive.db was written by an older version of Plive'),
    );
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
    await refused('The log is damaged (file is not a database): replace it with a backup.');
  });

  test('a log that was cut short is refused, if only by a byte', async () => {
    await journal.open();
    await journal.close();
    const { size } = await stat(path());
    await truncate(path(), size - 1);
    await refused('The log is damaged (plive.db was truncated): replace it with a backup.');
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
      `DROP INDEX events_by_organization; DROP INDEX events_by_type; ALTER TABLE events DROP COLUMN text_digest;
       ALTER TABLE chain_heads DROP COLUMN position; DROP TABLE snapshots; DROP TABLE pictures; PRAGMA user_version = 1`,
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

describe('what is redacted', () => {
  const secret = (number: number) => `hunter-${number}-`.repeat(20);
  /** Which of the secrets some file of the directory holds. */
  const found = async (count: number) => {
    const files = await Promise.all(
      (await readdir(directory)).map((file) => readFile(join(directory, file), 'latin1')),
    );
    const numbers = Array.from({ length: count }, (_, index) => index);
    return numbers.filter((number) => files.some((bytes) => bytes.includes(`hunter-${number}-`)));
  };
  const eventAt = async (position: number) => (await stored(journal))[position - 1] as StoredEvent;

  test('is in no byte of any file, whatever moved when and whatever was dropped before', async () => {
    await journal.open();
    for (let number = 0; number < 60; number += 1) {
      await journal.commit([naming(`service-${number % 3}`, 'any', secret(number))]);
    }
    await journal.snapshots.write(30, [secret(7), secret(8).repeat(1_000)]);
    await journal.snapshots.drop(30);
    await journal.snapshots.write(59, [secret(7), secret(9)]);
    expect(await found(60)).toHaveLength(60);
    const gone: number[] = [];
    for (const number of [7, 0, 59, 8, 9, 30, 31, 32, 33, 34, 35, 36]) {
      await journal.commit([redacting(await eventAt(number + 1))]);
      expect(await journal.wipe()).toBe(true);
      gone.push(number);
      expect((await found(60)).filter((left) => gone.includes(left))).toEqual([]);
    }
    expect(await found(60)).toHaveLength(60 - gone.length);
    expect(await verify(journal.scan({ after: 0 }))).toMatchObject({ events: 72, faults: [] });
  });

  test('is in no snapshot any more, and those from before it was said stay', async () => {
    await journal.open();
    for (let number = 0; number < 5; number += 1) await journal.commit([naming('service-1', 'any', secret(number))]);
    for (const position of [2, 3, 5]) await journal.snapshots.write(position, [`as of ${position}`]);
    await journal.commit([redacting(await eventAt(3))]);
    expect(await journal.snapshots.list()).toEqual([2]);
    await journal.snapshots.write(6, ['as of 6']);
    expect(await journal.snapshots.list()).toEqual([2, 6]);
  });

  test('does not come back with a snapshot that was being written meanwhile', async () => {
    await journal.open();
    await journal.commit([naming('service-1', 'any', secret(0))]);
    let commit: Promise<unknown> = Promise.resolve();
    const target = await eventAt(1);
    const parts = function* () {
      yield secret(0);
      commit = journal.commit([redacting(target)]);
      yield secret(0);
      yield secret(0);
    };
    await journal.snapshots.write(1, parts());
    await commit;
    expect(await journal.wipe()).toBe(true);
    expect(await journal.snapshots.list()).toEqual([]);
    expect(await found(1)).toEqual([]);
  });

  test('stays in the files as long as somebody reads them, and goes when asked again', async () => {
    await journal.open();
    await journal.commit([naming('service-1', 'any', secret(0))]);
    const reader = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    await journal.commit([redacting(await eventAt(1))]);
    expect(await journal.wipe()).toBe(false);
    expect(await found(1)).toEqual([0]);
    reader.exec('COMMIT');
    expect(await journal.wipe()).toBe(true);
    expect(await found(1)).toEqual([]);
    reader.close();
  });

  test('leaves nothing in a file that an older version made, either', async () => {
    await journal.open();
    await journal.close();
    // Made as version 2 was: without wiping what is deleted.
    edit(
      join(directory, 'plive.db'),
      `PRAGMA secure_delete = OFF; DROP INDEX events_by_organization; DROP INDEX events_by_type; ALTER TABLE events DROP COLUMN text_digest;
       ALTER TABLE chain_heads DROP COLUMN position; DROP TABLE pictures; PRAGMA user_version = 2;
       INSERT INTO snapshots VALUES (1, 0, '${secret(0)}'); DELETE FROM snapshots`,
    );
    expect(await found(1)).toEqual([0]);
    await journal.open();
    await journal.wipe();
    expect(await found(1)).toEqual([]);
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

  test('events are read up to those that cannot be, and that is where verification says so', async () => {
    const path = join(directory, 'plive.db');
    await journal.open();
    const names = Array.from({ length: 100 }, (_, index) => `number ${index + 1} `.padEnd(1_000, '.'));
    await journal.commit(names.map((name) => naming('service-1', 'any', name)));
    await journal.close();
    const bytes = await readFile(path);
    const page = bytes.indexOf('number 50 ') & ~4095;
    await writeFile(path, bytes.fill(0xff, page, page + 4096));
    await journal.open();
    const read: StoredEvent[] = [];
    const reading = (async () => {
      for await (const events of journal.scan({ after: 0 })) read.push(...events);
    })();
    await expect(reading).rejects.toThrow(refusal('failed', 'The log is damaged ('));
    // A page of the file holds two or three of them.
    expect([48, 49, 50]).toContain(read.length + 1);
    const signal = new AbortController().signal;
    const problem = expect.stringContaining('The log is damaged (');
    const faults = await journal.verify({ after: 0, background: false, signal });
    expect(faults).toEqual([{ position: read.length + 1, problem }]);
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
        const full = refusal('full', 'No space is left for the log: free some disk space.');
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

describe('the thread', () => {
  test('when it ends, what was asked and what is asked later fail', async () => {
    const thread = new SqliteThread(ROOT);
    const asked = thread.call('open', directory, false);
    const ended = thread.end();
    await expect(asked).rejects.toThrow(refusal('failed', 'The database thread has stopped: it has ended.'));
    await ended;
    await expect(thread.call('findKey', 'key')).rejects.toThrow(JournalError);
  });

  test('does not keep a finished process alive, and prints nothing', async () => {
    const script = runScript(`
      const { SqliteJournal } = await import(${JSON.stringify(moduleUrl('src/sqlite/journal/sqlite-journal.js'))});
      const journal = new SqliteJournal({ directory: ${JSON.stringify(directory)}, root: new URL(${JSON.stringify(ROOT.href)}) });
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
