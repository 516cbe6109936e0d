// Accounts over the wire: the set-up, signing in and out, passwords, links, keys, invitations and the end of an account.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteStorage } from '../../../src/cli/sqlite-storage.ts';
import { newLink } from '../../../src/identity/links.ts';
import { verify } from '../../../src/log/verify.ts';
import { openIdentityTables } from '../../../src/sqlite/identity/identity-tables.ts';
import { withConnections } from '../../bench/load.ts';
import {
  type AccountsApp,
  addKey,
  addOrganization,
  addPerson,
  grant,
  PASSWORD,
  type Someone,
  startOwned,
  startUnowned,
} from '../../support/accounts.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { type Answered, type Asked, ask, changingNothing, createService, refused } from '../../support/rest.ts';
import { ROOT } from '../../support/root.ts';
import { longTest, longTests, quickTest, quickTests, sized } from '../../support/size.ts';
import { startApp } from '../../support/start-app.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@plive.test', password: 'analytical engine' };

let app: AccountsApp & { owner: Someone };
let clock: Date;

beforeEach(() => {
  clock = new Date('2026-03-01T09:00:00.000Z');
});

function as({ headers }: { readonly headers: Readonly<Record<string, string>> }, asked: Asked = {}): Asked {
  return { ...asked, headers: { ...asked.headers, ...headers } };
}

function cookieOf({ headers }: Answered<unknown>): { headers: Record<string, string> } {
  return { headers: { Cookie: (headers.get('Set-Cookie') ?? '').split(';')[0] ?? '' } };
}

function tokenOf(link: string): string {
  return link.slice(link.indexOf('#token=') + 7);
}

function signIn(email: string, password: string): Promise<Answered<Record<string, unknown>>> {
  return ask(app, '/api/sessions', { json: { email, password } });
}

/** The status of an attempt to sign in from this address. */
async function signInFrom(
  address: string,
  { to, password }: { readonly to: AccountsApp & { readonly owner: Someone }; readonly password: string },
): Promise<number> {
  const headers = { 'X-Forwarded-For': address };
  return (await ask(to, '/api/sessions', { json: { email: to.owner.email, password }, headers })).status;
}

/** From a network of its own. */
function from(n: number): Record<string, string> {
  return { 'X-Forwarded-For': `192.0.${n}.1` };
}

/** Eleven wrong passwords, and what is answered that a client could tell one account from another by. */
async function tryInVain(email: string) {
  const answers: { status: number; body: object; policy: string | null; retryAfter: string | null }[] = [];
  for (let time = 0; time < 11; time += 1) {
    const { status, body, headers } = await signIn(email, 'not the password');
    const [policy, retryAfter] = [headers.get('RateLimit-Policy'), headers.get('Retry-After')];
    answers.push({ status, body: { ...body, requestId: '' }, policy, retryAfter });
  }
  return answers;
}

