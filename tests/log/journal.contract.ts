// What every journal promises, whatever it is made of.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { CHAIN_START } from '../../projections/chain/chain.ts';
import type { EventType } from '../../projections/events/event-types.ts';
import { chainHash, digest } from '../../src/log/chain.ts';
import type { Expected } from '../../src/log/commit.ts';
import { decode } from '../../src/log/encoding.ts';
import { type Journal, KEY_LIFETIME, type Outcome, type ScanOptions, type StoredEvent } from '../../src/log/journal.ts';
import { verify } from '../../src/log/verify.ts';
import type { JournalStorage, MakeStorage } from '../support/journals.ts';
import { described, keyed, naming, prepared, redacting } from '../support/prepared.ts';

export function journalContract(name: string, make: MakeStorage): void {
  describe(`${name} keeps the contract: expected versions`, () => {
    let storage: JournalStorage;
    let journal: Journal;

    // One for all: each case has a stream of its own.
    beforeAll(async () => {
      storage = await make();
      journal = storage.journal();
      await journal.open();
    });
    afterAll(() => storage.dispose());

    const cases: readonly [Expected, number, boolean][] = [
      ['no-stream', 0, true],
      ['no-stream', 2, false],
      ['exists', 0, false],
      ['exists', 2, true],
      ['any', 0, true],
      ['any', 2, true],
      [0, 0, true],
      [0, 2, false],
      [1, 0, false],
      [1, 2, false],
      [2, 2, true],
      [3, 2, false],
    ];

    test.each(cases)('%p against a stream at version %p: goes through %p', async (expected, actual, goesThrough) => {
      const stream = `service-${expected}-${actual}`;
      await journal.commit(Array.from({ length: actual }, () => naming(stream, 'any', 'before')));
      const { length } = await stored(journal);
      const [outcome] = await journal.commit([naming(stream, expected, 'new')]);
      expect(outcome).toMatchObject(
        goesThrough
          ? { kind: 'appended', events: [expect.objectContaining({ version: actual + 1 })] }
          : { kind: 'conflict', stream, expected, actual },
      );
      expect(await stored(journal)).toHaveLength(goesThrough ? length + 1 : length);
      expect(await stored(journal, { after: 0, stream })).toHaveLength(goesThrough ? actual + 1 : actual);
    });
  });

  describe(`${name} keeps the contract`, () => {
    let storage: JournalStorage;
    let journal: Journal;

    beforeEach(async () => {
      storage = await make();
      journal = storage.journal();
      await journal.open();
    });
    afterEach(() => storage.dispose());

    describe('expected versions', () => {
      test('of many commits that expect the same version exactly one wins, and the others learn the actual one', async () => {
        await journal.commit([naming('service-1', 'no-stream', 'a', 'b')]);
        const rivals = Array.from({ length: 20 }, (_, index) => naming('service-1', 2, `rival ${index}`));
        const [winner, ...others] = await journal.commit(rivals);
        expect(winner?.kind).toBe('appended');
        expect(others).toMatchObject(
          others.map(() => ({ kind: 'conflict', stream: 'service-1', expected: 2, actual: 3 })),
        );
        expect(await names(journal)).toEqual(['a', 'b', 'rival 0']);
      });

      test('no event of a type may be later than what the author has seen, in whatever stream', async () => {
        await journal.commit([naming('service-1', 'no-stream', 'a', 'b')]);
        const rival = (after: number, ...types: EventType[]) =>
          prepared({
            writes: [{ stream: `service-${newId()}`, expected: 'no-stream', events: [described('new')] }],
            unseen: { after, types },
          });
        const late = { kind: 'conflict', stream: 'service.described' };
        expect(
          await journal.commit([
            rival(1, 'service.described'),
            rival(1, 'service.created'),
            rival(2, 'service.created', 'service.described'),
            rival(3, 'service.described'),
            rival(3, 'service.described'),
          ]),
        ).toMatchObject([
          { ...late, expected: 1, actual: 2 },
          { kind: 'appended' },
          { ...late, expected: 2, actual: 3 },
          { kind: 'appended' },
          { ...late, expected: 3, actual: 4 },
        ]);
      });

      test('a guard must hold, and nothing is written to its stream', async () => {
        await journal.commit([naming('service-1', 'no-stream', 'guarded')]);
        const writes = [{ stream: 'incident-1', expected: 'no-stream' as const, events: [described('new')] }];
        const outcomes = await journal.commit([
          prepared({ writes, guards: [{ stream: 'service-1', expected: 2 }] }),
          prepared({ writes, guards: [{ stream: 'service-1', expected: 1 }] }),
        ]);
        expect(outcomes).toMatchObject([
          { kind: 'conflict', stream: 'service-1', expected: 2, actual: 1 },
          { kind: 'appended', events: [{ stream: 'incident-1', version: 1 }] },
        ]);
        expect(await names(journal)).toEqual(['guarded', 'new']);
      });
    });

    describe('commits', () => {
      test('a conflict in one write leaves nothing of the others', async () => {
        await journal.commit([naming('service-2', 'no-stream', 'first')]);
        const outcomes = await journal.commit([
          prepared({
            writes: [
              { stream: 'service-1', expected: 'no-stream', events: [described('left')] },
              { stream: 'service-2', expected: 'no-stream', events: [described('right')] },
            ],
          }),
          naming('service-1', 'no-stream', 'second'),
        ]);
        expect(outcomes).toMatchObject([
          { kind: 'conflict', stream: 'service-2', actual: 1 },
          { kind: 'appended', events: [{ stream: 'service-1', version: 1, position: 2 }] },
        ]);
        expect(await names(journal)).toEqual(['first', 'second']);
      });

      test('positions and versions are dense and in the order of the commits, over batches and streams', async () => {
        const outcomes = [
          ...(await journal.commit([naming('service-1', 'any', 'a'), naming('service-2', 'any', 'b', 'c')])),
          ...(await journal.commit([naming('service-1', 7, 'refused'), naming('service-1', 1, 'd')])),
        ];
        expect(appended(outcomes)).toEqual(await stored(journal));
        expect((await stored(journal)).map(({ position, stream, version }) => [position, stream, version])).toEqual([
          [1, 'service-1', 1],
          [2, 'service-2', 1],
          [3, 'service-2', 2],
          [4, 'service-1', 2],
        ]);
        expect(await names(journal)).toEqual(['a', 'b', 'c', 'd']);
      });

      test('an empty batch records nothing', async () => {
        expect(await journal.commit([])).toEqual([]);
        expect(await stored(journal)).toEqual([]);
      });

      test('the recorded time never decreases, even when the clock does', async () => {
        storage.clock.now = new Date('2026-01-02T00:00:00.000Z');
        await journal.commit([naming('service-1', 'any', 'a')]);
        storage.clock.now = new Date('2026-01-01T00:00:00.000Z');
        await journal.commit([naming('service-1', 'any', 'b')]);
        storage.clock.now = new Date('2026-01-03T00:00:00.000Z');
        await journal.commit([naming('service-1', 'any', 'c')]);
        expect((await stored(journal)).map(({ recordedAt }) => recordedAt)).toEqual([
          '2026-01-02T00:00:00.000Z',
          '2026-01-02T00:00:00.000Z',
          '2026-01-03T00:00:00.000Z',
        ]);
      });

      test.each([
        ['beyond the basic plane', '🟢𝕏'],
        ['a lone surrogate', 'a\ud800b'],
        ['NUL and other controls', 'a\u0000b\u001f\u2028'],
        ['quotes and backslashes', `"'\\\\u0041`],
        ['a megabyte', 'é'.repeat(1024 * 1024)],
      ])('text comes back as it was written: %s', async (_, text) => {
        await journal.commit([naming('service-é🟢', 'any', text)]);
        expect(await names(journal)).toEqual([text]);
        expect(await verify(journal.scan({ after: 0 }))).toMatchObject({ events: 1, faults: [] });
      });

      test("each organisation's events are chained to one another and to nobody else's", async () => {
        const inOrganization = (id: string, index: number) =>
          prepared({ writes: [{ stream: `service-${id}`, expected: 'any', events: [described(`${index}`, id)] }] });
        const commits = ['a', 'b', 'a', 'c', 'b', 'a'].map(inOrganization);
        await journal.commit(commits.slice(0, 3));
        await journal.commit(commits.slice(3));
        for (const id of ['a', 'b', 'c']) {
          const own = (await stored(journal)).filter(({ organizationId }) => organizationId === id);
          expect(own.map(({ hash }) => hash)).toEqual(chainOf(own));
        }
      });

      test('what was written verifies', async () => {
        await journal.commit([
          naming('service-1', 'any', 'a', 'b', 'c'),
          prepared({
            writes: [
              { stream: 'service-2', expected: 'any', events: [described('d', 'acme')] },
              { stream: 'service-3', expected: 'any', events: [described('e')] },
            ],
          }),
        ]);
        const { hash } = (await stored(journal))[3] as StoredEvent;
        expect(await verify(journal.scan({ after: 0 }))).toMatchObject({
          events: 5,
          heads: { acme: { position: 4, hash }, default: { position: 5 } },
          faults: [],
        });
      });
    });

    describe('redactions', () => {
      const first = async () => (await stored(journal))[0] as StoredEvent;

      test('blank the text, in every order of reading, and keep its digest and all the rest', async () => {
        await journal.commit([naming('service-1', 'any', 'a secret', 'b')]);
        const [secret, other] = (await stored(journal)) as [StoredEvent, StoredEvent];
        const outcomes = await journal.commit([redacting(secret)]);
        const text = secret.text.replace('a secret', '[redacted]').replace(/"salt":"[^"]+"/, '"salt":null');
        const after = [{ ...secret, text, textDigest: digest(secret.text) }, other, ...appended(outcomes)];
        expect(await stored(journal)).toEqual(after);
        expect(await stored(journal, { after: 0, stream: 'service-1' })).toEqual(after);
        expect(await verify(journal.scan({ after: 0 }))).toMatchObject({ events: 3, faults: [] });
        expect(await journal.wipe()).toBe(true);
      });

      test('a second one of the same event leaves the digest of what there was at first', async () => {
        await journal.commit([naming('service-1', 'any', 'a secret')]);
        const { text } = await first();
        await journal.commit([redacting(await first())]);
        await journal.commit([redacting(await first())]);
        expect((await first()).textDigest).toBe(digest(text));
      });

      test('a refused commit blanks nothing', async () => {
        await journal.commit([naming('service-1', 'any', 'a secret')]);
        const before = await stored(journal);
        expect(await journal.commit([redacting(await first(), 7)])).toMatchObject([{ kind: 'conflict' }]);
        expect(await stored(journal)).toEqual(before);
      });
    });

    describe('idempotency keys', () => {
      test('the same key and fingerprint again is a duplicate of the first, in one batch and later', async () => {
        const duplicate = { kind: 'duplicate', first: 2, last: 2 };
        await journal.commit([naming('service-1', 'any', 'before')]);
        const [first, second] = await journal.commit([keyed('key', 'same'), keyed('key', 'same')]);
        const [third] = await journal.commit([keyed('key', 'same')]);
        expect([first?.kind, second, third]).toEqual(['appended', duplicate, duplicate]);
        expect(await journal.findKey('key')).toEqual({ fingerprint: 'same', first: 2, last: 2 });
        expect(await stored(journal)).toHaveLength(2);
      });

      test('the same key for something else is refused, in one batch and later', async () => {
        const [, second] = await journal.commit([keyed('key', 'one'), keyed('key', 'other')]);
        const [third] = await journal.commit([keyed('key', 'other')]);
        expect([second, third]).toEqual([{ kind: 'key-reused' }, { kind: 'key-reused' }]);
        expect(await stored(journal)).toHaveLength(1);
      });

      test('a duplicate is one although its stream has moved on', async () => {
        const commit = prepared({
          writes: [{ stream: 'service-1', expected: 'no-stream', events: [described('a'), described('b')] }],
          key: { id: 'key', fingerprint: 'same' },
        });
        await journal.commit([commit]);
        expect(await journal.commit([commit])).toEqual([{ kind: 'duplicate', first: 1, last: 2 }]);
      });

      test('a refused commit does not use up its key', async () => {
        await journal.commit([naming('service-1', 'any', 'before')]);
        const key = { id: 'key', fingerprint: 'same' };
        const write = { stream: 'service-1', events: [described('new')] };
        const outcomes = await journal.commit([
          prepared({ writes: [{ ...write, expected: 'no-stream' }], key }),
          prepared({ writes: [{ ...write, expected: 1 }], key }),
        ]);
        expect(outcomes.map(({ kind }) => kind)).toEqual(['conflict', 'appended']);
      });

      test('an unknown key is not found', async () => {
        expect(await journal.findKey('key')).toBeUndefined();
      });

      test('a key is known for its whole lifetime', async () => {
        await journal.commit([keyed('key', 'same')]);
        storage.clock.now = new Date(storage.clock.now.getTime() + KEY_LIFETIME);
        await journal.commit([keyed('new', 'same')]);
        expect(await journal.commit([keyed('key', 'same')])).toMatchObject([{ kind: 'duplicate' }]);
      });

      test('expired keys go as new ones come', async () => {
        const old = Array.from({ length: 10 }, (_, index) => `old ${index}`);
        await journal.commit(old.map((id) => keyed(id, 'same')));
        storage.clock.now = new Date(storage.clock.now.getTime() + KEY_LIFETIME + 1);
        await journal.commit(Array.from({ length: 5 }, (_, index) => keyed(`new ${index}`, 'same')));
        expect(await Promise.all(old.map((id) => journal.findKey(id)))).toEqual(old.map(() => undefined));
        expect(await journal.findKey('new 0')).toBeDefined();
        expect(await journal.commit([keyed('old 0', 'other')])).toMatchObject([{ kind: 'appended' }]);
      });
    });

    describe('scans', () => {
      /** 2,500 events, of which every fifth is in `service-0`. */
      const fill = async (journal: Journal) => {
        const commits = Array.from({ length: 500 }, (_, index) => [
          naming('service-0', 'any', `${index}`),
          naming(`service-${index + 1}`, 'any', 'a', 'b', 'c', 'd'),
        ]);
        await journal.commit(commits.flat());
      };
      /** Where these are, only to be read. */
      let filled: JournalStorage;
      let full: Journal;

      beforeAll(async () => {
        filled = await make();
        full = filled.journal();
        await full.open();
        await fill(full);
      });
      afterAll(() => filled.dispose());

      test('pages hold every event once, in order, and none is empty', async () => {
        const pages: (readonly StoredEvent[])[] = [];
        for await (const page of full.scan({ after: 0 })) pages.push(page);
        expect(pages.length).toBeGreaterThan(1);
        expect(pages.every(({ length }) => length > 0)).toBe(true);
        expect(positions(pages.flat())).toEqual(range(1, 2500));
      });

      test.each<[ScanOptions, readonly number[]]>([
        [{ after: 2490 }, range(2491, 2500)],
        [{ after: 2500 }, []],
        [{ after: 9999 }, []],
        [{ after: 0, until: 3 }, [1, 2, 3]],
        [{ after: 990, until: 2010 }, range(991, 2010)],
        [{ after: 10, until: 10 }, []],
        [{ after: 0, stream: 'service-0' }, range(0, 499).map((index) => 1 + 5 * index)],
        [{ after: 6, stream: 'service-0', until: 16 }, [11, 16]],
        [{ after: 0, stream: 'service-none' }, []],
      ])('%j', async (options, expected) => {
        expect(positions(await stored(full, options))).toEqual(expected);
      });

      test('an empty log has no pages', async () => {
        expect(await stored(journal)).toEqual([]);
      });

      test('a scan that is overtaken by appends skips nothing', async () => {
        const many = (count: number) => naming('service-1', 'any', ...Array.from({ length: count }, () => 'x'));
        await journal.commit([many(500)]);
        const seen: StoredEvent[] = [];
        for await (const page of journal.scan({ after: 0 })) {
          seen.push(...page);
          if (seen.length < 2500) await journal.commit([many(1000)]);
        }
        expect(positions(seen)).toEqual(range(1, 2500));
      });

      test('a scan that is given up disturbs nothing', async () => {
        await fill(journal);
        for await (const page of journal.scan({ after: 0 })) {
          expect(page[0]?.position).toBe(1);
          break;
        }
        expect(await journal.commit([naming('service-0', 500, 'next')])).toMatchObject([{ kind: 'appended' }]);
      });
    });
  });
}

