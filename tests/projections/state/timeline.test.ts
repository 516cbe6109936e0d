// A timeline against an array with a statement for each second, and a tree of intervals against a list.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, IntervalTree } from '../../../projections/state/interval-tree.ts';
import { causeOf, LEVELS, levelOf, statement, Timeline } from '../../../projections/state/timeline.ts';
import { sized } from '../../support/size.ts';

const LENGTH = 3_000;
const second = fc.nat(LENGTH - 1);
const span = fc
  .tuple(second, fc.oneof(second, fc.nat(20)))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));
const change = fc.record({
  kind: fc.constantFrom('say', 'say', 'raise', 'move'),
  span: fc.oneof(
    second.map((from) => ({ from, to: from + 1 })),
    span,
  ),
  level: fc.nat(4),
});

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

/** What was said of each second, after a change. */
function plainly(plain: readonly number[], { kind, span: { from, to }, level }: Change, said: number): number[] {
  const after = (was: number): number => {
    if (kind === 'move' || (kind === 'raise' && level < levelOf(was))) return was;
    if (kind === 'say' || level > levelOf(was)) return said;
    return level === 0 ? was : Math.min(was, said);
  };
  return plain.map((was, at) => (at >= from && at < to ? after(was) : was));
}

function changed(timeline: Timeline, { kind, span: { from, to } }: Change, said: number): Timeline {
  if (kind === 'raise') return timeline.raised({ from, to, said });
  if (kind === 'say' && to === LENGTH) return timeline.saidFrom(from, said);
  // A part is put back where it came from.
  return timeline.replaced(kind === 'move' ? timeline.part(from, to) : Timeline.constant({ from, to, said }));
}

test('a timeline holds, sums and lists what was said of each second', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 200, maxLength: 400, size: 'max' }), span, (changes, { from, to }) => {
      let timeline = Timeline.constant({ from: 0, to: LENGTH, said: statement(0, 0) });
      let plain = new Array<number>(LENGTH).fill(statement(0, 0));
      for (const [index, each] of changes.entries()) {
        const said = statement(each.level, index + 1);
        timeline = changed(timeline, each, said);
        plain = plainly(plain, each, said);
      }
      expect(Array.from({ length: LENGTH }, (_, at) => timeline.at(at))).toEqual(plain);
      const counts = new Array<number>(LEVELS).fill(0);
      timeline.addSeconds(from, to, counts);
      const within = plain.slice(from, to);
      expect(counts).toEqual(counts.map((_, level) => within.filter((said) => levelOf(said) === level).length));
      const runs = [...timeline.runs(from, to)];
      expect(runs.flatMap((run) => new Array(run.to - run.from).fill(run.said))).toEqual(within);
      expect(runs.filter(({ said }, index) => said === runs[index + 1]?.said)).toEqual([]);
    }),
    { numRuns: sized(5, 200), endOnFailure: true },
  );
});

test('a statement is a level and what caused it', () => {
  expect([levelOf(statement(3, 4_182)), causeOf(statement(3, 4_182))]).toEqual([3, 4_182]);
});

const interval = fc.record({ from: fc.nat(100), length: fc.nat(30), key: fc.constantFrom('a', 'b', 'c') });

test('a tree of intervals holds what was added and not removed, and finds what overlaps', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(interval, fc.boolean()), { minLength: 100, maxLength: 400, size: 'max' }),
      fc.tuple(fc.nat(130), fc.nat(130)),
      (changes, [a, b]) => {
        let tree = IntervalTree.empty<Interval>();
        let plain: Interval[] = [];
        for (const [{ from, length, key }, isAdded] of changes) {
          const item = { from, to: from + length, key };
          tree = isAdded ? tree.with(item) : tree.without(item);
          plain = plain.filter((each) => !(each.from === item.from && each.to === item.to && each.key === key));
          if (isAdded) plain.push(item);
        }
        plain.sort((x, y) => x.from - y.from || x.to - y.to || (x.key < y.key ? -1 : 1));
        expect([...tree]).toEqual(plain);
        expect(tree.isEmpty).toBe(plain.length === 0);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const overlapping = plain.filter((each) => each.from < to && Math.max(each.to, each.from + 1) > from);
        expect([...tree.overlapping(from, to)]).toEqual(
          overlapping.filter((each) => each.to > from || each.from >= from),
        );
      },
    ),
    { numRuns: sized(30, 500), endOnFailure: true },
  );
});
