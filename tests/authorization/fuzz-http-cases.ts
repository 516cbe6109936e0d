// Fuzz over HTTP: whatever is sent to whatever route, nothing breaks, nothing is recorded in anyone else's organisation, and no prototype changes.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { VISIBILITIES } from '../../projections/events/roles.ts';
import type { Route } from '../../src/http/route.ts';
import { oneOf, type Random, seededRandom } from '../crash/random.ts';
import { PASSWORD, startOwned } from '../support/accounts.ts';
import { sized } from '../support/size.ts';
import { type Asker, addPeople, addTarget, type Target } from './cast.ts';
import { hostileObject, hostileText } from './hostile.ts';

/** How often each route is tried. */
const TRIES = sized(6, 24);

let app: Awaited<ReturnType<typeof startOwned>>;
let own: Target;
let foreign: readonly Target[];
let asker: Asker;
/** Strings that mean something: ids of the asker's own and of others'. */
let names: readonly string[];

beforeAll(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  const people = await addPeople(app);
  own = await addTarget(app, 'private', people);
  const strangers = await addPeople(app);
  foreign = await Promise.all(VISIBILITIES.map((visibility) => addTarget(app, visibility, strangers)));
  asker = { headers: people.owner.headers, person: people.owner };
  names = [own, ...foreign].flatMap((target) => Object.values(target).map(String));
});
afterAll(() => app.close());

test('whatever is sent to whatever route', async () => {
  const random = seededRandom(7);
  const before = app.log.position;
  const broken: unknown[] = [];
  for (const route of app.routes) {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const sent = hostileRequest(route, random);
      const { status, text } = await answerTo(sent);
      if (status >= 500) broken.push({ ...sent, status, text });
    }
  }
  expect(broken).toEqual([]);
  // Some requests carry X-Forwarded-For, which no proxy has added: operators are told of it once.
  expect(app.reported.filter((line) => !line.startsWith('X-Forwarded-For was ignored'))).toEqual([]);
  expect(app.log.position).toBeGreaterThan(before);
  await expectNothingForeignSince(before);
  // Whoever asked has been somebody to the end.
  expect((await app.request('/api/me', { headers: asker.headers })).status).toBe(200);
  expectNoPollution();
});

async function expectNothingForeignSince(position: number): Promise<void> {
  const theirs = new Set(['default', ...foreign.map(({ organizationId }) => organizationId)]);
  for await (const event of app.log.read({ after: position })) {
    expect(theirs).not.toContain(event.organizationId);
    const others = foreign.flatMap(({ serviceId, incidentId }) => [`service-${serviceId}`, `incident-${incidentId}`]);
    expect(others).not.toContain(event.stream);
  }
}

function expectNoPollution(): void {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(([] as unknown as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers: Record<string, string>;
}

/** Rows that would end what the asker is known by: those are tried by nobody. */
const ENDING = [
  'endSession',
  'endSessions',
  'eraseMe',
  'changePassword',
  'deleteOrganization',
  'removePerson',
  'revokeRoleOfPerson',
  'grantRoleToPerson',
  'signIn',
];

function hostileRequest(route: Route, random: Random): Sent {
  const mayEnd = ENDING.includes(route.operationId);
  const who: Record<string, string> = mayEnd || random() < 0.2 ? {} : { ...asker.headers };
  const valid = { ...(route.bodyExample as object), password: PASSWORD };
  const body = route.body && (random() < 0.1 ? hostileText(random, names) : hostileObject(random, valid, names));
  return {
    method: route.method.toUpperCase(),
    path: hostilePath(route, random) + hostileQuery(route, random),
    headers: {
      ...who,
      ...hostileHeaders(random),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

function hostilePath({ path }: Route, random: Random): string {
  const valid: Record<string, string | number> = {
    ...own,
    id: path.includes('services') ? own.serviceId : own.incidentId,
    position: own.position,
  };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const roll = random();
    if (roll < 0.6) return String(valid[name] ?? 'x');
    return roll < 0.8 ? oneOf(random, names) : encoded(JSON.parse(hostileText(random, names)));
  });
}

/** A segment of a path; lone surrogates have no encoding. */
function encoded(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '')).slice(0, 2_000) || '%00';
}

function hostileQuery({ query }: Route, random: Random): string {
  const taken = [
    ...Object.keys(query?.shape ?? {}),
    '__proto__',
    'constructor',
    'organizationId[$ne]',
    'at',
    'position',
  ];
  const parts = Array.from({ length: Math.floor(random() * 4) }, () => {
    const name = encodeURIComponent(oneOf(random, taken));
    return `${name}=${encoded(JSON.parse(hostileText(random, names)))}`;
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const HEADERS: readonly Record<string, string>[] = [
  {},
  { 'If-Match': '"1-1", W/"99999999999999999999-1"' },
  { 'If-Match': '"' },
  { 'If-None-Match': '*' },
  { 'Idempotency-Key': '__proto__' },
  { 'Idempotency-Key': 'x'.repeat(256) },
  { 'Last-Event-ID': '99999999999999999999' },
  { 'X-Request-Id': '__proto__' },
  { Authorization: 'Bearer plv_' },
  { Authorization: 'Bearer __proto__' },
  { 'Content-Encoding': 'gzip' },
  { 'X-Forwarded-For': "'; --, ::1" },
];

function hostileHeaders(random: Random): Record<string, string> {
  return random() < 0.6 ? {} : oneOf(random, HEADERS);
}

async function answerTo({ path, ...sent }: Sent): Promise<{ readonly status: number; readonly text: string }> {
  const response = await app.request(path, sent);
  const isEndless = response.headers.get('Content-Type')?.startsWith('text/event-stream');
  if (isEndless) await response.body?.cancel();
  return { status: response.status, text: isEndless ? '' : await response.text() };
}
