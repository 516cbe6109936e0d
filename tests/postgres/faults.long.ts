// The journal in PostgreSQL when something fails: lost answers, ended connections, a server that is away, another log.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome, PreparedCommit, StoredEvent, TailStep } from '../../src/log/journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { acceptFork } from '../../src/postgres/journal/accept-fork.ts';
import type { OnFork } from '../../src/postgres/journal/fork.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { TcpProxy } from '../nodes/tcp-proxy.ts';
import { newDatabase, withServer } from '../support/postgres.ts';
import { naming } from '../support/prepared.ts';
import { inAMinute, until } from '../support/until.ts';

interface Node {
  readonly journal: PostgresJournal;
  readonly database: Database;
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

async function nodeAt(url: string, onFork?: OnFork): Promise<Node> {
  const database = new Database({ url, allowUnsafe: false }, { nodeName: `node-${opened.length}` });
  opened.push(database);
  const journal = new PostgresJournal({ database, snapshotFormat: 'tested 1', ...(onFork ? { onFork } : {}) });
  await journal.open();
  return { journal, database };
}

async function names(journal: PostgresJournal): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of journal.scan({ after: 0 })) {
    found.push(...page.map(({ text }) => JSON.parse(text).data.name));
  }
  return found;
}

const naming1 = (name: string): PreparedCommit => naming('service-1', 'any', name);
const away = (words: string) => expect.objectContaining({ code: 'away', message: expect.stringContaining(words) });

describe('an answer that is lost', () => {
  let proxy: TcpProxy;
  let node: Node;

  beforeEach(async () => {
    const { port } = new URL(fresh.url);
    proxy = await TcpProxy.before(Number(port));
    const url = new URL(fresh.url);
    url.port = String(proxy.port);
    node = await nodeAt(url.href);
  });
  afterEach(() => proxy.close());

  test.each([1, 2, 5])('to %i COMMITs: the commit is found, and recorded once', async (lost) => {
    await node.journal.commit([naming1('before')]);
    proxy.swallowCommits(lost);
    const outcomes = await node.journal.commit([naming('service-1', 7, 'refused'), naming1('one'), naming1('two')]);
    expect(outcomes).toMatchObject([
      { kind: 'conflict', head: 3 },
      { kind: 'appended', events: [{ position: 2 }] },
      { kind: 'appended', events: [{ position: 3 }] },
    ]);
    expect(await names(node.journal)).toEqual(['before', 'one', 'two']);
  });

  test('to all of them for seconds: looked up until one is answered', async () => {
    await node.journal.commit([naming1('before')]);
    proxy.swallowCommits(Number.POSITIVE_INFINITY);
    const healing = setTimeout(() => proxy.heal(), 3_000);
    expect(await node.journal.commit([naming1('one')])).toMatchObject([
      { kind: 'appended', events: [{ position: 2 }] },
    ]);
    clearTimeout(healing);
    expect(await names(node.journal)).toEqual(['before', 'one']);
  });

  test('for good: unknown, and what comes later goes on after it', async () => {
    proxy.swallowCommits(Number.POSITIVE_INFINITY);
    await expect(node.journal.commit([naming1('one')])).rejects.toEqual(away('while it committed'));
    proxy.heal();
    expect(await node.journal.commit([naming1('two')])).toMatchObject([
      { kind: 'appended', events: [{ position: 2 }] },
    ]);
  });

  test('because the network is gone: away, and at once from then on', async () => {
    proxy.stall('toClient');
    await expect(node.journal.commit([naming1('one')])).rejects.toEqual(away('cannot be reached'));
    const refused = [node.journal.commit([naming1('two')]), node.journal.findKey('key'), node.journal.shared.head()];
    for (const call of refused) await expect(call).rejects.toBe(node.database.away);
    expect(node.journal.shared.trouble).toContain('cannot be reached');
  });
});

