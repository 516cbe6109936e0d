// Benches of writes: the cost of durability, its growth with the state, and the time of a write while clients read.
import { type Bench, counted, inTurns, type Prepared, quantile, type Reading } from './harness.ts';
import { type Ask, asking, expectStatus, openLoop, withConnections } from './load.ts';
import type { Reading as Asked } from './reader.ts';
import { Assistant, type Running, startFloor, startRested } from './running.ts';
import { CONNECTIONS, type Served, serve } from './serving.ts';

const BODY = JSON.stringify({
  title: 'Slow uploads',
  description: 'Uploads of large files are slow.',
  impact: 'minor',
});

/** Opens an incident that affects no service, so that the services stay unchanged. */
const write: Ask = async (connection) =>
  expectStatus(await connection.send('POST /api/incidents', { body: BODY }), 201, 'POST /api/incidents');

const durable: Bench = {
  name: 'writes',
  async prepare({ seconds, quick }): Promise<Prepared> {
    const many = quick ? 10_000 : 100_000;
    const running = [
      await startRested({ services: 10 }),
      await startRested({ journal: 'memory' }),
      await startFloor('express'),
      await startRested({ services: many }),
    ];
    // V8 needs some thousand writes to optimise their code path.
    for (const one of running) await serve(one, write, 3 * seconds);
    return {
      async round(turn) {
        const served = await inTurns(
          turn,
          running.map((one) => () => serve(one, write, seconds)),
        );
        return writtenReadings(served as [Served, Served, Served, Served], many);
      },
    };
  },
};

function writtenReadings([sqlite, memory, express, grown]: [Served, Served, Served, Served], many: number): Reading[] {
  const line = { row: `durable write, SQLite, ${CONNECTIONS} connections`, figure: 'writes/s', kind: 'wall' } as const;
  return [
    { ...line, floor: 'the memory journal', goal: { atLeast: 0.8 }, value: sqlite.rate, of: memory.rate },
    { ...line, floor: 'bare Express 5 POST', goal: { atLeast: 0.6 }, value: sqlite.rate, of: express.rate },
    { ...line, floor: '–', figure: 'p99 ms', goal: { atMost: 50 }, value: quantile(sqlite.durations, 0.99) },
    {
      ...{ ...line, row: `the same with ${counted(many)} services`, floor: 'the same with 10', goal: { atLeast: 0.9 } },
      ...{ value: grown.rate, of: sqlite.rate },
    },
  ];
}

/** Writes per second: few enough to leave the server idle most of the time, and enough for a 99th percentile. */
const WRITES = 200;
const WRITERS = 16;

const contended: Bench = {
  name: 'contended',
  async prepare({ seconds, quick }): Promise<Prepared> {
    const server = await startRested({ isLogging: true });
    const readers = new Assistant('reader.js');
    const taken = quick ? 0.3 : 2;
    return {
      async round(turn) {
        const perSecond = (await serve(server, read, seconds)).rate / 2;
        const [beside, alone] = await inTurns(turn, [
          async () => {
            const reading: Asked = { url: server.url, path: PATH, perSecond, seconds: taken };
            const [slowest] = await Promise.all([slowestWrite(server, taken), readers.ask(reading)]);
            return slowest;
          },
          () => slowestWrite(server, taken),
        ]);
        const line = { row: 'write beside readers at half of what can be served', floor: 'the same alone' };
        return [
          { ...line, figure: 'p99 ms', goal: { atMost: 3 }, kind: 'wall', value: beside, of: alone },
          { ...line, floor: '–', figure: 'reads/s beside it', kind: 'wall', value: perSecond },
        ];
      },
    };
  },
};

const PATH = '/api/status';
const read = asking(`GET ${PATH}`, 200);

/** The 99th percentile of the time of writes at a low rate, in milliseconds. */
async function slowestWrite(server: Running, seconds: number): Promise<number> {
  const { durations } = await withConnections(server.url, WRITERS, (connections) =>
    openLoop(connections, write, { perSecond: WRITES, seconds }),
  );
  return quantile(durations, 0.99);
}

export const writes: readonly Bench[] = [durable, contended];
