// The persistent map behaves like a Map, and earlier versions stay unchanged.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PersistentMap } from '../../../projections/state/persistent-map.ts';
import { sized } from '../../support/size.ts';

interface Step {
  readonly key: string;
  /** `undefined` deletes the key. */
  readonly value: number | undefined;
}

const key = fc.oneof(fc.uuid(), fc.string({ maxLength: 2 }), fc.nat(5).map(colliding));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ key, value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ key, value: fc.constant(undefined) }) },
);

/** Steps that often use the same keys. */
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

/**
 * One of the keys that all share the 32 bits of their hashes. The hash takes in two code units at a time, and first
 * combines them with what it is by then: the second two of a key undo what the first two did.
 */
function colliding(number: number): string {
  const start = 0x811c9dc5 ^ 4;
  const product = Math.imul(start ^ number, 0x01000193);
  return twoUnits(number) + twoUnits(product ^ (product >>> 15));
}

function twoUnits(bits: number): string {
  return String.fromCharCode(bits & 0xffff, bits >>> 16);
}

describe('a persistent map', () => {
  test('equals a Map after the same changes, and so does every earlier version', () => {
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

  test('distinguishes thousands of keys with the same hash', () => {
    const count = sized(3_000, 12_000);
    const middle = count / 2;
    const keys = Array.from({ length: count }, (_, number) => colliding(number));
    let map = PersistentMap.empty<number>().setAll(keys.map((name, number) => [name, number] as const));
    // They do collide: what shares a hash is told in the reverse order of its coming, everything else in none.
    expect([...map.keys()]).toEqual(keys.toReversed());
    map = map.set(colliding(7), -7).set(colliding(0), -1);
    expect([7, 0, 8].map((number) => map.get(colliding(number)))).toEqual([-7, -1, 8]);
    expect([...map.values()]).toHaveLength(keys.length);
    const rest = map
      .delete(colliding(0))
      .delete(colliding(middle))
      .delete(colliding(count - 1));
    expect([0, middle, count - 1].filter((number) => rest.has(colliding(number)))).toEqual([]);
    const others = [1, middle - 1, middle + 1, count - 2];
    expect(others.map((number) => rest.get(colliding(number)))).toEqual(others);
    expect(map.get(colliding(middle))).toBe(middle);
  });

  test('returns itself if there is nothing to delete', () => {
    const map = PersistentMap.empty<number>().set('a', 1);
    expect(map.delete('b')).toBe(map);
  });
});
