// Appends that rest on what a node knows of the log: one statement while nobody else writes, and never on what is not so.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedCommit } from '../../src/log/journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { TcpProxy } from '../nodes/tcp-proxy.ts';
import { newDatabase } from '../support/postgres.ts';
import { described, keyed, naming, prepared } from '../support/prepared.ts';
import { inAMinute, until } from '../support/until.ts';

interface Node {
  readonly journal: PostgresJournal;
  /** How many appends took more than one statement. */
  inSteps: number;
}

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let opened: Database[];

beforeEach(async () => {
  fresh = await newDatabase();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await fresh.drop();
});

/** A node that knows the end of the log. With a clock of its own it is in time on a busy machine, too. */
async function nodeAt(url: string, clock: { readonly now?: () => Date } = { now: () => new Date() }): Promise<Node> {
  const database = new Database({ url, allowUnsafe: false }, { nodeName: `node-${opened.length}` });
  opened.push(database);
  const journal = new PostgresJournal({ database, snapshotFormat: 'tested 1', ...clock });
  await journal.open();
  const node = { journal, inSteps: 0 };
  const { appending } = database;
  database.appending = (steps) => {
    node.inSteps += 1;
    return appending.call(database, steps) as never;
  };
  await journal.commit([naming(`service-first-${opened.length}`, 'any', 'first')]);
  node.inSteps = 0;
  return node;
}

const service = (stream: string, expected: number | 'no-stream', name = 'a') => naming(stream, expected, name);
const appendedAt = (position: number) => ({ kind: 'appended', events: [{ position }] });

async function settingOfRole(name: string, value: string): Promise<void> {
  const database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: 'operator' });
  await database.query(
    'requests',
    `do $$ begin execute format('alter role %I set ${name} = %L', current_user, '${value}'); end $$`,
  );
  await database.close();
}

describe('one statement records', () => {
  test('commits of a node that writes alone, whose conflicts are among themselves', async () => {
    const node = await nodeAt(fresh.url);
    const [first, second, third] = await node.journal.commit([
      service('service-1', 'no-stream'),
      service('service-1', 'no-stream'),
      service('service-1', 1),
    ]);
    expect([first, second, third]).toMatchObject([
      appendedAt(2),
      { kind: 'conflict', stream: 'service-1', expected: 'no-stream', actual: 1, head: 3 },
      appendedAt(3),
    ]);
    expect(await node.journal.commit([service('service-1', 2)])).toMatchObject([appendedAt(4)]);
    expect(node.inSteps).toBe(0);
    const signal = inAMinute();
    expect(await node.journal.verify({ after: 0, background: false, signal })).toEqual([]);
  });

  test('a key, which a repeat then finds', async () => {
    const node = await nodeAt(fresh.url);
    const commit = (fingerprint: string): PreparedCommit => ({
      ...prepared({
        writes: [{ stream: `service-${fingerprint}`, expected: 'no-stream', events: [described('a')] }],
        key: { id: 'key', fingerprint },
      }),
    });
    expect(await node.journal.commit([commit('one')])).toMatchObject([appendedAt(2)]);
    expect(node.inSteps).toBe(0);
    expect(await node.journal.commit([commit('one')])).toEqual([{ kind: 'duplicate', first: 2, last: 2 }]);
    expect(await node.journal.commit([commit('other')])).toEqual([{ kind: 'key-reused' }]);
  });

  test('durably, where the role has another default', async () => {
    await settingOfRole('synchronous_commit', 'off');
    const node = await nodeAt(fresh.url);
    const [database] = opened as [Database];
    const { appendingAtOnce } = database;
    let setting: string | undefined;
    database.appendingAtOnce = (sql, values) =>
      appendingAtOnce
        .call(
          database,
          sql
            .replace('select', "select current_setting('synchronous_commit') as before, (select")
            .replace(' as "isRecorded"', `) as "isRecorded", current_setting('synchronous_commit') as setting`),
          values,
        )
        .then((rows) => {
          setting = (rows[0] as unknown as { setting: string }).setting;
          return rows as never;
        });
    expect(await node.journal.commit([service('service-1', 'no-stream')])).toMatchObject([appendedAt(2)]);
    expect([node.inSteps, setting]).toEqual([0, 'on']);
  });

  test.each([1, 3])('once, if %i answers are lost', async (lost) => {
    const { port } = new URL(fresh.url);
    const proxy = await TcpProxy.before(Number(port));
    const url = Object.assign(new URL(fresh.url), { port: String(proxy.port) });
    const node = await nodeAt(url.href);
    proxy.swallowCommits(lost);
    expect(await node.journal.commit([service('service-1', 'no-stream')])).toMatchObject([appendedAt(2)]);
    expect(node.inSteps).toBe(0);
    expect(await node.journal.shared.head()).toBe(2);
    await proxy.close();
  });
});

