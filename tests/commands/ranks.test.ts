// Ranks: any wanted order results from as few new ranks as possible.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byRank, MAX_RANK } from '../../projections/events/rank.ts';
import { ranksFor, type Sibling } from '../../src/commands/ranks.ts';

const sibling = (id: string, rank: string | null, origin = id.charCodeAt(0), arrives = false): Sibling => ({
  id,
  rank,
  origin,
  arrives,
});

/** The order of the siblings once they have their new ranks. */
function orderAfter(wanted: readonly Sibling[]): string[] {
  const ranks = ranksFor(wanted);
  const ranked = wanted.map((each) => ({ ...each, rank: ranks.get(each.id) ?? (each.arrives ? null : each.rank) }));
  return ranked.sort(byRank).map(({ id }) => id);
}

const idsOf = (siblings: readonly Sibling[]) => siblings.map(({ id }) => id);

/** Few different ranks, so that some are equal; some siblings have none, some come from elsewhere. */
const wantedOrder = fc
  .uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z]{3}$/),
      rank: fc.constantFrom('a0', 'a1', 'a1V', 'a2', 'a3', 'Zz', null),
      origin: fc.nat(10_000),
      arrives: fc.boolean(),
    }),
    { selector: ({ origin }) => origin, maxLength: 12 },
  )
  .map((siblings) => siblings.map((each, index) => ({ ...each, id: `${each.id}${index}` })));

test('give any wanted order', () => {
  fc.assert(
    fc.property(wantedOrder, (wanted) => {
      expect(orderAfter(wanted)).toEqual(idsOf(wanted));
    }),
    { numRuns: 500 },
  );
});

test('are none if the order is as wanted already', () => {
  fc.assert(
    fc.property(wantedOrder, (wanted) => {
      const here = wanted.filter(({ arrives }) => !arrives).sort(byRank);
      expect(ranksFor(here).size).toBe(0);
    }),
  );
});

describe('are as few as possible', () => {
  const [a, b, c, d] = [sibling('a', 'a0'), sibling('b', 'a1'), sibling('c', 'a2'), sibling('d', 'a3')] as const;

  test.each<[string, readonly Sibling[], readonly string[]]>([
    ['the one that moves forward', [d, a, b, c], ['d']],
    ['the one that moves back', [b, c, d, a], ['a']],
    ['two that change places', [a, c, b, d], ['c']],
    ['the one that comes from elsewhere', [a, sibling('x', 'a0', 1, true), b], ['x']],
    ['the first of those without a rank', [sibling('z', null), a, sibling('x', null), sibling('y', null)], ['z']],
  ])('%s', (_what, wanted, moved) => {
    expect([...ranksFor(wanted).keys()].length).toBe(moved.length);
    expect(orderAfter(wanted)).toEqual(idsOf(wanted));
    if (moved[0] !== 'c') expect([...ranksFor(wanted).keys()]).toEqual(moved);
  });
});

describe('are all given anew', () => {
  test('where something must come between two equal ones', () => {
    const wanted = [sibling('a', 'a5'), sibling('x', null, 99, true), sibling('b', 'a5')];
    expect([...ranksFor(wanted)]).toEqual([
      ['a', 'a0'],
      ['x', 'a1'],
      ['b', 'a2'],
    ]);
  });

  test('where a rank would become too long, or is of another kind', () => {
    const close = [`a${'0'.repeat(MAX_RANK - 2)}1`, `a${'0'.repeat(MAX_RANK - 2)}2`] as const;
    for (const [before, after] of [close, ['?', 'a0']] as const) {
      const wanted = [sibling('a', before), sibling('x', null, 99, true), sibling('b', after)];
      expect([...ranksFor(wanted).values()]).toEqual(['a0', 'a1', 'a2']);
    }
  });

  test('never longer than they may be, however often something is put at the same place', () => {
    let siblings: Sibling[] = [sibling('a', 'a0'), sibling('b', 'a1')];
    for (let round = 0; round < 1_000; round += 1) {
      const moved = siblings.at(-1) as Sibling;
      const wanted = [siblings[0] as Sibling, moved, ...siblings.slice(1, -1)];
      const ranks = ranksFor(wanted);
      siblings = wanted.map((each) => ({ ...each, rank: ranks.get(each.id) ?? each.rank }));
      expect(Math.max(...siblings.map(({ rank }) => rank?.length ?? 0))).toBeLessThanOrEqual(MAX_RANK);
      siblings = [...siblings].sort(byRank);
    }
  });
});
