// The bounded map: never more than its capacity, and always at least the most recent half.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecentMap } from '../../src/bounds/recent-map.ts';

interface Weighed {
  readonly weight: number;
}

const CAPACITY = 20;
const key = fc.integer({ min: 0, max: 15 });
const weighed = fc.record({ weight: fc.integer({ min: 1, max: 12 }) });
/** Sets a key, or deletes it. */
const step = fc.record({ key, value: fc.option(weighed, { nil: undefined, freq: 6 }) });
const steps = fc.array(step, { maxLength: 100 });

interface Step {
  readonly key: number;
  readonly value: Weighed | undefined;
}

/** The entries that a map must contain: those set, and not deleted, before others of at most half its capacity. */
function surelyHeld(history: readonly Step[]): Map<number, Weighed> {
  const held = new Map<number, Weighed>();
  const seen = new Set<number>();
  let since = 0;
  for (const { key: name, value } of history.toReversed()) {
    if (since > CAPACITY / 2) break;
    if (value && !seen.has(name) && value.weight <= CAPACITY / 2) held.set(name, value);
    seen.add(name);
    since += value?.weight ?? 0;
  }
  return held;
}

/** The last operation on each key. */
function lastOf(history: readonly Step[]): Map<number, Weighed | undefined> {
  return new Map(history.map(({ key: name, value }) => [name, value]));
}

test('it contains the most recent entries, by weight, and no more than its capacity', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const map = new RecentMap<number, Weighed>(CAPACITY, ({ weight }) => weight);
      for (const [index, { key: name, value }] of history.entries()) {
        if (value) map.set(name, value);
        else map.delete(name);
        const past = history.slice(0, index + 1);
        const values = [...map.values()];
        expect(values.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(CAPACITY);
        expect(map.size).toBe(values.length);
        for (const [each, last] of lastOf(past)) expect([undefined, last]).toContain(map.get(each));
        for (const [each, held] of surelyHeld(past)) expect([map.has(each), map.get(each)]).toEqual([true, held]);
      }
    }),
    { numRuns: 300 },
  );
});

test('by number, an entry is gone after as many others as the capacity were set', () => {
  for (let before = 0; before < 10; before += 1) {
    const map = new RecentMap<string, number>(10);
    for (let index = 0; index < before; index += 1) map.set(`before ${index}`, index);
    map.set('silent', 1);
    for (let index = 0; index < 5; index += 1) map.set(`after ${index}`, index);
    expect(map.get('silent')).toBe(1);
    for (let index = 5; index < 10; index += 1) map.set(`after ${index}`, index);
    expect(map.get('silent')).toBeUndefined();
  }
});

test('an entry that is set again and again stays, with the same value or another', () => {
  const map = new RecentMap<string, number>(10);
  for (let index = 0; index < 1_000; index += 1) {
    map.set(`other ${index}`, index);
    if (index % 5 === 0) map.set('same', 7);
    if (index % 5 === 0) map.set('changing', index);
    expect([map.get('same'), map.get('changing')]).toEqual([7, index - (index % 5)]);
  }
});

test('an entry of more than half the capacity is not stored, and removes its predecessor of the same key', () => {
  const map = new RecentMap<string, number>(10, (weight) => weight);
  map.set('small', 2);
  map.set('key', 3);
  map.set('key', 6);
  expect([map.get('key'), map.get('small'), map.size]).toEqual([undefined, 2, 1]);
});

test('pruned or cleared entries are gone from both halves', () => {
  const map = new RecentMap<number, number>(10);
  const fill = () => {
    for (let index = 0; index < 9; index += 1) map.set(index, index);
  };
  fill();
  map.prune((value) => value % 2 === 0);
  expect([...map.values()]).toEqual([1, 3, 5, 7]);
  map.clear();
  expect([map.size, map.get(1), [...map.values()]]).toEqual([0, undefined, []]);
  fill();
  expect(map.size).toBe(9);
});
