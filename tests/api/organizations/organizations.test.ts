// The rows under /api/organizations over the wire: who may ask for what, what they are answered, and what strangers learn.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../../projections/events/roles.ts';
import { organizationStream } from '../../../projections/organizations.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { organizationRoutes } from '../../../src/api/organizations/organizations.ts';
import { roleRoutes } from '../../../src/api/organizations/roles.ts';
import { teamRoutes } from '../../../src/api/organizations/teams.ts';
import type { Route } from '../../../src/http/route.ts';
import { openPolicy, type Policy } from '../../../src/identity/policy.ts';
import type { NewEvent } from '../../../src/log/commit.ts';
import type { EventLog } from '../../../src/log/event-log.ts';
import type { ReadModels } from '../../../src/read-models/read-models.ts';
import { entityParts } from '../../support/entity-parts.ts';
import { ANN, BEN, CAT, DAN, person } from '../../support/members.ts';
import { id } from '../../support/scenario.ts';
import { type Served, serve } from '../../support/serve.ts';

const STRANGER = 'stranger';
const KEY = 'key';

let log: EventLog;
let models: ReadModels;
let routes: Route[];
let served: Served;

beforeAll(async () => {
  const parts = await entityParts();
  ({ log, models } = parts);
  routes = [...organizationRoutes(parts), ...roleRoutes(parts), ...teamRoutes(parts)];
  served = await serve(routes, { policy });
});
afterAll(async () => {
  await served.close();
  await log.close();
});

/** Believes what the request says it is. */
const policy: Policy = {
  ...openPolicy,
  async viewerOf({ headers }) {
    const who = String(headers['x-who']);
    const current = () => models.current;
    if (who === STRANGER) return { ...person('', current), actor: { kind: 'anonymous' }, organizations: ['default'] };
    if (who !== KEY) return person(who, current);
    const key: Viewer = { actor: { kind: 'key', id: id(31) }, organizations: [], access: () => 'none' };
    return key;
  },
};

interface Answered {
  readonly status: number;
  readonly body: { readonly id: string; readonly code: string; readonly members: readonly string[] };
  readonly headers: Headers;
  readonly etag: string;
}

async function as(who: string, asked: string, json?: object, headers: Record<string, string> = {}): Promise<Answered> {
  const [method = '', path = ''] = asked.split(' ');
  const response = await fetch(served.url + path, {
    method,
    headers: { 'X-Who': who, ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(json ? { body: JSON.stringify(json) } : {}),
  });
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, body, headers: response.headers, etag: response.headers.get('ETag') ?? '' };
}

/** A new organisation of Ann's, as the path to it. */
async function founded(fields: object = {}): Promise<string> {
  const { headers, body } = await as(ANN, 'POST /api/organizations', { name: 'Acme', ...fields });
  const path = headers.get('Location');
  if (path === null) throw new Error(JSON.stringify(body));
  return path;
}

/** Someone joins the organisation at this path, as who follows an invitation does. */
const join = (path: string, userId: string, role: Role) =>
  happen(path, (organizationId) => ({ type: 'organization.role-granted', organizationId, data: { userId, role } }));

async function happen(path: string, event: (organizationId: string) => NewEvent): Promise<void> {
  const organizationId = path.slice(-36);
  const write = {
    stream: organizationStream(organizationId),
    expected: 'exists',
    events: [event(organizationId)],
  } as const;
  await log.append({ writes: [write], actor: { kind: 'system' }, correlationId: 'test' });
}

async function withTeam(path: string, members: readonly string[], role?: string): Promise<string> {
  const { headers } = await as(ANN, `POST ${path}/teams`, { name: 'On call' });
  const team = headers.get('Location') ?? '';
  for (const userId of members) {
    const data = { teamId: team.slice(-36), userId };
    await happen(path, (organizationId) => ({ type: 'organization.team-member-added', organizationId, data }));
  }
  if (role) await as(ANN, `PUT ${path}/roles/teams/${team.slice(-36)}`, { role });
  return team;
}