quickTests('the set-up', () => {
  let unowned: AccountsApp;

  beforeEach(async () => {
    unowned = await startUnowned({ TRUST_PROXY: '1' }, { now: () => clock });
  });

  afterEach(() => unowned.close());

  const setUp = (token: string | undefined, account: object = ADA, headers: Record<string, string> = {}) =>
    ask(unowned, '/api/setup', { json: { token, ...account }, headers });

  test('makes the owner, who is signed in', async () => {
    const done = await setUp(await unowned.workflows.setUp.issueToken());
    expect([done.status, done.body]).toEqual([201, { id: expect.any(String), name: ADA.name, email: ADA.email }]);
    const me = await ask(unowned, '/api/me', as(cookieOf(done)));
    expect(me.body).toEqual(done.body);
    await createServiceAs(unowned, cookieOf(done));
  });

  test('gives the owner every organisation that the log names already, closed to strangers but the default one', async () => {
    const place = (organizationId: string) =>
      ({
        type: 'service.created',
        organizationId,
        data: { name: 'A', description: 'B', status: 'operational', uptime: 100 },
      }) as const;
    for (const id of ['acme', 'umbrella']) {
      await unowned.log.append({
        writes: [{ stream: `service-${id}`, expected: 'no-stream', events: [place(id)] }],
        actor: { kind: 'anonymous' },
        correlationId: 'test',
      });
    }
    const done = await setUp(await unowned.workflows.setUp.issueToken());
    const list = async (asked?: Asked) =>
      (await ask<{ id: string; role: string }[]>(unowned, '/api/organizations', asked)).body;
    expect((await list(as(cookieOf(done)))).map(({ id, role }) => [id, role]).sort()).toEqual([
      ['acme', 'owner'],
      ['default', 'owner'],
      ['umbrella', 'owner'],
    ]);
    expect((await list()).map(({ id }) => id)).toEqual(['default']);
  });

  test('of 30 at once makes one owner and one account', async () => {
    const token = await unowned.workflows.setUp.issueToken();
    const others = await Promise.all(
      Array.from({ length: 30 }, (_, n) => setUp(token, { ...ADA, email: `ada-${n % 15}@plive.test` }, from(n))),
    );
    expect(others.filter(({ status }) => status === 201)).toHaveLength(1);
    const codes = others.filter(({ status }) => status !== 201).map(({ body }) => body.code);
    expect(new Set(codes)).toEqual(new Set(['link-not-valid']));
    expect(unowned.log.position).toBe(2);
    const ids = await Promise.all(
      Array.from({ length: 15 }, (_, n) => unowned.identity.accounts.prove({ ...ADA, email: `ada-${n}@plive.test` })),
    );
    expect(ids.filter((id) => typeof id === 'string')).toHaveLength(1);
  });

  test('through 10 links that are all valid still makes one owner, and the others leave no account behind', async () => {
    const { links, accounts } = unowned.identity;
    const made = Array.from({ length: 10 }, (_, n) => newLink({ purpose: 'setup', subjectId: String(n) }, clock));
    for (const { link } of made) await links.restore(link);
    const email = (n: number) => `ada-${n}@plive.test`;
    const all = await Promise.all(made.map(({ token }, n) => setUp(token, { ...ADA, email: email(n) })));
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(all.filter(({ body }) => body.code === 'already-set-up')).toHaveLength(9);
    const found = await Promise.all(made.map((_, n) => accounts.prove({ ...ADA, email: email(n) })));
    expect(found.filter((id) => typeof id === 'string')).toHaveLength(1);
    expect([unowned.log.position, await unowned.workflows.setUp.issueToken()]).toEqual([2, undefined]);
  });

  test('that was cut short after the account was made goes on with that account', async () => {
    const { links, accounts } = unowned.identity;
    const { setUp: workflow } = unowned.workflows;
    const spending = links.spending('setup', (await workflow.issueToken()) ?? '');
    const id = await accounts.add(ADA, spending);
    const wrong = await setUp(await workflow.issueToken(), { ...ADA, password: 'another password' });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'email-taken']);
    const done = await setUp(await workflow.issueToken());
    expect([done.status, done.body.id]).toEqual([201, id]);
  });

  test('takes the newest link only, within a day', async () => {
    const old = await unowned.workflows.setUp.issueToken();
    const token = await unowned.workflows.setUp.issueToken();
    for (const wrong of [old, 'x'.repeat(43), '']) {
      expect((await setUp(wrong)).body.code).toBe('link-not-valid');
    }
    clock = new Date(clock.getTime() + 24 * 60 * 60 * 1000);
    expect((await setUp(token)).body.code).toBe('link-not-valid');
    expect(unowned.log.position).toBe(0);
  });

  test('refuses a person that is not valid, and takes the link afterwards', async () => {
    const token = await unowned.workflows.setUp.issueToken();
    for (const [wrong, code, pointer] of [
      [{ password: 'elevenchars' }, 'invalid-request', '/password'],
      [{ password: 'x'.repeat(257) }, 'invalid-request', '/password'],
      [{ password: 'ADA@plive.test' }, 'weak-password', '/password'],
      [{ password: ' ada lovelace' }, 'weak-password', '/password'],
      [{ password: '123456789012' }, 'weak-password', '/password'],
      [{ password: 'Password1234!' }, 'weak-password', '/password'],
      [{ email: 'ada' }, 'invalid-request', '/email'],
      [{ name: '' }, 'invalid-request', '/name'],
    ] as const) {
      const answered = await setUp(token, { ...ADA, ...wrong });
      expect([wrong, answered.status, answered.body]).toEqual([
        wrong,
        400,
        expect.objectContaining({ code, errors: [expect.objectContaining({ pointer })] }),
      ]);
    }
    expect((await setUp(token)).status).toBe(201);
  });
});

