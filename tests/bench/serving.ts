// What serving takes of a process: its rate and its processor time under requests that this process sends.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, type Reading } from './harness.ts';
import { type Ask, type Connection, closedLoop, expectStatus, withConnections } from './load.ts';
import type { Running } from './running.ts';

/** How many clients ask at once. */
export const CONNECTIONS = 64;

export interface Served {
  /** Requests a second. */
  readonly rate: number;
  /** Processor time a request, in microseconds. */
  readonly cost: number;
  /** How long each answer took, in milliseconds. */
  readonly durations: readonly number[];
}

/** Keeps the server as busy as all connections can. */
export async function serve(server: Running, ask: Ask, seconds: number): Promise<Served> {
  return withConnections(server.url, CONNECTIONS, async (connections) => {
    const before = await server.cpu();
    const { durations, seconds: taken } = await closedLoop(connections, ask, { seconds });
    const cpu = (await server.cpu()) - before;
    return { rate: durations.length / taken, cost: (cpu * 1_000) / durations.length, durations };
  });
}

/** As parts of the floor: at least so fast, and at most so dear. */
export interface ServedGoal {
  readonly rate: number;
  readonly cost?: number;
}

/** The lines that say how fast and how cheaply the server served, beside how its floor did. */
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

/** All connections of a server, of which there is one at least. */
type Connections = readonly [Connection, ...Connection[]];

export type Step = (connections: Connections) => Promise<unknown>;

/** Milliseconds for a server to finish what it does after an answer. */
const REST = 3;

/** What a step takes of the server's processor time, in milliseconds: the median of so many, each after another step that does not count. */
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

/** Changes what a service is, each time another one: every one of them once, then every one back again. */
export function changing(ids: readonly string[]): Ask {
  let changes = 0;
  return async (connection) => {
    const status = Math.floor(changes / ids.length) % 2 === 0 ? 'major' : 'operational';
    const line = `PUT /api/services/${ids[changes % ids.length]}`;
    changes += 1;
    return expectStatus(await connection.send(line, { body: JSON.stringify({ status }) }), 200, line);
  };
}