describe('an organisation', () => {
  test('is created, read, changed and deleted by its owner', async () => {
    const made = await as(ANN, 'POST /api/organizations', { name: 'Round', slug: 'round' });
    const { id: organizationId } = made.body;
    const path = `/api/organizations/${organizationId}`;
    expect(made).toMatchObject({
      status: 201,
      etag: `"2-${log.position}"`,
      body: {
        name: 'Round',
        slug: expect.stringMatching(/^round-[a-z0-9]{8}$/),
        visibility: 'private',
        version: 2,
        role: 'owner',
      },
    });
    expect(made.headers.get('Location')).toBe(path);
    const read = await as(ANN, `GET ${path}`);
    expect(read).toMatchObject({ status: 200, body: made.body, etag: made.etag });
    const changed = await as(ANN, `PUT ${path}`, { name: 'Square' }, { 'If-Match': made.etag });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Square', version: 3 }, etag: `"3-${log.position}"` });
    const stale = await as(ANN, `DELETE ${path}`, undefined, { 'If-Match': made.etag });
    expect(stale).toMatchObject({ status: 412, body: { version: 3, events: [{ type: 'organization.renamed' }] } });
    expect((await as(ANN, `DELETE ${path}`)).status).toBe(204);
    expect((await as(ANN, `GET ${path}`)).status).toBe(404);
    expect((await as(ANN, `GET ${path}?position=${log.position - 1}`)).status).toBe(404);
  });

  test('is created once, whatever happened since', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const first = await as(ANN, 'POST /api/organizations', { name: 'Once' }, key);
    await as(ANN, `PUT ${first.headers.get('Location')}`, { name: 'Twice' });
    const again = await as(ANN, 'POST /api/organizations', { name: 'Once' }, key);
    expect([again.status, again.body, again.etag]).toEqual([201, first.body, first.etag]);
  });

  test('is created by people only, and under a slug of its own', async () => {
    expect(await as(STRANGER, 'POST /api/organizations', { name: 'X' })).toMatchObject({ status: 401 });
    expect(await as(KEY, 'POST /api/organizations', { name: 'X' })).toMatchObject({ status: 403 });
    await founded({ slug: 'unique', visibility: 'public' });
    expect(await as(BEN, 'POST /api/organizations', { name: 'X', slug: 'unique', visibility: 'public' })).toMatchObject(
      {
        status: 409,
        body: { code: 'slug-taken', errors: [{ pointer: '/slug' }] },
      },
    );
  });

  test('of others that is private cannot be found by its slug', async () => {
    await founded({ slug: 'secret' });
    for (const visibility of ['private', 'public']) {
      const made = await as(BEN, 'POST /api/organizations', { name: 'X', slug: 'secret', visibility });
      expect(made).toMatchObject({ status: 201, body: { slug: expect.stringMatching(/^secret/) } });
    }
  });

  test('is listed for whom it is, with another tag as soon as the list is another', async () => {
    const path = await founded({ name: 'Listed' });
    const organizationId = path.slice(-36);
    const listed = async (who: string, query = '') => as(who, `GET /api/organizations${query}`);
    const before = await listed(DAN);
    expect(before.body).toEqual([]);
    const then = log.position;
    await join(path, DAN, 'viewer');
    const during = await listed(DAN);
    expect(during.body).toMatchObject([{ id: organizationId, role: 'viewer' }]);
    expect((await listed(DAN, `?position=${then}`)).body).toMatchObject([{ name: 'Listed', version: 2 }]);
    await as(ANN, `DELETE ${path}/roles/users/${DAN}`);
    const after = await listed(DAN);
    expect([after.body, after.etag]).toEqual([[], before.etag]);
    expect(during.etag).not.toBe(before.etag);
    expect((await listed(STRANGER)).body).toEqual([]);
  });

  test('is shown to strangers while it is public, without what is for its people', async () => {
    const path = await founded({ visibility: 'public' });
    const { status, body } = await as(STRANGER, `GET ${path}`);
    expect([status, Object.keys(body)]).toEqual([200, ['id', 'name', 'slug', 'visibility', 'createdAt', 'version']]);
    expect((await as(STRANGER, `GET ${path}/access`)).status).toBe(401);
    expect((await as(BEN, `GET ${path}/access`)).status).toBe(404);
    await as(ANN, `PUT ${path}`, { visibility: 'private' });
    expect((await as(STRANGER, `GET ${path}`)).status).toBe(404);
  });
});

