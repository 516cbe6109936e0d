// People, sessions and keys on two nodes with one PostgreSQL database: what one node ends, the other ends too.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountsApp, addKey, addPerson, PASSWORD, type Someone, startUnowned } from '../support/accounts.ts';
import { EventSource } from '../support/event-source.ts';
import { newDatabase } from '../support/postgres.ts';
import { ask } from '../support/rest.ts';

const node = (url: string, name: string) => startUnowned({ DATABASE_URL: url, NODE_NAME: name }, { expiryCheck: 20 });

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let here: AccountsApp;
let there: AccountsApp;
let sources: EventSource[];

beforeEach(async () => {
  fresh = await newDatabase();
  here = await node(fresh.url, 'here');
  there = await node(fresh.url, 'there');
  sources = [];
});
afterEach(async () => {
  for (const source of sources) source.leave();
  await here.close();
  await there.close();
  await fresh.drop();
});

const account = (name: string) => ({ name, email: `${name}@plive.test`, password: PASSWORD });

/** Makes the first owner with a link, and signs in on that node. */
async function own(app: AccountsApp, token: string): Promise<Someone> {
  const id = await app.workflows.setUp.run(token, account('olga'), { correlationId: 'test' });
  if (typeof id !== 'string') throw new Error(`The set-up failed: ${id.kind}.`);
  return { ...account('olga'), id, headers: await signIn(app, 'olga') };
}

async function signIn(app: AccountsApp, name: string): Promise<{ readonly Cookie: string }> {
  const session = await app.request('/api/sessions', { json: { email: `${name}@plive.test`, password: PASSWORD } });
  return { Cookie: String(session.headers.get('Set-Cookie')).split(';')[0] ?? '' };
}

async function follow(app: AccountsApp, headers: Record<string, string>): Promise<EventSource> {
  const source = await EventSource.open(`${app.url}/api/events/stream`, headers);
  sources.push(source);
  return source;
}

const me = async (app: AccountsApp, headers: Record<string, string>) => (await ask(app, '/api/me', { headers })).status;

describe('the set-up', () => {
  test('has a link of each node, and all of them work until one is used', async () => {
    const issued = [await here.workflows.setUp.issueToken(), await there.workflows.setUp.issueToken()] as const;
    const again = await here.workflows.setUp.issueToken();
    const use = (app: AccountsApp, name: string, token = '') =>
      app.workflows.setUp.run(token, account(name), { correlationId: 'test' });
    expect(await use(there, 'early', issued[0])).toMatchObject({ code: 'link-not-valid' });
    expect(await use(there, 'olga', again)).toEqual(expect.any(String));
    expect(await use(here, 'late', issued[1])).toMatchObject({ code: 'already-set-up' });
    expect(await there.workflows.setUp.issueToken()).toBeUndefined();
  });

  test('has one owner, however many links are used at once', async () => {
    const [mine, theirs] = [await here.workflows.setUp.issueToken(), await there.workflows.setUp.issueToken()];
    const owners = await Promise.all([
      here.workflows.setUp.run(mine ?? '', account('ann'), { correlationId: 'test' }),
      there.workflows.setUp.run(theirs ?? '', account('ben'), { correlationId: 'test' }),
    ]);
    expect(owners.map((owner) => typeof owner).sort()).toEqual(['object', 'string']);
    expect(owners.find((owner) => typeof owner === 'object')).toMatchObject({ code: 'already-set-up' });
  });
});

describe('with an owner', () => {
  let owner: Someone;
  beforeEach(async () => {
    owner = await own(here, (await here.workflows.setUp.issueToken()) ?? '');
  });

  test('a session of one node is one of the other, until it is ended on either', async () => {
    const second = await signIn(there, 'olga');
    expect([await me(there, owner.headers), await me(here, second)]).toEqual([200, 200]);
    const [ended, kept] = [await follow(there, owner.headers), await follow(there, second)];
    const current = await here.identity.sessions.find(owner.headers.Cookie.split('=')[1] ?? '');
    await ask(here, `/api/sessions/${current?.id}`, { method: 'DELETE', headers: owner.headers });
    expect(await ended.ended).toBe('complete');
    expect([await me(there, owner.headers), await me(there, second)]).toEqual([401, 200]);
    expect(kept.response.closed).toBe(false);
  });

  test('a new password ends the other sessions on every node', async () => {
    const second = await signIn(there, 'olga');
    const ended = await follow(there, second);
    const json = { current: PASSWORD, new: 'an entirely new one' };
    expect((await ask(here, '/api/me/password', { json, headers: owner.headers, method: 'PUT' })).status).toBe(204);
    expect(await ended.ended).toBe('complete');
    expect([await me(there, second), await me(there, owner.headers)]).toEqual([401, 200]);
  });

  test('who is erased on one node is gone from the other', async () => {
    const person = await addPerson(here, 'member');
    const ended = await follow(there, person.headers);
    const json = { password: PASSWORD };
    expect((await ask(here, '/api/me', { method: 'DELETE', json, headers: person.headers })).status).toBe(204);
    expect(await ended.ended).toBe('complete');
    const retried = await ask(there, '/api/sessions', { json: { email: person.email, password: PASSWORD } });
    expect([retried.status, await me(there, person.headers)]).toEqual([401, 401]);
  });

  test('a key of one node is known to the other at once', async () => {
    for (let count = 0; count < 10; count++) {
      const { headers } = await addKey(here, 'viewer');
      expect((await ask(there, '/api/services', { headers })).status).toBe(200);
    }
  });

  test('a key that is revoked on one node ends on the other', async () => {
    const key = await addKey(here, 'viewer');
    const ended = await follow(there, key.headers);
    const headers = owner.headers;
    const path = `/api/organizations/default/keys/${key.id}`;
    expect((await ask(here, path, { method: 'DELETE', headers })).status).toBe(204);
    expect(await ended.ended).toBe('complete');
    expect((await ask(there, '/api/services', { headers: key.headers })).status).toBe(401);
  });
});
