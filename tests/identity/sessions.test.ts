// Identifying requests by session or key, from the first use to revocation or expiry, on the real store.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Revocation } from '../../src/identity/identity-store.ts';
import {
  type AccountsApp,
  addKey,
  addOrganization,
  addPerson,
  happen,
  type Someone,
  startOwned,
} from '../support/accounts.ts';

const DAY = 24 * 60 * 60 * 1000;

let clock: Date;
let app: AccountsApp & { owner: Someone };
let revoked: Revocation[];

beforeEach(async () => {
  clock = new Date('2026-03-01T09:00:00.000Z');
  app = await startOwned({}, { now: () => clock });
  revoked = [];
  app.identity.revoked$.subscribe((revocation) => revoked.push(revocation));
});

afterEach(() => app.close());

function pass(milliseconds: number): void {
  clock = new Date(clock.getTime() + milliseconds);
}

function viewerOf(headers: Record<string, string>, method = 'GET'): Promise<Viewer | undefined> {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method });
  for (const [name, value] of Object.entries(headers)) request.headers[name.toLowerCase()] = value;
  return app.identity.policy.viewerOf(request);
}

async function knownViewer(headers: Record<string, string>): Promise<Viewer> {
  const viewer = await viewerOf(headers);
  if (!viewer) throw new Error('Its credential is not valid.');
  return viewer;
}

describe('a session', () => {
  test('identifies a person and shows their organisations', async () => {
    await addOrganization(app, 'acme', { owner: app.owner });
    const viewer = await knownViewer(app.owner.headers);
    expect(viewer.actor).toEqual({ kind: 'user', id: app.owner.id });
    expect(viewer.organizations).toEqual(['acme', 'default']);
    expect(['default', 'acme', 'other'].map((id) => viewer.access(id))).toEqual(['owner', 'owner', 'none']);
  });

  test('lasts while it is used in time, but not beyond its absolute limit', async () => {
    for (let day = 6; day < 30; day += 6) {
      pass(6 * DAY);
      expect((await knownViewer(app.owner.headers)).actor.kind).toBe('user');
      await app.identity.upkeep();
    }
    pass(6 * DAY - 1);
    expect((await knownViewer(app.owner.headers)).actor.kind).toBe('user');
    pass(1);
    expect((await knownViewer(app.owner.headers)).actor.kind).toBe('anonymous');
  });

  test('ends after seven days without use, also for a retained viewer', async () => {
    const viewer = await knownViewer(app.owner.headers);
    pass(7 * DAY - 1);
    expect(viewer.access('default')).toBe('owner');
    pass(1);
    expect([viewer.access('default'), viewer.organizations]).toEqual(['public', ['default']]);
    expect((await knownViewer(app.owner.headers)).actor.kind).toBe('anonymous');
    await app.identity.upkeep();
    expect(revoked).toEqual([{ kind: 'session', id: expect.any(String) }]);
    expect(await app.identity.sessions.list(app.owner.id)).toEqual([]);
  });

  test('that signed out ends at once, also for a retained viewer', async () => {
    await addOrganization(app, 'acme', { owner: app.owner });
    const viewer = await knownViewer(app.owner.headers);
    await app.identity.sessions.end(app.owner.id);
    expect([viewer.access('acme'), viewer.access('default'), viewer.organizations]).toEqual([
      'none',
      'public',
      ['default'],
    ]);
    expect(revoked).toHaveLength(1);
  });

  test('with an invalid token is anonymous', async () => {
    for (const token of ['', 'x', 'x'.repeat(43), `${app.owner.headers.Cookie.slice(6)}x`]) {
      expect((await knownViewer({ Cookie: `plive=${token}` })).actor.kind).toBe('anonymous');
    }
  });
});

