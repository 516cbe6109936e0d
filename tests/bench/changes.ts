// Benches of reads after a change: the first read of a long list, and the cost of a status with many services.
import { capture } from './capture.ts';
import { type Bench, counted, inTurns, median, type Prepared, type Reading, type Scale } from './harness.ts';
import { type Ask, asking, withConnection } from './load.ts';
import { serviceIds } from './made-up-log.ts';
import { type Running, startFloor, startRested } from './running.ts';
import { CONNECTIONS, changing, costOf, type Step, serve } from './serving.ts';

const SERVICES = 1_000;

const first: Bench = {
  name: 'first',
  async prepare(scale): Promise<Prepared> {
    const server = await startRested({ services: SERVICES, isLogging: true });
    const answer = await capture(server, '/api/services');
    const bare = await startFloor('http', [answer, { ...answer, path: '/encoded', isEncoding: true }]);
    const change = changing(serviceIds(SERVICES));
    return {
      round: async (turn) => [
        ...(await firstReadings(server, bare, change, scale)),
        await compressed(server, change, turn),
      ],
    };
  },
};

const list = asking('GET /api/services', 200);
const encoded = asking('GET /encoded', 200);
const compressible = asking('GET /api/services', 200, 'Accept-Encoding: br, gzip\r\n');
const status = asking('GET /api/status', 200);

/**
 * The cost of one GET after a change, and of 64 at once, without the change. The floors get requests at the same pace.
 */
async function firstReadings(server: Running, bare: Running, change: Ask, { quick }: Scale): Promise<Reading[]> {
  const times = quick ? 15 : 40;
  const changed: Step = ([one]) => change(one);
  const first = await costOf(server, times, ([one]) => list(one), changed);
  const crowd = await costOf(server, times, (all) => Promise.all(all.map(list)), changed);
  const bareFirst = await costOf(bare, times, ([one]) => list(one));
  const bareCrowd = await costOf(bare, times, (all) => Promise.all(all.map(list)));
  const encoding = (await costOf(bare, times, ([one]) => encoded(one))) - bareFirst;
  return [
    {
      row: 'first GET /api/services after a change, 1,000 services',
      floor: 'JSON.stringify of the whole answer',
      ...{ figure: 'CPU ms, sending aside', goal: { atMost: 0.3 }, kind: 'cpu' },
      ...{ value: first - bareFirst, of: encoding },
    },
    {
      row: `${CONNECTIONS} such GETs at once`,
      floor: `${CONNECTIONS} times bare node:http, 0.3 times JSON.stringify`,
      ...{ figure: 'CPU ms', goal: { atMost: 1.15 }, kind: 'cpu' },
      ...{ value: crowd, of: bareCrowd + 0.3 * encoding },
    },
  ];
}

/** The server must not wait for compression: until it is done, it sends the uncompressed answer. */
async function compressed(server: Running, change: Ask, turn: number): Promise<Reading> {
  const [accepted, plain] = await inTurns(turn, [
    () => delayAfterChange(server, change, compressible),
    () => delayAfterChange(server, change, list),
  ]);
  return {
    row: 'first GET after a change, compression accepted',
    floor: 'the same, not accepted',
    ...{ figure: 'ms', goal: { atMost: 1.3 }, kind: 'wall' },
    ...{ value: accepted, of: plain },
  };
}

const CHANGES = 20;

/** The time of the first answer after a change, in milliseconds: the median of `CHANGES`. */
async function delayAfterChange(server: Running, change: Ask, ask: Ask): Promise<number> {
  return withConnection(server.url, async (connection) => {
    const delays: number[] = [];
    for (let done = 0; done < CHANGES; done += 1) {
      await change(connection);
      delays.push((await ask(connection)).duration);
    }
    return median(delays);
  });
}

const growth: Bench = {
  name: 'growth',
  async prepare({ seconds, quick }): Promise<Prepared> {
    const sizes = [10, 1_000, quick ? 10_000 : 100_000];
    const servers: { readonly server: Running; readonly change: Ask }[] = [];
    for (const services of sizes) {
      servers.push({
        server: await startRested({ services, isLogging: true }),
        change: changing(serviceIds(services)),
      });
    }
    return {
      async round(turn) {
        const measured = await inTurns(
          turn,
          servers.map(({ server, change }) => async () => ({
            cost: (await serve(server, status, seconds)).cost,
            delay: await delayAfterChange(server, change, status),
          })),
        );
        const [smallest, ...larger] = measured as [Measured, ...Measured[]];
        return larger.flatMap((one, index) => grown(sizes[index + 1] ?? 0, one, smallest));
      },
    };
  },
};

interface Measured {
  /** CPU time per request, in microseconds. */
  readonly cost: number;
  /** Time of the first answer after a change, in milliseconds. */
  readonly delay: number;
}

function grown(services: number, { cost, delay }: Measured, smallest: Measured): Reading[] {
  const line = {
    row: `GET /api/status, ${counted(services)} services`,
    floor: 'the same with 10',
    goal: { atMost: 1.3 },
  };
  return [
    { ...line, figure: 'CPU µs a request', kind: 'cpu', value: cost, of: smallest.cost },
    { ...line, figure: 'ms, first after a change', kind: 'wall', value: delay, of: smallest.delay },
  ];
}

export const changes: readonly Bench[] = [first, growth];
