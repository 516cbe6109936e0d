// What rooms are told of commits: enough to keep the very state that the read models hold, in an order without gaps.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { foldModels, type Models } from '../../projections/models.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { ReadModels, type Transition } from '../../src/read-models/read-models.ts';
import type { EntityUpdate, Snapshot, StatusUpdate } from '../../src/realtime/protocol.ts';
import { RoomHistory } from '../../src/realtime/room-history.ts';
import { encodeRoomState } from '../../src/realtime/room-state.ts';
import { entityChanges, statusOf, statusUpdates, updateOf } from '../../src/realtime/updates.ts';
import { Follower, prevsOf } from '../support/follower.ts';
import { type Step, step, take } from '../support/histories.ts';
import { sized } from '../support/size.ts';
import { received } from '../support/written.ts';

const LOG = 'one';

const entityUpdates = (transition: Transition) => entityChanges(transition).map((change) => updateOf(change, LOG));

const toldStatuses = (transition: Transition) => statusUpdates(transition, entityChanges(transition), LOG);

const ROOMS = ['org:default', 'tenant:red', 'org:acme', 'org:umbrella'];

/** How the steps moved the read models, commit by commit. */
async function transitionsOf(steps: readonly Step[]): Promise<Transition[]> {
  let time = Date.parse('2026-01-01T00:00:00.000Z');
  const journal = new MemoryJournal({ now: () => new Date(time++) });
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const log = new EventLog(journal, { newId, eventsInMemory: 10_000, maxWaiting: 10, report });
  const models = new ReadModels(log.committed$, report);
  const transitions: Transition[] = [];
  models.transitions$.subscribe((transition) => transitions.push(transition));
  await log.open();
  for (const asked of steps) await take(log, models.current, asked);
  await log.close();
  return transitions;
}

/** What every room was told of services and incidents, with its place. */
function told(transitions: readonly Transition[]): EntityUpdate[] {
  const history = new RoomHistory({ perRoom: 1_000, total: 10_000 });
  return transitions.flatMap(entityUpdates).map((update) => history.append(update));
}

function snapshotOf(models: Models, room: string, position: number): Snapshot {
  return received(encodeRoomState(models, { room, log: LOG, position }, Number.POSITIVE_INFINITY)).body as Snapshot;
}

/** The read models of an empty log. */
const NOTHING = foldModels([]);

const history = fc.array(step, { minLength: 1, maxLength: 40 });

describe('for any history', () => {
  test('updates folded on top of any snapshot give what the read models hold, in every room', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.constantFrom(...ROOMS), async (steps, room) => {
        const transitions = await transitionsOf(steps);
        const updates = told(transitions).filter((update) => update.room === room);
        const end = transitions.at(-1);
        const state = snapshotOf(end?.after ?? NOTHING, room, 0);
        for (const { before, batch } of transitions) {
          for (const follower of [new Follower(), new Follower({ isFirstVersion: true })]) {
            follower.load(snapshotOf(before, room, batch.first - 1));
            for (const update of updates.filter(({ position }) => position >= batch.first)) follower.hear(update);
            expect(follower.faults).toEqual([]);
            expect(state).toMatchObject(follower.state);
          }
        }
      }),
      { numRuns: sized(60, 200) },
    );
  });

  test("each update's prev is the position of the room's previous one, or of those of the first version", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const updates = told(await transitionsOf(steps));
        for (const room of ROOMS) {
          const ofRoom = updates.filter((update) => update.room === room);
          expect(ofRoom.map(({ prev }) => prev)).toEqual(prevsOf(ofRoom));
        }
      }),
      { numRuns: sized(20, 60) },
    );
  });

  test('an update carries position and time of the last event of the commit that changed its entity', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        for (const transition of await transitionsOf(steps)) {
          for (const { position, timestamp, data } of entityUpdates(transition)) {
            const event = transition.batch.events.find((one) => one.position === position);
            expect(event?.recordedAt).toBe(timestamp);
            if ('lastUpdated' in data && !data.deleted) expect(data.lastUpdated).toBe(timestamp);
          }
        }
      }),
      { numRuns: sized(20, 60) },
    );
  });

  test('the last status that a room was told is its status, and no other room is told one', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const transitions = await transitionsOf(steps);
        const last = new Map(transitions.flatMap(toldStatuses).map((update) => [update.room, update]));
        const end = transitions.at(-1)?.after ?? NOTHING;
        const statuses = ROOMS.map((room) => statusOf(end, room, LOG)).filter(({ position }) => position > 0);
        expect([...last.values()].sort(byRoom)).toEqual(statuses.sort(byRoom));
      }),
      { numRuns: sized(60, 200) },
    );
  });

  test('no room is told a status twice', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const updates = (await transitionsOf(steps)).flatMap(toldStatuses);
        for (const room of ROOMS) {
          const positions = updates.filter((update) => update.room === room).map(({ position }) => position);
          expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
        }
      }),
      { numRuns: sized(20, 60) },
    );
  });
});

function byRoom(a: StatusUpdate, b: StatusUpdate): number {
  return a.room.localeCompare(b.room);
}
