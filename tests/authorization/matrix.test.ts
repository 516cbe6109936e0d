// Who may use what: every mounted route, asked by everyone about their own and another organisation, against the table that is checked in.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Express } from 'express';
import { v7 as newId } from 'uuid';
import { ROLES, type Role, VISIBILITIES, type Visibility } from '../../projections/events/roles.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Route } from '../../src/http/route.ts';
import { PASSWORD, type Someone, startOwned } from '../support/accounts.ts';
import { sized } from '../support/size.ts';
import {
  ASKERS,
  type Asker,
  type AskerName,
  addOthers,
  addPeople,
  addTarget,
  askerFor,
  LOGO,
  LOGO_DIGEST,
  type Others,
  OUTSIDERS,
  type People,
  type Target,
  unknownTarget,
} from './cast.ts';

/** Who asks: in `npm test` one who may some of it, and two who may nothing. */
const ASKED = sized<readonly AskerName[]>(['stranger', 'member', 'other-owner'], ASKERS);
const isAsked = (name: AskerName) => ASKED.includes(name);

/** Compact enough to be read line by line: whoever changes who may do what changes it by hand. */
const TABLE = readFileSync('tests/fixtures/authorization.txt', 'utf8');

let app: Awaited<ReturnType<typeof startOwned>>;
/** What everyone was answered, by row and visibility. */
const statuses = new Map<string, ReadonlyMap<AskerName, number>>();
/** Where an outsider learned something of what is private. */
const told: unknown[] = [];
/** What was refused, and left something behind all the same. */
const left: unknown[] = [];

beforeAll(async () => {
  app = await startOwned({ RATE_LIMIT: '0', TRUST_PROXY: '1', SECURITY_CONTACT: 'mailto:security@plive.test' });
  const worlds = new Map<Visibility, World>();
  for (const visibility of VISIBILITIES) worlds.set(visibility, await addWorld(visibility));
  for (const { people, target } of worlds.values()) await showLogo(people.owner, target);
  // What only reads comes first: later the log is long.
  const isRead = ({ method }: Route) => method === 'get';
  for (const route of app.routes.filter(isRead)) {
    for (const [visibility, reading] of worlds) {
      statuses.set(keyOf(route, visibility), await askAll(route, visibility, reading));
    }
  }
  for (const route of app.routes.filter((row) => !isRead(row))) {
    const hidden = await askAll(route, 'private');
    // Who may change something does not depend on the visibility, as the long tests hold.
    const shown = sized(hidden, undefined) ?? (await askAll(route, 'public'));
    statuses.set(keyOf(route, 'private'), hidden).set(keyOf(route, 'public'), shown);
  }
});
afterAll(() => app.close());

const keyOf = ({ method, path }: Route, visibility: Visibility) => `${method} ${path} ${visibility}`;

/** People, and an organisation of theirs. */
interface World {
  readonly people: People;
  readonly others: Others;
  readonly target: Target;
}

async function addWorld(visibility: Visibility): Promise<World> {
  const people = await addPeople(app);
  const others = await addOthers(app);
  return { people, others, target: await addTarget(app, visibility, people) };
}

/**
 * Asks as everyone, about what only reads in the world that is given. Whoever may change something is asked about something else each time, so that nobody finds what another
 * has changed. A refusal changes nothing, as a test below holds.
 */
async function askAll(route: Route, visibility: Visibility, reading?: World): Promise<ReadonlyMap<AskerName, number>> {
  const changes = reading === undefined;
  const { people, others, target: unchanged } = reading ?? (await worldFor(route, visibility));
  const isOpen = route.access === 'anyone' || route.access === 'person';
  const answered = new Map<AskerName, number>();
  for (const name of ASKED) {
    const mayChange = changes && (isOpen || !isOutsider(name, route));
    const target = mayChange ? await addTarget(app, visibility, people) : unchanged;
    const asker = await askerFor(app, name, target, { people, others });
    answered.set(name, await askAbout(route, { name, asker }, { target, visibility }));
  }
  return answered;
}

