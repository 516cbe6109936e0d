// The event log: what append promises, what readers see, and when. On the journal in memory; the long tests do the same on
// SQLite.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Turn } from '../../src/bounds/turns.ts';
import { digest } from '../../src/log/chain.ts';
import type { Batch, Commit, NewEvent } from '../../src/log/commit.ts';
import { blankedText } from '../../src/log/encoding.ts';
import { EventLog, type EventLogOptions } from '../../src/log/event-log.ts';
import { JournalError, type StoredEvent } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { type JournalStorage, memoryStorage, sqliteStorage } from '../support/journals.ts';
import { longTest, quickTests, sized } from '../support/size.ts';

const options: EventLogOptions = { newId, eventsInMemory: 1_000, maxWaiting: 10_000, report: () => {} };
const named = (name: string): NewEvent => ({ type: 'service.described', organizationId: 'default', data: { name } });

function commit(...names: readonly string[]): Commit {
  const writes = [{ stream: `service-${newId()}`, expected: 'no-stream' as const, events: names.map(named) }];
  return { writes, actor: { kind: 'system' }, correlationId: 'test' };
}

async function collect<T>(items: AsyncIterable<T>, count = Number.POSITIVE_INFINITY): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) if (collected.push(item) >= count) break;
  return collected;
}

const positions = (events: readonly RecordedEvent[]) => events.map(({ position }) => position);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

const inMemory = { name: 'MemoryJournal', make: memoryStorage };
const onDisk = { name: 'SqliteJournal', make: sqliteStorage };