test('of an organisation that is not theirs nobody learns whether it is there', async () => {
  const path = await founded();
  const team = await withTeam(path, [BEN]);
  const unknown = `/api/organizations/${id(99)}`;
  const bodies: Record<string, object> = { post: { name: 'X' }, put: { name: 'X', role: 'viewer' } };
  const within = routes.filter(({ path: row }) => row.includes('{organizationId}'));
  expect(within.length).toBeGreaterThan(15);
  for (const who of [CAT, BEN, KEY]) {
    for (const row of within) {
      const filled = row.path.replace('{teamId}', team.slice(-36)).replace('{userId}', ANN);
      const [foreign, missing] = await Promise.all(
        [path, unknown].map(async (organization) => {
          const asked = filled.replace('/api/organizations/{organizationId}', organization);
          const json = row.body ? bodies[row.method] : undefined;
          const { status, body, headers } = await as(who, `${row.method.toUpperCase()} ${asked}`, json);
          const told = JSON.stringify([body, [...headers].filter(([name]) => name !== 'date')]);
          return { status, told: told.replaceAll(organization.slice(-36), '…') };
        }),
      );
      expect(foreign).toEqual({ status: 404, told: missing?.told });
    }
  }
});

describe('teams', () => {
  test('are created, listed, renamed and deleted', async () => {
    const path = await founded();
    const made = await as(ANN, `POST ${path}/teams`, { name: 'On call' });
    expect(made).toMatchObject({ status: 201, body: { name: 'On call', members: [] }, etag: `"3-${log.position}"` });
    const team = `${path}/teams/${made.body.id}`;
    expect(made.headers.get('Location')).toBe(team);
    expect((await as(ANN, `GET ${team}`)).body).toEqual(made.body);
    expect(await as(ANN, `PUT ${team}`, { name: 'Night watch' })).toMatchObject({ body: { name: 'Night watch' } });
    expect((await as(ANN, `GET ${path}/teams`)).body).toEqual([{ ...made.body, name: 'Night watch' }]);
    expect((await as(ANN, `GET ${path}/teams?position=${log.position - 1}`)).body).toEqual([made.body]);
    expect((await as(ANN, `DELETE ${team}`)).status).toBe(204);
    expect((await as(ANN, `GET ${team}`)).status).toBe(404);
    expect((await as(ANN, `DELETE ${team}`)).status).toBe(404);
  });

  test('have members, who may leave', async () => {
    const path = await founded();
    const team = await withTeam(path, [BEN], 'viewer');
    expect((await as(BEN, `GET ${team}`)).body).toMatchObject({ role: 'viewer', members: [BEN] });
    expect((await as(BEN, `DELETE ${team}/members/${ANN}`)).status).toBe(403);
    expect((await as(BEN, `DELETE ${team}/members/${BEN}`)).status).toBe(204);
    expect((await as(BEN, `GET ${team}`)).status).toBe(404);
    expect((await as(ANN, `PUT ${team}/members/${BEN}`)).status).toBe(404);
    await join(path, BEN, 'viewer');
    expect((await as(ANN, `PUT ${team}/members/${BEN}`)).body).toMatchObject({ members: [BEN] });
  });
});

