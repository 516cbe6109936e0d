// The persistent sequence iterates its items in the order of their numbers, and earlier versions stay unchanged.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PersistentSequence } from '../../../projections/state/persistent-sequence.ts';

const number = fc.oneof(fc.nat(40), fc.nat(100_000), fc.maxSafeNat());
const step = fc.record({ number, isThere: fc.boolean() });
/** Steps that often use the same numbers. */
const steps = fc.array(step, { maxLength: 150 }).map((all) => [...all, ...all.toReversed()]);

test('it equals a sorted Map after the same changes, and so does every earlier version', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Map<number, string>();
      const versions: [PersistentSequence<string>, [number, string][]][] = [];
      let sequence = PersistentSequence.empty<string>();
      for (const { number, isThere } of all) {
        const value = `at ${number}`;
        if (isThere) model.set(number, value);
        else model.delete(number);
        sequence = isThere ? sequence.set(number, value) : sequence.delete(number);
        versions.push([sequence, [...model]]);
        expect(sequence.has(number)).toBe(isThere);
        expect(sequence.size).toBe(model.size);
      }
      for (const [version, entries] of versions) {
        const sorted = entries.sort(([a], [b]) => a - b);
        expect([...version]).toEqual(sorted.map(([, value]) => value));
        for (const { number } of all.slice(0, 5)) {
          const above = sorted.filter(([each]) => each >= number).map(([, value]) => value);
          expect([...version.from(number)]).toEqual(above);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('it returns itself if there is nothing to delete', () => {
  const sequence = PersistentSequence.empty<string>().set(20, 'twenty');
  expect(sequence.delete(4)).toBe(sequence);
  expect(sequence.delete(400)).toBe(sequence);
});
