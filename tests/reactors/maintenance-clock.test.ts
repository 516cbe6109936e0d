// The clock of maintenance, wound by hand: what it records when, after which absence, and what it leaves alone.
import { rm } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { DataOf, RecordedEvent } from '../../projections/events/event-types.ts';
import type { ShownMaintenance } from '../../projections/maintenance.ts';
import type { Change } from '../../src/commands/command.ts';
import { type Dispatch, Dispatcher } from '../../src/commands/dispatch.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { MaintenanceClock } from '../../src/reactors/maintenance-clock.ts';
import type { SetTimer } from '../../src/reactors/timer.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ask, get } from '../support/rest.ts';
import { startApp } from '../support/start-app.ts';

const BEGIN = Date.parse('2027-01-10T00:00:00.000Z');
const at = (minutes: number) => new Date(BEGIN + minutes * 60_000).toISOString();
const window = { startsAt: at(60), endsAt: at(120) };

type Planned = DataOf<'maintenance.planned'>;

/** A log, its time, and the clocks that run on it. */
class World {
  time = BEGIN;
  /** How long each timer that was set waits. */
  readonly waits: number[] = [];
  readonly reported: string[] = [];
  readonly log: EventLog;
  readonly models: ReadModels;
  /** What the log answers instead of recording. */
  refusal: Awaited<ReturnType<Dispatch>> | Error | undefined;
  readonly #timers = new Set<{ readonly due: number; readonly wake: () => void }>();
  readonly #now = () => new Date(this.time);

