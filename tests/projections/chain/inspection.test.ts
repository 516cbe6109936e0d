// What an inspection says of a log that someone tampered with: the position, the problem, and nothing about sound events.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Evidence } from '../../../projections/chain/evidence.ts';
import { Inspection } from '../../../projections/chain/inspection.ts';
import { sentenceOf } from '../../../projections/chain/problems.ts';
import { chainHash, digest } from '../../../src/log/chain.ts';
import type { StoredEvent } from '../../../src/log/journal.ts';
import { MemoryJournal } from '../../../src/log/memory-journal.ts';
import { described, naming, prepared, redacting } from '../../support/prepared.ts';

/** Ten events: 1–4 a commit to `service-1`, 5–6 one over two organisations, 7–10 one each to `service-1` and `service-9`. */
let log: readonly StoredEvent[];

beforeEach(async () => {
  const journal = new MemoryJournal({ now: () => new Date('2026-01-01T00:00:00.000Z') });
  await journal.commit([
    naming('service-1', 'any', 'a', 'b', 'c', 'd'),
    prepared({
      writes: [
        { stream: 'service-2', expected: 'any', events: [described('e')] },
        { stream: 'service-3', expected: 'any', events: [described('f', 'acme')] },
      ],
    }),
    naming('service-1', 'any', 'g'),
    prepared({ writes: [{ stream: 'service-9', expected: 'any', events: [described('h', 'acme')] }] }),
    naming('service-1', 'any', 'i'),
    prepared({ writes: [{ stream: 'service-9', expected: 'any', events: [described('j', 'acme')] }] }),
  ]);
  log = [];
  for await (const page of journal.scan({ after: 0 })) log = [...log, ...page];
});

test('an untouched log has no faults, and its heads are the last events of each organisation', () => {
  expect(check(log)).toEqual({
    events: 10,
    heads: { default: { position: 9, hash: at(9).hash }, acme: { position: 10, hash: at(10).hash } },
    hidden: 0,
    blanked: 0,
    withheld: 0,
    faults: [],
    faultCount: 0,
  });
});

test('an empty log has no faults', () => {
  expect(check([])).toEqual({ events: 0, heads: {}, hidden: 0, blanked: 0, withheld: 0, faults: [], faultCount: 0 });
});

test.each([
  ['text', '{"organizationId":{"toString":1},"stream":"service-1","version":7}'],
  ['text', '{"stream":{"toString":1},"version":{"toString":1},"organizationId":"default"}'],
  ['meta', '{"commit":{"id":"","index":{"toString":1},"size":1}}'],
])('a %s that has anything in place of names and numbers is a fault like others', (name, written) => {
  const exported = log.map(({ position, recordedAt, hash, text, meta }) => ({
    position,
    recordedAt,
    hash,
    text,
    meta,
  }));
  const { faults } = check(exported.map((event) => (event.position === 7 ? { ...event, [name]: written } : event)));
  expect(faults).toContainEqual({ position: 7, problem: expect.stringContaining('Its hash does not match') });
});

describe('a flip in', () => {
  test.each<[string, (event: StoredEvent) => Partial<StoredEvent>, RegExp]>([
    ['the text', ({ text }) => ({ text: text.replace('"c"', '"x"') }), /^Its hash does not match/],
    [
      'the text, so that it is no JSON',
      ({ text }) => ({ text: text.slice(1) }),
      /^Its text is not JSON\. Its hash does/,
    ],
    ['the meta', ({ meta }) => ({ meta: meta.replace('test', 'rest') }), /^Its hash does not match/],
    [
      'the meta, so that it is no JSON',
      ({ meta }) => ({ meta: meta.slice(1) }),
      /^Its meta is not JSON\. Its hash does/,
    ],
    ['the type', () => ({ type: 'service.deleted' }), /^Its columns differ from its text: type\.$/],
    ['the stream', () => ({ stream: 'service-2' }), /^Its columns differ from its text: stream\.$/],
    ['the version', () => ({ version: 4 }), /^Its columns differ from its text: version\.$/],
    ['the organisation', () => ({ organizationId: 'acme' }), /^Its columns differ from its text: organizationId/],
    ['the recorded time', () => ({ recordedAt: '2025-01-01T00:00:00.000Z' }), /^It was recorded at 2025.* Its hash/],
  ])('%s is one fault', (_, change, problem) => {
    const { faults } = check(log.map((event) => (event.position === 3 ? { ...event, ...change(event) } : event)));
    expect(faults).toEqual([{ position: 3, problem: expect.stringMatching(problem) }]);
  });

  test('a hash shows there and at the next event of the organisation, and nowhere else', () => {
    const changed = log.map((event) => (event.position === 6 ? { ...event, hash: at(1).hash } : event));
    expect(positionsOf(check(changed))).toEqual([6, 8]);
  });

  test('two places are two faults', () => {
    const changed = log.map((event) =>
      [2, 9].includes(event.position) ? { ...event, text: event.text.replace('name', 'game') } : event,
    );
    expect(positionsOf(check(changed))).toEqual([2, 9]);
  });
});

