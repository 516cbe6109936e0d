// Canaries: organisations in which every word can be told from all others, and listeners on every channel who must not hear what is not for them.

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { EVENT_TYPES } from '../../projections/events/event-types.ts';
import { between, seededRandom } from '../crash/random.ts';
import { type AccountsApp, startOwned } from '../support/accounts.ts';
import { LiveServer } from '../support/sockets.ts';
import { Listener, pathOf, type Read, readsOf } from './listeners.ts';
import { begin, found, idsOf, TENANT, type Team, work } from './teams.ts';

const ROUNDS = 3;
const STEPS = 90;

const random = seededRandom(20_260_301);
/** What the process wrote. */
const written: string[] = [];
/** When the clock of the server stands still, if it does. */
let stopped: Date | undefined;
let app: AccountsApp;
let server: LiveServer;
let teams: readonly [alpha: Team, beta: Team, gamma: Team];
let stranger: Listener;
let listeners: readonly Listener[];

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  }
  app = await startOwned({ RATE_LIMIT: '0', LOG_FORMAT: 'combined' }, { now: () => stopped ?? new Date() });
  server = new LiveServer(app);
  teams = [
    await found(app, 'alpha', 'private'),
    await found(app, 'beta', 'private'),
    await found(app, 'gamma', 'public'),
  ];
  stranger = new Listener({ name: 'stranger', headers: {}, secret: /canary-(alpha|beta|gamma-closed)/ });
  listeners = [stranger, ...teams.map(({ listener }) => listener)];
  const leave = await listenToEverything();
  for (const team of teams) await begin(app, team, random);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let step = 0; step < STEPS; step += 1) await work(app, teams[between(random, 0, 2)] as Team, random);
    for (const listener of listeners) await askEverything(listener);
  }
  await leave();
});
afterAll(async () => {
  await server.close();
  jest.restoreAllMocks();
});

/** Opens a socket and feeds for everyone; what it resolves with ends them once they have heard all that was said. */
async function listenToEverything(): Promise<() => Promise<void>> {
  const organizationIds = ['default', ...teams.map(({ organizationId }) => organizationId)];
  const sources = await Promise.all(
    listeners.flatMap((listener) =>
      ['', ...organizationIds.map((id) => `&organizationId=${id}`)].map((query) => listener.follow(app, query)),
    ),
  );
  const connect = (after: number) =>
    Promise.all(listeners.map((listener) => listener.connect(server, { organizationIds, tenantIds: [TENANT], after })));
  const clients = await connect(0);
  return async () => {
    // Whoever left off in another log is told all at once.
    for (const client of [...clients, ...(await connect(1_000_000))]) await client.settled();
    for (const source of sources) source.leave();
  };
}

/** Reads whatever there is to read, and tries to change what is others'. */
async function askEverything(listener: Listener): Promise<void> {
  const ids = idsOf(teams);
  for (const read of readsOf(app.routes, { ids, random, head: app.log.position })) await listener.ask(app, read.url);
  const theirs = idsOf(teams.filter((team) => team.listener !== listener));
  for (const route of app.routes) {
    if (route.method === 'get' || /me|session|setup|password|api.organizations$/.test(route.path)) continue;
    const json = route.body && {
      ...(route.bodyExample as object),
      organizationId: pathOf({ path: '{organizationId}' }, theirs, random),
    };
    await listener.ask(app, pathOf(route, theirs, random), {
      method: route.method.toUpperCase(),
      ...(json ? { json } : {}),
    });
  }
}