describe('a server with an owner:', () => {
  beforeEach(async () => {
    app = await startOwned({ TRUST_PROXY: '1' }, { now: () => clock });
  });

  afterEach(() => app.close());

  describe('signing in', () => {
    quickTest('takes the address in any case, and sets a cookie that scripts and other sites do not get', async () => {
      const { email } = app.owner;
      const done = await signIn(` ${email.toUpperCase()} `, PASSWORD);
      expect([done.status, done.body]).toEqual([201, { id: app.owner.id, name: app.owner.name, email }]);
      expect(done.headers.get('Set-Cookie')).toMatch(
        /^plive=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect(done.headers.get('Cache-Control')).toBe('no-store');
    });

    quickTest('over https the cookie is bound to this host, and to https', async () => {
      const secure = await startOwned({ PUBLIC_URL: 'https://status.acme.dev' });
      const done = await ask(secure, '/api/sessions', { json: { email: secure.owner.email, password: PASSWORD } });
      expect(done.headers.get('Set-Cookie')).toMatch(
        /^__Host-plive=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect((await ask(secure, '/api/me', as(cookieOf(done)))).status).toBe(200);
      await secure.close();
    });

    quickTest('says the same whether the password is wrong or there is no such account', async () => {
      const answers = [await signIn(app.owner.email, 'not the password'), await signIn('nobody@plive.test', PASSWORD)];
      const [known, unknown] = answers.map(({ status, body, headers }) => ({
        status,
        body: { ...body, requestId: '' },
        headers: [...headers.keys()].sort(),
      }));
      expect(known).toEqual(unknown);
      expect(known).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
    });

    quickTest(
      'is tried so often and then refused for a while, alike whether or not there is such an account',
      async () => {
        const { email } = app.owner;
        const answers = { known: await tryInVain(email), unknown: await tryInVain('nobody@plive.test') };
        expect(answers.known.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
        expect(answers.known).toEqual(answers.unknown);
        expect(answers.known.at(-1)).toMatchObject({ body: { code: 'too-many-requests' }, retryAfter: '6' });
        // The right password does not help either, or refusals would tell which one it is.
        expect((await signIn(email, PASSWORD)).status).toBe(429);
        clock = new Date(clock.getTime() + 6_000);
        expect((await signIn(email, PASSWORD)).status).toBe(201);
        expect((await tryInVain(email)).map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
      },
    );

    quickTest('is accepted from a new place, also after one IPv6 network has used up its attempts', async () => {
      const wrong = { to: app, password: 'not the password' };
      const statuses: number[] = [];
      for (let n = 0; n < 30; n++) statuses.push(await signInFrom(`2001:db8:1:${n}::1`, wrong));
      expect(statuses).toEqual([...Array(15).fill(401), ...Array(15).fill(429)]);
      expect(await signInFrom('2001:db8:2::1', { to: app, password: PASSWORD })).toBe(201);
    });

    quickTest('is not tried by way of what else takes a password or a link', async () => {
      const { headers } = app.owner;
      const token = 'x'.repeat(43);
      const rows: [string, Asked, number][] = [
        ['/api/me/password', { method: 'PUT', json: { current: 'a guess', new: 'staple after staple' }, headers }, 401],
        ['/api/password', { json: { token, password: 'staple after staple' } }, 410],
      ];
      for (const [path, asked, status] of rows) {
        const statuses = await Promise.all(
          Array.from({ length: 11 }, async () => (await ask(app, path, asked)).status),
        );
        expect(statuses.sort()).toEqual([...Array(10).fill(status), 429]);
      }
      // Counted with those above: it is the same password, and the same token.
      const erase = { method: 'DELETE', json: { password: 'a guess' }, headers };
      expect((await ask(app, '/api/me', erase)).status).toBe(429);
      for (const [path, body] of [
        ['/api/setup', { token, ...ADA }],
        ['/api/invitations', { token }],
      ] as const)
        expect((await ask(app, path, { json: body })).status).toBe(429);
      expect((await ask(app, '/api/me', { headers })).status).toBe(200);
    });

    longTest('is refused politely where too many try at once', async () => {
      const slow = await startOwned({ TRUST_PROXY: '1' }, { passwordCost: { logN: 13, r: 8, p: 1 } });
      // Connected before: then all of them are there before the first password was tried.
      const tried = await withConnections(slow.url, 130, (connections) =>
        Promise.all(
          connections.map((connection, n) => {
            const body = JSON.stringify({ email: `person-${n}@plive.test`, password: 'not the password' });
            return connection.send('POST /api/sessions', { body, headers: `X-Forwarded-For: 192.0.2.${n}\r\n` });
          }),
        ),
      );
      const statuses = new Set(tried.map(({ status }) => status));
      expect(statuses).toEqual(new Set([401, 503]));
      expect(tried.find(({ status }) => status === 503)?.head).toContain('\r\nRetry-After: 5\r\n');
      expect(slow.reported).toEqual([]);
      await slow.close();
    });
  });

  quickTests('sessions', () => {
    test('are listed, and ended one by one', async () => {
      const here = cookieOf(await signIn(app.owner.email, PASSWORD));
      const there = cookieOf(await signIn(app.owner.email, PASSWORD));
      const list = () => ask<{ id: string; current: boolean }[]>(app, '/api/sessions', as(here));
      const before = (await list()).body;
      expect(before).toHaveLength(3);
      expect(before[0]).toEqual({
        id: expect.any(String),
        createdAt: clock.toISOString(),
        lastUsedAt: clock.toISOString(),
        agent: 'node',
        current: expect.any(Boolean),
      });
      expect(before.filter(({ current }) => current)).toHaveLength(1);
      const other = (await ask<{ id: string; current: boolean }[]>(app, '/api/sessions', as(there))).body.find(
        ({ current }) => current,
      );
      const ended = await ask(app, `/api/sessions/${other?.id}`, as(here, { method: 'DELETE' }));
      expect([ended.status, ended.headers.get('Set-Cookie')]).toEqual([204, null]);
      expect((await ask(app, '/api/me', as(there))).status).toBe(401);
      expect((await list()).body).toHaveLength(2);
    });

    test('of somebody else are not there to end', async () => {
      const person = await addPerson(app, 'member');
      const [session] = await app.identity.sessions.list(person.id);
      const asked = as(app.owner, { method: 'DELETE' });
      expect((await ask(app, `/api/sessions/${session?.id}`, asked)).status).toBe(404);
      expect((await ask(app, '/api/me', as(person))).status).toBe(200);
    });

    test('end everywhere at once', async () => {
      const there = cookieOf(await signIn(app.owner.email, PASSWORD));
      const done = await ask(app, '/api/sessions', as(app.owner, { method: 'DELETE' }));
      expect([done.status, done.headers.get('Set-Cookie')]).toEqual([
        204,
        expect.stringMatching(/^plive=; Max-Age=0;/),
      ]);
      for (const session of [app.owner, there]) expect((await ask(app, '/api/me', as(session))).status).toBe(401);
    });

    test('keep what they answer out of every cache, and answer anew what a stranger was told', async () => {
      await createServiceAs(app, app.owner);
      const open = await ask(app, '/api/services');
      expect(open.headers.get('Cache-Control')).toBe('no-cache');
      const asked = { headers: { 'If-None-Match': open.etag } };
      expect((await ask(app, '/api/services', asked)).status).toBe(304);
      const own = await ask(app, '/api/services', as(app.owner, asked));
      expect([own.status, own.headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    });

    test('do nothing for a page of another origin that writes', async () => {
      const json = { name: 'Search', description: 'Finds things' };
      const asked = as(app.owner, { json, headers: { Origin: 'https://evil.example' } });
      await refused(app, '/api/services', asked, [403, 'cross-origin']);
    });
  });

  quickTests('a new password', () => {
    const change = (person: Someone, current: string, password: string) =>
      ask(app, '/api/me/password', as(person, { method: 'PUT', json: { current, new: password } }));

    test('ends the other sessions and keeps this one', async () => {
      const there = cookieOf(await signIn(app.owner.email, PASSWORD));
      expect((await change(app.owner, PASSWORD, 'staple after staple')).status).toBe(204);
      expect((await ask(app, '/api/me', as(app.owner))).status).toBe(200);
      expect((await ask(app, '/api/me', as(there))).status).toBe(401);
      expect((await signIn(app.owner.email, PASSWORD)).status).toBe(401);
      expect((await signIn(app.owner.email, 'staple after staple')).status).toBe(201);
    });

    test('takes the current one, and must not be what everyone would try', async () => {
      expect((await change(app.owner, 'not the password', 'staple after staple')).body.code).toBe('wrong-credentials');
      expect((await change(app.owner, PASSWORD, app.owner.email)).body.code).toBe('weak-password');
      expect((await change(app.owner, PASSWORD, 'qwerty123456')).body.code).toBe('weak-password');
      expect((await signIn(app.owner.email, PASSWORD)).status).toBe(201);
    });

    test('through a link, once: every session ends', async () => {
      const token = await resetLink(app, app.owner.id);
      const reset = (n: number) =>
        ask(app, '/api/password', { json: { token, password: `a new password ${n % 10}` }, headers: from(n) });
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => reset(n)));
      expect(all.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(410)]);
      expect((await ask(app, '/api/me', as(app.owner))).status).toBe(401);
      expect((await signIn(app.owner.email, PASSWORD)).status).toBe(401);
    });
  });

  quickTests('an API key', () => {
    const path = '/api/organizations/default/keys';

    test('is shown once, works, tells when it was last used, and is revoked', async () => {
      const asked = { json: { name: 'Deployments', role: 'member' }, headers: { 'Idempotency-Key': 'one' } };
      const made = await ask<{ id: string; key: string }>(app, path, as(app.owner, asked));
      expect([made.status, made.body]).toEqual([
        201,
        expect.objectContaining({ name: 'Deployments', key: expect.stringMatching(/^plv_\w{68}$/), lastUsedAt: null }),
      ]);
      const { key, ...shown } = made.body;
      const again = await ask(app, path, as(app.owner, asked));
      expect([again.status, again.body]).toEqual([201, shown]);
      expect((await ask(app, path, as(app.owner))).body).toEqual([shown]);

      const machine = { headers: { Authorization: `Bearer ${key}` } };
      clock = new Date(clock.getTime() + 1_000);
      const json = { title: 'Slow', description: 'Very' };
      const opened = await ask<{ id: string }>(app, '/api/incidents', as(machine, { json }));
      expect([opened.status, opened.headers.get('Cache-Control')]).toEqual([201, 'no-store']);
      expect((await ask(app, path, as(app.owner))).body).toEqual([{ ...shown, lastUsedAt: clock.toISOString() }]);
      await app.identity.upkeep();
      expect((await ask(app, path, as(app.owner))).body).toEqual([{ ...shown, lastUsedAt: clock.toISOString() }]);

      expect((await ask(app, `${path}/${shown.id}`, as(app.owner, { method: 'DELETE' }))).status).toBe(204);
      await refused(app, '/api/incidents', as(machine, { json }), [401, 'unauthenticated']);
      expect((await ask(app, '/api/services', as(machine))).status).toBe(401);
      expect((await ask(app, path, as(app.owner, asked))).body).toEqual(shown);
      const { entries } = (
        await ask<{ entries: { actor: object }[] }>(app, `/api/incidents/${opened.body.id}/history`, as(app.owner))
      ).body;
      expect(entries[0]?.actor).toEqual({ kind: 'key', id: shown.id, name: 'revoked key' });
    });

    test('of a member makes no keys, and reads what its organisation shows', async () => {
      await addOrganization(app, 'acme', { owner: app.owner });
      const machine = await addKey(app, 'member', { organizationId: 'acme' });
      const json = { name: 'Another', role: 'viewer' };
      const acme = '/api/organizations/acme/keys';
      await refused(app, acme, as(machine, { json }), [403, 'forbidden']);
      await refused(app, path, as(machine, { json }), [404, 'not-found']);
      await refused(app, '/api/me', as(machine), [403, 'forbidden']);
    });

    test('of an admin makes neither keys nor invitations', async () => {
      const machine = await addKey(app, 'admin');
      await refused(app, path, as(machine, { json: { name: 'Another', role: 'viewer' } }), [
        403,
        'keys-make-no-credentials',
      ]);
      const invitation = { json: { role: 'viewer' } };
      const invitations = '/api/organizations/default/invitations';
      await refused(app, invitations, as(machine, invitation), [403, 'keys-make-no-credentials']);
      await refused(app, '/api/organizations/other/keys', as(machine, { json: { name: 'x', role: 'viewer' } }), [
        404,
        'not-found',
      ]);
    });

    test('creates in its own organisation what names none', async () => {
      await addOrganization(app, 'acme', { owner: app.owner });
      const made = await createServiceAs(app, await addKey(app, 'admin', { organizationId: 'acme' }));
      expect(made.organizationId).toBe('acme');
    });
  });

  quickTests('an invitation', () => {
    const path = '/api/organizations/default/invitations';
    const invite = async (json: object = { role: 'member' }) =>
      (await ask<{ id: string; link: string }>(app, path, as(app.owner, { json }))).body;
    const accept = (link: string, given: object = {}, asked: Asked = {}) =>
      ask(app, '/api/invitations', { ...asked, json: { token: tokenOf(link), ...given } });

    test('makes an account that is signed in and has the role', async () => {
      const { link } = await invite();
      const joined = await accept(link, ADA);
      expect([joined.status, joined.body]).toEqual([201, { id: expect.any(String), name: ADA.name, email: ADA.email }]);
      const people = await ask(app, '/api/organizations/default/people', as(cookieOf(joined)));
      expect(people.body).toEqual([
        { userId: app.owner.id, name: app.owner.name, role: 'owner' },
        { userId: joined.body.id, name: ADA.name, role: 'member' },
      ]);
      const seen = await ask<object[]>(app, '/api/organizations/default/people', as(app.owner));
      expect(seen.body[1]).toEqual({ userId: joined.body.id, name: ADA.name, email: ADA.email, role: 'member' });
      expect((await ask(app, path, as(app.owner))).body).toEqual([]);
    });

    test('lets whoever is signed in join as they are', async () => {
      const person = await addPerson(app);
      const { link } = await invite();
      const joined = await accept(link, {}, as(person));
      expect([joined.status, joined.body]).toEqual([200, { id: person.id, name: person.name, email: person.email }]);
      await openIncidentAs(app, person);
    });

    test('is accepted once, by 20 at a time', async () => {
      const { link } = await invite();
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          accept(link, { ...ADA, email: `ada-${n}@plive.test` }, { headers: from(n) }),
        ),
      );
      expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(410)]);
      const people = await ask<object[]>(app, '/api/organizations/default/people', as(app.owner));
      expect(people.body).toHaveLength(2);
      const accounts = await Promise.all(
        Array.from({ length: 20 }, (_, n) => app.identity.accounts.prove({ ...ADA, email: `ada-${n}@plive.test` })),
      );
      expect(accounts.filter((id) => typeof id === 'string')).toHaveLength(1);
    });

    test('tells what is missing, and can be used again after that', async () => {
      const { link } = await invite();
      const missing = await accept(link, { name: ADA.name });
      expect([missing.status, missing.body.code]).toEqual([400, 'invalid-request']);
      const taken = await accept(link, { ...ADA, email: app.owner.email });
      expect([taken.status, taken.body.code]).toEqual([409, 'email-taken']);
      expect((await accept(link, ADA)).status).toBe(201);
    });

    test('tells five times that an address is taken, and the sixth time it is spent', async () => {
      const { link } = await invite();
      const codes: unknown[] = [];
      for (let count = 0; count < 6; count += 1) {
        codes.push((await accept(link, { ...ADA, email: app.owner.email })).body.code);
      }
      expect(codes).toEqual([...Array(5).fill('email-taken'), 'link-not-valid']);
      expect((await accept(link, ADA)).body.code).toBe('link-not-valid');
    });

    test('that was taken back or has expired does nothing', async () => {
      const [gone, old] = [await invite(), await invite({ role: 'member', expiresAt: '2026-03-02T09:00:00Z' })];
      await ask(app, `${path}/${gone.id}`, as(app.owner, { method: 'DELETE' }));
      clock = new Date('2026-03-02T09:00:00.000Z');
      for (const { link } of [gone, old]) {
        const answered = await changingNothing(app, () => accept(link, ADA));
        expect([answered.status, answered.body.code]).toEqual([410, 'link-not-valid']);
      }
      expect(await app.identity.accounts.prove(ADA)).toMatchObject({ code: 'wrong-credentials' });
    });

    test('shows its link once', async () => {
      const asked = as(app.owner, { json: { role: 'member' }, headers: { 'Idempotency-Key': 'one' } });
      const made = (await ask<{ link?: string }>(app, path, asked)).body;
      const { link, ...shown } = made;
      expect(link).toMatch(/^\/invitations#token=[\w-]{43}$/);
      expect((await ask(app, path, asked)).body).toEqual(shown);
      expect((await ask(app, path, as(app.owner))).body).toEqual([shown]);
    });

    test('may end in a team without a role, where a person is listed, reads nothing private, and can leave', async () => {
      await addOrganization(app, 'acme', { owner: app.owner });
      const person = await addPerson(app, 'viewer', 'acme');
      const acme = '/api/organizations/acme';
      const send = (who: Someone, method: string, of: string) => ask(app, `${acme}${of}`, as(who, { method }));
      const team = await ask<{ id: string }>(app, `${acme}/teams`, as(app.owner, { json: { name: 'On call' } }));
      await send(app.owner, 'PUT', `/teams/${team.body.id}/members/${person.id}`);
      await send(app.owner, 'DELETE', `/roles/users/${person.id}`);
      const people = async () => (await ask<object[]>(app, `${acme}/people`, as(app.owner))).body;
      expect((await people())[1]).toEqual({ userId: person.id, name: person.name, email: person.email });
      for (const of of ['', '/people', '/teams']) expect((await send(person, 'GET', of)).status).toBe(404);
      expect((await send(person, 'DELETE', `/members/${app.owner.id}`)).status).toBe(404);
      expect((await send(person, 'DELETE', `/teams/${team.body.id}/members/${person.id}`)).status).toBe(204);
      expect(await people()).toHaveLength(1);
      await send(app.owner, 'PUT', `/teams/${team.body.id}/members/${person.id}`);
      expect((await send(person, 'DELETE', `/members/${person.id}`)).status).toBe(404);
    });

    test('is not for members to make, nor for more than one has', async () => {
      const [member, admin] = [await addPerson(app, 'member'), await addPerson(app, 'admin')];
      await refused(app, path, as(member, { json: { role: 'viewer' } }), [403, 'forbidden']);
      await refused(app, path, as(admin, { json: { role: 'owner' } }), [403, 'forbidden']);
    });
  });

  quickTests('one’s own account', () => {
    test('is renamed, and keeps its address from others', async () => {
      const person = await addPerson(app, 'member');
      const change = (json: object) => ask(app, '/api/me', as(person, { method: 'PUT', json }));
      expect((await change({ name: 'Ada' })).body).toEqual({ id: person.id, name: 'Ada', email: person.email });
      expect((await change({ email: person.email.toUpperCase() })).status).toBe(200);
    });

    test('has another address only for owners of the default organisation; others learn nothing by trying', async () => {
      const [person, admin] = [await addPerson(app, 'owner'), await addPerson(app, 'admin')];
      const change = (who: Someone, email: string) => ask(app, '/api/me', as(who, { method: 'PUT', json: { email } }));
      expect((await change(person, 'NEW@plive.test')).body).toMatchObject({ email: 'new@plive.test' });
      expect((await signIn('new@plive.test', PASSWORD)).status).toBe(201);
      expect((await change(person, app.owner.email)).body.code).toBe('email-taken');
      for (const email of [app.owner.email, 'free@plive.test']) {
        const { status, body } = await change(admin, email);
        expect([status, body]).toMatchObject([403, { code: 'forbidden', errors: [{ pointer: '/email' }] }]);
      }
      expect((await signIn(admin.email, PASSWORD)).status).toBe(201);
    });

    test('is not erased while it is the last owner of anything, and then nothing is left of it', async () => {
      await addOrganization(app, 'acme', { owner: app.owner });
      const person = await addPerson(app, 'owner');
      const erase = () => ask(app, '/api/me', as(app.owner, { method: 'DELETE', json: { password: PASSWORD } }));
      const refusal = await changingNothing(app, erase);
      expect([refusal.status, refusal.body.code]).toEqual([409, 'last-owner']);
      await grant(app, { userId: person.id, role: 'owner', organizationId: 'acme' });
      const wrong = await ask(
        app,
        '/api/me',
        as(app.owner, { method: 'DELETE', json: { password: 'not the password' } }),
      );
      expect(wrong.body.code).toBe('wrong-credentials');
      expect((await erase()).status).toBe(204);
      expect((await ask(app, '/api/me', as(app.owner))).status).toBe(401);
      const people = await ask(app, '/api/organizations/acme/people', as(person));
      expect(people.body).toEqual([expect.objectContaining({ userId: person.id })]);
    });
  });
});