/** Of how many rows the same people are asked for: in more organisations, what they read takes longer. */
const ROWS_OF_WORLD = 8;
const worlds = new Map<Visibility, { world: World; rows: number }>();

/** Those whom a row may sign out or erase are asked for that row alone. */
async function worldFor({ access }: Route, visibility: Visibility): Promise<World> {
  if (access === 'person' || access === 'anyone') return addWorld(visibility);
  const known = worlds.get(visibility);
  const kept = known && known.rows < ROWS_OF_WORLD ? known : { world: await addWorld(visibility), rows: 0 };
  worlds.set(visibility, { world: kept.world, rows: kept.rows + 1 });
  return kept.world;
}

/** Whoever is only in a team without a role may leave, and nothing else. */
function isOutsider(name: AskerName, { access }: Route): boolean {
  return OUTSIDERS.includes(name) && !(name === 'roleless' && access === 'leaver');
}

interface Asking {
  readonly name: AskerName;
  readonly asker: Asker;
}

/** The status of the answer. Whoever may not know of what they ask about is to be told exactly what they are told of nothing. */
async function askAbout(
  route: Route,
  { name, asker }: Asking,
  { target, visibility }: { readonly target: Target; readonly visibility: Visibility },
): Promise<number> {
  const unknown = unknownTarget(app);
  const asked = await requestFor(route, asker, target);
  const instead = await requestFor(route, asker, unknown);
  // First, so that what is there cannot have been changed by then.
  const ofNothing =
    isOutsider(name, route) && isAbout(asked, target) ? await answerTo(instead, asker, unknown) : undefined;
  const { position } = app.log;
  const answered = await answerTo(asked, asker, target);
  if (answered.status >= 400 && app.log.position !== position) left.push([keyOf(route, visibility), name]);
  const mayKnow = visibility === 'public' && answered.status < 400;
  if (ofNothing && !mayKnow && answered.text() !== ofNothing.text()) {
    told.push({ row: keyOf(route, visibility), name, answered: answered.text(), ofNothing: ofNothing.text() });
  }
  return answered.status;
}

async function showLogo({ headers }: Someone, { organizationId }: Target): Promise<void> {
  const path = `/api/page/logo?organizationId=${organizationId}`;
  const { status } = await app.request(path, {
    method: 'PUT',
    body: LOGO.body,
    headers: { ...headers, 'Content-Type': LOGO.type },
  });
  expect(status).toBe(200);
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly json?: object;
  readonly body?: string;
  /** The type of the body. */
  readonly type?: string;
}

function isAbout({ path, json }: Asked, target: Target): boolean {
  const text = path + JSON.stringify(json ?? '');
  return Object.values(target).some((id) => text.includes(String(id)));
}

/** A request that nothing is wrong with but, perhaps, who makes it. */
async function requestFor(route: Route, asker: Asker, target: Target): Promise<Asked> {
  const names = { ...(await paramsFor(route, asker, target)) };
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name]));
  const isFiltered = route.query !== undefined && 'organizationId' in route.query.shape;
  // A dry run takes the body of what it tries.
  const tried = route.operationId.replace(/^preview(.)/, (_, first: string) => first.toLowerCase());
  const json = route.body && ((await BODIES[tried]?.(target, asker)) ?? route.bodyExample);
  return {
    method: route.method.toUpperCase(),
    path: isFiltered ? `${path}?organizationId=${target.organizationId}` : path,
    ...(json ? { json } : {}),
    ...sentTo(route),
  };
}

/** What is sent to rows that take no JSON: a form, or a picture. */
function sentTo({ rawBody, form }: Route): Pick<Asked, 'body' | 'type'> {
  if (rawBody && form) return { body: rawBody.example.text, type: rawBody.example.type };
  return rawBody ? { body: LOGO.body, type: LOGO.type } : {};
}

