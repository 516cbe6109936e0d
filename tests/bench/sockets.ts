// Benches of sockets: the cost and the delay of a broadcast, the delay of an update, and the time of a mass
// reconnection.
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { type Bench, counted, inTurns, type Prepared, type Reading } from './harness.ts';
import { type Ask, expectStatus, withConnection } from './load.ts';
import { Assistant, filesAllowed, type Running, startFloor, startRested } from './running.ts';
import { changing } from './serving.ts';
import { type Heard, monotonic, type Question, type Resumed } from './socket-clients.ts';

/** How long a server needs to become idle, in milliseconds. */
const REST = 500;

/** The socket clients of a server, in a separate process. */
export class Audience {
  readonly size: number;
  readonly #assistant = new Assistant('socket-clients.js');

  constructor(size: number) {
    requireFiles(size);
    this.size = size;
  }

  async ask<T = unknown>(question: Question): Promise<T> {
    return this.#assistant.ask<T>(question);
  }

  /** Connects all clients. Resolves with the memory that the server uses for each of them, in kilobytes. */
  async connect(server: Running, greeting: '40' | '42'): Promise<number> {
    const before = await server.memory();
    await this.ask({ ask: 'connect', url: server.url, clients: this.size, greeting });
    await sleep(REST);
    return ((await server.memory()) - before) / this.size;
  }
}

/** Files that a process opens besides the sockets of its clients. */
const OTHER_FILES = 1_000;

/** Fewer clients would be another bench, so there is none. */
function requireFiles(clients: number): void {
  const [allowed, needed] = [filesAllowed(), clients + OTHER_FILES];
  if (allowed >= needed) return;
  throw new Error(
    `${counted(clients)} sockets need ${counted(needed)} open files in each process, and ${counted(allowed)} are allowed: raise ulimit -n.`,
  );
}

/** The six services of the sample data are public, so the server sends each of their changes to every socket. */
export async function publicServices(server: Running): Promise<string[]> {
  const services = (await (await fetch(`${server.url}/api/services`)).json()) as readonly { readonly id: string }[];
  return services.map(({ id }) => id);
}

/** Messages that each socket receives for one change: one for the service, one for the status. */
const MESSAGES = 2;

interface Stage {
  readonly server: Running;
  readonly audience: Audience;
  /** Sends a request that makes the server broadcast. */
  readonly trigger: Ask;
  /** Memory that the server uses for one socket, in kilobytes. */
  readonly memory: number;
}

async function stage(server: Running, size: number, trigger: Ask, greeting: '40' | '42'): Promise<Stage> {
  const audience = new Audience(size);
  const memory = await audience.connect(server, greeting);
  return { server, audience, trigger, memory };
}

/** The messages that a socket receives for one change. */
export async function messagesOf(server: Running, change: Ask): Promise<unknown[]> {
  const socket = io(server.url, { transports: ['websocket'], forceNew: true });
  const messages: unknown[] = [];
  const heard = new Promise<void>((resolve) => {
    socket.onAny((_event, message) => {
      // The first status is sent on connection and does not belong to the change.
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
      const server = await startRested();
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
          const deliveries = await inTurns(
            turn,
            stages.map((one) => () => broadcast(one, times)),
          );
          return broadcastReadings(size, stages as [Stage, Stage], deliveries as [Delivery, Delivery, Delivery]);
        },
      };
    },
  };
}

interface Delivery {
  /** CPU time of the server for each message to each socket, in microseconds. */
  readonly cost: number;
  /** Time until all sockets have received the update of the service, in milliseconds: the mean of the broadcasts. */
  readonly delay: number;
}

/** Triggers this many broadcasts, each after all sockets have received the previous one. */
async function broadcast({ server, audience, trigger }: Stage, times: number): Promise<Delivery> {
  return withConnection(server.url, async (connection) => {
    const before = await server.cpu();
    let delay = 0;
    for (let done = 0; done < times; done += 1) {
      await audience.ask({ ask: 'expect', updates: audience.size, messages: audience.size * MESSAGES });
      const begin = monotonic();
      await trigger(connection);
      delay += (await audience.ask<Heard>({ ask: 'heard' })).updatesAt - begin;
    }
    const deliveries = times * audience.size * MESSAGES;
    return { cost: (((await server.cpu()) - before) * 1_000) / deliveries, delay: delay / times };
  });
}

function broadcastReadings(
  size: number,
  [stage, bare]: [Stage, Stage],
  [plive, socketIo, ws]: [Delivery, Delivery, Delivery],
): Reading[] {
  const line = { row: `broadcast to ${counted(size)} sockets`, floor: 'bare Socket.IO' };
  const cost = { ...line, figure: 'CPU µs a delivery', kind: 'cpu' } as const;
  const memory = { ...line, figure: 'RSS kB a socket', kind: 'memory' } as const;
  return [
    { ...cost, goal: { atMost: 1.1 }, value: plive.cost, of: socketIo.cost },
    { ...cost, floor: 'bare ws', value: plive.cost, of: ws.cost },
    {
      ...{ ...line, floor: '–', figure: 'ms until all have it', goal: { atMost: 500 }, kind: 'wall' },
      value: plive.delay,
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
    const server = await startRested();
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

/**
 * The 99th percentile, over all changes and sockets, of the time from the acknowledgement of a change to its update, in
 * milliseconds.
 */
async function slowestUpdate({ server, audience, trigger }: Stage, seconds: number): Promise<number> {
  const updates = UPDATES * seconds;
  // Count updates only: the server sends fewer statuses than updates at this rate.
  const heard = updates * audience.size;
  await audience.ask({ ask: 'expect', updates: heard, messages: heard });
  const acknowledged: [number, number][] = [];
  await withConnection(server.url, async (connection) => {
    const begin = monotonic();
    for (let done = 1; done <= updates; done += 1) {
      const { head } = await trigger(connection);
      acknowledged.push([positionOf(head), monotonic()]);
      await sleep(begin + (done * 1_000) / UPDATES - monotonic());
    }
  });
  await audience.ask({ ask: 'heard' });
  return audience.ask<number>({ ask: 'delays', acknowledged });
}

/** The position in the ETag of an answer. */
function positionOf(head: string): number {
  const position = /\r\netag: "\d+-(\d+)"/i.exec(head)?.[1];
  if (position === undefined) throw new Error('An answer names no position.');
  return Number(position);
}

/** Number of updates that the clients miss while they are disconnected. */
const MISSED = 20;

const reconnection: Bench = {
  name: 'resume',
  async prepare({ quick }): Promise<Prepared> {
    const size = quick ? 1_000 : 10_000;
    const server = await startRested();
    const crowd = await stage(server, size, changing(await publicServices(server)), '42');
    // After one update, the clients have a position to resume from.
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

/** Disconnects all clients, makes the changes that they miss, and lets them reconnect. */
async function resumed({ server, audience, trigger }: Stage): Promise<Resumed & { readonly seconds: number }> {
  await audience.ask({ ask: 'drop' });
  await sleep(REST);
  const last = await withConnection(server.url, async (connection) => {
    for (let missed = 1; missed < MISSED; missed += 1) await trigger(connection);
    return positionOf((await trigger(connection)).head);
  });
  const begin = monotonic();
  const back = await audience.ask<Resumed>({ ask: 'resume', until: last });
  return { ...back, seconds: (back.at - begin) / 1_000 };
}

export const sockets: readonly Bench[] = [
  broadcasting('broadcast', { full: 2_000, quick: 300 }),
  broadcasting('broadcast-many', { full: 10_000, quick: 1_000 }),
  updateToScreen,
  reconnection,
];