describe('a hole', () => {
  test('shows where events are missing, in the commit, in the stream and in the chain', () => {
    const { faults } = check(log.filter(({ position }) => position !== 2));
    expect(faults).toEqual([
      {
        position: 3,
        problem: [
          'Events are missing before it: positions 2 to 2.',
          'It is version 3 of service-1; expected version 2.',
          'A commit is incomplete: event 3 of 4 comes after event 1 of 4.',
          'Its hash does not match: it, or the event before it in its organisation, was changed.',
        ].join(' '),
      },
    ]);
  });

  test('shows when the rest was renumbered', () => {
    const closed = log.filter(({ position }) => position !== 8);
    expect(positionsOf(check(renumbered(closed)))).toEqual([9]);
  });

  test('of whole commits at the start shows', () => {
    expect(positionsOf(check(log.slice(6)))).toEqual([7, 8]);
  });
});

describe('an order that was changed', () => {
  test('shows at both of two swapped rows', () => {
    const swapped = [...log.slice(0, 6), at(8), at(7), ...log.slice(8)];
    expect(positionsOf(check(swapped))).toEqual([8, 7, 9]);
  });

  test('shows when two rows of an organisation swapped places and kept the numbers in order', () => {
    const swapped = [...log.slice(0, 6), at(9), at(8), at(7), at(10)];
    expect(positionsOf(check(renumbered(swapped)))).toEqual([7, 9]);
  });
});

describe('a tail that was cut', () => {
  test('shows within a commit', () => {
    expect(check(log.slice(0, 2)).faults).toEqual([
      { position: 2, problem: 'The log ends within a commit: 2 of 4 events.' },
    ]);
  });

  test('between commits shows only against heads that someone kept', () => {
    const { heads } = check(log);
    const cut = check(log.slice(0, 9));
    expect(cut.faults).toEqual([]);
    expect(cut.heads).toMatchObject({ default: heads.default, acme: { position: 8, hash: at(8).hash } });
  });
});

describe('a text that was blanked', () => {
  /** The log with these events blanked one after the other, as a journal does it. */
  async function blanked(...targets: readonly number[]): Promise<readonly StoredEvent[]> {
    const journal = new MemoryJournal({ now: () => new Date('2026-01-02T00:00:00.000Z') });
    const stored = async () => ((await journal.scan({ after: 0 }).next()).value ?? []) as readonly StoredEvent[];
    await journal.commit(['a', 'b', 'c'].map((name) => naming('service-1', 'any', name)));
    for (const position of targets) {
      const target = (await stored())[position - 1];
      if (target) await journal.commit([redacting(target)]);
    }
    return stored();
  }
  const NOT_SAID = 'Its text was replaced, but no redaction event says so.';
  const OTHER = 'The text that it blanked was changed again since.';

  test('is no fault if an event says so, also if the words of that were blanked too', async () => {
    expect(check(await blanked(2, 4))).toMatchObject({ events: 5, faults: [] });
  });

  test('is a fault if no event says so', async () => {
    const events = await blanked(2);
    expect(check(events.slice(0, 3)).faults).toEqual([{ position: 2, problem: NOT_SAID }]);
  });

  test('is a fault where something else was left in its place', async () => {
    const events = (await blanked(2)).map((event) => ({ ...event, text: event.text.replace('[redacted]', 'b') }));
    expect(check(events).faults).toEqual([{ position: 4, problem: OTHER }]);
  });

  test('is a fault if it was not what the event says', async () => {
    const events = (await blanked(2)).map((event) => ({ ...event, textDigest: null }));
    expect(check(events).faults).toMatchObject([
      { position: 2, problem: expect.stringMatching(/^Its hash does not match/) },
      { position: 4, problem: 'The event that it redacts still has its text, or is missing.' },
    ]);
  });
});

