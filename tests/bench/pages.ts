// Benches of the status page: making it after a change, what waits meanwhile, and its size.
import { gzipSync } from 'node:zlib';
import { type Bench, counted, inTurns, median, type Prepared, type Reading } from './harness.ts';
import { type Ask, asking, type Connection, withConnection, withConnections } from './load.ts';
import { createdServices, longPage } from './made-up-log.ts';
import { openPages } from './open-pages.ts';
import { logDirectory, type Running, record, startRested } from './running.ts';
import { changing, costOf, type Step } from './serving.ts';

const SERVICES = 50;

/** A page with this many services and some incidents; beside it, services of other organisations. */
async function serverWithPage(services: number, others: number): Promise<Running> {
  const directory = await logDirectory();
  const groups = [...longPage(services, 5, 4), ...createdServices(others, 1_000)];
  await record(directory, groups);
  return startRested({ directory, isLogging: true });
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
    const servers = [await serverWithPage(SERVICES, 1_000), await serverWithPage(SERVICES, others)];
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

const LONG = 1_000;

/** A page of many services is made in turns: other requests are answered meanwhile. */
const beside: Bench = {
  name: 'page-beside',
  async prepare({ quick }): Promise<Prepared> {
    const times = quick ? 8 : 20;
    const servers = [await serverWithPage(SERVICES, 0), await serverWithPage(LONG, 0)];
    const measured = await Promise.all(servers.map(async (server) => ({ server, change: await changeOfPage(server) })));
    return {
      async round(turn) {
        const [short = 0, long = 0] = await inTurns(
          turn,
          measured.map(
            ({ server, change }) =>
              () =>
                longestWait(server, change, times),
          ),
        );
        return [
          {
            row: `GET /api/status while GET / is made after a change, ${counted(LONG)} services`,
            floor: `the same with ${SERVICES}`,
            ...{ figure: 'ms, the longest wait', goal: { atMost: 4 }, kind: 'wall', value: long, of: short },
          },
        ] satisfies readonly Reading[];
      },
    };
  },
};

const status = asking('GET /api/status', 200);

/** The longest time of another request while the page is made, in milliseconds: the median of so many pages. */
async function longestWait(server: Running, change: Ask, times: number): Promise<number> {
  return withConnections(server.url, 2, async (connections) => {
    const [one, other] = connections as [Connection, Connection];
    const waits: number[] = [];
    for (let done = 0; done < times; done += 1) {
      await change(one);
      let isMade = false;
      const made = front(one).finally(() => {
        isMade = true;
      });
      let longest = 0;
      while (!isMade) longest = Math.max(longest, (await status(other)).duration);
      await made;
      waits.push(longest);
    }
    return median(waits);
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
    const server = await startRested();
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

export const pages: readonly Bench[] = [made, beside, openPages, weighed];