describe('what is other than the node knows is looked up', () => {
  let node: Node;
  let other: Node;

  beforeEach(async () => {
    node = await nodeAt(fresh.url);
    other = await nodeAt(fresh.url);
    await node.journal.commit([naming('service-known', 'any', 'a')]);
    node.inSteps = 0;
  });

  test('an event of another node', async () => {
    await other.journal.commit([service('service-1', 'no-stream')]);
    expect(
      await node.journal.commit([service('service-1', 'no-stream'), service('service-2', 'no-stream')]),
    ).toMatchObject([{ kind: 'conflict', actual: 1, head: 5 }, appendedAt(5)]);
    expect(node.inSteps).toBe(1);
    expect(await node.journal.commit([service('service-1', 1)])).toMatchObject([appendedAt(6)]);
    expect(node.inSteps).toBe(1);
  });

  test('a version, of a stream that is written or a guard', async () => {
    expect(await node.journal.commit([service('service-known', 7)])).toMatchObject([{ kind: 'conflict', actual: 1 }]);
    const guarded = (expected: number) =>
      prepared({
        writes: [{ stream: 'service-1', expected: 'no-stream', events: [described('a')] }],
        guards: [{ stream: 'service-known', expected }],
      });
    expect(await node.journal.commit([guarded(2)])).toMatchObject([
      { kind: 'conflict', stream: 'service-known', actual: 1 },
    ]);
    expect(node.inSteps).toBe(2);
    expect(await node.journal.commit([guarded(1)])).toMatchObject([appendedAt(4)]);
    expect(node.inSteps).toBe(2);
  });

  test('a key that another node has used', async () => {
    await other.journal.commit([keyed('key', 'one', 'service-1')]);
    expect(await node.journal.commit([keyed('key', 'one', 'service-1')])).toEqual([
      { kind: 'duplicate', first: 4, last: 4 },
    ]);
  });

  test('the types that must not have been recorded since', async () => {
    const unseen = (after: number) =>
      prepared({
        writes: [{ stream: `service-${after}`, expected: 'no-stream', events: [described('a')] }],
        unseen: { types: ['service.described'], after },
      });
    expect(await node.journal.commit([unseen(2)])).toMatchObject([{ kind: 'conflict', actual: 3 }]);
    expect(await node.journal.commit([unseen(3)])).toMatchObject([appendedAt(4)]);
    expect(node.inSteps).toBe(1);
  });

  test('the time, if the clock of the node was set', async () => {
    const { now } = Date;
    const timed = await nodeAt(fresh.url, {});
    Date.now = () => now() - 60_000;
    const [outcome] = await timed.journal.commit([service('service-1', 'no-stream')]).finally(() => {
      Date.now = now;
    });
    expect(timed.inSteps).toBe(1);
    expect(outcome).toMatchObject(appendedAt(5));
    const recordedAt = outcome?.kind === 'appended' ? outcome.events[0]?.recordedAt : '';
    expect(Math.abs(Date.parse(recordedAt ?? '') - now())).toBeLessThan(30_000);
  });

  test('the log, if its last event is another one at the same position', async () => {
    await opened[1]?.query('requests', "update plive.events set hash = 'another' where position = 3");
    await expect(node.journal.commit([service('service-1', 'no-stream')])).rejects.toThrow('another log');
    expect(await other.journal.shared.head()).toBe(3);
  });

  test('the state behind the lock, if the role has an isolation level that does not see it', async () => {
    await settingOfRole('default_transaction_isolation', 'repeatable read');
    const careless = await nodeAt(fresh.url);
    expect(await careless.journal.commit([service('service-1', 'no-stream')])).toMatchObject([appendedAt(5)]);
    expect(careless.inSteps).toBe(1);
  });
});

test('what a node records itself is not read again, unless it is not published', async () => {
  const node = await nodeAt(fresh.url);
  let published = 1;
  const over = new AbortController();
  const read: number[] = [];
  let steps = 0;
  const following = (async () => {
    for await (const { events } of node.journal.shared.tail(() => published, over.signal)) {
      steps += 1;
      read.push(...events.map(({ position }) => position));
    }
  })();
  await until(() => steps > 1);
  for (let index = 0; index < 20; index += 1) {
    await node.journal.commit([service(`service-${index}`, 'no-stream')]);
    published += 1;
  }
  await node.journal.commit([service('service-not-published', 'no-stream')]);
  await until(() => read.includes(22));
  over.abort();
  await following;
  // A look that comes by itself can come between a COMMIT and its answer.
  expect(read.length).toBeLessThan(4);
});
