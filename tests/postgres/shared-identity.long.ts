// What nodes share through the identity tables: who hears of which revocation, and who works on which workflow.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../src/bounds/rate-limiter.ts';
import type { IdentityStore, Revocation, User } from '../../src/identity/identity-store.ts';
import { Database } from '../../src/postgres/database.ts';
import { attemptCalls, sweepAttempts } from '../../src/postgres/identity/attempts.ts';
import { postgresIdentityStore } from '../../src/postgres/identity/postgres-identity-store.ts';
import type { Query } from '../../src/postgres/transaction.ts';
import { newDatabase } from '../support/postgres.ts';
import { id } from '../support/scenario.ts';
import { inAMinute, until } from '../support/until.ts';

const AT = '2026-03-01T09:00:00.000Z';

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let databases: Database[];
let stopped: AbortController;
beforeEach(async () => {
  fresh = await newDatabase();
  databases = [];
  stopped = new AbortController();
});
afterEach(async () => {
  stopped.abort();
  await Promise.all(databases.map((database) => database.close()));
  await fresh.drop();
});

async function node(): Promise<IdentityStore> {
  const database = new Database({ url: fresh.url, allowUnsafe: false }, { nodeName: `node-${databases.length}` });
  databases.push(database);
  const store = postgresIdentityStore(database);
  await store.open();
  return store;
}

const user = (number: number): User => ({
  id: id(number),
  email: `user-${number}@plive.test`,
  name: 'Somebody',
  password: 'hash',
  createdAt: AT,
});

async function signIn(store: IdentityStore, userNumber: number, sessionNumbers: readonly number[]): Promise<void> {
  for (const number of sessionNumbers) {
    const session = { id: id(number), userId: id(userNumber), createdAt: AT, lastUsedAt: AT, agent: '' };
    await store.addSession(session, `digest ${number}`);
  }
}

const workflow = (number: number) => ({ id: id(number), kind: 'join' as const, step: 'accept', data: '{}', at: AT });

/** What a node hears, as `kind id`, until it has heard so much. */
async function heard(store: IdentityStore, count: number): Promise<readonly string[]> {
  const all: Revocation[] = [];
  const signal = AbortSignal.any([stopped.signal, inAMinute()]);
  for await (const { revoked } of store.shared?.revocations(signal) ?? []) {
    all.push(...revoked);
    if (all.length >= count) break;
  }
  return all.map((revocation) => `${revocation.kind} ${revocation.id}`);
}

test('every node hears of each revocation once, whoever ends what at the same time', async () => {
  const nodes = [await node(), await node(), await node()] as const;
  const people = [11, 12, 13, 14];
  for (const number of people) {
    await nodes[0].addUser(user(number));
    await signIn(
      nodes[0],
      number,
      [1, 2, 3, 4, 5].map((session) => number * 100 + session),
    );
  }
  const hearing = nodes.map((each) => heard(each, 4 * 5 + 1));
  await Promise.all([
    nodes[0].endSessions(id(11)),
    nodes[1].setPassword(id(12), 'other', {}),
    nodes[2].eraseUser(id(13)),
    nodes[1].endSessions(id(14), id(1401)),
    nodes[2].endSessions(id(14), id(1402)),
    nodes[0].sweep({ created: '0', used: '0', now: AT }),
  ]);
  await nodes[0].sweep({ created: AT, used: AT, now: AT });
  const [first, ...others] = await Promise.all(hearing);
  for (const each of others) expect(each).toEqual(first);
  const sessions = people.flatMap((number) =>
    [1, 2, 3, 4, 5].map((session) => `session ${id(number * 100 + session)}`),
  );
  expect([...(first ?? [])].sort()).toEqual([...sessions, `user ${id(13)}`].sort());
});

test('a node hears nothing from before it was opened, and nothing is revoked where nothing was there', async () => {
  const first = await node();
  await first.addUser(user(11));
  await signIn(first, 11, [1]);
  await first.endSessions(id(11));
  await first.endSessions(id(11));
  await first.eraseUser(id(12));
  const second = await node();
  await signIn(first, 11, [2]);
  await first.endSessions(id(11));
  expect(await heard(second, 1)).toEqual([`session ${id(2)}`]);
});

test('a node that was cut off hears what it has missed', async () => {
  const [first, second] = [await node(), await node()];
  await first.addUser(user(11));
  await signIn(first, 11, [1, 2]);
  const hearing = heard(second, 2);
  await first.endSessions(id(11), id(1));
  await fresh.terminateBackends();
  const end = (): Promise<unknown> => first.endSessions(id(11), id(2)).catch(end);
  await end();
  expect(await hearing).toEqual([`session ${id(1)}`, `session ${id(2)}`]);
});

test('steps come while nothing happens, so that a node knows that it knows everything', async () => {
  const before = Date.now();
  const [only] = [await node()];
  for await (const { revoked, asOf } of only.shared?.revocations(inAMinute()) ?? []) {
    expect(revoked).toEqual([]);
    expect(asOf).toBeGreaterThanOrEqual(before);
    break;
  }
});

