// Measures a serving process under load from this process: its request rate and its CPU time.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, type Reading } from './harness.ts';
import { type Ask, type Connection, closedLoop, expectStatus, withConnections } from './load.ts';
import type { Running } from './running.ts';

/** Number of concurrent connections. */
export const CONNECTIONS = 64;

export interface Served {
  /** Requests per second. */
  readonly rate: number;
  /** CPU time per request, in microseconds. */
  readonly cost: number;
  /** Time of each request, in milliseconds. */
  readonly durations: readonly number[];
}

/** Sends requests on all connections without pause. */
export async function serve(server: Running, ask: Ask, seconds: number): Promise<Served> {
  return withConnections(server.url, CONNECTIONS, async (connections) => {
    const before = await server.cpu();
    const { durations, seconds: taken } = await closedLoop(connections, ask, { seconds });
    const cpu = (await server.cpu()) - before;
    return { rate: durations.length / taken, cost: (cpu * 1_000) / durations.length, durations };
  });
}

/** Goals as ratios to the floor: the least request rate, and the most CPU time. */
export interface ServedGoal {
  readonly rate: number;
  readonly cost?: number;
}

/** The readings of the request rate and the CPU time, compared with the floor. */
export function servedReadings(
  line: { readonly row: string; readonly floor: string },
  served: Served,
  floor: Served,
  goal: ServedGoal,
): Reading[] {
  return [
    {
      ...{ ...line, figure: 'requests/s', goal: { atLeast: goal.rate }, kind: 'wall' },
      ...{ value: served.rate, of: floor.rate },
    },
    {
      ...{ ...line, figure: 'CPU µs a request', kind: 'cpu' },
      ...(goal.cost === undefined ? {} : { goal: { atMost: goal.cost } }),
      ...{ value: served.cost, of: floor.cost },
    },
  ];
}

/** All connections of a server; at least one. */
type Connections = readonly [Connection, ...Connection[]];

export type Step = (connections: Connections) => Promise<unknown>;

/** How long a server needs to finish its work after an answer, in milliseconds. */
const REST = 3;

/**
 * The CPU time of the server for a step, in milliseconds: the median of `times` runs. `before` runs before each one and
 * does not count.
 */
export async function costOf(
  server: Running,
  times: number,
  step: Step,
  before: Step = async () => {},
): Promise<number> {
  return withConnections(server.url, CONNECTIONS, async (all) => {
    const connections = all as unknown as Connections;
    const costs: number[] = [];
    for (let done = 0; done < times; done += 1) {
      await before(connections);
      await sleep(REST);
      const begin = await server.cpu();
      await step(connections);
      await sleep(REST);
      costs.push((await server.cpu()) - begin);
    }
    return median(costs);
  });
}

/** Changes the status of one service after another: all of them to `major`, then all back to `operational`. */
export function changing(ids: readonly string[]): Ask {
  let changes = 0;
  return async (connection) => {
    const status = Math.floor(changes / ids.length) % 2 === 0 ? 'major' : 'operational';
    const line = `PUT /api/services/${ids[changes % ids.length]}`;
    changes += 1;
    return expectStatus(await connection.send(line, { body: JSON.stringify({ status }) }), 200, line);
  };
}
