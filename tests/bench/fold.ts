// Benches of folds: the cost of RxJS compared with a plain loop, and how the cost of an event grows with the state.
import { cpuUsage } from 'node:process';
import { Subject } from 'rxjs';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { PROJECTIONS } from '../../projections/models.ts';
import type { Service } from '../../projections/service.ts';
import { servicesProjection } from '../../projections/services.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../../src/log/commit.ts';
import { decode } from '../../src/log/encoding.ts';
import type { PreparedCommit } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { type Bench, counted, inTurns, type Prepared } from './harness.ts';
import { createdServices, madeUpCommits, reportedServices } from './made-up-log.ts';

const throughRxjs: Bench = {
  name: 'fold',
  async prepare({ quick }): Promise<Prepared> {
    const batches = await recorded(madeUpCommits(quick ? 20_000 : 200_000));
    const events = batches.flatMap((batch) => batch.events);
    return {
      async round(turn) {
        const [models, plain] = await inTurns(turn, [
          async () => timed(() => foldThroughRxjs(batches)),
          async () => timed(() => foldPlainly(events)),
        ]);
        const line = { row: 'fold of all read models', kind: 'cpu' } as const;
        const [rate, plainRate] = [events.length / models.cpu, events.length / plain.cpu];
        return [
          {
            ...{ ...line, floor: 'the same fold in a plain for', figure: 'events/s of CPU', goal: { atLeast: 0.5 } },
            ...{ value: rate, of: plainRate },
          },
          {
            ...{ ...line, floor: '–', figure: 'events/s', goal: { atLeast: 500_000 }, kind: 'wall' },
            value: events.length / models.wall,
          },
        ];
      },
    };
  },
};

const ORGANIZATIONS = 100;

const growth: Bench = {
  name: 'fold-growth',
  async prepare({ quick }): Promise<Prepared> {
    const [few, many] = [100, quick ? 10_000 : 100_000];
    const reports = quick ? 20_000 : 100_000;
    const [small, large] = [await preparedFolds(few, reports), await preparedFolds(many, reports)];
    return {
      async round(turn) {
        const [fewMap, fewFold, manyMap, manyFold] = await inTurns(turn, [
          async () => timed(small.map),
          async () => timed(small.persistent),
          async () => timed(large.map),
          async () => timed(large.persistent),
        ]);
        return [
          {
            row: `fold with ${counted(many)} services, of the same with ${counted(few)}`,
            floor: 'a mutable Map’s own growth',
            ...{ figure: 'times the CPU', goal: { atMost: 1.5 }, kind: 'cpu' },
            ...{ value: manyFold.cpu / fewFold.cpu, of: manyMap.cpu / fewMap.cpu },
          },
        ];
      },
    };
  },
};

/** Folds the reports on this many services: with persistent state, as the read model does, and with a mutable Map. */
async function preparedFolds(services: number, reports: number) {
  const batches = await recorded(both(services, reports));
  const events = batches.flatMap((batch) => batch.events);
  const [created, reported] = [events.slice(0, services), events.slice(services)];
  const before = fold(servicesProjection, created);
  const map = new MutableServices();
  for (const event of created) map.on(event);
  return {
    persistent: () => fold(servicesProjection, reported, before),
    map: () => {
      for (const event of reported) map.on(event);
    },
  };
}

function* both(services: number, reports: number): Generator<PreparedCommit[]> {
  yield* createdServices(services, ORGANIZATIONS);
  yield* reportedServices(reports, services, ORGANIZATIONS);
}

/** The commits in the form in which the log publishes them. */
async function recorded(groups: Iterable<PreparedCommit[]>): Promise<Batch[]> {
  const journal = new MemoryJournal({ now: () => new Date() });
  const batches: Batch[] = [];
  for (const group of groups) {
    for (const outcome of await journal.commit(group)) {
      if (outcome.kind !== 'appended') throw new Error(`A made-up commit was answered with ${outcome.kind}.`);
      const events = outcome.events.map(decode);
      batches.push({ events, first: events[0]?.position ?? 0, last: events.at(-1)?.position ?? 0 });
    }
  }
  return batches;
}

function foldThroughRxjs(batches: readonly Batch[]): void {
  const committed$ = new Subject<Batch>();
  const models = new ReadModels(committed$, (message, error) => {
    throw new Error(message, { cause: error });
  });
  // Subscribe as the gateway does.
  const listening = models.transitions$.subscribe();
  for (const batch of batches) committed$.next(batch);
  listening.unsubscribe();
}

/** All read models, as `ReadModels` folds them. */
function foldPlainly(events: readonly RecordedEvent[]): void {
  const projections = Object.values(PROJECTIONS as Readonly<Record<string, Projection<unknown>>>);
  const states = projections.map(({ initial }) => initial);
  for (const event of events) {
    for (const [index, projection] of projections.entries()) states[index] = projection.on(states[index], event);
  }
}

/** The duration in seconds. */
function timed(work: () => unknown): { readonly wall: number; readonly cpu: number } {
  const begin = performance.now();
  const before = cpuUsage();
  work();
  const { user, system } = cpuUsage(before);
  return { wall: (performance.now() - begin) / 1_000, cpu: (user + system) / 1e6 };
}

/** The read model of services with mutable state: services by id, and the number of services per status. */
class MutableServices {
  readonly #services = new Map<string, Pick<Service, 'reportedStatus' | 'lastUpdated' | 'version' | 'position'>>();
  readonly #tallies = new Map<string, Record<string, number>>();

  on(event: RecordedEvent): void {
    if (event.type !== 'service.created' && event.type !== 'service.status-reported') return;
    const { organizationId, recordedAt: lastUpdated, version, position, data } = event;
    const id = entityId(event);
    const before = this.#services.get(id);
    const { status: reportedStatus } = data;
    this.#services.set(id, { ...before, reportedStatus, lastUpdated, version, position });
    const tally = this.#tallies.get(organizationId) ?? {};
    if (before) tally[before.reportedStatus] = (tally[before.reportedStatus] ?? 0) - 1;
    tally[reportedStatus] = (tally[reportedStatus] ?? 0) + 1;
    this.#tallies.set(organizationId, tally);
  }
}

export const folds: readonly Bench[] = [throughRxjs, growth];