const ASSETS: Readonly<Record<string, string>> = {
  getDocsAsset: 'page.css',
  getExample: 'websocket-client.html',
  getAsset: 'accounts.css',
};

async function paramsFor(
  { path, access, operationId }: Route,
  { person }: Asker,
  target: Target,
): Promise<Record<string, string | number>> {
  return {
    ...target,
    ...(path.includes('{id}') ? { id: entityIdFor(path, target) } : {}),
    // People may leave.
    userId: access === 'leaver' && person ? person.id : target.userId,
    ...(path.includes('{sessionId}') ? { sessionId: await sessionOf(person) } : {}),
    asset: ASSETS[operationId] ?? '',
    digest: LOGO_DIGEST,
    page: target.organizationId,
    colours: '1d4ed8-7aa2ff.css',
  };
}

/** The id of a session of the person, or of none. */
async function sessionOf(person: Someone | undefined): Promise<string> {
  const [session] = person ? await app.identity.sessions.list(person.id) : [];
  return session?.id ?? newId();
}

/** The id of the target's entity of the kind that the path is about. */
function entityIdFor(path: string, target: Target): string {
  const kind = KINDS.find(({ plural, aggregate }) => new RegExp(`^/(api/)?(${plural}|${aggregate})/`).test(path));
  const ids = new Map(Object.entries({ ...target, pageId: target.organizationId }));
  const id = kind && ids.get(`${kind.aggregate}Id`);
  if (typeof id !== 'string') throw new Error(`The cast has no entity of the kind that ${path} is about.`);
  return id;
}

let accounts = 0;

async function newAccount() {
  accounts += 1;
  return { name: `Newcomer ${accounts}`, email: `newcomer-${accounts}@plive.test`, password: PASSWORD };
}

/** What is sent to rows whose example does not do. */
const BODIES: Readonly<Record<string, (target: Target, asker: Asker) => object | Promise<object>>> = {
  createService: ({ organizationId }) => ({ name: 'Search', description: 'Finds things', organizationId }),
  updateService: ({ organizationId }) => ({ status: 'degraded', organizationId }),
  orderPage: ({ groupId, serviceId }) => ({ groups: [{ id: groupId, services: [serviceId] }] }),
  createGroup: ({ organizationId }) => ({ name: 'Answers', organizationId }),
  openIncident: ({ organizationId, serviceId }) => ({
    title: 'Slow search',
    description: 'Answers take long',
    impacts: { [serviceId]: 'degraded' },
    organizationId,
  }),
  postIncidentUpdate: ({ serviceId }) => ({
    status: 'identified',
    message: 'It is the index.',
    impacts: { [serviceId]: 'degraded' },
  }),
  planMaintenance: ({ organizationId, serviceId }) => ({
    title: 'New index',
    startsAt: '2099-01-01T00:00:00Z',
    endsAt: '2099-01-01T01:00:00Z',
    affectedServices: [serviceId],
    organizationId,
  }),
  updateSeries: ({ organizationId }) => ({ title: 'Autumn cleaning', organizationId }),
  updateMaintenance: ({ organizationId }) => ({ title: 'Newer index', organizationId }),
  createTemplate: ({ organizationId, serviceId }) => ({
    title: 'Slow search',
    text: 'Since {{time}}',
    services: [serviceId],
    organizationId,
  }),
  createKey: () => ({ name: 'Deployments', role: 'member' }),
  grantRoleToPerson: () => ({ role: 'member' }),
  broadcast: ({ organizationId }) => ({ type: 'service-update', data: {}, organizationId }),
  signIn: async (_target, { person }) => ({ email: person?.email ?? app.owner.email, password: PASSWORD }),
  resetPassword: () => ({ token: newId(), password: PASSWORD }),
  changePassword: () => ({ current: PASSWORD, new: 'staple after staple' }),
  eraseMe: () => ({ password: PASSWORD }),
  acceptInvitation: async ({ invitationId: id, organizationId }) => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return {
      token: await app.identity.links.issueInvitation({ id, organizationId, expiresAt }),
      ...(await newAccount()),
    };
  },
};

