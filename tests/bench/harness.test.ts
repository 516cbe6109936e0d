// How the harness summarises rounds: medians, noise, and verdicts that noise alone cannot cause.
import { describe, expect, test } from '@jest/globals';
import {
  type Bench,
  type Bound,
  inTurns,
  measure,
  missedBy,
  quantile,
  type Result,
  run,
  type Scale,
} from './harness.ts';
import { table } from './table.ts';

const scale: Scale = { quick: false, rounds: 5, seconds: 0 };

/** A bench whose rounds give these numbers. The first one warms up. */
function readingOff(numbers: readonly number[], of: number | undefined, goal?: Bound): Bench {
  const line = { row: 'a row', floor: 'a floor', figure: 'a figure', kind: 'cpu', ...(goal ? { goal } : {}) } as const;
  return {
    name: 'numbers',
    prepare: async () => ({
      round: async (turn) => [{ ...line, value: numbers[turn] ?? Number.NaN, ...(of === undefined ? {} : { of }) }],
    }),
  };
}

async function resultOf(...given: Parameters<typeof readingOff>): Promise<Result> {
  const [result] = await run(readingOff(...given), scale);
  if (!result) throw new Error('There is no result.');
  return result;
}

describe('a figure', () => {
  test('is the median of the rounds after the first', async () => {
    expect(await resultOf([1_000, 1, 2, 3, 4, 90], undefined)).toMatchObject({ value: 3, measured: 3 });
  });

  test('is a ratio if there is a floor', async () => {
    expect(await resultOf([0, 8, 9, 10, 11, 12], 20)).toMatchObject({ value: 10, of: 20, measured: 0.5 });
  });

  test('has a noise that follows the spread of its rounds and is never zero', async () => {
    expect((await resultOf([0, 90, 100, 100, 110, 120], 100)).noise).toBeCloseTo(0.3, 1);
    expect((await resultOf([0, 100, 100, 100, 100, 100], 100)).noise).toBe(0.02);
  });
});

describe('a goal', () => {
  const steady = [0, 100, 100, 100, 100, 100];

  test.each<[string, Bound, Result['verdict']]>([
    ['reached from above', { atLeast: 0.99 }, 'met'],
    ['within the noise', { atLeast: 1.01 }, 'met'],
    ['missed from below', { atLeast: 1.1 }, 'missed'],
    ['kept from below', { atMost: 1.01 }, 'met'],
    ['exceeded within the noise', { atMost: 0.99 }, 'met'],
    ['exceeded', { atMost: 0.9 }, 'missed'],
  ])('%s', async (_what, goal, verdict) => {
    expect(await resultOf(steady, 100, goal)).toMatchObject({ verdict });
  });

  test('is missed by a distant figure, even if the rounds are noisy', async () => {
    const wild = [0, 200, 1_000, 2_000, 4_000, 4_100];
    expect(await resultOf(wild, 100, { atMost: 1 })).toMatchObject({ verdict: 'missed' });
  });

  test('of zero allows no noise', async () => {
    expect(await resultOf([0, 1, 1, 1, 1, 1], undefined, { atMost: 0 })).toMatchObject({ verdict: 'missed' });
  });

  test('is optional', async () => {
    expect(await resultOf(steady, 100)).toMatchObject({ verdict: 'shown' });
  });
});

describe('a bench that misses a goal', () => {
  const goal = { atMost: 5 };

  /** A bench that measures the next of these numbers each time it is run. */
  function measuring(...figures: number[]): Bench {
    return {
      name: 'numbers',
      prepare: async (given) => readingOff(new Array(6).fill(figures.shift()), undefined, goal).prepare(given),
    };
  }

  test.each([
    ['quick', [20, 3], 3, [20]],
    ['quick', [20, 30], 30, [20]],
    ['quick', [3, 20], 3, []],
    ['full', [20, 3], 20, []],
  ])('in a %s run that measures %j', async (size, figures, measured, repeated) => {
    const missed: number[] = [];
    const [result] = await measure(measuring(...figures), { ...scale, quick: size === 'quick' }, (lines) =>
      missed.push(...lines.map((line) => line.measured)),
    );
    expect(result).toMatchObject({ measured });
    expect(missed).toEqual(repeated);
  });

  test('misses none by its wall-clock time or its memory in a quick run', async () => {
    const result = await resultOf([0, 9, 9, 9, 9, 9], undefined, goal);
    const all = (['cpu', 'count', 'wall', 'memory'] as const).map((kind) => ({ ...result, kind }));
    const kinds = (quick: boolean) => missedBy(all, { ...scale, quick }).map(({ kind }) => kind);
    expect(kinds(true)).toEqual(['cpu', 'count']);
    expect(kinds(false)).toEqual(['cpu', 'count', 'wall', 'memory']);
  });
});

test('steps run in reverse order every second turn, and their results keep the original order', async () => {
  const order: string[] = [];
  const step = (name: string) => async () => {
    order.push(name);
    return name;
  };
  for (const turn of [0, 1]) expect(await inTurns(turn, [step('a'), step('b')])).toEqual(['a', 'b']);
  expect(order).toEqual(['a', 'b', 'b', 'a']);
});

test('a quantile is interpolated between its neighbours', () => {
  expect(quantile([40, 10, 30, 20], 0.5)).toBe(25);
  expect(quantile([1, 2, 3], 1)).toBe(3);
  expect(() => quantile([], 0.5)).toThrow('Nothing was measured.');
});

test('the table is Markdown with one line per row, and marks missed goals', async () => {
  const missed = await resultOf([0, 8, 9, 10, 11, 12], 20, { atLeast: 0.9 });
  const alone = await resultOf([0, 4, 4, 4, 4, 4], undefined, { atMost: 5 });
  const other = { ...missed, row: 'another row' };
  const [head, rule, ...lines] = table([missed, missed, { ...alone, floor: '–' }, other]).split('\n');
  expect(head).toMatch(/^\| what \| result, relative to/);
  expect(rule).toBe('| --- | --- |');
  const ratio = (floor: string) => `10 a figure: 0.5${floor} (≥ 0.9 ± 30 %) **missed**`;
  expect(lines).toEqual([
    `| a row | ${ratio(' of a floor')} · ${ratio('')} · 4 a figure (≤ 5 ± 2 %) |`,
    `| another row | ${ratio(' of a floor')} |`,
  ]);
});