quickTest('text of a deleted organisation is redacted by its last owners, and unknown to everybody else', async () => {
  const server = await startOwned({ TRUST_PROXY: '1' });
  const admin = await addPerson(server);
  await addOrganization(server, 'acme', { owner: server.owner });
  await grant(server, { userId: admin.id, role: 'admin', organizationId: 'acme' });
  const json = { name: 'Search', description: 'hunter2', organizationId: 'acme' };
  await ask(server, '/api/services', as(server.owner, { json }));
  const { position } = server.log;
  await ask(server, '/api/organizations/acme', as(server.owner, { method: 'DELETE' }));
  const asked = { json: { reason: 'It was a password' }, headers: { 'Idempotency-Key': 'one' } };
  const redact = (who: Someone) => ask(server, `/api/events/${position}/redaction`, as(who, asked));
  expect((await redact(admin)).status).toBe(404);
  const redacted = await redact(server.owner);
  expect([redacted.status, redacted.body.type]).toEqual([201, 'event.redacted']);
  expect((await redact(server.owner)).body).toEqual(redacted.body);
  expect((await redact(admin)).status).toBe(404);
  for await (const event of server.log.read()) expect(JSON.stringify(event)).not.toContain('hunter2');
  await server.close();
});

longTests('in a directory', () => {
  let directory: string;
  let running: AccountsApp & { owner: Someone };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    running = await startOwned(environment());
  });

  afterEach(async () => {
    await running.close();
    rmSync(directory, { recursive: true });
  });

  const environment = () => ({ DATABASE_URL: 'sqlite:', DATA_DIR: directory, TRUST_PROXY: '1' });

  test('sessions, keys and their last uses are there again after a restart', async () => {
    const { owner } = running;
    const machine = await addKey(running, 'member');
    await openIncidentAs(running, machine);
    await running.close();
    running = { ...(await startUnowned(environment())), owner };
    const path = '/api/organizations/default/keys';
    const [key] = (await ask<{ lastUsedAt: string }[]>(running, path, as(owner))).body;
    expect(key?.lastUsedAt).toMatch(/Z$/);
    await openIncidentAs(running, machine);
    expect(await running.workflows.setUp.issueToken()).toBeUndefined();
  });

  test('a known place stays known after a restart, so that others cannot lock the owner out there', async () => {
    const { owner } = running;
    expect(await signInFrom('192.0.2.1', { to: running, password: PASSWORD })).toBe(201);
    await running.close();
    running = { ...(await startUnowned(environment())), owner };
    for (let n = 0; n < 30; n++) await signInFrom(`198.51.${n}.1`, { to: running, password: 'not the password' });
    expect(await signInFrom('203.0.113.1', { to: running, password: PASSWORD })).toBe(429);
    expect(await signInFrom('192.0.2.1', { to: running, password: PASSWORD })).toBe(201);
  });

  test('of someone who is erased no byte is left, the log verifies, and history tells of a former member', async () => {
    const names = Array.from({ length: sized(8, 40) }, (_, n) => `Erasmus-${n}-Erasable`);
    const people: Someone[] = [];
    for (const name of names) {
      const person = await addPerson(running, 'member');
      await running.identity.accounts.rename(person.id, { name, email: `${name.toLowerCase()}@plive.test` });
      people.push(person);
    }
    const [service, incident] = [
      await createServiceAs(running, running.owner),
      await openIncidentAs(running, people[0] as Someone),
    ];
    expect(service.name).toBe('Search');
    expect(filesWith(directory, /Erasmus-7-Erasable/)).not.toEqual([]);
    for (const person of people) {
      const asked = as(person, { method: 'DELETE', json: { password: PASSWORD } });
      expect((await ask(running, '/api/me', asked)).status).toBe(204);
    }
    expect(filesWith(directory, /erasmus|erasable/i)).toEqual([]);
    const history = await ask<{ entries: { actor: object }[] }>(
      running,
      `/api/incidents/${incident.id}/history`,
      as(running.owner),
    );
    expect(history.body.entries[0]?.actor).toEqual({ kind: 'user', id: people[0]?.id, name: 'former member' });
    const stored = new SqliteStorage({ directory, root: ROOT });
    expect(await verify(stored.evidence())).toMatchObject({ faultCount: 0 });
  });

  test('a reset link that was made beside the running server works in it', async () => {
    const tables = openIdentityTables(directory);
    const { token, link } = newLink({ purpose: 'reset', subjectId: running.owner.id }, new Date());
    tables.addLink(link, true);
    tables.close();
    const done = await ask(running, '/api/password', { json: { token, password: 'a new password' } });
    expect(done.status).toBe(204);
  });
});