let addresses = 0;

/** In a network of its own: attempts to use passwords and links are limited by network. */
function newAddress(): string {
  addresses += 1;
  return `10.${addresses >> 8}.${addresses & 255}.1`;
}

/** The status; and status, headers and body as one text, without what is different each time. */
async function answerTo(
  { path, type: sentType, ...asked }: Asked,
  { headers }: Asker,
  target: Target,
): Promise<{ readonly status: number; readonly text: () => string }> {
  const type: Record<string, string> = sentType === undefined ? {} : { 'Content-Type': sentType };
  const from = { ...headers, ...type, 'X-Forwarded-For': newAddress() };
  // A page asks as a browser does, where a problem is a page too.
  const accept = path.startsWith('/api') ? {} : { Accept: 'text/html' };
  const response = await app.request(path, { ...asked, headers: { ...from, ...accept }, redirect: 'manual' });
  const { status } = response;
  const isEndless = response.headers.get('Content-Type')?.startsWith('text/event-stream');
  const body = isEndless ? await response.body?.cancel() : await response.text();
  // The length is that of the body, in which positions may have different numbers of digits.
  const kept = [...response.headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  return { status, text: () => anonymised(JSON.stringify([status, kept, body]), target) };
}

function anonymised(text: string, { position: _position, ...ids }: Target): string {
  return text
    .replace(new RegExp(Object.values(ids).join('|'), 'g'), '…')
    .replace(/requestId\\":\\"[\w-]+/g, 'requestId')
    .replace(/position \d+/g, 'position …')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
}

describe('the table', () => {
  test('is of every route that is mounted, and of no other', async () => {
    const mounted = await mountedRoutes();
    expect(mounted.sort()).toEqual(app.routes.map(({ method, path }) => `${method} ${expressPath(path)}`).sort());
  });

  test('says what everyone is answered', () => {
    expect(rendered()).toBe(columnsAsked(TABLE));
  });
});

test('what is another’s is unknown, to the last header', () => {
  expect(told).toEqual([]);
});

test('a refusal leaves nothing behind', () => {
  expect(left).toEqual([]);
});

describe('who a row says may use it', () => {
  test.each(([...ROLES, 'member-key', 'admin-key'] as const).filter(isAsked))(
    'is who may, of those of the organisation: %s',
    (name) => {
      expect(verdicts([name])).toEqual(expectedOf((route) => [isDeclaredFor(route, name) ? 'let in' : 403]));
    },
  );

  test('is who may, of all others', () => {
    const ofRole = ({ access }: Route) => access !== 'anyone' && access !== 'person';
    const outsiders = OUTSIDERS.filter(isAsked);
    const asked = (all: readonly Verdict[]) => all.filter((_, index) => isAsked(OUTSIDERS[index] ?? 'stranger'));
    expect(verdicts(outsiders, ofRole)).toEqual(
      expectedOf(({ access }) => asked([401, 404, access === 'leaver' ? 'let in' : 404, 404, 404, 404]), ofRole),
    );
    const ofPerson = ({ access }: Route) => access === 'person';
    expect(verdicts(outsiders, ofPerson)).toEqual(
      expectedOf(() => asked([401, 'let in', 'let in', 'let in', 403, 403]), ofPerson),
    );
  });
});

type Verdict = number | 'let in';
type Which = (route: Route) => boolean;

/** How each row received these: the status of a refusal, or that they were let in, whatever the rules made of what they asked. */
function verdicts(names: readonly AskerName[], which?: Which): unknown[] {
  return expectedOf((route, visibility) => {
    const answered = statuses.get(keyOf(route, visibility));
    return names.map((name) => {
      const status = answered?.get(name) ?? 0;
      return [401, 403, 404].includes(status) ? status : 'let in';
    });
  }, which);
}

/** What is expected of each row, with its name. */
function expectedOf(of: (route: Route, visibility: Visibility) => readonly Verdict[], which: Which = () => true) {
  return app.routes
    .filter(which)
    .flatMap((route) => VISIBILITIES.map((visibility) => [keyOf(route, visibility), of(route, visibility)]));
}

/** Keys make no credentials, whatever their role. */
const CREDENTIALS = ['createKey', 'createInvitation'];

function isDeclaredFor({ access, operationId }: Route, name: AskerName): boolean {
  const role = name.replace('-key', '') as Role;
  const isKey = role !== name;
  if (CREDENTIALS.includes(operationId) && isKey) return false;
  if (access === 'person' || operationId === 'acceptInvitation') return !isKey;
  // What people may do to themselves a key does to somebody.
  if (access === 'leaver') return !isKey || role === 'admin';
  return access === 'anyone' || ROLES.indexOf(role) >= ROLES.indexOf(access);
}

interface Layer {
  readonly slash: boolean;
  readonly route?: {
    readonly path: string;
    readonly methods: Readonly<Record<string, boolean>>;
    readonly stack: readonly unknown[];
  };
}

/** Method and path of whatever Express would hand a request to, found in the running server. */
async function mountedRoutes(): Promise<string[]> {
  const mounted = new Promise<Express>((resolve) => {
    app.server.once('request', (request) => resolve((request as unknown as { app: Express }).app));
  });
  await app.request('/health');
  const layers = (await mounted).router.stack as unknown as readonly Layer[];
  return layers.flatMap(({ slash, route }) => {
    // What is no route is in front of all of them, or behind: nothing is mounted below a path of its own.
    if (!route) return slash ? [] : ['something that is no route'];
    const methods = Object.keys(route.methods);
    // What takes every method says that the others are not for this path.
    return methods.includes('_all') ? [] : methods.map((method) => `${method} ${route.path}`);
  });
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Where the statuses begin in a line of the table, and how wide each is. */
const [MARGIN, WIDTH] = [93, 9];

/** The table without those who did not ask. */
function columnsAsked(table: string): string {
  const cut = (line: string) => {
    const columns = ASKERS.map((_, index) => line.slice(MARGIN + index * WIDTH, MARGIN + (index + 1) * WIDTH));
    const kept = columns.filter((_, index) => isAsked(ASKERS[index] ?? 'stranger'));
    return (line.slice(0, MARGIN) + kept.join('')).trimEnd();
  };
  return table.split('\n').map(cut).join('\n');
}

/** The statuses as the table writes them: one line where it makes no difference whether the organisation is public. */
function rendered(): string {
  const head = ASKED.map((name) =>
    name.replace('other-', 'o-').replace('member-key', 'm-key').replace('admin-key', 'a-key'),
  );
  const lines = app.routes.flatMap((route) => {
    const [shown = '', hidden = ''] = VISIBILITIES.map((visibility) => cells(statuses.get(keyOf(route, visibility))));
    const row = `${route.method.toUpperCase()} ${route.path}`;
    const first = `${row.padEnd(76)}${route.access.padEnd(8)}`;
    if (shown === hidden) return [`${first}${''.padEnd(9)}${shown}`];
    return [`${first}${'public'.padEnd(9)}${shown}`, `${''.padEnd(84)}${'private'.padEnd(9)}${hidden}`];
  });
  return [`${''.padEnd(MARGIN)}${head.map((name) => name.padEnd(WIDTH)).join('')}`.trimEnd(), ...lines, ''].join('\n');
}

function cells(answered: ReadonlyMap<AskerName, number> = new Map()): string {
  return ASKED.map((name) => String(answered.get(name)).padEnd(WIDTH))
    .join('')
    .trimEnd();
}
