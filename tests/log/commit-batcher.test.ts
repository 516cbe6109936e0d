// The commit batcher: whole commits whatever pages their events come in, and what is there of commits in a part of a log.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Batch } from '../../src/log/commit.ts';
import { CommitBatcher } from '../../src/log/commit-batcher.ts';

/** The events of commits of these sizes, in the order of the log. */
function eventsOf(sizes: readonly number[]): RecordedEvent[] {
  const commits = sizes.flatMap((size, id) =>
    Array.from({ length: size }, (_, index) => ({ id: `c${id}`, index, size })),
  );
  return commits.map((commit, index) => ({ position: index + 1, meta: { commit } }) as RecordedEvent);
}

const pieces = ({ events, first, last }: Batch) => ({ positions: events.map(({ position }) => position), first, last });

test('commits come whole, each with the page that holds its last event', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 })), fc.integer({ min: 1, max: 5 }), (sizes, pageSize) => {
      const events = eventsOf(sizes);
      const commits = new CommitBatcher();
      const batches: Batch[] = [];
      for (let start = 0; start < events.length; start += pageSize) {
        const page = events.slice(start, start + pageSize);
        for (const batch of commits.take(page)) {
          expect(page).toContain(batch.events.at(-1));
          batches.push(batch);
        }
      }
      expect(batches.map(({ events }) => events.length)).toEqual(sizes);
      expect(batches.flatMap(({ events }) => events)).toEqual(events);
      expect([...commits.rest()]).toEqual([]);
    }),
  );
});

test('in a part of a log a commit ends where the next one begins, and its batch says where it ended in the log', () => {
  const [one, , , four, , six, seven] = eventsOf([3, 2, 3]) as RecordedEvent[];
  const commits = new CommitBatcher();
  const taken = [...commits.take([one, four, six, seven] as RecordedEvent[])];
  expect([...taken, ...commits.rest()].map(pieces)).toEqual([
    { positions: [1], first: 1, last: 3 },
    { positions: [4], first: 4, last: 5 },
    { positions: [6, 7], first: 6, last: 8 },
  ]);
});
