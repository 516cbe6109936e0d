// Listeners: someone who writes down all that they are told, on every channel that there is, and what they must not be told.
import { KINDS } from '../../projections/kinds.ts';
import type { Route } from '../../src/http/route.ts';
import { between, oneOf, type Random } from '../crash/random.ts';
import { EventSource } from '../support/event-source.ts';
import type { LiveServer, TestClient } from '../support/sockets.ts';
import type { StartedApp } from '../support/start-app.ts';

interface Told {
  /** Where from, with all that was asked there. */
  readonly channel: string;
  readonly text: string;
}

/** What may be filled in, by the name of the parameter that takes it. */
export type Ids = Readonly<Record<string, readonly string[]>>;

interface Rooms {
  readonly organizationIds: readonly string[];
  readonly tenantIds: readonly string[];
  readonly after: number;
}

export class Listener {
  readonly name: string;
  readonly headers: Record<string, string>;
  readonly told: Told[] = [];
  readonly #secret: RegExp;
  readonly #tags = new Map<string, string>();

  /** `secret` is what nothing that they are told may hold. */
  constructor({ name, headers, secret }: { name: string; headers: Record<string, string>; secret: RegExp }) {
    this.name = name;
    this.headers = headers;
    this.#secret = secret;
  }

  /** What they were told and must not be. */
  get leaks(): Told[] {
    return this.told.filter(({ text }) => this.#secret.test(text));
  }

  /** Joins every room that it is let into, from this position on. */
  async connect(server: LiveServer, { organizationIds, tenantIds, after }: Rooms): Promise<TestClient> {
    const client = await server.connect({
      extraHeaders: { ...this.headers, Origin: server.app.url },
      auth: { after },
    });
    const hear = (event: string, message: unknown) => {
      const text = JSON.stringify(message);
      // A refusal repeats what was asked.
      this.#hear(`socket ${event} ${event.endsWith('error') ? text : ''}`, text);
    };
    for (const { event, message } of client.heard) hear(event, message);
    client.socket.onAny(hear);
    for (const organizationId of organizationIds) {
      await client.ask('authenticate', { organizationId, after });
      for (const tenantId of tenantIds) await client.ask('authenticate', { organizationId, tenantId, after });
    }
    for (const organizationId of organizationIds) await client.ask('join-organization', { organizationId, after });
    return client;
  }

  /** Follows the feed of events from the start of the log on. */
  async follow(app: StartedApp, query = ''): Promise<EventSource> {
    const source = await EventSource.open(`${app.url}/api/events/stream?after=0${query}`, this.headers);
    source.response.on('data', (text) => this.#hear('stream', String(text)));
    return source;
  }

  /** Asks, with the tag of the last answer to the same, and writes down the whole of what is answered. */
  async ask(app: StartedApp, path: string, options: RequestInit & { json?: unknown } = {}): Promise<Response> {
    const { method = options.json === undefined ? 'GET' : 'POST' } = options;
    const known = method === 'GET' ? this.#tags.get(path) : undefined;
    // As a browser asks, where a problem is a page.
    const accept = path.startsWith('/api') ? {} : { Accept: 'text/html' };
    const headers = { ...this.headers, ...accept, ...(known ? { 'If-None-Match': known } : {}), ...options.headers };
    const response = await app.request(path, { ...options, method, headers });
    const text = await response.clone().text();
    this.#tags.set(path, response.headers.get('ETag') ?? '');
    this.#hear(`${method} ${path} ${JSON.stringify(options.json)}`, JSON.stringify([...response.headers]) + text);
    return response;
  }

  #hear(channel: string, text: string): void {
    this.told.push({ channel, text });
  }
}

/** Something that can be read. */
export interface Read {
  readonly route: Route;
  readonly url: string;
}

interface Known {
  readonly ids: Ids;
  readonly random: Random;
  /** Of the log. */
  readonly head: number;
}

/** Everything to read, restricted in every way, as it is and as it was; but not the feed, which does not end. */
export function readsOf(routes: readonly Route[], known: Known): Read[] {
  const rows = routes.filter(({ method, path }) => method === 'get' && path !== '/api/events/stream');
  return rows.flatMap((route) => {
    const path = pathOf(route, known.ids, known.random);
    return queriesOf(route, known).map((query) => ({ route, url: `${path}?${query}` }));
  });
}

/** The path with some id in place of each parameter. */
export function pathOf({ path }: Pick<Route, 'path'>, ids: Ids, random: Random): string {
  // The page of an entity has the address of its kind without `/api`; that of an organisation has its id or its slug.
  const kind = KINDS.find(({ plural, aggregate }) =>
    [`/api/${plural}`, `/${plural}/{`, `/${aggregate}/{`].some((start) => path.startsWith(start)),
  );
  const noun = kind?.aggregate ?? 'incident';
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const nameOfIds = name === 'page' ? 'organizationId' : name;
    const among = ids[name === 'id' ? `${noun}Id` : nameOfIds] ?? [];
    return among.length > 0 ? oneOf(random, among) : '1';
  });
}

function queriesOf({ query }: Route, { ids, random, head }: Known): string[] {
  const taken = Object.keys(query?.shape ?? {});
  const filters = ['organizationId', 'tenantId', 'serviceId']
    .filter((name) => taken.includes(name))
    .flatMap((name) => (ids[name] ?? []).map((id) => `${name}=${id}`));
  const pages = taken.includes('cursor') ? ['', `limit=2&cursor=${cursorAt(head >> 1)}`] : [''];
  const whens = taken.includes('position') ? ['', `position=${between(random, 1, head)}`] : [''];
  return ['', ...filters].flatMap((filter) =>
    whens.flatMap((when) => pages.map((page) => [filter, when, page].filter((part) => part !== '').join('&'))),
  );
}

/** A cursor as anyone can make it up: the page of a list after this position. */
export function cursorAt(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}