test('rights change with the role, also for a retained viewer', async () => {
  const person = await addPerson(app, 'viewer');
  const viewer = await knownViewer(person.headers);
  const data = { userId: person.id };
  expect(viewer.access('default')).toBe('viewer');
  await happen(app, 'default', [
    { type: 'organization.role-granted', organizationId: 'default', data: { ...data, role: 'admin' } },
  ]);
  expect(viewer.access('default')).toBe('admin');
  await happen(app, 'default', [{ type: 'organization.role-revoked', organizationId: 'default', data }]);
  expect(viewer.access('default')).toBe('public');
  await happen(app, 'default', [
    { type: 'organization.visibility-changed', organizationId: 'default', data: { visibility: 'private' } },
  ]);
  expect([viewer.access('default'), viewer.organizations]).toEqual(['none', []]);
});

describe('a key', () => {
  test('has its role in its organisation, and is anonymous elsewhere', async () => {
    await addOrganization(app, 'acme', { owner: app.owner });
    await addOrganization(app, 'other', { owner: app.owner });
    const { id, headers } = await addKey(app, 'member', { organizationId: 'acme' });
    const viewer = await knownViewer(headers);
    expect(viewer).toMatchObject({ actor: { kind: 'key', id }, home: 'acme', organizations: ['acme'] });
    expect(['acme', 'default', 'other'].map((each) => viewer.access(each))).toEqual(['member', 'public', 'none']);
  });

  test('takes precedence over a cookie', async () => {
    const { headers } = await addKey(app, 'member');
    expect((await knownViewer({ ...headers, ...app.owner.headers })).actor.kind).toBe('key');
  });

  test('that is unknown is invalid, not anonymous, with any cookie', async () => {
    const { key } = await addKey(app, 'member');
    for (const sent of ['', 'plv_', key.slice(0, -1), key.toUpperCase(), `${key} `.repeat(2), 'a'.repeat(72)]) {
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        expect(await viewerOf({ ...app.owner.headers, Authorization: `${scheme} ${sent}` })).toBeUndefined();
      }
    }
    expect((await viewerOf({ Authorization: 'Basic eDp5' }))?.actor.kind).toBe('anonymous');
  });

  test('with the secret of another key is invalid', async () => {
    const [one, two] = [await addKey(app, 'member'), await addKey(app, 'member')];
    const { readApiKey, writeApiKey } = await import('../../src/identity/api-key-text.ts');
    const [{ id }, { secret }] = [readApiKey(one.key), readApiKey(two.key)] as [{ id: string }, { secret: string }];
    expect(await viewerOf({ Authorization: `Bearer ${writeApiKey({ id, secret })}` })).toBeUndefined();
  });

  test('works until it expires, also for a retained viewer', async () => {
    const { id, headers } = await addKey(app, 'member', { expiresAt: '2026-03-02T09:00:00.000Z' });
    const viewer = await knownViewer(headers);
    pass(DAY - 1);
    expect([viewer.access('default'), (await viewerOf(headers))?.actor.kind]).toEqual(['member', 'key']);
    pass(1);
    expect([viewer.access('default'), viewer.organizations]).toEqual(['public', []]);
    expect(await viewerOf(headers)).toBeUndefined();
    await app.identity.upkeep();
    expect(revoked).toContainEqual({ kind: 'key', id });
  });

  test('works until it is revoked, and then its secret is gone', async () => {
    const { id, headers } = await addKey(app, 'member');
    const viewer = await knownViewer(headers);
    await happen(app, 'default', [
      { type: 'organization.key-revoked', organizationId: 'default', data: { keyId: id } },
    ]);
    expect(viewer.access('default')).toBe('public');
    expect(await viewerOf(headers)).toBeUndefined();
    expect(revoked).toEqual([{ kind: 'key', id }]);
    // Its id could have a secret again, so it has none.
    expect(await app.identity.keys.issue({ id, organizationId: 'default' })).toMatch(/^plv_/);
  });

  test('of a deleted organisation is invalid', async () => {
    await addOrganization(app, 'acme', { owner: app.owner });
    const { id, headers } = await addKey(app, 'member', { organizationId: 'acme' });
    await happen(app, 'acme', [{ type: 'organization.deleted', organizationId: 'acme', data: {} }]);
    expect(await viewerOf(headers)).toBeUndefined();
    expect(revoked).toEqual([{ kind: 'key', id }]);
  });
});