test('connections that are ended again and again lose nothing and repeat nothing', async () => {
  const nodes = [await nodeAt(fresh.url), await nodeAt(fresh.url)];
  const afterwards = await nodeAt(fresh.url);
  const timer = setInterval(() => void fresh.terminateBackends().catch(() => {}), 60);
  const appended: string[] = [];
  const write = async ({ journal }: Node, own: string) => {
    for (let index = 0; index < 40; index += 1) {
      const name = `${own} ${index}`;
      const [outcome] = await journal.commit([naming1(name)]).catch((): readonly Outcome[] => []);
      if (outcome?.kind === 'appended') appended.push(name);
    }
  };
  await Promise.all(nodes.map((node, index) => write(node, `node ${index}`)));
  clearInterval(timer);
  // The last strike can come a little later, also between two reads.
  let recorded: readonly string[] | undefined;
  await until(async () => {
    recorded = await names(afterwards.journal).catch(() => undefined);
    return recorded !== undefined;
  });
  expect(appended.length).toBeGreaterThan(0);
  expect(new Set(recorded).size).toBe(recorded?.length);
  expect(recorded).toEqual(expect.arrayContaining(appended));
});

test('a process that stands still with the lock is put aside, and its commit is not recorded', async () => {
  const [stopped, other] = [await nodeAt(fresh.url), await nodeAt(fresh.url)];
  const standing = stopped.database.transaction(
    'append',
    async (query) => {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await query('update plive.head set epoch = 99');
    },
    { first: 'select from plive.head for update' },
  );
  const failed = expect(standing).rejects.toEqual(away('PostgreSQL'));
  expect(await other.journal.commit([naming1('one')])).toMatchObject([{ kind: 'appended' }]);
  await failed;
});

test('a tail goes on when a server that was away is back, and says meanwhile why it does not', async () => {
  await withServer(async (server, { url }) => {
    const [writer, reader] = [await nodeAt(url), await nodeAt(url)];
    const over = new AbortController();
    const steps = reader.journal.shared
      .tail(() => 0, AbortSignal.any([over.signal, inAMinute()]))
      [Symbol.asyncIterator]();
    await steps.next();
    await server.stop();
    await expect(writer.journal.commit([naming1('one')])).rejects.toEqual(away('PostgreSQL'));
    const next = steps.next();
    await until(() => reader.journal.shared.trouble !== undefined);
    await server.start();
    await next;
    await until(() => writer.database.away === undefined);
    await writer.journal.commit([naming1('two')]);
    expect(await eventsOf(steps)).toMatchObject([{ position: 1 }]);
    expect(reader.journal.shared.trouble).toBeUndefined();
    over.abort();
  });
});

