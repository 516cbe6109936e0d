// The ordered map behaves like a Map whose keys are set in the order of their origins, and earlier versions stay
// unchanged.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OrderedMap } from '../../../projections/state/ordered-map.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.record({ key, action: fc.constantFrom('set', 'update', 'delete') });

function changed(map: OrderedMap<number>, { key, action }: { key: string; action: string }, origin: number) {
  if (action === 'set') return map.set(key, origin, origin);
  return action === 'update' ? map.update(key, (value) => -value) : map.delete(key);
}

/** Like a `Map`: a key that is set again keeps its place, and one that was deleted in between comes last. */
function change(model: Map<string, number>, { key, action }: { key: string; action: string }, value: number) {
  const before = model.get(key);
  if (action === 'set') model.set(key, value);
  else if (action === 'delete') model.delete(key);
  else if (before !== undefined) model.set(key, -before);
}

describe('an ordered map', () => {
  test('equals a Map after the same changes, and so does every earlier version', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Map<string, number>();
        const versions: [OrderedMap<number>, [string, number][]][] = [];
        let map = OrderedMap.empty<number>();
        steps.forEach((each, index) => {
          change(model, each, index + 1);
          map = changed(map, each, index + 1);
          versions.push([map, [...model]]);
          expect([map.has(each.key), map.get(each.key)]).toEqual([model.has(each.key), model.get(each.key)]);
        });
        for (const [version, entries] of versions) {
          expect([...version]).toEqual(entries);
          expect([[...version.keys()], [...version.values()]]).toEqual([
            entries.map(([name]) => name),
            entries.map(([, value]) => value),
          ]);
          expect(version.size).toBe(entries.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is ordered by origin, independent of the order of insertion, and can be rebuilt from its entries', () => {
    const map = OrderedMap.empty<string>()
      .set('late', 'b', 900)
      .set('early', 'a', 3)
      .update('late', () => 'c');
    const entries = [...map.entries()];
    expect(entries).toEqual([
      ['early', 'a', 3],
      ['late', 'c', 900],
    ]);
    const again = entries.reduce((all, [key, value, origin]) => all.set(key, value, origin), OrderedMap.empty());
    expect([...again.entries()]).toEqual(entries);
  });

  test('returns itself if there is nothing to update or to delete', () => {
    const map = OrderedMap.empty<number>().set('a', 1, 1);
    expect(map.update('b', () => 0)).toBe(map);
    expect(map.delete('b')).toBe(map);
  });
});