describe('what the log keeps of its end', () => {
  const keeping = (...heads: readonly [string, number, string][]) => ({
    chainHeads: new Map(heads.map(([organizationId, position, hash]) => [organizationId, { position, hash }])),
  });
  const sound = () => keeping(['default', 9, at(9).hash], ['acme', 10, at(10).hash]);

  test('is sound where it is the last event of each organisation', () => {
    expect(check([sound(), ...log, sound()]).faults).toEqual([]);
  });

  test('shows a tail that was cut', () => {
    const { faults } = check([sound(), ...log.slice(0, 9), sound()]);
    const heads = `10:${at(10).hash} as the head of acme, but its last event is 8:${at(8).hash}`;
    expect(faults).toEqual([{ position: 10, problem: `The log records ${heads}.` }]);
  });

  test.each<[string, () => Evidence, number]>([
    ['behind', () => keeping(['default', 7, at(7).hash], ['acme', 10, at(10).hash]), 9],
    ['missing', () => keeping(['acme', 10, at(10).hash]), 9],
    ['another', () => keeping(['default', 9, at(9).hash], ['acme', 10, at(8).hash]), 10],
  ])('is a fault where it is %s', (_, kept, position) => {
    expect(positionsOf(check([sound(), ...log, kept()]))).toEqual([position]);
  });

  test('is as of the end: a log that has grown meanwhile is sound', () => {
    const earlier = keeping(['default', 5, at(5).hash], ['acme', 6, at(6).hash]);
    expect(check([earlier, ...log, sound()]).faults).toEqual([]);
  });

  test('is not missed where the reading broke off', () => {
    expect(
      positionsOf(
        check([sound(), ...log.slice(0, 4), { unreadable: { name: 'unreadable', reason: 'Nothing here.' } }]),
      ),
    ).toEqual([5]);
  });
});

describe('a text that was blanked while a log was read', () => {
  const blank = (event: StoredEvent) => ({ ...event, text: remainderOf(event), textDigest: digest(event.text) });
  const remainderOf = ({ text }: StoredEvent) => text.replace('"c"', '""');
  const begun = { chainHeads: new Map() };

  /** The log with an event at its end that says that the third one was blanked. */
  async function redacted(): Promise<readonly StoredEvent[]> {
    const data = { eventId: JSON.parse(at(3).text).id, remainder: digest(remainderOf(at(3))) };
    const { organizationId, recordedAt } = at(10);
    const meta = JSON.stringify({ commit: { id: 'its own', index: 0, size: 1 } });
    const place = { position: 11, stream: 'redaction-1', version: 1, type: 'event.redacted', organizationId };
    const text = JSON.stringify({ ...place, id: 'redaction', schema: 1, data });
    const hash = chainHash({ previous: at(10).hash, recordedAt, text, meta });
    return [...log, { ...place, recordedAt, text, textDigest: null, meta, hash }];
  }

  test('is sound, whether it was read before or after', async () => {
    const [first, second, third, ...rest] = (await redacted()) as [StoredEvent, StoredEvent, StoredEvent];
    expect(check([begun, first, second, third, ...rest]).faults).toEqual([]);
    expect(check([begun, first, second, blank(third), ...rest]).faults).toEqual([]);
  });

  test('must be blank where it was blanked before', async () => {
    const { faults } = check(await redacted());
    expect(faults).toEqual([{ position: 11, problem: 'The event that it redacts still has its text, or is missing.' }]);
  });
});

test('of very many faults the first thousand are kept and all are counted', () => {
  const [first] = log as [StoredEvent];
  const { faults, faultCount } = check(Array.from({ length: 1500 }, () => ({ ...first, text: '?' })));
  expect([faults.length, faultCount]).toEqual([1000, 1501]);
});

function at(position: number): StoredEvent {
  return log[position - 1] as StoredEvent;
}

function renumbered(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return events.map((event, index) => ({ ...event, position: index + 1 }));
}

/** With the problems in sentences. */
function check(events: readonly Evidence[]) {
  const inspection = new Inspection(digest);
  for (const event of events) inspection.inspect(event);
  const { faults, ...report } = inspection.finish();
  const told = faults.map(({ position, problems }) => ({ position, problem: problems.map(sentenceOf).join(' ') }));
  return { ...report, faults: told };
}

function positionsOf({ faults }: Pick<ReturnType<typeof check>, 'faults'>): readonly number[] {
  return faults.map(({ position }) => position);
}
