// The bench of open pages: each has a socket, hears of a change, and fetches itself again.
import { capture, tagOf } from './capture.ts';
import { type Bench, counted, inTurns, type Prepared, type Reading } from './harness.ts';
import { type Ask, expectStatus, withConnection } from './load.ts';
import { longPage } from './made-up-log.ts';
import { logDirectory, type Running, record, startFloor, startRested } from './running.ts';
import { changing } from './serving.ts';
import { type Fetched, monotonic } from './socket-clients.ts';
import { Audience, messagesOf, publicServices } from './sockets.ts';

/** Without groups, so that a change is always as many messages: one for the service, one for the status. */
const SERVICES = 6;

/** As in `src/web/browser/delays.ts`: a page that hears of a change fetches itself within this time, in milliseconds. */
const SPREAD = 300;

interface Crowd {
  readonly server: Running;
  readonly audience: Audience;
  /** Sends the request of which all hear. */
  readonly trigger: Ask;
  /** Where the pages are fetched from. */
  readonly pages: Running;
  /** Memory that the server uses for the socket of a page, in kilobytes. */
  readonly memory: number;
}

export const openPages: Bench = {
  name: 'open-pages',
  async prepare({ quick }): Promise<Prepared> {
    const size = quick ? 1_000 : 10_000;
    const directory = await logDirectory();
    await record(directory, longPage(SERVICES, 1, 4));
    const server = await startRested({ directory, isLogging: true });
    const change = changing(await publicServices(server));
    const messages = await messagesOf(server, change);
    const page = await capture(server, '/');
    const floor = {
      sockets: await startFloor('ws'),
      pages: await startFloor('http', [page, { ...page, isConditional: true }]),
    };
    const post: Ask = async (connection) =>
      expectStatus(await connection.send('POST /', { body: JSON.stringify(messages) }), 200, 'POST /');
    const crowds = [
      await crowd(server, size, { greeting: '42', trigger: change, pages: server }),
      await crowd(floor.sockets, size, { greeting: '40', trigger: post, pages: floor.pages }),
    ] as const;
    return {
      rounds: 3,
      async round(turn) {
        const [served, bare] = await inTurns(turn, [() => throughChange(crowds[0]), () => throughChange(crowds[1])]);
        return readings(size, { served, bare, memory: crowds[0].memory });
      },
    };
  },
};

async function crowd(
  server: Running,
  size: number,
  { greeting, ...rest }: Pick<Crowd, 'trigger' | 'pages'> & { readonly greeting: '40' | '42' },
): Promise<Crowd> {
  const audience = new Audience(size);
  return { server, audience, memory: await audience.connect(server, greeting), ...rest };
}

interface Through extends Fetched {
  /** CPU time of what serves sockets and pages, for each page, in microseconds. */
  readonly cost: number;
}

/** One change, until each page has heard of it and has fetched itself. Times count from when the change is sent. */
async function throughChange({ server, audience, trigger, pages }: Crowd): Promise<Through> {
  const processes = new Set([server, pages]);
  const cpu = async () => {
    let sum = 0;
    for (const each of processes) sum += await each.cpu();
    return sum;
  };
  const { size } = audience;
  const tag = tagOf(await capture(pages, '/'));
  await audience.ask({ ask: 'expect', updates: size, messages: 0 });
  await audience.ask({ ask: 'refresh', url: pages.url, tag, spread: SPREAD });
  const before = await cpu();
  const sentAt = monotonic();
  await withConnection(server.url, trigger);
  const fetched = await audience.ask<Fetched>({ ask: 'refreshed', sentAt });
  return { ...fetched, cost: (((await cpu()) - before) * 1_000) / size };
}

interface Measured {
  readonly served: Through;
  readonly bare: Through;
  readonly memory: number;
}

function readings(size: number, { served, bare, memory }: Measured): Reading[] {
  const line = { row: `${counted(size)} open pages through a change`, floor: '–' };
  const floor = 'bare ws and bare node:http';
  const [half, most, last] = served.heard;
  const wall = { ...line, kind: 'wall' } as const;
  return [
    { ...line, floor, figure: 'CPU µs a page', goal: { atMost: 3 }, kind: 'cpu', value: served.cost, of: bare.cost },
    { ...wall, figure: 'ms until half have heard', value: half },
    { ...wall, figure: 'ms until 99 % have', value: most },
    { ...wall, figure: 'ms until all have', goal: { atMost: 500 }, value: last },
    { ...wall, floor, figure: 'ms until all have the page', value: served.fetched, of: bare.fetched },
    { ...line, figure: 'fetches a page', goal: { atMost: 1 }, kind: 'count', value: served.fetches / size },
    { ...line, figure: 'RSS kB a socket', goal: { atMost: 35 }, kind: 'memory', value: memory },
  ];
}
