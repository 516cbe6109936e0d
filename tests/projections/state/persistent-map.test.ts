// The persistent map does what a Map does, and what it was before a change stays as it was.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PersistentMap } from '../../../projections/state/persistent-map.ts';

interface Step {
  readonly key: string;
  /** None to delete the key. */
  readonly value: number | undefined;
}

const key = fc.oneof(fc.uuid(), fc.string({ maxLength: 2 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ key, value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ key, value: fc.constant(undefined) }) },
);

/** Steps of which many come back to the same keys. */
const steps = fc.array(step, { maxLength: 200 }).map((all) => [...all, ...all.toReversed()]);

function changed(map: PersistentMap<number>, { key, value }: Step): PersistentMap<number> {
  return value === undefined ? map.delete(key) : map.set(key, value);
}

function change(map: Map<string, number>, { key, value }: Step): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function sorted(entries: Iterable<readonly [string, number]>): (readonly [string, number])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('a persistent map', () => {
  test('holds what a Map holds after the same changes, and so does every version before', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const model = new Map<string, number>();
        const versions: [PersistentMap<number>, [string, number][]][] = [];
        let map = PersistentMap.empty<number>();
        for (const one of all) {
          change(model, one);
          map = changed(map, one);
          versions.push([map, [...model]]);
          expect(map.get(one.key)).toBe(one.value);
          expect(map.isEmpty).toBe(model.size === 0);
        }
        for (const [version, entries] of versions) expect(sorted(version)).toEqual(sorted(entries));
      }),
      { numRuns: 50 },
    );
  });

  // Of so many keys a few share all 32 bits of their hashes.
  const keys = Array.from({ length: 300_000 }, (_, number) => `key ${number}`);

  test('tells keys apart whose hashes are the same', () => {
    let map = PersistentMap.empty<number>().setAll(keys.map((name, number) => [name, number] as const));
    expect(keys.findIndex((name, number) => map.get(name) !== number)).toBe(-1);
    map = map.setAll(keys.map((name, number) => [name, -number] as const));
    expect(keys.findIndex((name, number) => map.get(name) !== -number)).toBe(-1);
    expect([...map.values()]).toHaveLength(keys.length);
    const odd = keys.filter((_, number) => number % 2 === 1);
    for (const name of odd) map = map.delete(name);
    expect(keys.findIndex((name, number) => map.has(name) === (number % 2 === 1))).toBe(-1);
    for (const name of keys) map = map.delete(name);
    expect(map.isEmpty).toBe(true);
  });

  test('is itself where there is nothing to delete', () => {
    const map = PersistentMap.empty<number>().set('a', 1);
    expect(map.delete('b')).toBe(map);
  });
});
