// Benches of several nodes on one PostgreSQL: the way of a change from one to a socket of another, what reads cost with one
// and with three, and the start of a node on a long log.
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { SNAPSHOT_FORMAT } from '../../src/app/snapshot-format.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { databaseToMeasure } from './database.ts';
import { type Bench, counted, inTurns, type Prepared, quantile } from './harness.ts';
import { asking } from './load.ts';
import { madeUpCommits } from './made-up-log.ts';
import { nodeAppends } from './node-appends.ts';
import { type Running, startServer } from './running.ts';
import { serve } from './serving.ts';

const nodeOn = (url: string, name: string): Promise<Running> =>
  startServer({ settings: { DATABASE_URL: url, NODE_NAME: name, SAMPLE_DATA: 'false' } });

const BODY = JSON.stringify({ name: 'API', description: 'Answers requests' });

async function create({ url }: Running): Promise<{ readonly id: string }> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/services`, { method: 'POST', headers, body: BODY });
  return (await response.json()) as { readonly id: string };
}

/** Sends 20 changes a second. A busy node refuses some: what is measured is what the others cost. */
async function change(node: Running, seconds: number): Promise<void> {
  const changes: Promise<unknown>[] = [];
  for (let count = 0; count < 20 * seconds; count += 1) {
    changes.push(create(node).catch(() => {}));
    await sleep(50);
  }
  await Promise.all(changes);
}

const across: Bench = {
  name: 'across',
  async prepare({ seconds }): Promise<Prepared> {
    const { url } = await databaseToMeasure();
    const [here, there] = [await nodeOn(url, 'here'), await nodeOn(url, 'there')];
    const heard = new Map<string, number>();
    const socket = io(there.url, { transports: ['websocket'] });
    socket.on('service-update', ({ data }: { readonly data: { readonly id: string } }) =>
      heard.set(data.id, performance.now()),
    );
    await new Promise((resolve) => socket.on('connect', () => resolve(undefined)));
    return {
      async round() {
        const begun = new Map<string, number>();
        const post = async () => {
          const sent = performance.now();
          const { id } = await create(here);
          begun.set(id, sent);
        };
        for (let count = 0; count < 200 * seconds; count += 1) await post();
        while (![...begun.keys()].every((id) => heard.has(id))) await new Promise(setImmediate);
        const times = [...begun].map(([id, sent]) => (heard.get(id) ?? 0) - sent);
        const line = { row: 'write on one node, heard by a socket of another', floor: '–', kind: 'wall' } as const;
        return [{ ...line, figure: 'p99 ms', goal: { atMost: 100 }, value: quantile(times, 0.99) }];
      },
    };
  },
};

const readsOnNodes: Bench = {
  name: 'reads-on-nodes',
  async prepare({ seconds }): Promise<Prepared> {
    const [alone, shared] = [await databaseToMeasure(), await databaseToMeasure()];
    const single = await nodeOn(alone.url, 'single');
    const nodes = [await nodeOn(shared.url, 'one'), await nodeOn(shared.url, 'two'), await nodeOn(shared.url, 'three')];
    const read = asking('GET /api/status', 200);
    /** CPU time of all nodes for each read of one of them, while one of them records changes. */
    const costOf = async (all: readonly Running[]) => {
      const before = await Promise.all(all.map((node) => node.cpu()));
      const [target] = all as [Running];
      const [served] = await Promise.all([serve(target, read, seconds), change(all.at(-1) as Running, seconds)]);
      const after = await Promise.all(all.map((node) => node.cpu()));
      const spent = after.reduce((sum, cpu, index) => sum + cpu - (before[index] ?? 0), 0);
      return (spent * 1_000) / served.durations.length;
    };
    return {
      async round(turn) {
        const [three, one] = await inTurns(turn, [() => costOf(nodes), () => costOf([single])]);
        const line = { row: 'GET /api/status on one of three nodes, beside 20 changes a second' } as const;
        const figure = 'CPU µs a read, of all nodes';
        return [
          { ...line, floor: 'the same on one', figure, goal: { atMost: 1.5 }, kind: 'cpu', value: three, of: one },
        ];
      },
    };
  },
};

const startOnLongLog: Bench = {
  name: 'node-start',
  async prepare({ quick }): Promise<Prepared> {
    const { url } = await databaseToMeasure();
    const events = quick ? 20_000 : 1_000_000;
    const database = new Database({ url, allowUnsafe: false }, { nodeName: 'bench' });
    const journal = new PostgresJournal({ database, snapshotFormat: SNAPSHOT_FORMAT });
    await journal.open();
    for (const group of madeUpCommits(events)) await journal.commit(group);
    // The node writes a snapshot when it closes.
    await (await nodeOn(url, 'first')).stop('SIGTERM');
    return {
      rounds: quick ? 1 : 3,
      isCold: true,
      async round() {
        const transfer = await secondsOf(async () => {
          const [newest = 0] = [...(await journal.snapshots.list())].reverse();
          for await (const _part of journal.snapshots.read(newest));
        });
        const node = { current: undefined as Running | undefined };
        const start = await secondsOf(async () => {
          node.current = await nodeOn(url, 'next');
          await (await fetch(`${node.current.url}/api/status`)).text();
        });
        await node.current?.stop();
        const line = {
          row: `start of a node on ${counted(events)} events, a snapshot`,
          floor: '–',
          kind: 'wall',
        } as const;
        const figure = 's to the first answer, without the transfer of the snapshot';
        return [
          { ...line, figure, goal: { atMost: 2 }, value: start - transfer },
          { ...line, figure: 's of transfer', value: transfer },
        ];
      },
    };
  },
};

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1_000;
}

export const nodes: readonly Bench[] = [...nodeAppends, across, readsOnNodes, startOnLongLog];