quickTest('an open server knows no accounts, and wants none', async () => {
  const open = await startApp();
  expect(open.identity).toBeUndefined();
  for (const path of ['/api/me', '/api/sessions', '/api/organizations', '/api/setup']) {
    expect((await ask(open, path)).body.code).toBe('no-such-route');
  }
  await createService(open);
  const headers = { Cookie: 'plive=x', Authorization: 'Bearer plv_x' };
  const { status, headers: answered } = await ask(open, '/api/services', { headers });
  expect([status, answered.get('Cache-Control')]).toEqual([200, 'no-store']);
  await open.close();
});

async function createServiceAs(to: AccountsApp, who: { headers: Record<string, string> }) {
  const json = { name: 'Search', description: 'Finds things' };
  const made = await ask<{ id: string; name: string; organizationId: string }>(to, '/api/services', as(who, { json }));
  expect(made.status).toBe(201);
  return made.body;
}

async function openIncidentAs(to: AccountsApp, who: { headers: Readonly<Record<string, string>> }) {
  const json = { title: 'Slow search', description: 'Answers take long' };
  const made = await ask<{ id: string }>(to, '/api/incidents', as(who, { json }));
  expect(made.status).toBe(201);
  return made.body;
}

/** A token for a new password, as the command line makes it. */
async function resetLink(to: AccountsApp, userId: string): Promise<string> {
  const { token, link } = newLink({ purpose: 'reset', subjectId: userId }, clock);
  await to.identity.links.restore(link);
  return token;
}

/** The files of a directory that hold something like it. */
function filesWith(directory: string, pattern: RegExp): string[] {
  return readdirSync(directory).filter((file) => pattern.test(readFileSync(join(directory, file), 'latin1')));
}
