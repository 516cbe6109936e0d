// Benches of appends to PostgreSQL: compared with bare inserts on as many connections, and beside a long snapshot of the
// database, as a backup has it.
import pg from 'pg';
import { v7 as newId } from 'uuid';
import type { Commit } from '../../src/log/commit.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { databaseToMeasure } from './database.ts';
import { type Bench, inTurns, type Prepared, type Reading } from './harness.ts';

/** How many write at once, and the goal for each number. */
const WRITERS = [
  { writers: 1, goal: 0.5 },
  { writers: 16, goal: 0.7 },
  { writers: 64, goal: 1.2 },
] as const;

const append = (log: EventLog) => async () => {
  const appended = await log.append(commit());
  if (appended.kind !== 'appended') throw new Error(`An append ended as ${appended.kind}.`);
};

function commit(): Commit {
  const data = { name: 'API', description: 'Answers requests', status: 'operational', uptime: 100 };
  const event = {
    type: 'service.created',
    organizationId: 'default',
    data,
  } as unknown as Commit['writes'][number]['events'][number];
  const stream = `service-${newId()}`;
  return {
    writes: [{ stream, expected: 'no-stream', events: [event] }],
    actor: { kind: 'anonymous' },
    correlationId: 'bench',
  };
}

/** As long as the row of such an event. */
const ROW = 'x'.repeat(700);

async function openLog(url: string): Promise<EventLog> {
  const database = new Database({ url, allowUnsafe: false }, { nodeName: 'bench' });
  const journal = new PostgresJournal({ database, snapshotFormat: 'bench' });
  const log = new EventLog(journal, { newId, eventsInMemory: 1_000, maxWaiting: 10_000, report: console.error });
  await log.open();
  return log;
}

/** How often a second the work is done, by this many at once. */
async function rateOf(writers: number, seconds: number, work: (writer: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  let done = 0;
  const write = async (writer: number) => {
    for (; performance.now() < end; done += 1) await work(writer);
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return (done * 1_000) / (performance.now() - begin);
}

const appends: Bench = {
  name: 'appends',
  async prepare({ seconds }): Promise<Prepared> {
    const { url } = await databaseToMeasure();
    const log = await openLog(url);
    const clients = Array.from({ length: 64 }, () => new pg.Client({ connectionString: url }));
    for (const client of clients) await client.connect();
    await clients[0]?.query('create table plive.bare (id bigserial primary key, text text not null)');
    const insert = (writer: number) => clients[writer]?.query('insert into plive.bare (text) values ($1)', [ROW]);
    return {
      async round(turn) {
        const readings: Reading[] = [];
        for (const { writers, goal } of WRITERS) {
          const [value, of] = await inTurns(turn, [
            () => rateOf(writers, 4 * seconds, append(log)),
            () => rateOf(writers, 4 * seconds, async (writer) => insert(writer)),
          ]);
          const row = `durable append, PostgreSQL, ${writers} ${writers === 1 ? 'writer' : 'writers'}`;
          const floor = 'bare inserts on as many connections';
          readings.push({ row, floor, figure: 'appends/s', goal: { atLeast: goal }, kind: 'wall', value, of });
        }
        return readings;
      },
    };
  },
};

const beside: Bench = {
  name: 'appends-beside-a-backup',
  async prepare({ seconds }): Promise<Prepared> {
    const { url } = await databaseToMeasure();
    const log = await openLog(url);
    const work = () => rateOf(16, 4 * seconds, append(log));
    return {
      async round() {
        const alone = await work();
        const backup = new pg.Client({ connectionString: url });
        await backup.connect();
        await backup.query('begin isolation level repeatable read; select count(*) from plive.events');
        // What piles up behind the snapshot must not slow the appends down.
        await work();
        const value = await work();
        await backup.end();
        const line = { row: 'the same with 16 writers, beside a backup', floor: 'the same alone' } as const;
        return [{ ...line, figure: 'appends/s', goal: { atLeast: 0.8 }, kind: 'wall', value, of: alone }];
      },
    };
  },
};

export const nodeAppends: readonly Bench[] = [appends, beside];
