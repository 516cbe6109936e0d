// Benches of reads: public GETs without changes in between, and requests that no cache can answer.
import { randomUUID } from 'node:crypto';
import { capture, tagOf } from './capture.ts';
import { type Bench, counted, inTurns, type Line, type Prepared, type Reading } from './harness.ts';
import { type Ask, asking, closedLoop, expectStatus, withConnections } from './load.ts';
import { type Running, startFloor, startRested } from './running.ts';
import { CONNECTIONS, type ServedGoal, serve, servedReadings } from './serving.ts';

const INCIDENT = 'a1b2c3d4-0000-4000-8000-000000000101';

/** A GET, compared with a floor that sends the same answer. */
interface Compared {
  readonly row: string;
  readonly floor: string;
  readonly server: Running;
  readonly bare: Running;
  readonly ask: Ask;
  readonly goal: ServedGoal;
}

const unchanged: Bench = {
  name: 'unchanged',
  async prepare({ seconds }): Promise<Prepared> {
    const small = await startRested({ isLogging: true });
    const large = await startRested({ services: 1_000, isLogging: true });
    const limited = await startRested({ isLogging: true, settings: LIMITED });
    const compared: Compared[] = [];
    for (const [name, path, server] of [
      ['/api/status', '/api/status', small],
      ['/api/status, limits on', '/api/status', limited],
      ['/api/services, 6 services', '/api/services', small],
      ['/api/services, 1,000 services', '/api/services', large],
      ['an incident', `/api/incidents/${INCIDENT}`, small],
    ] as const) {
      const answer = await capture(server, path);
      const tag = tagOf(answer);
      const bare = await startFloor('http', [answer, await capture(server, path, tag)]);
      const row = `GET ${name}, unchanged`;
      const line = `GET ${path}`;
      const notModified = asking(line, 304, `If-None-Match: ${tag}\r\n`);
      compared.push(
        {
          ...{ row, floor: 'bare node:http', server, bare },
          ...{ ask: asking(line, 200), goal: { rate: 0.9, cost: 1.15 } },
        },
        {
          ...{ row, floor: 'a bare 304', server, bare },
          ...{ ask: notModified, goal: { rate: 0.9 } },
        },
      );
    }
    compared.push(await pageOf(small));
    for (const { server, bare, ask } of compared) for (const each of [server, bare]) await warmUp(each, ask);
    return {
      async round(turn) {
        const readings: Reading[] = [];
        for (const one of compared) readings.push(...(await besideFloor(one, turn, seconds)));
        return readings;
      },
    };
  },
};

/** How many requests a server answers before its code is as fast as it gets, about. */
const WARM = 3_000;

/** A quick round is too short for that. */
async function warmUp(server: Running, ask: Ask): Promise<void> {
  await withConnections(server.url, CONNECTIONS, (connections) => closedLoop(connections, ask, { requests: WARM }));
}

/** What a browser sends beside the address: the server reads the language from it. */
const FROM_BROWSER = 'Accept: text/html,*/*;q=0.8\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n';

/** The status page, in the language of a browser. */
async function pageOf(server: Running): Promise<Compared> {
  const bare = await startFloor('http', [await capture(server, '/')]);
  const ask = asking('GET /', 200, FROM_BROWSER);
  return {
    row: 'GET / (HTML), unchanged',
    floor: 'bare node:http',
    server,
    bare,
    ask,
    goal: { rate: 0.9, cost: 1.15 },
  };
}

/** As much as can be set: each connection comes from an address of its own, and is counted. */
const LIMITED = { RATE_LIMIT: '60000' };

async function besideFloor({ row, floor, server, bare, ask, goal }: Compared, turn: number, seconds: number) {
  const [served, floorServed] = await inTurns(turn, [
    () => serve(server, ask, seconds),
    () => serve(bare, ask, seconds),
  ]);
  return servedReadings({ row, floor }, served, floorServed, goal);
}

/** A header that makes a request bypass the cache and reach Express: that of a session, valid or not. */
const PAST_CACHE = 'Cookie: plive=past-cache\r\n';

/** Requests that all differ: no cache has their answers, and none should store them. */
function everNew(line: () => string, status: number, headers = ''): Ask {
  return async (connection) => {
    const asked = line();
    return expectStatus(await connection.send(asked, { headers }), status, asked);
  };
}

const unknownId = () => `GET /api/services/${randomUUID()}`;
const busted = () => `GET /api/status?_=${randomUUID()}`;
const unknownOrganization = () => `GET /api/status?organizationId=${randomUUID()}`;

const misses: Bench = {
  name: 'misses',
  async prepare({ seconds, quick }): Promise<Prepared> {
    const server = await startRested({ isLogging: true });
    const flood = quick ? 5_000 : 50_000;
    const growth = await growthUnder(server, flood);
    const kinds = [
      ['GET an unknown id', unknownId, 404],
      ['GET with a cache-busting query', busted, 200],
      ['GET the status of an unknown organisation', unknownOrganization, 200],
    ] as const;
    return {
      async round(turn) {
        const readings: Reading[] = [];
        for (const [row, line, status] of kinds) {
          const [plain, past] = await inTurns(turn, [
            () => serve(server, everNew(line, status), seconds),
            () => serve(server, everNew(line, status, PAST_CACHE), seconds),
          ]);
          readings.push(...servedReadings({ row, floor: 'the same from Express' }, plain, past, { rate: 1, cost: 1 }));
        }
        return [...readings, { ...memoryLine(flood), value: growth }];
      },
    };
  },
};

function memoryLine(flood: number): Line {
  return {
    row: `GET ${counted(flood)} times, never the same, after twice as many`,
    floor: '–',
    figure: 'RSS grown by, MB',
    goal: { atMost: 25 },
    kind: 'memory',
  };
}

/**
 * The growth of the server's memory in megabytes under this many different requests, after its heap has reached its
 * size.
 */
async function growthUnder(server: Running, requests: number): Promise<number> {
  return withConnections(server.url, CONNECTIONS, async (connections) => {
    const flood = async () => {
      await closedLoop(connections, everNew(unknownOrganization, 200), { requests: requests / 2 });
      await closedLoop(connections, everNew(busted, 200), { requests: requests / 2 });
    };
    await flood();
    await flood();
    const before = await server.memory();
    await flood();
    return ((await server.memory()) - before) / 1_024;
  });
}

export const reads: readonly Bench[] = [unchanged, misses];