describe.each([sized(inMemory, onDisk)])('on $name', ({ make }) => {
  let storage: JournalStorage;
  beforeEach(async () => {
    storage = await make();
  });
  afterEach(() => storage.dispose());

  async function openLog(given: Partial<EventLogOptions> = {}): Promise<EventLog> {
    const log = new EventLog(storage.journal(), { ...options, ...given });
    await log.open();
    return log;
  }

  test('append answers with what was recorded, after every subscriber has seen it', async () => {
    const log = await openLog();
    const seen: Batch[] = [];
    log.committed$.subscribe((batch) => seen.push(batch));
    const appended = await log.append(commit('one', 'two'));
    expect(appended).toMatchObject({ kind: 'appended', first: 1, last: 2 });
    expect(seen).toEqual([{ events: expect.any(Array), first: 1, last: 2 }]);
    expect(log.position).toBe(2);
    expect(seen[0]?.events).toEqual(await collect(log.read()));
  });

  test('callers that append again and again are recorded together', async () => {
    const journal = storage.journal();
    const sizes: number[] = [];
    const { commit: record } = journal;
    journal.commit = (commits) => {
      sizes.push(commits.length);
      return record.call(journal, commits);
    };
    const log = new EventLog(journal, options);
    await log.open();
    const appendAgainAndAgain = async () => {
      for (let count = 0; count < 5; count += 1) await log.append(commit('one'));
    };
    await Promise.all(Array.from({ length: 4 }, appendAgainAndAgain));
    expect(sizes.slice(0, 4)).toEqual([1, 3, 4, 4]);
    await log.close();
  });

  test('its id is that of its first event', async () => {
    const log = await openLog();
    expect(log.id).toBe('0');
    await log.append(commit('one'));
    const { id } = log;
    await log.append(commit('two'));
    const [first] = await collect(log.read());
    expect([log.id, id]).toEqual(Array(2).fill(first?.hash.slice(0, 8)));
  });

  test('a commit that redacts is told with what it blanked, and no reader finds the words, in memory or not', async () => {
    for (const eventsInMemory of [1, 1_000]) {
      const log = await openLog({ eventsInMemory });
      const seen: Batch[] = [];
      const { events } = (await log.append(commit('a secret', 'b'))) as Batch;
      const { position, stream, id, hash, meta } = events[0] as RecordedEvent;
      for (const name of ['c', 'd']) await log.append(commit(name));
      const words = () => collect(log.read({ after: position - 1 })).then((read) => JSON.stringify(read));
      expect(await words()).toContain('a secret');
      log.committed$.subscribe((batch) => {
        seen.push(batch);
      });
      const [page] = await collect(log.stored({ after: position - 1, until: position }));
      const text = blankedText(page?.events[0] as StoredEvent) ?? '';
      const data = { eventId: id, remainder: digest(text), shown: [], reason: 'A leak' };
      const redaction = { type: 'event.redacted', organizationId: 'default', data } as const;
      const appended = await log.append({
        ...commit(),
        writes: [{ stream, expected: 'exists', events: [redaction] }],
        redactions: [{ position, text }],
      });
      expect(appended).toMatchObject({ kind: 'appended', redacted: [position] });
      expect(seen).toMatchObject([{ redacted: [position], events: [{ type: 'event.redacted' }] }]);
      expect(await words()).not.toContain('a secret');
      const [blank] = await collect(log.read({ after: position - 1, until: position }));
      expect(blank).toEqual({ ...events[0], data: { name: '[redacted]' }, hash, meta });
      await log.close();
    }
  });

  test('each stored text has 128 random bits of its own, and readers do not see them', async () => {
    const log = await openLog({ eventsInMemory: 1 });
    await log.append(commit('one', 'two'));
    const [page] = await collect(log.stored({}));
    const salts = (page?.events ?? []).map(
      ({ text }) => /,"organizationId":"default","salt":"([\w-]{22})","data":/.exec(text)?.[1],
    );
    expect(new Set(salts.map((salt) => Buffer.from(salt ?? '', 'base64url').length))).toEqual(new Set([16]));
    expect(new Set(salts).size).toBe(2);
    for (const event of await collect(log.read())) expect(event).not.toHaveProperty('salt');
  });

  test('the salts are those of the given source', async () => {
    const log = await openLog({ newSalt: () => 'given' });
    await log.append(commit('one'));
    const [page] = await collect(log.stored({}));
    expect(JSON.parse(page?.events[0]?.text ?? '')).toMatchObject({ salt: 'given' });
  });

  test('a refused commit leaves nothing, and nobody hears of it', async () => {
    const log = await openLog();
    const { writes, ...rest } = commit('one');
    const seen: Batch[] = [];
    log.committed$.subscribe((batch) => seen.push(batch));
    const refused = await log.append({ ...rest, writes: writes.map((write) => ({ ...write, expected: 3 })) });
    expect(refused).toMatchObject({ kind: 'conflict', expected: 3, actual: 0 });
    expect([seen, await collect(log.read()), log.position]).toEqual([[], [], 0]);
  });

  test('a repeated key answers with the events of the first commit', async () => {
    const log = await openLog();
    const key = { id: 'a key', fingerprint: 'a body' };
    const [first, second, other] = await Promise.all([
      log.append({ ...commit('one'), key }),
      log.append({ ...commit('one again'), key }),
      log.append({ ...commit('another'), key: { ...key, fingerprint: 'another body' } }),
    ]);
    expect(first).toMatchObject({ kind: 'appended', first: 1, last: 1 });
    expect(second).toEqual({ ...first, kind: 'duplicate' });
    expect(other).toEqual({ kind: 'key-reused' });
    expect(log.position).toBe(1);
  });

  test('commits are published one by one and whole, in the order of their positions, whatever is appended at once', async () => {
    const log = await openLog();
    const seen: Batch[] = [];
    log.committed$.subscribe((batch) => seen.push(batch));
    await Promise.all(Array.from({ length: 300 }, (_, index) => log.append(commit(`${index}`, `${index} again`))));
    expect(seen).toHaveLength(300);
    expect(seen.flatMap(({ events }) => positions(events))).toEqual(upTo(600));
    for (const { events } of seen) expect(new Set(events.map(({ meta }) => meta.commit.id)).size).toBe(1);
  });

  test('events that left the memory are read from the journal, and nobody can tell the border', async () => {
    const log = await openLog({ eventsInMemory: 20 });
    for (let index = 0; index < 10; index += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, each) => log.append(commit(`${index} ${each}`))));
    }
    expect(positions(await collect(log.read()))).toEqual(upTo(100));
    expect(positions(await collect(log.read({ after: 50, until: 90 })))).toEqual(upTo(90, 51));
    expect(positions(await collect(log.read({ after: 95 })))).toEqual(upTo(100, 96));
    expect(await collect(log.read({ after: 100 }))).toEqual([]);
    const [event] = await collect(log.read({ after: 3 }), 1);
    expect(await collect(log.read({ stream: String(event?.stream) }))).toEqual([event]);
  });

  test.each([
    ['the start', 0],
    ['the middle', 250],
    ['the head', 500],
  ])('a subscriber from %s sees every commit after it once and in order, while others append', async (_name, after) => {
    const log = await openLog({ eventsInMemory: 50 });
    const append = (count: number) => Promise.all(Array.from({ length: count }, () => log.append(commit('a', 'b'))));
    await append(250);
    const stop = new AbortController();
    const followed = collect(log.subscribe({ after, signal: stop.signal }), (1_500 - after) / 2);
    for (let round = 0; round < 10; round += 1) await append(50);
    const batches = await followed;
    stop.abort();
    expect(batches.flatMap(({ events }) => positions(events))).toEqual(upTo(1_500, after + 1));
  });

  test.each([0, 101, 400])(
    'a filtered subscriber from %i sees what it selects, commit by commit, while others append',
    async (after) => {
      const log = await openLog({ eventsInMemory: 50 });
      const inOrganizations = (...ids: readonly string[]) => {
        const { writes, ...rest } = commit(...ids);
        const events =
          writes[0]?.events.map((event, index) => ({ ...event, organizationId: ids[index] as string })) ?? [];
        return { ...rest, writes: writes.map((write) => ({ ...write, events })) };
      };
      const append = (count: number) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            log.append(index % 5 === 0 ? inOrganizations('a', 'b', 'a', 'b') : inOrganizations('b', 'b', 'b', 'b')),
          ),
        );
      await append(100);
      const stop = new AbortController();
      const filter = () => ({ organizations: ['a'] });
      const seen: Batch[] = [];
      const following = (async () => {
        for await (const batch of log.subscribe({ after, signal: stop.signal, filter })) {
          seen.push(batch);
          if (batch.last === 1_201) return;
        }
      })();
      for (let round = 0; round < 20; round += 1) await append(10);
      await log.append(inOrganizations('a'));
      await following;
      const all = await collect(log.read({ after }));
      const selected = all.filter(({ organizationId }) => organizationId === 'a');
      expect(positions(seen.flatMap(({ events }) => events))).toEqual(positions(selected));
      const commits = seen.filter(({ events }) => events.length > 0);
      expect(commits.map(({ events }) => events[0]?.meta.commit.id)).toEqual([
        ...new Set(selected.map(({ meta }) => meta.commit.id)),
      ]);
      expect(seen.map(({ last }) => last)).toEqual(seen.map(({ last }) => last).sort((a, b) => a - b));
    },
  );

  test('a long read lets others have their turn, and ends when its signal aborts', async () => {
    const log = await openLog();
    await log.append(commit(...Array.from({ length: 2_500 }, (_, index) => `${index}`)));
    let turns = 0;
    const count = () => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    const stop = new AbortController();
    const sizes: number[] = [];
    const reading = (async () => {
      for await (const { events } of log.slices({ signal: stop.signal })) {
        sizes.push(events.length);
        if (sizes.length === 15) stop.abort(new Error('gone'));
      }
    })();
    await expect(reading).rejects.toThrow('gone');
    clearImmediate(immediate);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    // It ends at the end of the page in which it was aborted.
    expect(sizes).toHaveLength(20);
    expect(turns).toBeGreaterThanOrEqual(18);
  });

  test('each page is read when it is the turn of the reader', async () => {
    const log = await openLog({ eventsInMemory: 10_000 });
    await log.append(commit(...Array.from({ length: 2_500 }, (_, index) => `${index}`)));
    const results: unknown[] = [];
    const turn: Turn = (work) => {
      const result = work();
      results.push(result);
      return result;
    };
    const slices = await collect(log.slices({ limit: 1_000, turn }));
    expect(slices.flatMap(({ events }) => positions(events))).toEqual(upTo(2_500));
    expect(results).toHaveLength(3);
    const live = log.subscribe({ after: 2_400, signal: new AbortController().signal, turn });
    await live.next();
    await live.return(undefined);
    expect(results).toHaveLength(4);
  });

  test('a slow subscriber misses nothing', async () => {
    const log = await openLog({ eventsInMemory: 10 });
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { events } of log.subscribe({ after: 0, signal: stop.signal })) {
        seen.push(...positions(events));
        await new Promise((resolve) => setImmediate(resolve));
        if (seen.length === 400) return;
      }
    })();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => log.append(commit('one'))));
    }
    await following;
    expect(seen).toEqual(upTo(400));
  });

  test('a subscriber from within a commit gets the rest of it first', async () => {
    const log = await openLog();
    await log.append(commit('one', 'two', 'three'));
    const [rest] = await collect(log.subscribe({ after: 1, signal: new AbortController().signal }), 1);
    expect(rest).toMatchObject({ first: 2, last: 3 });
  });

  test('a subscription ends when it is aborted, waiting or not', async () => {
    const log = await openLog();
    const stop = new AbortController();
    const ended = collect(log.subscribe({ after: 0, signal: stop.signal }));
    await log.append(commit('one'));
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await ended).toHaveLength(1);
  });

  test('after closing, nothing is appended any more, and what waited was recorded', async () => {
    const log = await openLog();
    const waiting = log.append(commit('one'));
    const closed = log.close();
    expect(await log.append(commit('two'))).toMatchObject({ kind: 'unavailable' });
    expect(await waiting).toMatchObject({ kind: 'appended' });
    await closed;
  });

  test('data that does not fit its type is a bug of the caller, told at once', async () => {
    const log = await openLog();
    const writes = [{ stream: 'service-1', expected: 'any', events: [{ ...named('x'), data: { name: 7 } }] }];
    expect(() => log.append({ ...commit('x'), writes } as unknown as Commit)).toThrow('expected string');
  });
});

