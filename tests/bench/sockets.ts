// Sockets: what a broadcast costs and how long it takes, how soon an update is there, and how fast a crowd comes back.
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { type Bench, counted, inTurns, type Prepared, type Reading } from './harness.ts';
import { type Ask, expectStatus, withConnection } from './load.ts';
import { Assistant, type Running, startFloor, startServer } from './running.ts';
import { changing } from './serving.ts';
import { type Heard, monotonic, type Question, type Resumed } from './socket-clients.ts';

/** Milliseconds for a server to come to rest. */
const REST = 500;

/** Clients that listen to a server, in a process of their own. */
class Audience {
  readonly size: number;
  readonly #assistant = new Assistant('socket-clients.js');

  constructor(size: number) {
    this.size = size;
  }

  async ask<T = unknown>(question: Question): Promise<T> {
    return this.#assistant.ask<T>(question);
  }

  /** Connects all of them. Resolves with the memory that each takes of the server, in kilobytes. */
  async connect(server: Running, greeting: '40' | '42'): Promise<number> {
    const before = await server.memory();
    await this.ask({ ask: 'connect', url: server.url, clients: this.size, greeting });
    await sleep(REST);
    return ((await server.memory()) - before) / this.size;
  }
}

/** The six services of the sample data are everyone's: each change of one is told to every socket. */
async function publicServices(server: Running): Promise<string[]> {
  const services = (await (await fetch(`${server.url}/api/services`)).json()) as readonly { readonly id: string }[];
  return services.map(({ id }) => id);
}

/** A change tells everyone of the service and of the status. */
const MESSAGES = 2;

interface Stage {
  readonly server: Running;
  readonly audience: Audience;
  /** Has everyone told something. */
  readonly tell: Ask;
  /** That one socket takes of the server, in kilobytes. */
  readonly memory: number;
}

async function stage(server: Running, size: number, tell: Ask, greeting: '40' | '42'): Promise<Stage> {
  const audience = new Audience(size);
  const memory = await audience.connect(server, greeting);
  return { server, audience, tell, memory };
}

/** What a socket hears of one change. */
async function messagesOf(server: Running, change: Ask): Promise<unknown[]> {
  const socket = io(server.url, { transports: ['websocket'], forceNew: true });
  const messages: unknown[] = [];
  const heard = new Promise<void>((resolve) => {
    socket.onAny((_event, message) => {
      // The status that greets it is not of the change.
      if (messages.push(message) > MESSAGES) resolve();
    });
  });
  await new Promise<void>((resolve) => socket.once('status-update', () => resolve()));
  await withConnection(server.url, change);
  await heard;
  socket.close();
  return messages.slice(1);
}

function broadcasting(name: string, sizes: { readonly full: number; readonly quick: number }): Bench {
  return {
    name,
    async prepare({ quick }): Promise<Prepared> {
      const size = quick ? sizes.quick : sizes.full;
      const server = await startServer();
      const change = changing(await publicServices(server));
      const body = JSON.stringify(await messagesOf(server, change));
      const post: Ask = async (connection) => expectStatus(await connection.send('POST /', { body }), 200, 'POST /');
      const stages = [
        await stage(server, size, change, '42'),
        await stage(await startFloor('socket-io'), size, post, '40'),
        await stage(await startFloor('ws'), size, post, '40'),
      ];
      const times = quick ? 3 : 5;
      return {
        async round(turn) {
          const told = await inTurns(
            turn,
            stages.map((one) => () => broadcast(one, times)),
          );
          return broadcastReadings(size, stages as [Stage, Stage], told as [Told, Told, Told]);
        },
      };
    },
  };
}

interface Told {
  /** Processor time of the server for each message to each socket, in microseconds. */
  readonly cost: number;
  /** Until all sockets had heard of the service, in milliseconds: the mean of the broadcasts. */
  readonly delay: number;
}

/** Has all sockets told, so many times, each time when all have heard of the time before. */
async function broadcast({ server, audience, tell }: Stage, times: number): Promise<Told> {
  return withConnection(server.url, async (connection) => {
    const before = await server.cpu();
    let delay = 0;
    for (let done = 0; done < times; done += 1) {
      await audience.ask({ ask: 'expect', updates: audience.size, messages: audience.size * MESSAGES });
      const begin = monotonic();
      await tell(connection);
      delay += (await audience.ask<Heard>({ ask: 'heard' })).updatesAt - begin;
    }
    const deliveries = times * audience.size * MESSAGES;
    return { cost: (((await server.cpu()) - before) * 1_000) / deliveries, delay: delay / times };
  });
}

