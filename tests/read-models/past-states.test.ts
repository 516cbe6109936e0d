// Past states: each equals a fold up to it, for any snapshots and any that are kept, and folding it does not block the
// event loop.

import { setImmediate as nextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filter } from 'rxjs';
import { v7 as newId } from 'uuid';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { foldModels } from '../../projections/models.ts';
import { Slices } from '../../src/bounds/slices.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { PastStates } from '../../src/read-models/past-states.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { Snapshots } from '../../src/read-models/snapshots.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { stepOrRedaction, take } from '../support/histories.ts';
import { memoryStorage, sqliteStorage } from '../support/journals.ts';
import { described } from '../support/prepared.ts';
import { longTest, quickTest, sized } from '../support/size.ts';

/** Number of commits, of 1,000 events each, in a log that takes several slices to fold. */
const ROUNDS = sized(12, 30);

const report = (message: string, error: unknown) => {
  throw new Error(message, { cause: error });
};

async function open(storage: Awaited<ReturnType<typeof sqliteStorage>>, every: number, kept = 1_000_000_000) {
  const journal = storage.journal();
  const log = new EventLog(journal, { newId, eventsInMemory: 5, maxWaiting: 100_000, report });
  const models = new ReadModels(log.committed$, report);
  const snapshots = new Snapshots(journal, { participants: models.participants, every, atShutdown: 1_000, report });
  await log.open();
  snapshots.keepUp(log.committed$);
  const states = new PastStates(journal, { kept, detour: 3 });
  log.committed$.pipe(filter(({ redacted }) => redacted !== undefined)).subscribe(() => states.forget());
  const at = (position: number) => states.at(position, new Slices());
  return { log, models, snapshots, at };
}

async function collect(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of log.read()) events.push(event);
  return events;
}

/** The events of the commits that were complete at this position. */
function wholeAt(events: readonly RecordedEvent[], position: number): RecordedEvent[] {
  return events.filter((event) => {
    const { index, size } = event.meta.commit;
    return event.position + size - 1 - index <= position;
  });
}

test.each([
  ['many', 1_000_000_000],
  ['a few', 10_000],
  ['no', 0],
])('the read models at any position equal a fold up to it, with %s states kept', async (_many, kept) => {
  const steps = fc.array(stepOrRedaction, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const storage = await sqliteStorage();
      const { log, models, snapshots, at } = await open(storage, 7, kept);
      for (const each of history) {
        await take(log, models.current, each);
        // What is kept of a past must not outlive a redaction.
        await at(Math.floor(log.position / 2));
      }
      await snapshots.finish(log.position);
      const events = await collect(log);
      const positions = Array.from({ length: log.position + 1 }, (_, position) => position);
      // First forwards, as each is folded onto the one before, then backwards.
      for (const position of [...positions, ...positions.reverse()].filter((each) => each % 3 === 0)) {
        expect(stateHash(await at(position))).toBe(stateHash(foldModels(wholeAt(events, position))));
      }
      await log.close();
      await storage.dispose();
    }),
    { numRuns: sized(3, 5), endOnFailure: true },
  );
});

quickTest('other requests are served while a past is folded', async () => {
  const storage = await memoryStorage();
  const { log, at } = await open(storage, 1_000_000);
  const events = Array.from({ length: 1_000 }, (_, index) => described(`${index}`));
  for (let round = 0; round < ROUNDS; round += 1) {
    const writes = [{ stream: `service-${round}`, expected: 'any' as const, events }];
    await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  }
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) nextTurn(count);
  };
  nextTurn(count);
  await at((ROUNDS - 1) * 1_000);
  isOver = true;
  expect(turns).toBeGreaterThan(2);
  await log.close();
});

longTest('a text that is redacted while a past is folded is not in it', async () => {
  const storage = await memoryStorage();
  const { log, models, at } = await open(storage, 1_000_000);
  await take(log, models.current, { action: 'create', pick: 77, place: 0, level: 0 });
  const events = Array.from({ length: 1_000 }, (_, index) => described(`${index}`));
  for (let round = 0; round < ROUNDS; round += 1) {
    const writes = [{ stream: `service-${newId()}`, expected: 'any' as const, events }];
    await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  }
  const folding = at((ROUNDS - 1) * 1_000 + 1);
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  await take(log, models.current, { action: 'redact', pick: 0 });
  expect(stateHash(await folding)).toBe(stateHash(foldModels((await collect(log)).slice(0, (ROUNDS - 1) * 1_000 + 1))));
  expect(stateHash(await folding)).not.toContain('Service 77');
  await log.close();
});

test('a state that is folded onward from a kept one shares with it what did not change', async () => {
  const { log, models, at } = await open(await memoryStorage(), 1_000_000);
  for (let pick = 0; pick < 40; pick += 1)
    await take(log, models.current, { action: 'create', pick, place: 0, level: 0 });
  const [before, after] = [await at(log.position - 1), await at(log.position)];
  const created = [...before.services.services.entities];
  expect(created).toHaveLength(39);
  for (const [id, service] of created) expect(after.services.services.entities.get(id)).toBe(service);
  await log.close();
});

longTest('a fold whose asker is gone ends', async () => {
  const storage = await memoryStorage();
  const journal = storage.journal();
  const log = new EventLog(journal, { newId, eventsInMemory: 5, maxWaiting: 100, report });
  await log.open();
  const events = Array.from({ length: 1_000 }, (_, index) => described(`${index}`));
  for (let round = 0; round < 20; round += 1) {
    const writes = [{ stream: `service-${round}`, expected: 'any' as const, events }];
    await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  }
  const gone = new AbortController();
  const folding = new PastStates(journal, { kept: 1, detour: 1 }).at(20_000, new Slices(gone.signal));
  gone.abort(new Error('The client has gone.'));
  await expect(folding).rejects.toThrow('The client has gone.');
  await log.close();
});
