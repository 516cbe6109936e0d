// The bench of the costliest stranger: what others notice while somebody without an account asks for the costliest that
// the server has, on 64 connections.
import { setTimeout as sleep } from 'node:timers/promises';
import { addKey, type Machine, startOwned } from '../support/accounts.ts';
import { type Bench, type Prepared, quantile, type Reading } from './harness.ts';
import { type Ask, type Connection, expectStatus, openLoop, withConnections } from './load.ts';
import { longPage, madeUpCommits, ON_LONG_PAGE } from './made-up-log.ts';
import { Assistant, logDirectory, type Running, record, startRested } from './running.ts';
import { CONNECTIONS } from './serving.ts';
import type { Pestered, Pestering } from './stranger.ts';

/** A page of many long incidents, beside a log of other organisations. */
const PAGE = { services: 200, incidents: 200, updates: 50 };
const OTHER_EVENTS = { quick: 10_000, full: 90_000 };
/** The heap of the server, in megabytes. */
const HEAP = 1_024;
const STRANGER = '198.51.100.1';

/** Something that a stranger can ask for, and what one request costs the server, in CPU milliseconds. */
interface Costly {
  readonly name: string;
  /** Several, so that no answer is kept. */
  readonly paths: readonly string[];
  readonly isSocket: boolean;
}

interface Setting {
  readonly server: Running;
  readonly stranger: Assistant;
  readonly keys: readonly Machine[];
  readonly seconds: number;
}

export const strangers: Bench = {
  name: 'strangers',
  async prepare({ quick, seconds }): Promise<Prepared> {
    const directory = await logDirectory();
    const events = quick ? OTHER_EVENTS.quick : OTHER_EVENTS.full;
    await record(directory, longPage(PAGE.services, PAGE.incidents, PAGE.updates));
    await record(directory, madeUpCommits(events));
    const keys = await setUp(directory);
    const settings = { AUTH: 'required', RATE_LIMIT: '600', TRUST_PROXY: 'loopback' };
    const server = await startRested({ directory, settings, heap: HEAP, isLogging: true });
    const setting = { server, stranger: new Assistant('stranger.js'), keys, seconds: 10 * seconds };
    const head = PAGE.services + PAGE.incidents * (PAGE.updates + 1) + events;
    const costly = await costliest(setting, await reads(server, head));
    return {
      ...{ rounds: quick ? 1 : 3, isCold: true },
      async round() {
        const of = async (each: readonly Costly[], row: string) => {
          const noticed: Noticed[] = [];
          for (const one of each) noticed.push(await beside(setting, one));
          return readings(noticed, `64 connections of a stranger: ${row}`);
        };
        return [...(await of(costly, 'the costliest reads')), ...(await of([JOINS], 'joins of rooms'))];
      },
    };
  },
};

/** How many keys write: each can change something only so often. */
const KEYS = 10;

