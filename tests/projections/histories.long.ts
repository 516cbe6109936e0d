// A replay gives the live state after long histories too, in which much was redacted: texts that were different when they
// were folded are equal when they are replayed.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/models.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { longHistory } from '../support/histories.ts';

test('a replay of a long history gives the live state', async () => {
  await fc.assert(
    fc.asyncProperty(longHistory(), async (play) => {
      const { events, live } = await play();
      for (const [name, projection] of Object.entries(PROJECTIONS as Record<string, Projection<unknown>>)) {
        const replayed = stateHash(fold(projection, events));
        expect([name, replayed]).toEqual([name, stateHash(live[name as keyof typeof live])]);
      }
    }),
    { numRuns: 120 },
  );
});