test('a workflow is taken over once the node that works on it has neither stored nor renewed it for a while', async () => {
  const [first, second, third] = [await node(), await node(), await node()];
  await first.putPending(workflow(1));
  await first.putPending(workflow(2));
  expect(await second.takePending()).toEqual([]);
  await databases[0]?.query('requests', 'update plive.pending set until = clock_timestamp()');
  await first.shared?.renewPending([id(1)]);
  // Not its own, so it cannot renew it.
  await second.shared?.renewPending([id(2)]);
  const taken = await Promise.all([second.takePending(), third.takePending()]);
  expect(taken.flat()).toEqual([workflow(2)]);
  await first.shared?.renewPending([id(2)]);
  expect(await first.takePending()).toEqual([]);
});

test('nodes that look at the same time share out what there is', async () => {
  const [first, second] = [await node(), await node()];
  for (let number = 1; number <= 20; number++) await first.putPending(workflow(number));
  await databases[0]?.query('requests', 'update plive.pending set until = clock_timestamp()');
  const taken = await Promise.all([first.takePending(), second.takePending(), first.takePending()]);
  expect(taken.flat().map((each) => each.id)).toHaveLength(20);
});

/** The connections that wait for this one. */
const WAITING = 'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))';

/** Another connection sweeps after each statement. */
function sweepingAfter(query: Query, database: Database): Query {
  return async <Row extends object>(sql: string, values?: unknown[]) => {
    const rows = await query<Row>(sql, values);
    await sweepAttempts((sweep) => database.query('requests', sweep));
    return rows;
  };
}

describe('attempts', () => {
  const quota = (name: string, count: number) => ({ name, count, window: 3_600 });
  const ofPlace = { quota: quota('place', 10), key: '192.0.2.1' };
  const ofAccount = { quota: quota('account', 5), key: 'ann@plive.test' };

  test('are counted for all nodes together, and one that a quota refuses counts nowhere', async () => {
    const nodes = [await node(), await node()];
    const take = (index: number) => nodes[index % 2]?.shared?.takeAttempts([ofPlace, ofAccount]);
    const verdicts = await Promise.all(Array.from({ length: 12 }, (_, index) => take(index)));
    const refused = verdicts.filter((verdict) => verdict !== undefined);
    expect(refused).toHaveLength(7);
    expect(refused[0]).toMatchObject({ quota: ofAccount.quota, allowed: false, remaining: 0 });
    expect(refused[0]?.retryAfter).toBeGreaterThan(700);
    // Five of the ten are left.
    const another = { ...ofAccount, key: 'ben@plive.test' };
    const left: (string | undefined)[] = [];
    for (let index = 0; index < 7; index++) {
      left.push((await nodes[0]?.shared?.takeAttempts([ofPlace, another]))?.quota.name);
    }
    expect(left).toEqual([...Array(5).fill(undefined), 'place', 'place']);
  });

  test('are forgiven, and those that time has restored are swept', async () => {
    const [first, second] = [await node(), await node()];
    for (let index = 0; index < 5; index++) await first.shared?.takeAttempts([ofAccount]);
    expect(await second.shared?.takeAttempts([ofAccount])).toMatchObject({ allowed: false });
    await second.shared?.forgiveAttempts([ofAccount]);
    expect(await first.shared?.takeAttempts([ofAccount])).toBeUndefined();
    const sweep = { created: '0', used: '0', now: AT };
    const stored = () => databases[0]?.query('requests', 'select from plive.attempts') ?? [];
    await first.sweep(sweep);
    expect(await stored()).toHaveLength(1);
    await databases[0]?.query('requests', "update plive.attempts set full_at = now() - interval '1 second'");
    await first.sweep(sweep);
    expect(await stored()).toHaveLength(0);
  });

  test('are counted as of when the quota is free, however long another node holds it', async () => {
    const [first, second] = [await node(), await node()];
    await first.shared?.takeAttempts([ofAccount]);
    let waiting: Promise<Verdict | undefined> | undefined;
    await databases[0]?.transaction('requests', async (query) => {
      await query('select from plive.attempts for update');
      waiting = second.shared?.takeAttempts([ofAccount]);
      await until(async () => (await query(WAITING)).length > 0);
      // Four of five were taken just now: one is left.
      await query("update plive.attempts set full_at = clock_timestamp() + interval '48 minutes'");
    });
    expect(await waiting).toBeUndefined();
  });

  test('are counted although the quota is swept meanwhile', async () => {
    const only = await node();
    const [database] = databases as [Database];
    await only.shared?.takeAttempts([ofAccount]);
    await database.query('requests', "update plive.attempts set full_at = now() - interval '1 second'");
    const { takeAttempts } = attemptCalls({
      read: (sql, values) => database.query('requests', sql, values),
      change: (work) => database.transaction('requests', (query) => work(sweepingAfter(query, database))),
    });
    await takeAttempts([ofAccount]);
    const stored = await database.query('requests', 'select from plive.attempts where full_at > now()');
    expect(stored).toHaveLength(1);
  });

  test('leave neither the place nor the account in the database', async () => {
    const only = await node();
    await only.shared?.takeAttempts([ofPlace, ofAccount]);
    const rows = (await databases[0]?.query('requests', 'select key from plive.attempts')) ?? [];
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/192|ann/);
  });
});
