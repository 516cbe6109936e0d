// The history of rooms: places in the sequence, and what a client missed, within bounds.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EntityUpdate, Resume } from '../../src/realtime/protocol.ts';
import { RoomHistory } from '../../src/realtime/room-history.ts';
import type { Unplaced } from '../../src/realtime/updates.ts';
import { sized } from '../support/size.ts';

const ROOMS = ['org:a', 'org:b', 'tenant:c'];

function unplaced(room: string, position: number): Unplaced {
  const timestamp = '2026-01-01T00:00:00.000Z';
  const data = { id: `${room} ${position}` } as Unplaced['data'];
  return { type: 'service-update', data, timestamp, room, log: 'one', position };
}

/** Updates in commit order: each `advance` of 0 is one more update of the same event. */
const spoken = fc
  .array(fc.record({ room: fc.constantFrom(...ROOMS), advance: fc.nat(2) }), { maxLength: 80 })
  .map((steps) => {
    let position = 1;
    return steps.map(({ room, advance }) => {
      position += advance;
      return unplaced(room, position);
    });
  });

const limits = fc
  .record({ perRoom: fc.integer({ min: 1, max: 8 }), spare: fc.nat(20) })
  .map(({ perRoom, spare }) => ({ perRoom, total: 2 * perRoom + spare }));

/** What a client that has all up to `after`, of `after` itself the first `seen`, is missing in the room. */
function missed(
  all: readonly EntityUpdate[],
  room: string,
  { after, seen }: Resume & { after: number },
): EntityUpdate[] {
  const heard = all.filter((update) => update.room === room);
  const rest = seen === undefined ? [] : heard.filter(({ position }) => position === after).slice(seen);
  return [...rest, ...heard.filter(({ position }) => position > after)];
}

describe('the place of an update', () => {
  test('is behind the previous update of its room alone', () => {
    const history = new RoomHistory({ perRoom: 10, total: 20 });
    const placed = [unplaced('org:a', 1), unplaced('org:b', 2), unplaced('org:a', 5), unplaced('org:a', 5)];
    expect(placed.map((update) => history.append(update).prev)).toEqual([0, 0, 1, 5]);
  });

  test('does not depend on what was forgotten', () => {
    fc.assert(
      fc.property(spoken, limits, (updates, bounds) => {
        const bounded = new RoomHistory(bounds);
        const endless = new RoomHistory({ perRoom: 1_000, total: 10_000 });
        for (const update of updates) expect(bounded.append(update)).toEqual(endless.append(update));
      }),
    );
  });
});

test('a room that forgets keeps its sequence, tells nothing of before, and other rooms remember', () => {
  const history = new RoomHistory({ perRoom: 10, total: 20 });
  for (const position of [1, 2]) for (const room of ROOMS) history.append(unplaced(room, position));
  history.forget('org:a');
  expect(history.since('org:a', { after: 1 })).toBeUndefined();
  expect(history.since('org:a', { after: 2 })).toEqual([]);
  expect(history.since('org:b', { after: 1 })).toHaveLength(1);
  expect(history.append(unplaced('org:a', 5)).prev).toBe(2);
  expect(history.since('org:a', { after: 1 })).toBeUndefined();
  expect(history.since('org:a', { after: 2 })).toMatchObject([{ position: 5 }]);
});

test('a history that goes on from where another one ended gives the same places, and tells who was there before nothing wrong', () => {
  fc.assert(
    fc.property(spoken, spoken, (earlier, later) => {
      const bounds = { perRoom: 1_000, total: 10_000 };
      const whole = new RoomHistory(bounds);
      for (const update of earlier) whole.append(update);
      const resumed = new RoomHistory(bounds);
      resumed.seed(rewritten(whole));
      const end = earlier.at(-1)?.position ?? 0;
      const shifted = later.map(({ room, position }) => unplaced(room, end + position));
      for (const update of shifted) expect(resumed.append(update)).toEqual(whole.append(update));
      const last = shifted.at(-1)?.position ?? end;
      for (const room of ROOMS) {
        const told = Array.from({ length: last + 1 }, (_, after) => whole.since(room, { after }));
        told.forEach((expected, after) => {
          // What it heard before, it does not know any more, and says so.
          const forgotten = after < end ? [undefined] : [];
          expect([expected, ...forgotten]).toContainEqual(resumed.since(room, { after }));
        });
      }
    }),
  );
});

