// The write path: concurrent commands, retries after conflicts, If-Match, idempotency keys, and lanes.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { findService } from '../../projections/services.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../../src/bounds/lanes.ts';
import { RateLimiter } from '../../src/bounds/rate-limiter.ts';
import type { Command } from '../../src/commands/command.ts';
import { type CommandRequest, Dispatcher } from '../../src/commands/dispatch.ts';
import type { Dispatched } from '../../src/commands/dispatched.ts';
import { openIncident } from '../../src/commands/incidents/incidents.ts';
import { serviceStream } from '../../src/commands/placing.ts';
import { createService, deleteService, updateService } from '../../src/commands/services.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { type JournalStorage, memoryStorage } from '../support/journals.ts';
import { anyone } from '../support/scenario.ts';

const terms: CommandRequest = { viewer: anyone, correlationId: 'test' };
const input = { name: 'API', description: 'Answers', status: 'operational', uptime: 100 } as const;

let storage: JournalStorage;
let log: EventLog;
let models: ReadModels;
let dispatcher: Dispatcher;

beforeEach(async () => {
  storage = await memoryStorage();
  const report = () => {};
  log = new EventLog(storage.journal(), { newId, eventsInMemory: 100, maxWaiting: 100, report });
  models = new ReadModels(log.committed$, report);
  await log.open();
  dispatcher = new Dispatcher({ log, models, now: () => new Date(), newId, maxWaiting: 100 });
});
afterEach(() => log.close());

function eventsOf(dispatched: Dispatched): readonly RecordedEvent[] {
  if (dispatched.kind !== 'done') throw new Error(`It ended as ${dispatched.kind}.`);
  return dispatched.events;
}

async function createdId(): Promise<string> {
  const [event] = eventsOf(await dispatcher.dispatch(createService, input, terms));
  return entityId(event as RecordedEvent);
}

test('after the answer, the client reads its own write', async () => {
  const id = await createdId();
  expect(findService(models.current.services, id)).toMatchObject({ name: 'API', version: 1 });
});

test('commands on one stream run one after another, each on the state after the previous one', async () => {
  const id = await createdId();
  const uptimes = Array.from({ length: 50 }, (_, index) => index);
  const all = await Promise.all(uptimes.map((uptime) => dispatcher.dispatch(updateService, { id, uptime }, terms)));
  expect(all.flatMap((one) => eventsOf(one).map(({ version }) => version))).toEqual(uptimes.map((each) => each + 2));
  expect(findService(models.current.services, id)).toMatchObject({ uptime: 49, version: 51 });
});

test('changes over the quota of an organisation are refused; other organisations and commands without a change are not', async () => {
  const now = () => new Date(0);
  const limiter = new RateLimiter({ name: 'organization', count: 2, window: 60 }, { now, capacity: 100 });
  const limited = new Dispatcher({ log, models, now, newId, limiter, maxWaiting: 100 });
  const create = (organizationId: string, viewer = anyone) =>
    limited.dispatch(createService, { ...input, organizationId }, { ...terms, viewer });
  const stranger: Viewer = { ...anyone, access: () => 'none' };
  for (let time = 0; time < 5; time++) expect(await create('a', stranger)).toMatchObject({ code: 'not-found' });
  const id = entityId(eventsOf(await create('a'))[0] as RecordedEvent);
  for (let time = 0; time < 5; time++) {
    expect(await limited.dispatch(updateService, { id, uptime: 100 }, terms)).toMatchObject({
      kind: 'done',
      events: [],
    });
  }
  expect(await create('a')).toMatchObject({ kind: 'done' });
  expect(await create('a')).toMatchObject({ kind: 'limited', verdict: { allowed: false, retryAfter: 30 } });
  expect(await create('b')).toMatchObject({ kind: 'done' });
  expect(log.position).toBe(3);
});

test('after a conflict with another writer, the command decides again', async () => {
  const id = await createdId();
  const overtaking = log.append({
    writes: [
      {
        stream: `service-${id}`,
        expected: 1,
        events: [{ type: 'service.uptime-reported', organizationId: 'default', data: { uptime: 7 } }],
      },
    ],
    actor: { kind: 'system' },
    correlationId: 'another node',
  });
  const [event] = eventsOf(await dispatcher.dispatch(updateService, { id, status: 'major' }, terms));
  expect(await overtaking).toMatchObject({ kind: 'appended' });
  expect(event).toMatchObject({ version: 3, data: { status: 'major' } });
});

test('a command without a change succeeds without an event', async () => {
  const id = await createdId();
  expect(await dispatcher.dispatch(updateService, { id, uptime: 100 }, terms)).toMatchObject({
    kind: 'done',
    events: [],
  });
  expect(log.position).toBe(1);
});

test('a command on several streams records one commit, or decides again when another writer changed one of them', async () => {
  const [first, second] = [await createdId(), await createdId()];
  const describe = (id: string) => ({
    stream: serviceStream(id),
    expected: findService(models.current.services, id)?.version ?? 0,
    events: [{ type: 'service.described', organizationId: 'default', data: { name: 'Renamed' } }] as const,
  });
  let decisions = 0;
  const both: Command<unknown> = {
    stream: () => undefined,
    decide() {
      decisions += 1;
      const also = [describe(second)];
      // Another writer is faster the first time.
      if (decisions === 1) void log.append({ ...terms, actor: anyone.actor, writes: also });
      return { kind: 'accepted', ...describe(first), organizationId: 'default', role: 'admin', also };
    },
  };
  const events = eventsOf(await dispatcher.dispatch(both, {}, terms));
  expect(decisions).toBe(2);
  expect(events.map(({ stream, version }) => [stream, version])).toEqual([
    [serviceStream(first), 2],
    [serviceStream(second), 3],
  ]);
  expect(new Set(events.map(({ meta }) => meta.commit.id)).size).toBe(1);
});