  constructor() {
    const report = (message: string) => void this.reported.push(message);
    this.log = new EventLog(new MemoryJournal({ now: this.#now }), {
      newId,
      eventsInMemory: 1_000,
      maxWaiting: 100,
      report,
    });
    this.models = new ReadModels(this.log.committed$, report);
  }

  static async open(): Promise<World> {
    const world = new World();
    await world.log.open();
    return world;
  }

  readonly #setTimer: SetTimer = (wake, milliseconds) => {
    this.waits.push(milliseconds);
    const timer = { due: this.time + milliseconds, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  clock(): MaintenanceClock {
    const { log, models } = this;
    const { dispatch } = new Dispatcher({ log, models, now: this.#now, newId, maxWaiting: 100 });
    const refusable: Dispatch = async (...command) => {
      if (this.refusal instanceof Error) throw this.refusal;
      return this.refusal ?? dispatch(...command);
    };
    const report = (message: string) => void this.reported.push(message);
    return new MaintenanceClock({
      models,
      dispatch: refusable,
      now: this.#now,
      newId,
      report,
      setTimer: this.#setTimer,
    });
  }

  /** Lets the time pass, with every timer that goes off until then. */
  async pass(minutes: number): Promise<void> {
    const end = this.time + minutes * 60_000;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.wake();
      // All that follows in memory.
      await new Promise(setImmediate);
    }
    this.time = end;
  }

  #next(end: number) {
    return [...this.#timers].sort((a, b) => a.due - b.due).find(({ due }) => due <= end);
  }

  async record(stream: string, ...events: readonly Change[]): Promise<void> {
    const { kind } = await this.log.append({
      writes: [{ stream, expected: 'any', events: events.map((event) => ({ organizationId: 'acme', ...event })) }],
      actor: { kind: 'user', id: newId() },
      correlationId: 'test',
    });
    expect(kind).toBe('appended');
  }

  async plan(changed: Partial<Planned> = {}): Promise<string> {
    const stream = `maintenance-${newId()}`;
    const work = { title: 'New disks', description: '', affectedServiceIds: [], autoStart: true, autoEnd: true };
    await this.record(stream, { type: 'maintenance.planned', data: { ...work, ...window, ...changed } });
    return stream;
  }

  /** What happened to the stream after it was planned. */
  async story(stream: string): Promise<unknown[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.log.read({ stream })) events.push(event);
    return events.slice(1).map(({ type, occurredAt = null, recordedAt }) => [type, occurredAt, recordedAt]);
  }
}

describe('the clock', () => {
  test('begins and ends work at the planned moments, and never waits longer than a second', async () => {
    const world = await World.open();
    const clock = world.clock();
    await clock.start();
    const stream = await world.plan();
    await world.pass(180);
    expect(await world.story(stream)).toEqual([
      ['maintenance.started', at(60), at(60)],
      ['maintenance.completed', at(120), at(120)],
    ]);
    const actors: string[] = [];
    for await (const { meta } of world.log.read({ stream })) actors.push(meta.actor.kind);
    expect(actors).toEqual(['user', 'system', 'system']);
    expect(Math.max(...world.waits)).toBe(1_000);
    expect(Math.min(...world.waits)).toBeGreaterThan(0);
    await clock.stop();
  });

  test('records at its start what was missed, a window that passed meanwhile in one commit', async () => {
    const world = await World.open();
    const [past, begun, coming] = [
      await world.plan(),
      await world.plan({ endsAt: at(1_000) }),
      await world.plan({ startsAt: at(900), endsAt: at(1_000) }),
    ];
    world.time += 300 * 60_000;
    const clock = world.clock();
    await clock.start();
    expect(await world.story(past)).toEqual([
      ['maintenance.started', at(60), at(300)],
      ['maintenance.completed', at(120), at(300)],
    ]);
    expect(await world.story(begun)).toEqual([['maintenance.started', at(60), at(300)]]);
    expect(await world.story(coming)).toEqual([]);
    const commits = new Set<string>();
    for await (const { meta } of world.log.read({ stream: past })) commits.add(meta.commit.id);
    expect(commits.size).toBe(2);
    const { position } = world.log;
    await world.clock().start();
    expect(world.log.position).toBe(position);
  });

  test('goes on after the machine was suspended, or the clock was set', async () => {
    const world = await World.open();
    const clock = world.clock();
    await clock.start();
    const stream = await world.plan();
    await world.pass(61);
    // Timers have not noticed.
    world.time += 300 * 60_000;
    await world.pass(1 / 60);
    expect(await world.story(stream)).toEqual([
      ['maintenance.started', at(60), at(60)],
      ['maintenance.completed', at(120), expect.any(String)],
    ]);
    world.time = BEGIN;
    await world.pass(200);
    expect(await world.story(stream)).toHaveLength(2);
    await clock.stop();
  });

  test('records nothing twice, however many of them run', async () => {
    const world = await World.open();
    const streams = await Promise.all(Array.from({ length: 20 }, () => world.plan()));
    await Promise.all([world.clock().start(), world.clock().start()]);
    await world.pass(180);
    for (const stream of streams) expect(await world.story(stream)).toHaveLength(2);
    expect(world.log.position).toBe(60);
    expect(world.reported).toEqual([]);
  });

  test('begins and ends only what is to begin and end by itself', async () => {
    const world = await World.open();
    const clock = world.clock();
    await clock.start();
    const byHand = await world.plan({ autoStart: false });
    const openEnd = await world.plan({ autoEnd: false });
    const late = await world.plan({ autoStart: false });
    const verified = await world.plan({ autoStart: false });
    await world.pass(70);
    await world.record(
      verified,
      { type: 'maintenance.started', data: {} },
      { type: 'maintenance.verification-begun', data: {} },
    );
    await world.pass(70);
    await world.record(late, { type: 'maintenance.started', data: {} });
    await world.pass(1_000);
    expect(await world.story(byHand)).toEqual([]);
    expect(await world.story(openEnd)).toEqual([['maintenance.started', at(60), at(60)]]);
    // Begun after its planned end, it ends by hand.
    expect(await world.story(late)).toEqual([['maintenance.started', null, at(140)]]);
    expect((await world.story(verified)).at(-1)).toEqual(['maintenance.completed', at(120), at(120)]);
    await clock.stop();
  });

  test('follows what is moved, cancelled and deleted', async () => {
    const world = await World.open();
    const clock = world.clock();
    await clock.start();
    const [moved, cancelled, deleted] = [await world.plan(), await world.plan(), await world.plan()];
    await world.record(moved, { type: 'maintenance.moved', data: { startsAt: at(10), endsAt: at(20) } });
    await world.record(cancelled, { type: 'maintenance.cancelled', data: {} });
    await world.record(deleted, { type: 'maintenance.deleted', data: {} });
    await world.pass(180);
    expect((await world.story(moved)).slice(1)).toEqual([
      ['maintenance.started', at(10), at(10)],
      ['maintenance.completed', at(20), at(20)],
    ]);
    expect(await world.story(cancelled)).toHaveLength(1);
    expect(await world.story(deleted)).toHaveLength(1);
    await clock.stop();
  });

  test('leaves deleted organisations alone, and rests once it is stopped', async () => {
    const world = await World.open();
    const clock = world.clock();
    await clock.start();
    const created = { name: 'Acme', slug: 'acme', visibility: 'public' as const };
    await world.record('organization-acme', { type: 'organization.created', data: created });
    const theirs = await world.plan();
    await world.record('organization-acme', { type: 'organization.deleted', data: {} });
    await world.pass(180);
    expect(await world.story(theirs)).toEqual([]);
    await clock.stop();
    const { length } = world.waits;
    await world.plan();
    expect(world.waits).toHaveLength(length);
  });

  test.each([{ kind: 'unavailable', reason: 'The disk is full.' } as const, new Error('A decision that throws')])(
    'tries again, second by second, where nothing can be recorded, and says so once: %s',
    async (refusal) => {
      const world = await World.open();
      const clock = world.clock();
      await clock.start();
      const streams = [await world.plan(), await world.plan()];
      world.refusal = refusal;
      await world.pass(61);
      for (const stream of streams) expect(await world.story(stream)).toEqual([]);
      expect(world.reported).toEqual([expect.stringMatching(/^what is due in maintenance-/)]);
      world.refusal = undefined;
      await world.pass(1);
      for (const stream of streams) {
        expect(await world.story(stream)).toEqual([['maintenance.started', at(60), expect.any(String)]]);
      }
      await clock.stop();
    },
  );

  test('follows zone data that say otherwise than when it was planned', async () => {
    const world = await World.open();
    const local = (startsAt: string, endsAt: string) => ({ startsAt, endsAt, timeZone: 'Europe/Berlin' });
    // As if Berlin had been in another zone by then.
    const moved = await world.plan({ local: local('2027-01-10T04:00:00', '2027-01-10T05:00:00') });
    const same = await world.plan({ local: local('2027-01-10T02:00:00', '2027-01-10T03:00:00') });
    // The second reading of a repeated wall clock.
    const repeated = await world.plan({
      startsAt: '2027-10-31T01:30:00.000Z',
      endsAt: '2027-10-31T01:45:00.000Z',
      local: local('2027-10-31T02:30:00', '2027-10-31T02:45:00'),
    });
    const clock = world.clock();
    await clock.start();
    expect(await world.story(moved)).toEqual([['maintenance.moved', null, at(0)]]);
    for await (const { data } of world.log.read({ stream: moved, after: 3 })) {
      expect(data).toMatchObject({ startsAt: at(180), endsAt: at(240), bySeries: true });
    }
    expect(await world.story(same)).toEqual([]);
    expect(await world.story(repeated)).toEqual([]);
    await clock.stop();
  });
});

test('a server records what was missed before it answers anything', async () => {
  const directory = await temporaryDirectory();
  const started = (time: string) =>
    startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory }, { now: () => new Date(time) });
  const first = await started(at(0));
  const planned = await ask<ShownMaintenance>(first, '/api/maintenances', { json: { title: 'New disks', ...window } });
  expect(planned.status).toBe(201);
  await first.close();
  const second = await started(at(90));
  const [maintenance] = await get<readonly ShownMaintenance[]>(second, '/api/maintenances');
  expect(maintenance).toMatchObject({ status: 'in-progress', startedAt: at(60), updatedAt: at(90) });
  expect(second.reported).toEqual([]);
  await second.close();
  await rm(directory, { recursive: true });
});
