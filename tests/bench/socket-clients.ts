// A program with many cheap socket clients: raw ws that implements as much of Engine.IO as needed. The bench controls
// it over the IPC channel.
import { hrtime } from 'node:process';
import { WebSocket } from 'ws';
import { quantile } from './harness.ts';
import { Refetches } from './refetches.ts';

export type Question =
  /** Open this many connections. Answered when each has received a packet that starts with `greeting`. */
  | { readonly ask: 'connect'; readonly url: string; readonly clients: number; readonly greeting: '40' | '42' }
  /** Reset the counts, and wait for this many updates and this many messages altogether. */
  | { readonly ask: 'expect'; readonly updates: number; readonly messages: number }
  /** Answered with a `Heard` when the expected messages have arrived. */
  | { readonly ask: 'heard' }
  /**
   * Answered with the 99th percentile of the delays between these times and the arrival of the updates at these
   * positions.
   */
  | { readonly ask: 'delays'; readonly acknowledged: readonly (readonly [number, number])[] }
  /**
   * From now on each client is a page: on the first update that it hears, it fetches `/` from this URL after a random
   * part of `spread`, in milliseconds, as who has the page with this tag.
   */
  | { readonly ask: 'refresh'; readonly url: string; readonly tag: string; readonly spread: number }
  /** Answered with a `Fetched`, whose times count from this one, when all clients have fetched the page. */
  | { readonly ask: 'refreshed'; readonly sentAt: number }
  /** Break all connections. */
  | { readonly ask: 'drop' }
  /**
   * Open all connections again at once. Answered with a `Resumed` when each has received the update at this position.
   */
  | { readonly ask: 'resume'; readonly until: number };

/** When the last expected update, and the last expected message, arrived. */
export interface Heard {
  readonly updatesAt: number;
  readonly allAt: number;
}

export interface Resumed {
  readonly at: number;
  readonly gaps: number;
  readonly duplicates: number;
  /** Number of clients that got a snapshot or a resync instead of the missed updates. */
  readonly snapshots: number;
}

export interface Fetched {
  /** When half of the clients, 99 % of them, and all had heard of the change. */
  readonly heard: readonly [number, number, number];
  /** When all had the page. */
  readonly fetched: number;
  /** How often they have fetched it. */
  readonly fetches: number;
}

/** A monotonic clock in milliseconds that all processes of this machine share. */
export function monotonic(): number {
  return Number(hrtime.bigint()) / 1e6;
}

/** How long a client waits before it reconnects, in milliseconds. */
const RETRY = 100;
/** How many clients connect at a time, when the time is not measured. */
const AT_ONCE = 100;
const PLACE = /"position":(\d+),"prev":(\d+)\}\]$/;
/** Number of characters at the end of an update that contain its position. */
const END = 64;
const UPDATE = '42["service-update"';

const clients: Client[] = [];
const tally = { updates: 0, messages: 0, gaps: 0, duplicates: 0, snapshots: 0, resumed: 0 };
const times = { updates: 0, all: 0 };
const heardAt = new Map<number, number[]>();
let expected = { updates: 0, messages: 0 };
/** The position at which a reconnected client has received all missed updates. */
let resumedAt = Number.NaN;
let url = '';
let wake = () => {};
let refetches: Refetches | undefined;

class Client {
  /** Position of the last received update. */
  position: number | undefined;
  #socket: WebSocket | undefined;
  #greeting = '40';
  #greeted = () => {};

  /** Connects, and resolves with the first packet that starts with `greeting`. */
  connect(greeting: string): Promise<void> {
    this.#greeting = greeting;
    return new Promise((resolve) => {
      this.#greeted = resolve;
      this.#open();
    });
  }

  drop(): void {
    this.#socket?.removeAllListeners('close');
    this.#socket?.terminate();
  }

