// Snapshots: they are read as written, damaged ones and other versions are skipped, and a bounded number is stored.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { Codec } from '../../projections/state/projection.ts';
import type { Batch } from '../../src/log/commit.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import type { Participant } from '../../src/read-models/participant.ts';
import { Snapshots, snapshotsToRetain } from '../../src/read-models/snapshots.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { naming, redacting } from '../support/prepared.ts';
import { ROOT } from '../support/root.ts';

/** A participant whose state is a list of words. */
class Words implements Participant<readonly string[]> {
  readonly codec: Codec<readonly string[]>;
  state: readonly string[] | undefined;

  constructor(name: string, state?: readonly string[], version = 1) {
    const decode = (words: readonly string[], part: unknown) => [...words, String(part)];
    this.codec = { name, version, initial: [], encode: (words) => words, decode };
    this.state = state;
  }

  capture() {
    return this.state;
  }

  seed(state: readonly string[]) {
    this.state = state;
  }
}

let directory: string;
let journal: SqliteJournal;
let reported: string[];

beforeEach(async () => {
  reported = [];
  directory = await temporaryDirectory();
  journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  await journal.commit(Array.from({ length: 10 }, (_, index) => naming('service-1', 'any', `${index + 1}`)));
});
afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

function snapshotsOf(...participants: readonly Participant<unknown>[]): Snapshots {
  const report = (message: string, error: unknown) => reported.push(`${message}: ${(error as Error).message}`);
  return new Snapshots(journal, { participants, every: 4, atShutdown: 2, report });
}

const names = (...positions: readonly number[]) => positions.map((position) => `as of ${position}`);

/** Writes a snapshot at each of these positions. */
async function write(...positions: readonly number[]): Promise<void> {
  for (const position of positions) {
    await snapshotsOf(new Words('a', names(position)), new Words('b', [])).write(position);
  }
}

/** The position and the state that a start resumes from. */
async function restored(until = 10, a = new Words('a'), b = new Words('b')) {
  const position = await snapshotsOf().seed([a, b], until);
  return { position, states: [a.state, b.state] };
}

async function stored(): Promise<readonly StoredEvent[]> {
  const { value } = await journal.scan({ after: 0 }).next();
  return value ?? [];
}

function edit(sql: string): void {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec(sql);
  database.close();
}

const NOTHING = { position: 0, states: [undefined, undefined] };

describe('a written snapshot', () => {
  test('is given back to all participants, also after a restart', async () => {
    const words = ['one', 'a "quoted" one\n', '🟢\ud800\u0000', 'x'.repeat(1_000_000)];
    await snapshotsOf(new Words('a', words), new Words('b', ['two'])).write(10);
    await journal.close();
    journal = new SqliteJournal({ directory, root: ROOT });
    await journal.open();
    expect(await restored()).toEqual({ position: 10, states: [words, ['two']] });
    expect(reported).toEqual([]);
  });

  test('has the state at which writing began, and a large state is written in small texts', async () => {
    const words = Array.from({ length: 5_000 }, (_, index) => `word ${index} `.padEnd(200));
    const live = new Words('a', words);
    const written = snapshotsOf(live).write(9);
    live.state = ['later'];
    await written;
    const again = new Words('a');
    await snapshotsOf().seed([again], 10);
    expect(again.state).toEqual(words);
    for await (const text of journal.snapshots.read(9)) expect(text.length).toBeLessThan(300_000);
  });

  test.each([
    [10, 9],
    [8, 6],
    [5, 3],
    [2, 0],
  ])('is searched at %p or before: found at %p', async (until, found) => {
    await write(3, 6, 9);
    const { position, states } = await restored(until);
    expect([position, states[0]]).toEqual([found, found === 0 ? undefined : names(found)]);
    expect(reported).toEqual([]);
  });

  test('is not written while a participant has no state to store', async () => {
    await snapshotsOf(new Words('a', ['one']), new Words('b')).write(10);
    expect(await journal.snapshots.list()).toEqual([]);
  });

  test('does not exist on a journal in memory', async () => {
    const snapshots = new Snapshots(new MemoryJournal({ now: () => new Date() }), {
      participants: [new Words('a', ['one'])],
      every: 1,
      atShutdown: 1,
      report: (message) => reported.push(message),
    });
    await snapshots.write(1);
    expect([await snapshots.start(), reported]).toEqual([0, []]);
  });
});

describe('a damaged snapshot is reported, removed and skipped:', () => {
  const at10 = 'UPDATE snapshots SET text =';
  const where = 'WHERE position = 10 AND part = 0';
  test.each([
    ['a flipped byte', `${at10} replace(text, 'as of 10', 'as of 11') ${where}`, 'It is incomplete or damaged'],
    [
      'a flipped byte in the seal',
      `UPDATE snapshots SET text = replace(text, 'sha256 ', 'sha256 0')`,
      'It is incomplete or damaged',
    ],
    ['broken JSON', `${at10} replace(text, '"a"', '"a') ${where}`, ''],
    ['a missing part', `DELETE FROM snapshots ${where}`, ''],
    [
      'an end that was cut off',
      'DELETE FROM snapshots WHERE position = 10 AND part = 1',
      'It is incomplete or damaged',
    ],
    [
      'a part too many',
      `INSERT INTO snapshots VALUES (10, 2, '["a","more"]' || char(10))`,
      'It is incomplete or damaged',
    ],
    ['of another log', `UPDATE events SET hash = 'another' WHERE position = 10`, 'It belongs to another log.'],
    ['of another position', 'UPDATE snapshots SET position = 9', 'It belongs to another log.'],
    ['beyond the head', 'DELETE FROM events WHERE position = 10', 'The log has no event at 10.'],
  ])('%s', async (_, sql, problem) => {
    await write(10);
    edit(sql);
    expect(await restored()).toEqual(NOTHING);
    expect(reported).toEqual([expect.stringMatching(new RegExp(`^the snapshot at \\d+ cannot be used: .*${problem}`))]);
    expect(await journal.snapshots.list()).toEqual([]);
  });

  test('the previous one is used instead', async () => {
    await write(3, 6, 9);
    edit(`UPDATE snapshots SET text = replace(text, 'as of 9', 'as of 8')`);
    expect(await restored()).toMatchObject({ position: 6, states: [names(6), []] });
    expect(await journal.snapshots.list()).toEqual([3, 6]);
  });
});

