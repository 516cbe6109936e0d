// Time travel: a past state equals a fold up to it, for any snapshots, and folding it does not block the event loop.

import { setImmediate as nextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { streamsOfService } from '../../projections/mentions.ts';
import { foldModels } from '../../projections/models.ts';
import { findService, servicesProjection } from '../../projections/services.ts';
import { fold } from '../../projections/state/projection.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { Snapshots } from '../../src/read-models/snapshots.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { TimeTravel } from '../../src/read-models/time-travel.ts';
import { stepOrRedaction, take } from '../support/histories.ts';
import { memoryStorage, sqliteStorage } from '../support/journals.ts';
import { described } from '../support/prepared.ts';
import { sized } from '../support/size.ts';

/** Number of commits, of 1,000 events each, in a long log. */
const ROUNDS = sized(40, 80);

const report = (message: string, error: unknown) => {
  throw new Error(message, { cause: error });
};

async function open(storage: Awaited<ReturnType<typeof sqliteStorage>>, every: number) {
  const journal = storage.journal();
  const log = new EventLog(journal, { newId, eventsInMemory: 5, maxWaiting: 100_000, report });
  const models = new ReadModels(log.committed$, report);
  const snapshots = new Snapshots(journal, { participants: models.participants, every, atShutdown: 1_000, report });
  await log.open();
  snapshots.keepUp(log.committed$);
  const timeTravel = new TimeTravel(log, models, snapshots, { running: 2, kept: 4 });
  return { log, models, snapshots, timeTravel };
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

test('the read models at any position equal a fold up to it, from a snapshot or not', async () => {
  const steps = fc.array(stepOrRedaction, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const storage = await sqliteStorage();
      const { log, models, snapshots, timeTravel } = await open(storage, 7);
      for (const each of history) {
        await take(log, models.current, each);
        // What is kept of a past must not outlive a redaction.
        await timeTravel.modelsAt(Math.floor(log.position / 2));
      }
      await snapshots.finish(log.position);
      const events = await collect(log);
      for (let position = 0; position <= log.position; position += 3) {
        const then = await timeTravel.modelsAt(position);
        expect(stateHash(then)).toBe(stateHash(foldModels(wholeAt(events, position))));
      }
      await log.close();
      await storage.dispose();
    }),
    { numRuns: sized(3, 8), endOnFailure: true },
  );
});

test('a service at any position follows from its own stream and those of the incidents that ever affected it', async () => {
  const steps = fc.array(stepOrRedaction, { minLength: 20, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const { log, models, timeTravel } = await open(await memoryStorage(), 1_000_000);
      for (const each of history) await take(log, models.current, each);
      const events: RecordedEvent[] = [];
      for await (const event of log.read()) events.push(event);
      const ids = events.filter(({ type }) => type === 'service.created').map(entityId);
      for (let position = 0; position <= log.position; position += 1) {
        const replayed = foldModels(wholeAt(events, position)).services;
        for (const id of ids) {
          const own = await timeTravel.streamsAt(streamsOfService(models.current.mentions, id), position);
          expect(findService(fold(servicesProjection, own), id)).toEqual(findService(replayed, id));
        }
      }
      await log.close();
    }),
    { numRuns: sized(3, 15), endOnFailure: true },
  );
});

test('other requests are served while a past is folded', async () => {
  const storage = await memoryStorage();
  const { log, timeTravel } = await open(storage, 1_000_000);
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
  await timeTravel.modelsAt((ROUNDS - 1) * 1_000);
  isOver = true;
  expect(turns).toBeGreaterThan(2);
  await log.close();
});

test('a text that is redacted while a past is folded is not in it', async () => {
  const storage = await memoryStorage();
  const { log, models, timeTravel } = await open(storage, 1_000_000);
  await take(log, models.current, { action: 'create', pick: 77, place: 0, level: 0 });
  const events = Array.from({ length: 1_000 }, (_, index) => described(`${index}`));
  for (let round = 0; round < ROUNDS; round += 1) {
    const writes = [{ stream: `service-${newId()}`, expected: 'any' as const, events }];
    await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  }
  const folding = timeTravel.modelsAt((ROUNDS - 1) * 1_000 + 1);
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  await take(log, models.current, { action: 'redact', pick: 0 });
  expect(stateHash(await folding)).toBe(stateHash(foldModels((await collect(log)).slice(0, (ROUNDS - 1) * 1_000 + 1))));
  expect(stateHash(await folding)).not.toContain('Service 77');
  await log.close();
});

test('a time is found by binary search, between events and at them', async () => {
  const storage = await memoryStorage();
  const { log, timeTravel } = await open(storage, 1_000_000);
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
  for (const minute of [1, 2, 2, 5]) {
    storage.clock.now = new Date(at(minute));
    const writes = [{ stream: `service-${newId()}`, expected: 'any' as const, events: [described('a')] }];
    await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  }
  const found = await Promise.all([0, 1, 2, 3, 5, 9].map((minute) => timeTravel.positionAt(at(minute))));
  expect(found).toEqual([0, 1, 3, 3, 4, 4]);
  await log.close();
});