test('the same conflict twice ends the retries, because it is not a race', async () => {
  const same = newId();
  const stuck = new Dispatcher({ log, models, now: () => new Date(), newId: () => same, maxWaiting: 100 });
  await stuck.dispatch(createService, input, terms);
  expect(await stuck.dispatch(createService, input, terms)).toMatchObject({ kind: 'unavailable' });
});

test('a viewer who is not a member cannot change anything, nor see that the entity exists', async () => {
  const id = await createdId();
  const reader: CommandRequest = { ...terms, viewer: { ...anyone, access: () => 'public' } };
  for (const dispatched of [
    await dispatcher.dispatch(createService, input, reader),
    await dispatcher.dispatch(updateService, { id, uptime: 7 }, { ...reader, ifMatch: new Set([9]) }),
    await dispatcher.dispatch(deleteService, { id }, reader),
  ]) {
    expect(dispatched).toMatchObject({ kind: 'rejected', code: 'not-found' });
  }
  expect(log.position).toBe(1);
});

test('a change of another stream that the decision read makes the command decide again', async () => {
  const id = await createdId();
  const fields = { title: 'Slow', description: 'Slower', status: 'investigating', impact: 'minor' } as const;
  const events = [{ type: 'service.deleted' as const, organizationId: 'default', data: {} }];
  const overtaking = log.append({
    writes: [{ stream: `service-${id}`, expected: 1, events }],
    actor: { kind: 'system' },
    correlationId: 'another node',
  });
  const input = { ...fields, affectedServices: [], impacts: { [id]: 'major' as const } };
  const opened = await dispatcher.dispatch(openIncident, input, terms);
  expect(await overtaking).toMatchObject({ kind: 'appended' });
  expect(opened).toMatchObject({ kind: 'rejected', code: 'unknown-service' });
});

describe('with If-Match', () => {
  test('of twenty concurrent commands exactly one succeeds, and the others get the events that they missed', async () => {
    const id = await createdId();
    const ifMatch = new Set([1]);
    const statuses = Array.from({ length: 20 }, () => 'degraded' as const);
    const all = await Promise.all(
      statuses.map((status, uptime) =>
        dispatcher.dispatch(updateService, { id, status, uptime }, { ...terms, ifMatch }),
      ),
    );
    expect(all.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    const late = all.filter(({ kind }) => kind === 'stale');
    expect(late).toHaveLength(19);
    for (const each of late) {
      expect(each).toMatchObject({ actual: 3, since: [{ version: 2 }, { version: 3 }] });
    }
  });

  test('one matching version of several is enough', async () => {
    const id = await createdId();
    const dispatched = await dispatcher.dispatch(deleteService, { id }, { ...terms, ifMatch: new Set([7, 1]) });
    expect(eventsOf(dispatched)).toHaveLength(1);
  });

  test('a version from the future is stale too', async () => {
    const id = await createdId();
    const dispatched = await dispatcher.dispatch(deleteService, { id }, { ...terms, ifMatch: new Set([9]) });
    expect(dispatched).toMatchObject({ kind: 'stale', actual: 1, since: [{ version: 1 }] });
  });
});

describe('with an idempotency key', () => {
  const key = { id: 'a key', fingerprint: 'a body' };

  test('a repeat gets the events of the first command, concurrently or later', async () => {
    const asked = { ...terms, key };
    const both = await Promise.all([
      dispatcher.dispatch(createService, input, asked),
      dispatcher.dispatch(createService, input, asked),
    ]);
    expect(both[1]).toEqual(both[0]);
    expect(await dispatcher.dispatch(createService, input, asked)).toEqual(both[0]);
    expect(log.position).toBe(1);
  });

  test('a repeat is not refused because of the change that the first command made', async () => {
    const id = await createdId();
    const asked = { ...terms, key, ifMatch: new Set([1]) };
    const first = await dispatcher.dispatch(deleteService, { id }, asked);
    expect(eventsOf(first)).toHaveLength(1);
    expect(await dispatcher.dispatch(deleteService, { id }, asked)).toEqual(first);
  });

  test('another request with the same key is refused', async () => {
    await dispatcher.dispatch(createService, input, { ...terms, key });
    const other = { ...terms, key: { ...key, fingerprint: 'another body' } };
    expect(await dispatcher.dispatch(createService, input, other)).toEqual({ kind: 'key-reused' });
  });

  test('a refused command does not use the key up', async () => {
    const unknown = newId();
    const refused = await dispatcher.dispatch(deleteService, { id: unknown }, { ...terms, key });
    expect(refused).toMatchObject({ kind: 'rejected' });
    expect(await dispatcher.dispatch(createService, input, { ...terms, key })).toMatchObject({ kind: 'done' });
  });
});

describe('lanes', () => {
  test('keep the order within a lane, even after a failure, and do not delay other lanes', async () => {
    const lanes = new Lanes(10);
    const order: string[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = lanes.run('a', async () => {
      await gate;
      order.push('first');
      throw new Error('Badly.');
    });
    const second = lanes.run('a', async () => order.push('second'));
    await lanes.run('b', async () => order.push('elsewhere'));
    open();
    await expect(first).rejects.toThrow('Badly.');
    await second;
    expect(order).toEqual(['elsewhere', 'first', 'second']);
  });

  test('refuse work over their limit, and accept work again when there is room', async () => {
    const lanes = new Lanes(1);
    const running = lanes.run('a', async () => 'done');
    expect(await lanes.run('a', async () => 'too much')).toBe(LANE_FULL);
    expect(await running).toBe('done');
    expect(await lanes.run('a', async () => 'again')).toBe('again');
  });
});