function broadcastReadings(
  size: number,
  [stage, bare]: [Stage, Stage],
  [told, socketIo, ws]: [Told, Told, Told],
): Reading[] {
  const line = { row: `broadcast to ${counted(size)} sockets`, floor: 'bare Socket.IO' };
  const cost = { ...line, figure: 'CPU µs a delivery', kind: 'cpu' } as const;
  const memory = { ...line, figure: 'RSS kB a socket', kind: 'memory' } as const;
  return [
    { ...cost, goal: { atMost: 1.1 }, value: told.cost, of: socketIo.cost },
    { ...cost, floor: 'bare ws', value: told.cost, of: ws.cost },
    {
      ...{ ...line, floor: '–', figure: 'ms until all have it', goal: { atMost: 500 }, kind: 'wall' },
      value: told.delay,
    },
    { ...memory, floor: '–', goal: { atMost: 35 }, value: stage.memory },
    { ...memory, value: stage.memory, of: bare.memory },
  ];
}

/** Updates a second. */
const UPDATES = 20;

const updateToScreen: Bench = {
  name: 'screen',
  async prepare({ quick }): Promise<Prepared> {
    const size = quick ? 200 : 1_000;
    const server = await startServer();
    const shown = await stage(server, size, changing(await publicServices(server)), '42');
    return {
      rounds: 3,
      async round() {
        const slowest = await slowestUpdate(shown, quick ? 0.5 : 5);
        const line = {
          row: `update to screen, ${counted(size)} sockets, ${UPDATES} updates/s`,
          floor: '–',
          kind: 'wall',
        } as const;
        return [{ ...line, figure: 'p99 ms from acknowledged to received', goal: { atMost: 100 }, value: slowest }];
      },
    };
  },
};

/** The 99th percentile, over all changes and sockets, of how long after its acknowledgement a change was heard of, in milliseconds. */
async function slowestUpdate({ server, audience, tell }: Stage, seconds: number): Promise<number> {
  const updates = UPDATES * seconds;
  // Of the statuses that come with them some are left out: they come faster than rooms are told of their status.
  const heard = updates * audience.size;
  await audience.ask({ ask: 'expect', updates: heard, messages: heard });
  const acknowledged: [number, number][] = [];
  await withConnection(server.url, async (connection) => {
    const begin = monotonic();
    for (let done = 1; done <= updates; done += 1) {
      const { head } = await tell(connection);
      acknowledged.push([positionOf(head), monotonic()]);
      await sleep(begin + (done * 1_000) / UPDATES - monotonic());
    }
  });
  await audience.ask({ ask: 'heard' });
  return audience.ask<number>({ ask: 'delays', acknowledged });
}

/** That an entity's tag names. */
function positionOf(head: string): number {
  const position = /\r\netag: "\d+-(\d+)"/i.exec(head)?.[1];
  if (position === undefined) throw new Error('An answer names no position.');
  return Number(position);
}

/** How many updates the clients miss while they are away. */
const MISSED = 20;

const comeBack: Bench = {
  name: 'resume',
  async prepare({ quick }): Promise<Prepared> {
    const size = quick ? 1_000 : 10_000;
    const server = await startServer();
    const crowd = await stage(server, size, changing(await publicServices(server)), '42');
    // Once they have heard of one, they know where they are.
    await broadcast(crowd, 1);
    return {
      rounds: quick ? 1 : 3,
      isCold: true,
      async round() {
        const { seconds, gaps, duplicates, snapshots } = await resumed(crowd);
        const line = { row: `${counted(size)} clients reconnect at once and resume`, floor: '–' };
        return [
          { ...line, figure: 's until all have all', goal: { atMost: 15 }, kind: 'wall', value: seconds },
          { ...line, figure: 'gaps', goal: { atMost: 0 }, kind: 'count', value: gaps },
          { ...line, figure: 'duplicates', goal: { atMost: 0 }, kind: 'count', value: duplicates },
          { ...line, figure: 'snapshots', goal: { atMost: 0 }, kind: 'count', value: snapshots },
        ];
      },
    };
  },
};

/** Lets everyone go, changes this and that, and lets everyone come back. */
async function resumed({ server, audience, tell }: Stage): Promise<Resumed & { readonly seconds: number }> {
  await audience.ask({ ask: 'drop' });
  await sleep(REST);
  const last = await withConnection(server.url, async (connection) => {
    for (let missed = 1; missed < MISSED; missed += 1) await tell(connection);
    return positionOf((await tell(connection)).head);
  });
  const begin = monotonic();
  const back = await audience.ask<Resumed>({ ask: 'resume', until: last });
  return { ...back, seconds: (back.at - begin) / 1_000 };
}

export const sockets: readonly Bench[] = [
  broadcasting('broadcast', { full: 2_000, quick: 300 }),
  broadcasting('broadcast-many', { full: 10_000, quick: 1_000 }),
  updateToScreen,
  comeBack,
];