/** Where the rooms of a history end, written down and read again. */
function rewritten(history: RoomHistory) {
  const { codec } = history;
  const parts = [...codec.encode(history.capture())].map((part) => JSON.parse(JSON.stringify(part)));
  return parts.reduce((ends, part) => codec.decode(ends, part), codec.initial);
}

describe('what a client missed', () => {
  test('is what was said after it left off, wherever it is answered at all', () => {
    const asked = fc.record({ room: fc.constantFrom(...ROOMS), at: fc.nat(), seen: fc.option(fc.nat(3)) });
    fc.assert(
      fc.property(spoken, limits, asked, (updates, bounds, { room, at, seen }) => {
        const history = new RoomHistory(bounds);
        const all = updates.map((update) => history.append(update));
        const left = { after: at % ((all.at(-1)?.position ?? 0) + 2), seen: seen ?? undefined };
        const answer = history.since(room, left);
        expect(answer ?? 'not known').toEqual(answer ? missed(all, room, left) : 'not known');
      }),
      { numRuns: sized(500, 2_000) },
    );
  });

  test('is always known at the end of the sequence, where nothing was missed', () => {
    fc.assert(
      fc.property(spoken, limits, (updates, bounds) => {
        const history = new RoomHistory(bounds);
        const last = updates.map((update) => history.append(update)).at(-1)?.position ?? 0;
        for (const room of ROOMS) expect(history.since(room, { after: last })).toEqual([]);
      }),
    );
  });

  test('is known of a room that speaks alone for as many updates as it is promised', () => {
    fc.assert(
      fc.property(limits, fc.nat(40), (bounds, count) => {
        const history = new RoomHistory(bounds);
        for (let position = 1; position <= count; position++) history.append(unplaced('org:a', position));
        const promised = Math.min(bounds.perRoom, count);
        expect(history.since('org:a', { after: count - promised })).toHaveLength(promised);
      }),
    );
  });

  test('is not told by halves where the forgetting cut through the updates of one event', () => {
    const history = new RoomHistory({ perRoom: 1, total: 10 });
    for (const position of [4, 4]) history.append(unplaced('org:a', position));
    expect(history.since('org:a', { after: 4, seen: 1 })).toBeUndefined();
    expect(history.since('org:a', { after: 3 })).toBeUndefined();
    expect(history.since('org:a', { after: 4 })).toEqual([]);
  });
});

describe('what is kept', () => {
  /** How many updates of the room can still be told. */
  const told = (history: RoomHistory, room: string, last: number) =>
    Math.max(...Array.from({ length: last + 1 }, (_, after) => history.since(room, { after })?.length ?? 0));

  test('stays below twice what a room is promised, and within the total', () => {
    fc.assert(
      fc.property(spoken, limits, (updates, bounds) => {
        const history = new RoomHistory(bounds);
        for (const update of updates) history.append(update);
        const counts = ROOMS.map((room) => told(history, room, updates.at(-1)?.position ?? 0));
        for (const count of counts) expect(count).toBeLessThan(2 * bounds.perRoom);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(bounds.total);
      }),
    );
  });

  test('is taken from the room that was silent longest', () => {
    const history = new RoomHistory({ perRoom: 2, total: 4 });
    const rooms = ['org:a', 'org:b', 'org:a', 'tenant:c', 'tenant:c'];
    rooms.forEach((room, index) => {
      history.append(unplaced(room, index + 1));
    });
    expect(history.since('org:b', { after: 0 })).toBeUndefined();
    expect(history.since('org:a', { after: 0 })).toHaveLength(2);
    expect(history.since('tenant:c', { after: 0 })).toHaveLength(2);
  });
});