/** Gives the log an owner, and the default organisation some keys. */
async function setUp(directory: string): Promise<readonly Machine[]> {
  const app = await startOwned({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  const keys: Machine[] = [];
  for (let number = 0; number < KEYS; number += 1) keys.push(await addKey(app, 'member'));
  await app.close();
  return keys;
}

/** How many different moments of the past, or other values, are asked for. */
const VARIANTS = 64;

/** All GETs of the API that a stranger may send, with the parameters that make them cost more. */
async function reads(server: Running, head: number): Promise<readonly Costly[]> {
  const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Document;
  const rows = Object.entries(document.paths).flatMap(([path, { get }]) => (get ? [{ path, get }] : []));
  return rows.flatMap(({ path, get }) => {
    const asked = path.replace('{id}', idFor(path)).replace('{organizationId}', 'default');
    const names = new Set((get.parameters ?? []).map(({ name }) => name));
    const variants = [[asked]];
    if (names.has('position')) variants.push(several((part) => `${asked}?position=${Math.round(head * part)}`));
    if (names.has('limit')) variants.push([`${asked}?limit=${path.endsWith('history') ? 200 : 1_000}`]);
    if (names.has('type'))
      variants.push(several((part) => `${asked}?type=organization.deleted&after=${Math.round(part * 100)}`));
    return variants.map((paths): Costly => ({ name: paths[0] ?? '', paths, isSocket: false }));
  });
}

/** The members of an OpenAPI document that are used here. */
interface Document {
  readonly paths: Readonly<
    Record<string, { readonly get?: { readonly parameters?: readonly { readonly name?: string }[] } }>
  >;
}

function idFor(path: string): string {
  return path.includes('incident') ? ON_LONG_PAGE.incident : ON_LONG_PAGE.service;
}

function several(pathAt: (part: number) => string): string[] {
  return Array.from({ length: VARIANTS }, (_, index) => pathAt((index + 1) / (VARIANTS + 1)));
}

const JOINS: Costly = { name: 'joins', paths: [], isSocket: true };
/** How many of the costliest reads are sent. */
const TRIED = 3;

/** The reads that cost the server most for one request, when each comes from another network. */
async function costliest({ server, stranger, seconds }: Setting, all: readonly Costly[]): Promise<readonly Costly[]> {
  const costs: { readonly costly: Costly; readonly cost: number }[] = [];
  for (const costly of all) {
    const before = await server.cpu();
    const question: Pestering = { url: server.url, ...costly, connections: 1, seconds: seconds / 10 };
    const { answers } = await stranger.ask<Pestered>(question);
    const count = Object.values(answers).reduce((sum, number) => sum + number, 0);
    costs.push({ costly, cost: ((await server.cpu()) - before) / count });
  }
  return costs
    .sort((a, b) => b.cost - a.cost)
    .slice(0, TRIED)
    .map(({ costly }) => costly);
}

const READS = { perSecond: 100, connections: 8 };
const WRITES = { perSecond: 15, connections: 4 };
/** How often the memory of the server is looked at, in milliseconds. */
const MEMORY_CHECK = 200;

/** What others notice while a stranger asks. */
interface Noticed {
  /** Times of `GET /api/status` from elsewhere, and of writes, in milliseconds. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Growth of the resident memory, in megabytes. */
  readonly growth: number;
}

async function beside({ server, stranger, keys, seconds }: Setting, costly: Costly): Promise<Noticed> {
  const before = await server.memory();
  const question: Pestering = { url: server.url, ...costly, connections: CONNECTIONS, seconds, address: STRANGER };
  const pestering = stranger.ask<Pestered>(question);
  const highest = highestMemory(server, pestering);
  const load = (ask: Ask, { connections, perSecond }: typeof READS) =>
    withConnections(server.url, connections, (all) => openLoop(all, ask, { perSecond, seconds }));
  const [reads, writes] = await Promise.all([load(status(), READS), load(write(keys), WRITES)]);
  return { reads: reads.durations, writes: writes.durations, growth: ((await highest) - before) / 1_024 };
}

/** The worst of what was noticed. */
function readings(noticed: readonly Noticed[], row: string): Reading[] {
  const slowest = (times: readonly (readonly number[])[]) => Math.max(...times.map((each) => quantile(each, 0.99)));
  const line = { row, floor: '–' };
  return [
    {
      ...{ ...line, figure: 'p99 ms of GET /api/status from elsewhere', goal: { atMost: 100 }, kind: 'wall' },
      value: slowest(noticed.map(({ reads }) => reads)),
    },
    {
      ...{ ...line, figure: 'p99 ms of a write', goal: { atMost: 500 }, kind: 'wall' },
      value: slowest(noticed.map(({ writes }) => writes)),
    },
    {
      ...{ ...line, figure: 'RSS grown by, MB', goal: { atMost: 300 }, kind: 'memory' },
      value: Math.max(...noticed.map(({ growth }) => growth)),
    },
  ];
}

/** Reads the status, each time from another network. */
function status(): Ask {
  let asked = 0;
  return async (connection: Connection) => {
    asked += 1;
    const headers = `X-Forwarded-For: 203.0.${asked % 250}.1\r\n`;
    return expectStatus(await connection.send('GET /api/status', { headers }), 200, 'GET /api/status');
  };
}

/** Reports a status, each time with the next key. */
function write(keys: readonly Machine[]): Ask {
  let written = 0;
  const line = `PUT /api/services/${ON_LONG_PAGE.service}`;
  return async (connection: Connection) => {
    written += 1;
    const headers = `Authorization: ${keys[written % keys.length]?.headers.Authorization}\r\n`;
    const body = JSON.stringify({ status: written % 2 === 0 ? 'major' : 'operational' });
    return expectStatus(await connection.send(line, { headers, body }), 200, line);
  };
}

/** The highest resident memory until this settles, in kilobytes. */
async function highestMemory(server: Running, until: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = until.finally(() => {
    isOver = true;
  });
  let highest = 0;
  while (!isOver) {
    highest = Math.max(highest, await server.memory());
    await Promise.race([sleep(MEMORY_CHECK), over]);
  }
  return highest;
}
