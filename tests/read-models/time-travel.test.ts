// Time travel: the position of a past time, and one entity at any position from its own streams.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { streamsOf } from '../../projections/mentions.ts';
import { foldModels } from '../../projections/models.ts';
import { findService, servicesProjection } from '../../projections/services.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { TimeTravel } from '../../src/read-models/time-travel.ts';
import { stepOrRedaction, take } from '../support/histories.ts';
import { type JournalStorage, memoryStorage } from '../support/journals.ts';
import { described } from '../support/prepared.ts';
import { sized } from '../support/size.ts';

const report = (message: string, error: unknown) => {
  throw new Error(message, { cause: error });
};

/** Somebody whose turn it always is. */
const PAYING = { payer: { charge() {} }, turn: <T>(work: () => T) => work() };

async function open(storage: JournalStorage) {
  const log = new EventLog(storage.journal(), { newId, eventsInMemory: 5, maxWaiting: 100_000, report });
  const models = new ReadModels(log.committed$, report);
  await log.open();
  return { log, models, timeTravel: new TimeTravel(log, models) };
}

/** The events of the commits that were complete at this position. */
function wholeAt(events: readonly RecordedEvent[], position: number): RecordedEvent[] {
  return events.filter((event) => {
    const { index, size } = event.meta.commit;
    return event.position + size - 1 - index <= position;
  });
}

test('a service at any position follows from its own stream and those of the incidents that ever affected it', async () => {
  const steps = fc.array(stepOrRedaction, { minLength: 20, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const { log, models, timeTravel } = await open(await memoryStorage());
      for (const each of history) await take(log, models.current, each);
      const events: RecordedEvent[] = [];
      for await (const event of log.read()) events.push(event);
      const ids = events.filter(({ type }) => type === 'service.created').map(entityId);
      for (let position = 0; position <= log.position; position += 1) {
        const replayed = foldModels(wholeAt(events, position)).services;
        for (const id of ids) {
          const streams = streamsOf(models.current.mentions, 'service', id);
          const { signal } = new AbortController();
          const past = { streams, position, ...PAYING, signal };
          const then = await timeTravel.fold(servicesProjection, past);
          expect(findService(then, id)).toEqual(findService(replayed, id));
        }
      }
      await log.close();
    }),
    { numRuns: sized(3, 15), endOnFailure: true },
  );
});

test('a time is found by binary search, between events and at them', async () => {
  const storage = await memoryStorage();
  const { log, timeTravel } = await open(storage);
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

test('a state of streams is not read for somebody who has gone', async () => {
  const { log, timeTravel } = await open(await memoryStorage());
  const writes = [{ stream: 'service-1', expected: 'any', events: [described('a')] }] as const;
  await log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
  const past = { streams: ['service-1'], position: 1, ...PAYING };
  const signal = AbortSignal.abort(new Error('gone'));
  await expect(timeTravel.fold(servicesProjection, { ...past, signal })).rejects.toThrow('gone');
  await log.close();
});