describe('no word of an organisation that is not theirs', () => {
  test('reaches anyone on any channel', () => {
    expect(listeners.flatMap(({ name, leaks }) => leaks.map((leak) => ({ name, ...leak })))).toEqual([]);
  });

  test('is written by the process', () => {
    expect(written.length).toBeGreaterThan(1_000);
    // But for the addresses that readers ask for: a slug names its organisation.
    const withoutAddress = written.map((line) => line.replace(/"GET \/status\/[\w-]+/, ''));
    expect(withoutAddress.filter((line) => /canary/.test(line))).toEqual([]);
    expect(app.reported).toEqual([]);
  });

  test('is missing where it is theirs: there was something to hear', () => {
    for (const { name, listener } of teams) {
      for (const channel of [
        'socket service-update',
        'socket incident-update',
        'socket maintenance-update',
        'socket snapshot',
        'stream',
        'GET /api/events/export',
        'GET /api/organizations',
      ]) {
        const heard = listener.told.some(
          (one) => one.channel.startsWith(channel) && one.text.includes(`canary-${name}-`),
        );
        expect([name, channel, heard]).toEqual([name, channel, true]);
      }
      expect(listener.told.some(({ text }) => text.includes(`canary-${name}-closed`))).toBe(true);
    }
    for (const channel of ['socket service-update', 'stream', 'GET /api/events', 'GET /api/services']) {
      expect(
        stranger.told.some((one) => one.channel.startsWith(channel) && one.text.includes('canary-gamma-open')),
      ).toBe(true);
    }
  });
});

test('no id of what is not theirs reaches anyone who did not send it', async () => {
  const [alpha, beta, gamma] = teams;
  const ids = await idsInLog();
  const secrets = [
    { listener: stranger, foreign: [ids.all(alpha), ids.all(beta), ids.closed(gamma)] },
    { listener: alpha.listener, foreign: [ids.all(beta), ids.closed(gamma)] },
    { listener: beta.listener, foreign: [ids.all(alpha), ids.closed(gamma)] },
    { listener: gamma.listener, foreign: [ids.all(alpha), ids.all(beta)] },
  ];
  for (const { listener, foreign } of secrets) {
    const secret = new Set(foreign.flatMap((some) => [...some]));
    expect(secret.size).toBeGreaterThan(100);
    const leaks = listener.told.flatMap(({ channel, text }) =>
      idsIn(text).flatMap((id) =>
        secret.has(id) && !channel.includes(id) ? [{ name: listener.name, channel, id }] : [],
      ),
    );
    expect(leaks).toEqual([]);
  }
});

/** Ids and hashes in the events of each organisation; the closed ones are in nothing that anyone may read. */
async function idsInLog() {
  const byOrganization = new Map<string, { readonly open: Set<string>; readonly closed: Set<string> }>();
  for await (const { meta, ...event } of app.log.read({})) {
    const known = byOrganization.get(event.organizationId) ?? { open: new Set(), closed: new Set() };
    byOrganization.set(event.organizationId, known);
    for (const id of idsIn(JSON.stringify(meta))) known.closed.add(id);
    const isOpen = EVENT_TYPES[event.type].audience === 'public';
    // Whoever exports an organisation that is public is given digests of what they may not see, and its chain.
    for (const id of idsIn(JSON.stringify(event.data) + event.stream)) (isOpen ? known.open : known.closed).add(id);
    for (const id of [event.id, event.hash]) known.open.add(id);
  }
  const of = ({ organizationId }: Team) => byOrganization.get(organizationId) ?? { open: new Set(), closed: new Set() };
  return {
    all: (team: Team) => new Set([...of(team).open, ...of(team).closed]),
    closed: (team: Team) => new Set([...of(team).closed].filter((id) => !of(team).open.has(id))),
  };
}

function idsIn(text: string): string[] {
  return text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b/g) ?? [];
}

describe('what a private organisation does', () => {
  /** Where the position of the whole log shows, which is everyone's, and the clock. */
  const KNOWN = [
    'getHealth body.timestamp',
    'getHealth body.uptime',
    'getApiHealth body.timestamp',
    'getApiHealth body.uptime',
    'listEvents body.head',
    'listEvents body.next',
    'listEvents etag',
    'exportEvents content-disposition',
    'getWebsocketInfo body.timestamp',
    'listSessions body.lastUsedAt',
  ];

  test('changes nothing of what others see but the position of the log', async () => {
    const [alpha, beta, gamma] = teams;
    // Time changes some answers by itself.
    stopped = new Date();
    const others = [stranger, beta.listener, gamma.listener];
    const reads = readsOf(app.routes, { ids: idsOf([beta, gamma]), random, head: app.log.position });
    const seen = () => Promise.all(others.map((listener) => allSeen(listener, reads)));
    const before = await seen();
    const position = app.log.position;
    const client = await server.connectTo(alpha.organizationId, {
      extraHeaders: { ...alpha.headers, Origin: app.url },
    });
    const steps = 3 * STEPS;
    for (let step = 0; step < steps; step += 1) await work(app, alpha, random);
    expect(app.log.position).toBeGreaterThan(position + steps / 3);
    const after = await seen();
    client.socket.disconnect();
    const changed = before.flatMap((fields, index) =>
      [...fields].flatMap(([field, value]) => (after[index]?.get(field) === value ? [] : [fieldName(field)])),
    );
    expect([...new Set(changed)].sort()).toEqual(expect.arrayContaining(['listEvents body.head', 'listEvents etag']));
    expect([...new Set(changed)].filter((field) => !KNOWN.includes(field))).toEqual([]);
    expect(before.map(({ size }) => size)).toEqual(after.map(({ size }) => size));
  });
});

/** Every field of every answer, by row, URL and place in it. */
async function allSeen(listener: Listener, reads: readonly Read[]): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>();
  for (const { route, url } of reads) {
    const response = await app.request(url, { headers: listener.headers });
    const name = `${route.operationId} ${url} `;
    for (const header of ['etag', 'content-disposition'])
      fields.set(name + header, String(response.headers.get(header)));
    const isJson = /[/+]json/.test(response.headers.get('Content-Type') ?? '');
    for (const [path, value] of leaves(isJson ? await response.json() : await response.text(), 'body'))
      fields.set(name + path, value);
    fields.delete(`${name}body.requestId`);
  }
  return fields;
}

function leaves(value: unknown, path: string): [path: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, each]) => leaves(each, `${path}.${name}`));
}

/** Row and member, without which one of many it was. */
function fieldName(field: string): string {
  return field.replace(/ .* /, ' ').replace(/\.\d+/g, '');
}