longTest('a journal that is opened again is published as it was, commit by commit', async () => {
  const storage = await sqliteStorage();
  const first = new EventLog(storage.journal(), options);
  await first.open();
  const seen: Batch[] = [];
  first.committed$.subscribe((batch) => seen.push(batch));
  await Promise.all([first.append(commit('one', 'two')), first.append(commit('three'))]);
  await first.close();

  const second = new EventLog(storage.journal(), options);
  const seenAgain: Batch[] = [];
  second.committed$.subscribe((batch) => seenAgain.push(batch));
  await second.open();
  expect(seenAgain).toEqual(seen);
  expect(await second.append(commit('four'))).toMatchObject({ first: 4 });
  await second.close();
  await storage.dispose();
});

longTest('a log has the id of its first event also where it opens behind that', async () => {
  const storage = await sqliteStorage();
  const first = new EventLog(storage.journal(), options);
  await first.open();
  await first.append(commit('one'));
  await first.close();
  const second = new EventLog(storage.journal(), options);
  await second.open(async () => 1);
  expect(second.id).toBe(first.id);
  await second.close();
  await storage.dispose();
});

quickTests('a journal that fails', () => {
  /** A log on a memory journal whose next commit ends as the test says. */
  async function brittleLog() {
    const storage = await memoryStorage();
    const journal = storage.journal();
    const next: { failure?: Error; gate?: Promise<void> } = {};
    const commit = journal.commit.bind(journal);
    journal.commit = async (commits) => {
      await next.gate;
      if (next.failure) throw next.failure;
      return commit(commits);
    };
    const reported: string[] = [];
    const report = (message: string) => reported.push(message);
    const log = new EventLog(journal, { ...options, maxWaiting: 3, report });
    await log.open();
    return { log, next, reported };
  }

  test('for good takes nothing more, says why, and goes on answering reads', async () => {
    const { log, next, reported } = await brittleLog();
    await log.append(commit('one'));
    next.failure = new JournalError('failed', 'The disk is gone.');
    expect(await log.append(commit('two'))).toEqual({ kind: 'unavailable', reason: 'The disk is gone.' });
    delete next.failure;
    expect(await log.append(commit('three'))).toEqual({ kind: 'unavailable', reason: 'The disk is gone.' });
    expect(log.failure).toBe('The disk is gone.');
    expect(positions(await collect(log.read()))).toEqual([1]);
    expect(reported).toEqual(['the journal did not record a commit']);
  });

  test('because it is full takes commits again when there is room', async () => {
    const { log, next } = await brittleLog();
    next.failure = new JournalError('full', 'No space is left.');
    expect(await log.append(commit('one'))).toEqual({ kind: 'unavailable', reason: 'No space is left.' });
    expect(log.failure).toBe('No space is left.');
    delete next.failure;
    expect(await log.append(commit('two'))).toMatchObject({ kind: 'appended', first: 1 });
    expect(log.failure).toBeUndefined();
  });

  test('publishes nothing before it is durable, and refuses what is too much to wait', async () => {
    const { log, next } = await brittleLog();
    let open = () => {};
    next.gate = new Promise((resolve) => {
      open = resolve;
    });
    const seen: Batch[] = [];
    log.committed$.subscribe((batch) => seen.push(batch));
    const waiting = Array.from({ length: 5 }, () => log.append(commit('one')));
    await new Promise((resolve) => setImmediate(resolve));
    expect([seen, log.position]).toEqual([[], 0]);
    open();
    const kinds = (await Promise.all(waiting)).map(({ kind }) => kind);
    expect(kinds).toEqual(['appended', 'appended', 'appended', 'appended', 'overloaded']);
  });
});