describe('a snapshot of another version is removed and skipped without a report:', () => {
  test.each([
    ['an older version of a state', new Words('a', [], 1), new Words('a', undefined, 2)],
    ['a newer version of a state', new Words('a', [], 2), new Words('a', undefined, 1)],
    ['without one of the states', new Words('b', []), new Words('a')],
  ])('%s', async (_, writer, reader) => {
    await snapshotsOf(writer).write(10);
    expect([await snapshotsOf().seed([reader], 10), reader.state, reported]).toEqual([0, undefined, []]);
    expect(await journal.snapshots.list()).toEqual([]);
  });

  test('the newest usable one is used instead', async () => {
    await write(3, 6);
    await snapshotsOf(new Words('a', names(9), 2), new Words('b', [])).write(9);
    expect(await restored()).toEqual({ position: 6, states: [names(6), []] });
    expect([await journal.snapshots.list(), reported]).toEqual([[3, 6], []]);
  });

  test('but a damaged one is reported', async () => {
    await write(10);
    edit(`UPDATE snapshots SET text = replace(text, '"a":1', '"a":2')`);
    expect(await restored()).toEqual(NOTHING);
    expect(reported).toEqual(['the snapshot at 10 cannot be used: It is incomplete or damaged.']);
  });
});

describe('when', () => {
  const batch = (last: number): Batch => ({ events: [], first: last, last });

  test('every N events, counted from the snapshot that it started from', async () => {
    await write(3);
    const snapshots = snapshotsOf(new Words('a', ['seeded']), new Words('b', []));
    expect(await snapshots.start()).toBe(3);
    const committed$ = new Subject<Batch>();
    snapshots.keepUp(committed$);
    for (const last of [4, 6, 7, 8]) committed$.next(batch(last));
    await snapshots.finish(8);
    expect(await journal.snapshots.list()).toEqual([3, 7]);
  });

  test('again, after a redaction removed those that may contain the text', async () => {
    const snapshots = snapshotsOf(new Words('a', ['a secret']));
    const committed$ = new Subject<Batch>();
    snapshots.keepUp(committed$);
    committed$.next(batch(8));
    const [target] = await stored();
    if (!target) throw new Error('Nothing was recorded.');
    // It is being written, or written, when this is recorded.
    await journal.commit([redacting(target)]);
    await snapshots.finish(8);
    expect(await journal.snapshots.list()).toEqual([]);
    committed$.next({ ...batch(11), redacted: [1] });
    await snapshots.finish(8);
    expect(await journal.snapshots.list()).toEqual([11]);
    expect(reported).toEqual([]);
  });

  test('at the end, if there were enough events since the latest', async () => {
    const snapshots = snapshotsOf(new Words('a', []), new Words('b', []));
    await snapshots.finish(1);
    expect(await journal.snapshots.list()).toEqual([]);
    await snapshots.finish(2);
    await snapshots.finish(3);
    expect(await journal.snapshots.list()).toEqual([2]);
  });

  test('one at a time, and an unfinished one is not read', async () => {
    const snapshots = snapshotsOf(new Words('a', []), new Words('b', []));
    const committed$ = new Subject<Batch>();
    snapshots.keepUp(committed$);
    committed$.next(batch(4));
    committed$.next(batch(8));
    expect(await snapshots.seed([new Words('a')], 10)).toBe(0);
    await snapshots.finish(9);
    expect(await journal.snapshots.list()).toEqual([4, 9]);
    expect(reported).toEqual([]);
  });

  test('one that cannot be written is reported, and the next one is attempted', async () => {
    edit(`CREATE TRIGGER fault BEFORE INSERT ON snapshots BEGIN SELECT RAISE(FAIL, 'out of order'); END`);
    const snapshots = snapshotsOf(new Words('a', []));
    await snapshots.write(4);
    expect(reported).toEqual(['the snapshot at 4 was not written: The log cannot be used: out of order.']);
  });
});

describe('how many', () => {
  test('the latest two, and older ones at growing distances', () => {
    let positions: readonly number[] = [];
    let most = 0;
    const wrong: unknown[] = [];
    for (let head = 100; head <= 1_000_000; head += 100) {
      const kept = snapshotsToRetain([...positions, head], 100);
      positions = [...positions, head].filter((position) => kept.has(position));
      most = Math.max(most, positions.length);
      const latest = [head - 100, head].filter((position) => position > 0);
      if (!isDeepStrictEqual(positions.slice(-2), latest)) wrong.push({ head, positions });
    }
    expect(most).toBeLessThanOrEqual(16);
    expect(wrong).toEqual([]);
    const distances = positions.map((position) => 1_000_000 - position).reverse();
    distances.slice(2).forEach((distance, index) => {
      expect(distance).toBeLessThanOrEqual(Math.max(400, 4 * Number(distances[index + 1])));
    });
  });

  test('the others are removed when one is written', async () => {
    const snapshots = snapshotsOf(new Words('a', []));
    for (let position = 1; position <= 10; position += 1) await snapshots.write(position);
    expect(await journal.snapshots.list()).toEqual([1, 7, 9, 10]);
  });
});
