// How much of the log its routes read: what a request selects, a page at a time, and nothing that the viewer may not see.
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Access, Viewer } from '../../../projections/viewer/viewer.ts';
import { eventExportRoutes } from '../../../src/api/log/event-export.ts';
import { eventStreamRoutes } from '../../../src/api/log/event-stream.ts';
import { eventRoutes } from '../../../src/api/log/events.ts';
import { historyRoutes } from '../../../src/api/page/history.ts';
import type { Payer } from '../../../src/bounds/turns.ts';
import type { Payers } from '../../../src/http/payers.ts';
import type { Route } from '../../../src/http/route.ts';
import { openPolicy, type Policy } from '../../../src/identity/policy.ts';
import type { NewEvent } from '../../../src/log/commit.ts';
import type { EventLog } from '../../../src/log/event-log.ts';
import type { ScanOptions, StoredEvent } from '../../../src/log/journal.ts';
import type { LogPage } from '../../../src/log/page.ts';
import { SqliteJournal } from '../../../src/sqlite/journal/sqlite-journal.ts';
import { entityParts } from '../../support/entity-parts.ts';
import { EventSource } from '../../support/event-source.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { described, prepared } from '../../support/prepared.ts';
import type { EventsPage } from '../../support/rest.ts';
import { ROOT } from '../../support/root.ts';
import { type Served, serve } from '../../support/serve.ts';

/** Counts what is read from it. */
class CountingJournal extends SqliteJournal {
  pages = 0;
  events = 0;
  /** How much longer each page takes than it did, in milliseconds. */
  longer = 0;
  /** Called before each page. */
  before: () => Promise<void> | void = () => {};

  override async page(options: ScanOptions): Promise<LogPage<StoredEvent>> {
    this.pages += 1;
    await this.before();
    const page = await super.page(options);
    this.events += page.events.length;
    const { milliseconds = Number.NaN } = page;
    return { ...page, milliseconds: milliseconds + this.longer };
  }
}

const EVENTS = 20_000;
const SERVICE = '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3b5';

/** Most events are of `large`, 100 of `default` and 10 of `private`. */
function made(number: number): NewEvent {
  if (number % 2_000 === 5) return described(`${number}`, 'private');
  return described(`${number}`, number % 200 === 0 ? 'default' : 'large');
}

let directory: string;
let journal: CountingJournal;
let log: EventLog;
let routes: readonly Route[];
let policy: Policy;
let served: Served;
let access: Record<string, Access>;
let organizations: Viewer['organizations'];

beforeAll(async () => {
  directory = await temporaryDirectory();
  journal = new CountingJournal({ directory, root: ROOT });
  await journal.open();
  for (let first = 1; first <= EVENTS; first += 1_000) {
    const events = Array.from({ length: 1_000 }, (_, index) => made(first + index));
    const stream = first <= 5_000 ? `service-${SERVICE}` : `service-${newId()}`;
    await journal.commit([prepared({ writes: [{ stream, expected: 'any', events }] })]);
  }
  await journal.close();
  const { models, asOf, ...parts } = await entityParts({ journal, eventsInMemory: 10 });
  log = parts.log;
  const viewer: Viewer = {
    actor: { kind: 'anonymous' },
    get organizations() {
      return organizations;
    },
    access: (id) => access[id] ?? 'none',
  };
  policy = { ...openPolicy, viewerOf: async () => viewer };
  routes = [
    ...eventRoutes(log, models, asOf),
    ...eventExportRoutes(log),
    ...eventStreamRoutes(log),
    ...historyRoutes({ log, models }),
  ];
  served = await serve(routes, { policy });
});
afterAll(async () => {
  await served.close();
  await log.close();
  await rm(directory, { recursive: true });
});

beforeEach(() => {
  access = { default: 'public', large: 'public' };
  organizations = ['default'];
  journal.pages = 0;
  journal.events = 0;
});
afterEach(() => {
  journal.before = () => {};
  journal.longer = 0;
});

const page = async (query: string): Promise<EventsPage> =>
  (await (await fetch(`${served.url}/api/events?${query}`)).json()) as EventsPage;
const exported = async (query: string) => (await fetch(`${served.url}/api/events/export?${query}`)).text();
const member = () => {
  organizations = 'all';
  access = { default: 'owner', large: 'owner', private: 'owner' };
};