describe('another log in the database', () => {
  let node: Node;
  let tail: AsyncIterator<TailStep>;
  const over = new AbortController();

  /** As a restored backup has it, after another node has written to it. */
  async function replaceLast(): Promise<void> {
    const { database } = await nodeAt(fresh.url);
    await database.query('requests', 'delete from plive.events where position = 2');
    await database.query('requests', 'delete from plive.chain_heads');
    await (await nodeAt(fresh.url)).journal.commit([naming1('of another log'), naming1('and more')]);
  }

  beforeEach(async () => {
    node = await nodeAt(fresh.url);
    await node.journal.commit([naming1('one'), naming1('two')]);
    tail = node.journal.shared.tail(() => 0, AbortSignal.any([over.signal, inAMinute()]))[Symbol.asyncIterator]();
    expect(await eventsOf(tail)).toHaveLength(2);
  });

  test('ends the tail, and nothing is written, with the reason', async () => {
    await replaceLast();
    await ended(tail);
    expect(node.journal.shared.trouble).toContain('position 2');
    await expect(node.journal.commit([naming1('refused')])).rejects.toEqual(away('another log'));
    await expect(node.journal.shared.head()).rejects.toEqual(away('another log'));
  });

  test('is found by a commit that comes before the tail looks', async () => {
    await replaceLast();
    await expect(node.journal.commit([naming1('refused')])).rejects.toEqual(away('position 2'));
  });

  test('is the log once the journal is opened again', async () => {
    await replaceLast();
    await ended(tail);
    expect(await node.journal.open()).toBe(3);
    expect(node.journal.shared.trouble).toBeUndefined();
    expect(await node.journal.commit([naming1('taken')])).toMatchObject([{ kind: 'appended' }]);
  });

  test('that was accepted is told apart, and nodes that have it go on', async () => {
    await replaceLast();
    const current = await nodeAt(fresh.url);
    await acceptFork(current.database);
    await ended(tail);
    expect(node.journal.shared.trouble).toContain('was accepted');
    expect(await current.journal.commit([naming1('next')])).toMatchObject([{ kind: 'appended' }]);
  });

  test('can be opened once it was accepted, or when the former one is back, and not before', async () => {
    await replaceLast();
    await ended(tail);
    const waited = node.journal.shared.settled(over.signal);
    const undecided = new Promise((resolve) => setTimeout(resolve, 1_500, 'undecided'));
    expect(await Promise.race([waited, undecided])).toBe('undecided');
    await acceptFork((await nodeAt(fresh.url)).database);
    expect(await waited).toBe(true);
    await node.journal.open();
    const { hash } = (await node.journal.page({ after: 1, until: 2 })).events[0] as StoredEvent;
    const rename = (to: string) =>
      node.database.query('requests', 'update plive.events set hash = $1 where position = 3', [to]);
    const last = (await node.journal.page({ after: 2 })).events[0] as StoredEvent;
    const again = node.journal.shared.tail(() => 3, over.signal)[Symbol.asyncIterator]();
    await again.next();
    await rename(hash);
    await ended(again);
    const settled = node.journal.shared.settled(over.signal);
    await rename(last.hash);
    expect(await settled).toBe(true);
  });

  test('is accepted by a node that may, once for all nodes, above every epoch that they know', async () => {
    const epochs = () => node.database.query<{ epoch: number }>('requests', 'select epoch from plive.head');
    await acceptFork(node.database);
    const [known] = await epochs();
    await node.journal.open();
    // A backup from before.
    await node.database.query('requests', 'update plive.head set epoch = 1');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const others = [await nodeAt(fresh.url, 'accept'), await nodeAt(fresh.url, 'accept')];
    const tails = others.map(({ journal }) => journal.shared.tail(() => 2, over.signal)[Symbol.asyncIterator]());
    await Promise.all(tails.map((each) => each.next()));
    await replaceLast();
    await Promise.all([ended(tail), ...tails.map(ended)]);
    expect(node.journal.shared.trouble).toContain('position 2');
    const settled = await Promise.all(others.map(({ journal }) => journal.shared.settled(over.signal)));
    expect(settled).toEqual([true, true]);
    const [accepted] = await epochs();
    expect(accepted?.epoch).toBeGreaterThan(known?.epoch ?? Number.POSITIVE_INFINITY);
    expect(await node.journal.shared.settled(over.signal)).toBe(true);
    for (const { journal } of [...others, node]) await journal.open();
    expect(new Set([...others, node].map(({ journal }) => journal.shared.epoch))).toEqual(new Set([accepted?.epoch]));
  });

  test('that lacks what this node alone has committed ends the tail, which was not that far', async () => {
    await node.journal.commit([naming1('three')]);
    await node.database.query('requests', 'delete from plive.events where position = 3');
    await ended(tail);
    expect(node.journal.shared.trouble).toContain('position 3');
  });

  test('with a hole ends the tail, too', async () => {
    await node.journal.commit([naming1('three'), naming1('four')]);
    await node.database.query('requests', 'delete from plive.events where position = 3');
    await ended(tail);
    expect(node.journal.shared.trouble).toContain('no event at position 3');
  });
});

test('a version that may not write any more is told to be replaced', async () => {
  const { journal, database } = await nodeAt(fresh.url);
  await database.query('requests', 'update plive.versions set least_writer = 1000');
  const refused = expect.objectContaining({ code: 'failed', message: expect.stringContaining('newer version') });
  await expect(journal.commit([naming1('one')])).rejects.toEqual(refused);
});

async function eventsOf(steps: AsyncIterator<TailStep>): Promise<TailStep['events']> {
  for (;;) {
    const { value, done } = await steps.next();
    if (done || value.events.length > 0) return value.events;
  }
}

async function ended(steps: AsyncIterator<TailStep>): Promise<void> {
  while (!(await steps.next()).done);
}