describe('roles', () => {
  test('are given up to one’s own', async () => {
    const path = await founded();
    const give = (who: string, to: string, role: string) => as(who, `PUT ${path}/roles/users/${to}`, { role });
    expect(await give(ANN, BEN, 'admin')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    for (const userId of [BEN, CAT]) await join(path, userId, 'viewer');
    expect(await give(ANN, BEN, 'admin')).toMatchObject({
      status: 200,
      body: { userId: BEN, role: 'admin', grants: [{ role: 'admin' }] },
    });
    expect((await give(BEN, CAT, 'admin')).status).toBe(200);
    expect(await give(BEN, CAT, 'owner')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await give(BEN, ANN, 'viewer')).body.code).toMatch(/forbidden|last-owner/);
    const team = await withTeam(path, []);
    const ofTeam = `PUT ${path}/roles/teams/${team.slice(-36)}`;
    expect((await as(BEN, ofTeam, { role: 'owner' })).status).toBe(403);
    expect((await as(ANN, ofTeam, { role: 'owner' })).body).toMatchObject({ role: 'owner' });
    expect((await as(BEN, `PUT ${team}/members/${BEN}`)).status).toBe(403);
    expect((await as(BEN, `DELETE ${team}`)).status).toBe(403);
    expect((await as(BEN, `DELETE ${path}/roles/teams/${team.slice(-36)}`)).status).toBe(403);
    expect((await as(ANN, `DELETE ${path}/roles/teams/${team.slice(-36)}`)).status).toBe(204);
  });

  test('are given up by whoever holds them, but for the last owner', async () => {
    const path = await founded();
    await join(path, BEN, 'viewer');
    expect((await as(BEN, `DELETE ${path}/roles/users/${ANN}`)).status).not.toBe(204);
    expect((await as(BEN, `DELETE ${path}/roles/users/${BEN}`)).status).toBe(204);
    expect((await as(BEN, `GET ${path}`)).status).toBe(404);
    for (const asked of [`DELETE ${path}/roles/users/${ANN}`, `DELETE ${path}/members/${ANN}`]) {
      expect(await as(ANN, asked)).toMatchObject({ status: 409, body: { code: 'last-owner' } });
    }
    expect((await as(ANN, `PUT ${path}/roles/users/${ANN}`, { role: 'member' })).status).toBe(409);
  });

  test('and teams are all taken at once from who is removed', async () => {
    const path = await founded();
    const team = await withTeam(path, [BEN], 'member');
    await as(ANN, `PUT ${path}/roles/users/${BEN}`, { role: 'admin' });
    expect((await as(ANN, `DELETE ${path}/members/${BEN}`)).status).toBe(204);
    expect((await as(ANN, `GET ${team}`)).body.members).toEqual([]);
    expect((await as(ANN, `GET ${path}/access`)).body).toMatchObject([{ userId: ANN }]);
  });
});

describe('who may do what', () => {
  test('is told to members, with where it comes from, as of any date', async () => {
    const path = await founded();
    const start = log.position;
    const team = await withTeam(path, [BEN], 'admin');
    const withBen = log.position;
    await as(ANN, `PUT ${path}/roles/users/${BEN}`, { role: 'viewer' });
    await as(ANN, `DELETE ${team}`);
    const access = async (query = '') => (await as(BEN, `GET ${path}/access${query}`)).body;
    const ann = { userId: ANN, role: 'owner', grants: [{ role: 'owner' }] };
    const throughTeam = { role: 'admin', team: { id: team.slice(-36), name: 'On call' } };
    expect(await access()).toEqual([ann, { userId: BEN, role: 'viewer', grants: [{ role: 'viewer' }] }]);
    expect(await access(`?position=${start}`)).toEqual([ann]);
    expect(await access(`?position=${withBen}`)).toEqual([ann, { userId: BEN, role: 'admin', grants: [throughTeam] }]);
    expect(await access(`?at=${new Date().toISOString()}`)).toEqual(await access());
    expect((await as(BEN, `GET ${path}/access?at=2020-01-01T00:00:00Z`)).status).toBe(404);
    expect(await access('?at=9999-01-01T00:00:00Z')).toEqual(await access());
  });

  test('is sent again to whoever asks, and kept by nobody', async () => {
    const path = await founded();
    const { etag } = await as(ANN, `GET ${path}/access`);
    const again = await as(ANN, `GET ${path}/access`, undefined, { 'If-None-Match': etag, Cookie: 'plive=x' });
    expect([again.status, again.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
  });

  test('is not for who was removed meanwhile, not even as it was', async () => {
    const path = await founded();
    await join(path, BEN, 'admin');
    const then = log.position;
    expect((await as(BEN, `GET ${path}/access?position=${then}`)).status).toBe(200);
    await as(ANN, `DELETE ${path}/roles/users/${BEN}`);
    expect((await as(BEN, `GET ${path}/access?position=${then}`)).status).toBe(404);
  });
});
