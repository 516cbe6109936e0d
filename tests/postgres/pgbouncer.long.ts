// Several nodes behind PgBouncer in transaction mode: LISTEN is accepted there and hears nothing, and no setting of a
// connection lasts.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredEvent } from '../../src/log/journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { describeNeeding, hasProgram } from '../support/needs.ts';
import { type Bouncer, bouncerBefore } from '../support/postgres/bouncer.ts';
import { newDatabase } from '../support/postgres.ts';
import { naming } from '../support/prepared.ts';
import { inAMinute } from '../support/until.ts';

const missing = !hasProgram('pgbouncer') && 'there is no pgbouncer';

describeNeeding(missing, 'behind PgBouncer in transaction mode', () => {
  let fresh: Awaited<ReturnType<typeof newDatabase>>;
  let bouncer: Bouncer;
  let opened: Database[];

  beforeAll(async () => {
    fresh = await newDatabase();
    bouncer = await bouncerBefore(fresh.url);
  });
  afterAll(async () => {
    await bouncer.close();
    await fresh.drop();
  });
  beforeEach(() => {
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((database) => database.close()));
  });

  async function nodeBehind(direct: { readonly directUrl?: string } = {}): Promise<PostgresJournal> {
    const address = { url: bouncer.url, allowUnsafe: false, ...direct };
    const database = new Database(address, { nodeName: `node-${opened.length}` });
    opened.push(database);
    const journal = new PostgresJournal({ database, snapshotFormat: 'tested 1' });
    await journal.open();
    return journal;
  }

  async function heard(node: PostgresJournal, after: number, count: number): Promise<readonly StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const step of node.shared.tail(() => after, inAMinute())) {
      events.push(...step.events);
      if (events.length >= count) break;
    }
    return events;
  }

  /** Counts how often a node reads a log in which nothing happens, until the signal aborts. */
  async function countReads(node: PostgresJournal, signal: AbortSignal, enough: (reads: number) => void) {
    let reads = 0;
    const head = await node.shared.head();
    for await (const _ of node.shared.tail(() => head, signal)) enough(++reads);
    return reads;
  }

  test('nodes number densely, and each hears all', async () => {
    const nodes = [await nodeBehind(), await nodeBehind()];
    const head = await (nodes[0] as PostgresJournal).shared.head();
    const hearing = nodes.map((node) => heard(node, head, 40));
    const write = async (node: PostgresJournal) => {
      for (let index = 0; index < 20; index += 1) await node.commit([naming('service-1', 'any', 'a')]);
    };
    await Promise.all(nodes.map(write));
    const expected = Array.from({ length: 40 }, (_, index) => head + index + 1);
    for (const events of await Promise.all(hearing)) expect(events.map(({ position }) => position)).toEqual(expected);
  });

  test('a tail that hears nothing looks often; one past the pooler waits for news', async () => {
    const [deaf, hearing] = [await nodeBehind(), await nodeBehind({ directUrl: fresh.url })];
    const compared = new AbortController();
    const [often, seldom] = await Promise.all([
      countReads(deaf, compared.signal, (reads) => reads === 30 && compared.abort()),
      countReads(hearing, compared.signal, () => {}),
    ]);
    expect(seldom).toBeLessThan(often / 2);
  });

  test('leases, snapshots and reads work', async () => {
    const node = await nodeBehind();
    await node.commit([naming('service-2', 'any', 'a', 'b')]);
    expect(await node.shared.takeLease('reactors')).toEqual({ name: 'reactors', epoch: 1 });
    const head = await node.shared.head();
    await node.snapshots.write(head, ['a part', 'and another']);
    expect(await node.snapshots.list()).toEqual([head]);
    for await (const page of node.scan({ after: head - 2 })) expect(page).toHaveLength(2);
  });
});