describe('a list of events', () => {
  test('of a type that is not there takes one page, and reads no event', async () => {
    member();
    expect(await page('type=organization.deleted')).toEqual({ events: [], next: EVENTS, head: EVENTS });
    expect(journal).toMatchObject({ pages: 1, events: 0 });
  });

  test('of a small organisation reads its events alone', async () => {
    member();
    const { events, next } = await page('organizationId=private&limit=1000');
    expect([events.length, next]).toEqual([10, EVENTS]);
    expect(journal).toMatchObject({ pages: 1, events: 10 });
  });

  test('of few events reads no more than those', async () => {
    member();
    expect((await page('limit=7')).events).toHaveLength(7);
    expect(journal).toMatchObject({ pages: 1, events: 7 });
  });

  test('of a stranger is about what they may see, and nothing else is read', async () => {
    const { events, next } = await page('limit=1000');
    expect(new Set(events.map(({ organizationId }) => organizationId))).toEqual(new Set(['default']));
    expect([events.length, next]).toEqual([100, EVENTS]);
    expect(journal.events).toBe(100);
  });

  test.each(['private', 'nowhere'])('of %s reads nothing for a stranger', async (organizationId) => {
    expect(await page(`organizationId=${organizationId}`)).toEqual({ events: [], next: EVENTS, head: EVENTS });
    expect(journal.pages).toBe(0);
  });

  test('of a type for members reads nothing for a stranger', async () => {
    expect(await page('type=organization.key-created')).toEqual({ events: [], next: EVENTS, head: EVENTS });
    expect(journal.pages).toBe(0);
  });

  test('is cut where it becomes large, and goes on from there', async () => {
    member();
    const before = log.position;
    const big = Array.from({ length: 5 }, () => described('x'.repeat(400_000), 'big'));
    const terms = { actor: { kind: 'system' }, correlationId: 'test' } as const;
    await log.append({ ...terms, writes: [{ stream: 'service-big', expected: 'any', events: big }] });
    access.big = 'owner';
    const first = await page(`after=${before}`);
    const second = await page(`after=${first.next}`);
    expect([first.events.length, second.events.length]).toEqual([3, 2]);
  });
});

describe('an export', () => {
  test('of a small organisation reads its events alone', async () => {
    member();
    expect((await exported('organizationId=private')).match(/\n/g)).toHaveLength(10);
    expect(journal).toMatchObject({ pages: 1, events: 10 });
  });

  test.each(['private', 'nowhere'])('of %s reads nothing for a stranger', async (organizationId) => {
    expect(await exported(`organizationId=${organizationId}`)).toBe('');
    expect(journal.pages).toBe(0);
  });

  test('ends where the right to see the rest is lost', async () => {
    access.large = 'public';
    journal.before = () => {
      if (journal.pages === 3) access = {};
    };
    const lines = (await exported('organizationId=large')).match(/\n/g) ?? [];
    expect(lines).toHaveLength(200);
    expect(journal.pages).toBe(3);
  });
});

test('a stream catches up on what it selects alone, moves its client on, and goes on with what comes', async () => {
  member();
  const source = await EventSource.open(`${served.url}/api/events/stream?organizationId=private`);
  await source.until(({ events }) => events.length === 10);
  expect(journal).toMatchObject({ pages: 1, events: 10 });
  const terms = { actor: { kind: 'system' }, correlationId: 'test' } as const;
  const write = { stream: `service-${newId()}`, expected: 'any' } as const;
  await log.append({ ...terms, writes: [{ ...write, events: [described('a', 'large'), described('b', 'private')] }] });
  await source.until(({ events }) => events.length === 11);
  expect(source.positions.at(-1)).toBe(log.position);
  source.leave();
});

test.each(['events?limit=5', 'events/export', 'events/stream', `services/${SERVICE}/history`])(
  'who reads %s pays for the time of the thread that reads the file',
  async (path) => {
    const charges: number[] = [];
    const charge: Payer['charge'] = ({ milliseconds = 0 }) => void charges.push(milliseconds);
    const payer: Payer = { key: 'a', isStranger: false, isAddress: false, wait: 0, charge };
    const payers = { of: () => payer, ofAddress: () => payer } as Partial<Payers> as Payers;
    journal.longer = 1e9;
    member();
    const own = await serve(routes, { policy, payers });
    const leaving = new AbortController();
    const { status, body } = await fetch(`${own.url}/api/${path}`, { signal: leaving.signal });
    const reader = body?.getReader();
    // The first bytes of a stream say nothing of the log.
    for (let bytes = 0; bytes < 100; ) bytes += (await reader?.read())?.value?.length ?? 100;
    leaving.abort();
    expect(status).toBe(200);
    expect(charges.filter((milliseconds) => milliseconds > journal.longer).length).toBeGreaterThan(0);
    await own.close();
  },
);

describe('when the client goes', () => {
  /** Sends a request, and leaves once the journal has been asked for the second page. Returns the pages asked for. */
  async function leaveDuring(path: string): Promise<number> {
    const { hostname, port, host } = new URL(served.url);
    const connected = once(served.server, 'connection');
    const client = connect(Number(port), hostname).resume();
    client.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const [connection] = await connected;
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    journal.before = async () => {
      if (journal.pages !== 2) return;
      const closed = new Promise((resolve) => connection.once('close', resolve));
      client.destroy();
      await closed;
      leave();
    };
    await left;
    // A read that went on would ask for its next page within these turns.
    for (let turn = 0; turn < 50; turn += 1) await journal.snapshots.list();
    return journal.pages;
  }

  test('a history ends', async () => {
    member();
    const all = `/api/services/${SERVICE}/history?after=4999`;
    await fetch(served.url + all);
    expect(journal.pages).toBeGreaterThan(4);
    journal.pages = 0;
    expect(await leaveDuring(all)).toBe(2);
    expect(served.reported).toEqual([]);
  });

  test('a list of events ends', async () => {
    organizations = Array.from({ length: 200 }, (_, index) => `nowhere-${index}`);
    await page('');
    expect(journal.pages).toBeGreaterThan(2);
    journal.pages = 0;
    expect(await leaveDuring('/api/events')).toBe(2);
    expect(served.reported).toEqual([]);
  });

  test('an export ends', async () => {
    expect(await leaveDuring('/api/events/export?organizationId=large')).toBe(2);
  });
});