quickTests('while somebody reads the files of the journal', () => {
  /** A journal whose files are being read for so many attempts to wipe them. */
  class ReadJournal extends MemoryJournal {
    attempts = 0;
    left = 0;

    override async wipe(): Promise<boolean> {
      this.attempts += 1;
      this.left -= 1;
      return this.left < 0;
    }
  }

  /** A log with one event, and what redacts it. */
  async function opened() {
    const journal = new ReadJournal({ now: () => new Date() });
    const reported: string[] = [];
    const report = (message: string, error: unknown) => reported.push(`${message}: ${(error as Error).message}`);
    const log = new EventLog(journal, { ...options, report, wipingPause: 1 });
    await log.open();
    const { events } = (await log.append(commit('a secret'))) as Batch;
    const { stream, id } = events[0] as RecordedEvent;
    const data = { eventId: id, remainder: '0'.repeat(64), shown: [], reason: 'A leak' };
    const redaction = { type: 'event.redacted', organizationId: 'default', data } as const;
    const writes = [{ stream, expected: 'exists' as const, events: [redaction] }];
    return { journal, log, reported, redacting: { ...commit(), writes, redactions: [{ position: 1, text: '{}' }] } };
  }

  test('a redaction is answered when they are wiped', async () => {
    const { journal, log, reported, redacting } = await opened();
    journal.attempts = 0;
    journal.left = 3;
    expect(await log.append(redacting)).toMatchObject({ kind: 'appended' });
    expect([journal.attempts, reported]).toEqual([4, []]);
    await log.append(commit('next'));
    expect(journal.attempts).toBe(4);
    await log.close();
  });

  test('for too long, that is reported, and the next commits try again until it is done', async () => {
    const { journal, log, reported, redacting } = await opened();
    journal.left = 1_000;
    expect(await log.append(redacting)).toMatchObject({ kind: 'appended' });
    expect(reported).toEqual([
      "redacted text is still in the journal's files: Another connection is reading them: the next commits try again.",
    ]);
    journal.attempts = 0;
    journal.left = 1;
    for (const name of ['b', 'c', 'd', 'e']) await log.append(commit(name));
    await log.close();
    expect(journal.attempts).toBe(2);
  });
});
