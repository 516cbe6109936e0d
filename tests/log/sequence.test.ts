// How commits are grouped into batches is chance: it must not show in what is recorded.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Journal, Outcome, PreparedCommit, StoredEvent } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { verify } from '../../src/log/verify.ts';
import { described, prepared } from '../support/prepared.ts';

const expectation = fc.constantFrom(
  'any' as const,
  'any' as const,
  'exists' as const,
  'no-stream' as const,
  0,
  1,
  2,
  3,
);
const event = fc.constantFrom('default', 'acme').map((organizationId) => described('x', organizationId));
const write = fc.record({
  stream: fc.constantFrom('service-1', 'service-2', 'incident-1'),
  expected: expectation,
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
});
const commit = fc
  .record(
    {
      writes: fc.uniqueArray(write, { selector: ({ stream }) => stream, minLength: 1 }),
      guards: fc.array(fc.record({ stream: fc.constantFrom('service-3', 'service-1'), expected: expectation })),
      key: fc.record({ id: fc.constantFrom('a', 'b', 'c'), fingerprint: fc.constantFrom('x', 'y') }),
    },
    { requiredKeys: ['writes'] },
  )
  .map((asked) => prepared(asked));

test('the same commits have the same outcomes and leave the same log, however they are split into batches', async () => {
  const commits = fc.array(commit, { maxLength: 30 });
  const splits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(commits, splits, async (asked, sizes) => {
      const [atOnce, split] = [newJournal(), newJournal()];
      const outcomes: Outcome[] = [];
      for (const batch of batchesOf(asked, sizes)) outcomes.push(...(await split.commit(batch)));
      expect(outcomes).toEqual(await atOnce.commit(asked));
      expect(await stored(split)).toEqual(await stored(atOnce));
      expect((await verify(split.scan({ after: 0 }))).faults).toEqual([]);
    }),
  );
});

function newJournal(): Journal {
  return new MemoryJournal({ now: () => new Date('2026-01-01T00:00:00.000Z') });
}

function batchesOf(
  commits: readonly PreparedCommit[],
  sizes: readonly number[],
): readonly (readonly PreparedCommit[])[] {
  const batches: PreparedCommit[][] = [];
  let start = 0;
  for (let turn = 0; start < commits.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    batches.push(commits.slice(start, start + size));
    start += size;
  }
  return batches;
}

async function stored(journal: Journal): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of journal.scan({ after: 0 })) events.push(...page);
  return events;
}
