// Benches of the status page: making it after a change, sending it to all who have it open, and its size.
import { gzipSync } from 'node:zlib';
import { capture } from './capture.ts';
import { type Bench, counted, inTurns, type Prepared, type Reading } from './harness.ts';
import { type Ask, asking, withConnection, withConnections } from './load.ts';
import { createdServices, longPage } from './made-up-log.ts';
import { logDirectory, type Running, record, startFloor, startServer } from './running.ts';
import { CONNECTIONS, changing, costOf, type Step } from './serving.ts';

const SERVICES = 50;

/** A page with this many services and some incidents; beside it, services of other organisations. */
async function serverWithPage(others: number): Promise<Running> {
  const directory = await logDirectory();
  const groups = [...longPage(SERVICES, 5, 4), ...createdServices(others, 1_000)];
  await record(directory, groups);
  return startServer({ directory, isLogging: true });
}

/** Changes one service of the page after another. */
async function changeOfPage(server: Running): Promise<Ask> {
  const page = (await (await fetch(`${server.url}/api/page`)).json()) as {
    readonly services: { readonly id: string }[];
  };
  return changing(page.services.map(({ id }) => id));
}

const front = asking('GET /', 200);

const made: Bench = {
  name: 'page',
  async prepare({ quick }): Promise<Prepared> {
    const others = quick ? 10_000 : 100_000;
    const times = quick ? 15 : 40;
    const servers = [await serverWithPage(1_000), await serverWithPage(others)];
    const measured = await Promise.all(servers.map(async (server) => ({ server, change: await changeOfPage(server) })));
    for (const { server, change } of measured) await warmUp(server, change);
    return {
      async round(turn) {
        const [alone = 0, beside = 0] = await inTurns(
          turn,
          measured.map(
            ({ server, change }) =>
              () =>
                costOf(server, times, ([one]) => front(one), firstChanging(change)),
          ),
        );
        const row = `first GET / after a change, ${SERVICES} services`;
        return [
          // An absolute time depends on the machine, so quick rounds do not judge it.
          { row, floor: '–', figure: 'CPU ms', goal: { atMost: 5 }, kind: 'wall', value: alone },
          {
            ...{ row: `${row}, ${counted(others)} services of others`, floor: 'the same with 1,000', figure: 'CPU ms' },
            ...{ goal: { atMost: 1.2 }, kind: 'cpu', value: beside, of: alone },
          },
        ] satisfies readonly Reading[];
      },
    };
  },
};

/** How often a server makes the page before it is measured: one that has just started runs code that is not compiled. */
const WARM = 150;

async function warmUp(server: Running, change: Ask): Promise<void> {
  await withConnection(server.url, async (connection) => {
    for (let made = 0; made < WARM; made += 1) {
      await change(connection);
      await front(connection);
    }
  });
}

const firstChanging =
  (change: Ask): Step =>
  ([one]) =>
    change(one);

/** Every open page hears of a change, and asks for itself within the 300 ms that the script waits at most. */
const opened: Bench = {
  name: 'open-pages',
  async prepare({ quick }): Promise<Prepared> {
    const pages = quick ? 1_000 : 10_000;
    const server = await serverWithPage(1_000);
    const change = await changeOfPage(server);
    const bare = await startFloor('http', [await capture(server, '/')]);
    return {
      rounds: 3,
      async round(turn) {
        const [served, floor] = await inTurns(turn, [
          () => fetchedBy(pages, server, change),
          () => fetchedBy(pages, bare, undefined),
        ]);
        const row = `${counted(pages)} open pages fetch themselves after a change`;
        return [
          {
            ...{ row, floor: 'bare node:http', figure: 'CPU µs a page', goal: { atMost: 1.5 }, kind: 'cpu' },
            ...{ value: served.cost, of: floor.cost },
          },
          { ...{ row, floor: '–', figure: 'ms until all have it', kind: 'wall' }, value: served.taken },
        ] satisfies readonly Reading[];
      },
    };
  },
};

/** The CPU time of each page in microseconds, and the time until all have been sent in milliseconds. */
async function fetchedBy(pages: number, server: Running, change: Ask | undefined) {
  return withConnections(server.url, CONNECTIONS, async (connections) => {
    const [one] = connections;
    if (change && one) await change(one);
    const before = await server.cpu();
    const begin = performance.now();
    let asked = 0;
    await Promise.all(
      connections.map(async (connection) => {
        for (; asked < pages; ) {
          asked += 1;
          await front(connection);
        }
      }),
    );
    const taken = performance.now() - begin;
    return { cost: (((await server.cpu()) - before) * 1_000) / pages, taken };
  });
}

/** What a first visit loads, by its address or the part of the page that names it, and the most that it may weigh. */
const PARTS = [
  { name: 'the page', find: undefined, atMost: 12 },
  { name: 'its stylesheet', find: /<link rel="stylesheet" href="(\/assets\/pages-[^"]+)"/, atMost: 8 },
  { name: 'its script, without the sockets', find: /<script type="module" src="([^"]+)"/, atMost: 20 },
] as const;

const KILOBYTE = 1_000;

const weighed: Bench = {
  name: 'page-size',
  async prepare(): Promise<Prepared> {
    const server = await startServer();
    const html = await (await fetch(`${server.url}/`)).text();
    const weights = await Promise.all(
      PARTS.map(async ({ name, find, atMost }): Promise<Reading> => {
        const address = find?.exec(html)?.[1];
        const body = address === undefined ? html : await (await fetch(server.url + address)).text();
        const line = { row: `GET / with the sample data: ${name}`, floor: '–', figure: 'kB, gzip' } as const;
        return { ...line, goal: { atMost }, kind: 'count', value: gzipSync(body).length / KILOBYTE };
      }),
    );
    return { rounds: 1, isCold: true, round: async () => weights };
  },
};

export const pages: readonly Bench[] = [made, opened, weighed];