  #open(): void {
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(data));
    // The close event follows and reconnects.
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(() => this.#open(), RETRY));
  }

  #hear(data: Buffer): void {
    const kind = data.toString('latin1', 0, UPDATE.length);
    if (kind.startsWith('2')) this.#socket?.send('3');
    else if (kind.startsWith('0')) {
      this.#socket?.send(this.position === undefined ? '40' : `40${JSON.stringify({ after: this.position })}`);
    }
    if (kind.startsWith(this.#greeting)) this.#greeted();
    if (!kind.startsWith('42')) return;
    tally.messages += 1;
    if (kind === UPDATE) this.#update(data.toString('latin1', data.length - END));
    else if (/^42\["(snapshot|resync)/.test(kind)) tally.snapshots += 1;
    if (tally.messages >= expected.messages) times.all ||= monotonic();
    wake();
  }

  #update(end: string): void {
    const [, position, prev] = (PLACE.exec(end) ?? []).map(Number);
    if (position === undefined || prev === undefined) throw new Error(`An update without a place: ${end}`);
    const last = this.position;
    if (last !== undefined && position <= last) tally.duplicates += 1;
    if (last !== undefined && prev > last) tally.gaps += 1;
    this.position = position;
    if (position === resumedAt) tally.resumed += 1;
    tally.updates += 1;
    const at = monotonic();
    if (tally.updates >= expected.updates) times.updates ||= at;
    refetches?.hear(this, position);
    const heard = heardAt.get(position);
    if (heard) heard.push(at);
    else heardAt.set(position, [at]);
  }
}

/** Resolves when the condition is true. It is checked after every message. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    wake = () => {
      if (condition()) resolve();
    };
    wake();
  });
}

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'connect': {
      url = `${question.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
      for (let open = 0; open < question.clients; open += AT_ONCE) {
        const next = Array.from({ length: Math.min(AT_ONCE, question.clients - open) }, () => new Client());
        clients.push(...next);
        await Promise.all(next.map((client) => client.connect(question.greeting)));
      }
      return clients.length;
    }
    case 'expect':
      expected = question;
      Object.assign(tally, { updates: 0, messages: 0 });
      // If no updates are expected, they count as received.
      Object.assign(times, { updates: question.updates === 0 ? monotonic() : 0, all: 0 });
      heardAt.clear();
      return true;
    case 'heard':
      await until(() => times.updates > 0 && times.all > 0);
      return { updatesAt: times.updates, allAt: times.all } satisfies Heard;
    case 'delays': {
      const delays = question.acknowledged.flatMap(([position, at]) =>
        (heardAt.get(position) ?? []).map((heard) => Math.max(0, heard - at)),
      );
      return quantile(delays, 0.99);
    }
    case 'refresh':
      refetches?.end();
      refetches = await Refetches.prepare(question);
      return true;
    case 'refreshed': {
      const { sentAt } = question;
      await until(() => tally.updates >= expected.updates);
      const fetches = (await refetches?.all(clients.length)) ?? 0;
      const fetched = monotonic() - sentAt;
      const delays = [...heardAt.values()].flat().map((heard) => heard - sentAt);
      const heard = [quantile(delays, 0.5), quantile(delays, 0.99), quantile(delays, 1)] as const;
      return { heard, fetched, fetches } satisfies Fetched;
    }
    case 'drop':
      for (const client of clients) client.drop();
      return true;
    case 'resume': {
      Object.assign(tally, { gaps: 0, duplicates: 0, snapshots: 0, resumed: 0 });
      resumedAt = question.until;
      await Promise.all(clients.map((client) => client.connect('40')));
      await until(() => tally.resumed >= clients.length);
      const { gaps, duplicates, snapshots } = tally;
      return { at: monotonic(), gaps, duplicates, snapshots } satisfies Resumed;
    }
  }
}

// Exit if the bench ends.
process.once('disconnect', () => process.exit());
process.on('message', async (question: Question) => process.send?.(await answer(question)));