/** What a journal promises besides when it says that it is durable. */
export function durableJournalContract(name: string, make: MakeStorage): void {
  describe(`${name} keeps the contract of durable journals`, () => {
    let storage: JournalStorage;
    let journal: Journal;

    beforeEach(async () => {
      storage = await make();
      await reopen();
    });
    afterEach(() => storage.dispose());

    const reopen = async () => {
      await journal?.close();
      journal = storage.journal();
      await journal.open();
    };

    test('it says so', () => {
      expect(journal.capabilities.durable).toBe(true);
    });

    test('what was acknowledged is there again, byte by byte', async () => {
      const outcomes = await journal.commit([
        naming('service-1', 'any', 'a\ud800\u0000', '🟢'),
        naming('service-2', 'any', 'é'),
      ]);
      await reopen();
      expect(await stored(journal)).toEqual(appended(outcomes));
    });

    test('positions, versions, times and chains go on where they were', async () => {
      storage.clock.now = new Date('2026-01-02T00:00:00.000Z');
      await journal.commit([naming('service-1', 'any', 'a', 'b')]);
      await reopen();
      storage.clock.now = new Date('2026-01-01T00:00:00.000Z');
      expect(await journal.commit([naming('service-1', 1, 'refused'), naming('service-1', 2, 'c')])).toMatchObject([
        { kind: 'conflict', actual: 2 },
        { kind: 'appended', events: [{ position: 3, version: 3, recordedAt: '2026-01-02T00:00:00.000Z' }] },
      ]);
      expect(await verify(journal.scan({ after: 0 }))).toMatchObject({ events: 3, faults: [] });
    });

    test('idempotency keys are remembered', async () => {
      await journal.commit([keyed('key', 'same')]);
      await reopen();
      expect(await journal.commit([keyed('key', 'same'), keyed('key', 'other')])).toEqual([
        { kind: 'duplicate', first: 1, last: 1 },
        { kind: 'key-reused' },
      ]);
    });

    test('a journal that is closed refuses everything, and closes again without complaint', async () => {
      await journal.close();
      const refused = expect.objectContaining({ name: 'JournalError', code: 'failed' });
      await expect(journal.commit([naming('service-1', 'any', 'a')])).rejects.toEqual(refused);
      await expect(journal.findKey('key')).rejects.toEqual(refused);
      await expect(stored(journal)).rejects.toEqual(refused);
      await journal.close();
    });
  });
}

async function stored(journal: Journal, options: ScanOptions = { after: 0 }): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of journal.scan(options)) events.push(...page);
  return events;
}

async function names(journal: Journal): Promise<readonly unknown[]> {
  return (await stored(journal)).map((event) => decode(event).data).map((data) => 'name' in data && data.name);
}

function appended(outcomes: readonly Outcome[]): readonly StoredEvent[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
}

function chainOf(events: readonly StoredEvent[]): readonly string[] {
  let previous = CHAIN_START;
  return events.map(({ recordedAt, text, meta }) => {
    previous = chainHash({ previous, recordedAt, text, meta });
    return previous;
  });
}

function positions(events: readonly StoredEvent[]): readonly number[] {
  return events.map(({ position }) => position);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
