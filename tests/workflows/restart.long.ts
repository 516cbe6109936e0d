// Workflows that a crash interrupts: between any two steps, the next start finishes or undoes them.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { accessOf, tiesOf } from '../../projections/organizations.ts';
import type { CommandRequest } from '../../src/commands/dispatch.ts';
import type { NewAccount } from '../../src/identity/accounts.ts';
import type { PendingWorkflow } from '../../src/identity/identity-store.ts';
import { EraseAccount } from '../../src/workflows/erase-account.ts';
import { Workflows } from '../../src/workflows/workflows.ts';
import {
  type AccountsApp,
  addOrganization,
  addPerson,
  grant,
  happen,
  type Someone,
  startOwned,
  startUnowned,
} from '../support/accounts.ts';
import { dispatchTo, failingDispatch, termsOf } from '../support/dispatching.ts';
import { temporaryDirectory } from '../support/journals.ts';

const TERMS = { correlationId: 'test' };
const EXPIRES = '9999-01-01T00:00:00.000Z';

let app: AccountsApp & { owner: Someone };

beforeEach(async () => {
  app = await startOwned();
  await addOrganization(app, 'acme', { owner: app.owner });
});

afterEach(() => app.close());

const KILLED = new Error('The process was killed.');

/** The workflows of a process that is killed before the step with this number. A step is a call of another part. */
function killedBefore(step: number, { identity, log, models }: AccountsApp): Workflows {
  let steps = 0;
  const count = () => {
    steps += 1;
    if (steps >= step) throw KILLED;
  };
  const counted = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: readonly unknown[]) => {
          count();
          return member.apply(target, parameters);
        };
      },
    });
  const dispatch = dispatchTo({ ...app, log, models });
  const { accounts, sessions, keys, links, pending } = identity;
  const all = { accounts, sessions, keys, links, pending };
  const parts = Object.fromEntries(Object.entries(all).map(([name, part]) => [name, counted(part)])) as typeof all;
  return new Workflows({
    identity: parts,
    log: counted(log),
    models,
    newId,
    dispatch: async (...command) => {
      count();
      return dispatch(...command);
    },
    report: () => {},
  });
}

/**
 * Interrupts the work before each of its steps, until it is no longer interrupted. After each time, `afterwards` checks
 * what the next start makes of it.
 */
async function killedAnywhere<T>(
  prepare: () => Promise<T>,
  work: (workflows: Workflows, prepared: T) => Promise<unknown>,
  afterwards: (prepared: T) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (let isKilled = true; isKilled; ) {
    const prepared = await prepare();
    isKilled = await work(killedBefore(outcomes.length + 1, app), prepared).then(
      () => false,
      (error) => {
        if (error !== KILLED) throw error;
        return true;
      },
    );
    await app.workflows.resume();
    outcomes.push(await afterwards(prepared));
    expect(await app.identity.pending.take()).toEqual([]);
  }
  expect(app.reported).toEqual([]);
  return outcomes;
}

/** The outcomes without repetitions: first nothing has happened, then everything has. */
const inOrder = (outcomes: readonly unknown[]) => [...new Set(outcomes)];

let invited = 0;

/** An invitation to Acme, by its token, and somebody without an account. */
async function invitation() {
  invited += 1;
  const input = { organizationId: 'acme', role: 'member', expiresAt: EXPIRES } as const;
  const made = await app.workflows.invite.run(input, termsOf(app, app.owner.id));
  if (made.kind !== 'invited') throw new Error(`Nobody is invited: ${made.kind}.`);
  const account = { name: 'Ada', email: `ada-${invited}@plive.test`, password: 'analytical engine' };
  return { token: made.link?.split('#token=')[1] ?? '', account };
}

async function found(workflows: Workflows, token: string) {
  const open = await workflows.join.find(token);
  if ('kind' in open) throw new Error(JSON.stringify(open));
  return open;
}

const isOpen = async (token: string) => !('kind' in (await app.workflows.join.find(token)));
const accessToAcme = (userId: string) => accessOf(app.models.current.organizations, 'acme', userId);

describe('a kill between any two steps', () => {
  test('of joining with a new account leaves a member, or no account and a link that works', async () => {
    const outcomes = await killedAnywhere(
      invitation,
      async (workflows, { token, account }) =>
        workflows.join.withNewAccount(account, await found(workflows, token), termsOf(app, '')),
      async ({ token, account }) => {
        const userId = await app.identity.accounts.prove(account);
        if (typeof userId !== 'string') return (await isOpen(token)) && 'nothing';
        return accessToAcme(userId) === 'member' && !(await isOpen(token)) && 'joined';
      },
    );
    expect(inOrder(outcomes)).toEqual(['nothing', 'joined']);
    expect(outcomes.length).toBeGreaterThan(4);
  });

  test('of joining with an account leaves a member, or a link that works', async () => {
    const outcomes = await killedAnywhere(
      async () => ({ ...(await invitation()), person: await addPerson(app) }),
      async (workflows, { token, person: { id } }) =>
        workflows.join.withAccount(id, await found(workflows, token), termsOf(app, id)),
      async ({ token, person }) => {
        const isLinkUsable = await isOpen(token);
        if (accessToAcme(person.id) === 'none') return isLinkUsable && 'nothing';
        return !isLinkUsable && 'joined';
      },
    );
    expect(inOrder(outcomes)).toEqual(['nothing', 'joined']);
    expect(outcomes.length).toBeGreaterThan(4);
  });

  test('of an erasure leaves everything, or nothing', async () => {
    const outcomes = await killedAnywhere(
      async () => {
        const person = await addPerson(app, 'member');
        await grant(app, { userId: person.id, role: 'admin', organizationId: 'acme' });
        return person;
      },
      (workflows, { id: userId }) => workflows.eraseAccount.run({ userId }, TERMS),
      async ({ id }) => {
        // The next process does not know that the killed one had begun.
        app.identity.sessions.reopen(id);
        const [account, sessions] = [await app.identity.accounts.find(id), await app.identity.sessions.list(id)];
        const ties = tiesOf(app.models.current.organizations, id);
        if (account) return ties.length === 2 && sessions.length === 1 && 'nothing';
        return ties.length === 0 && 'erased';
      },
    );
    expect(inOrder(outcomes)).toEqual(['nothing', 'erased']);
    expect(outcomes.length).toBeGreaterThan(6);
  });

  test('of the set-up leaves an owner, or no account and a link that works', async () => {
    const account: NewAccount = { name: 'Olga', email: 'o@plive.test', password: 'analytical engine' };
    const servers: AccountsApp[] = [];
    const owned = app;
    const outcomes = await killedAnywhere(
      async () => {
        const server = await startUnowned();
        servers.push(server);
        app = { ...server, owner: owned.owner };
        return (await server.workflows.setUp.issueToken()) ?? '';
      },
      // The workflows are those of the server that was started for this.
      async (_, token) => killedBefore(servers.length, app).setUp.run(token, account, { correlationId: 'test' }),
      async (token) => {
        const { accounts, links } = app.identity;
        const [userId, link] = [await accounts.prove(account), await links.find(links.spending('setup', token))];
        if (typeof userId !== 'string') return link !== undefined && 'nothing';
        return accessOf(app.models.current.organizations, 'default', userId) === 'owner' && !link && 'owned';
      },
    );
    app = owned;
    await Promise.all(servers.map((server) => server.close()));
    expect(inOrder(outcomes)).toEqual(['nothing', 'owned']);
    expect(outcomes.length).toBeGreaterThan(4);
  });

  /** The terms of a request that is repeated. */
  const repeatable = (): CommandRequest => {
    invited += 1;
    return { ...termsOf(app, app.owner.id), key: { id: `key ${invited}`, fingerprint: '' } };
  };

  test('of issuing a key lets a repeat with the same Idempotency-Key get the secret', async () => {
    const input = { organizationId: 'acme', name: 'Probe', role: 'member' } as const;
    const outcomes = await killedAnywhere(
      async () => ({ terms: repeatable(), texts: [] as (string | undefined)[] }),
      async (workflows, { terms, texts }) => {
        const issued = await workflows.issueKey.run(input, terms);
        if (issued.kind === 'issued') texts.push(issued.text);
      },
      async ({ terms, texts }) => {
        const again = await app.workflows.issueKey.run(input, terms);
        const text = again.kind === 'issued' ? (texts[0] ?? again.text) : undefined;
        return (await app.identity.keys.prove(text ?? '')) !== undefined;
      },
    );
    expect(inOrder(outcomes)).toEqual([true]);
    expect(outcomes.length).toBeGreaterThan(2);
  });

  test('of inviting lets a repeat with the same Idempotency-Key get the link', async () => {
    const input = { organizationId: 'acme', role: 'member', expiresAt: EXPIRES } as const;
    const outcomes = await killedAnywhere(
      async () => repeatable(),
      (workflows, terms) => workflows.invite.run(input, terms),
      async (terms) => app.workflows.invite.run(input, terms),
    );
    const links = outcomes.map((again) => typeof (again as { link?: string }).link);
    expect(links.slice(0, 2)).toEqual(['string', 'string']);
  });
});

describe('at the next start', () => {
  const resumed = (data: object, kind: PendingWorkflow['kind'], step: string) => {
    const { pending } = app.identity;
    return pending.put(pending.begin({ kind, step, data })).then(() => app.workflows.resume());
  };

  test('the server goes on by itself before it is used', async () => {
    const directory = await temporaryDirectory();
    const environment = { DATABASE_URL: 'sqlite:', DATA_DIR: directory };
    const killed = await startOwned(environment);
    const ada = await addPerson(killed, 'member');
    const { pending } = killed.identity;
    await pending.put(pending.begin({ kind: 'erase', step: 'leave', data: { userId: ada.id } }));
    await killed.close();
    const { identity, models, close } = await startUnowned(environment);
    expect([await identity.accounts.find(ada.id), await identity.pending.take()]).toEqual([undefined, []]);
    expect(tiesOf(models.current.organizations, ada.id)).toEqual([]);
    await close();
    await rm(directory, { recursive: true });
  });

  test('an erasure that is refused leaves the account, its sessions ended', async () => {
    const ada = await addPerson(app, 'member');
    await addOrganization(app, 'zoo', { owner: ada });
    await resumed({ userId: ada.id }, 'erase', 'leave');
    expect(await app.identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
    expect(await app.identity.sessions.list(ada.id)).toEqual([]);
    expect(await app.identity.sessions.start(ada.id)).toEqual(expect.any(String));
    expect(await app.identity.pending.take()).toEqual([]);
  });

  test('an invitation that was revoked meanwhile leaves no account', async () => {
    const { token, account } = await invitation();
    const { link, spending } = await found(app.workflows, token);
    const { accounts, pending } = app.identity;
    const userId = await accounts.add(account, spending, (id) =>
      pending.begin({ kind: 'join', step: 'accept', data: { userId: id, isNew: true, link } }),
    );
    const data = { invitationId: link.subjectId };
    await happen(app, 'acme', [{ type: 'organization.invitation-revoked', organizationId: 'acme', data }]);
    await app.workflows.resume();
    expect([await accounts.find(String(userId)), await pending.take()]).toEqual([undefined, []]);
  });

  test('what was finished is not done again, nor undone', async () => {
    const { token, account } = await invitation();
    const open = await found(app.workflows, token);
    const userId = String(await app.workflows.join.withNewAccount(account, open, termsOf(app, '')));
    const data = { userId };
    await happen(app, 'acme', [{ type: 'organization.role-revoked', organizationId: 'acme', data }]);
    await resumed({ userId, isNew: true, link: open.link }, 'join', 'accept');
    expect(await app.identity.accounts.find(userId)).toMatchObject({ name: account.name });
    expect([accessToAcme(userId), await app.identity.pending.take()]).toEqual(['none', []]);
  });

  test('a set-up that was finished is not undone for an owner who has left since', async () => {
    const { links, accounts } = app.identity;
    const token = await links.issueSetup();
    const link = await links.find(links.spending('setup', token));
    for (const organizationId of ['default', 'acme']) {
      const data = { userId: app.owner.id };
      await happen(app, organizationId, [{ type: 'organization.role-revoked', organizationId, data }]);
    }
    await resumed({ userId: app.owner.id, isNew: true, link }, 'set-up', 'own');
    expect(await accounts.find(app.owner.id)).toMatchObject({ name: app.owner.name });
    expect(await app.identity.pending.take()).toEqual([]);
  });

  test('what an erasure finds when it looks again, and cannot leave, is left', async () => {
    const ada = await addPerson(app, 'member');
    const { identity, log, models } = app;
    const dispatch = failingDispatch(app, { after: 1 });
    const accounts = new Proxy(identity.accounts, {
      get: (target, name) =>
        name === 'erase'
          ? (userId: string) => target.erase(userId).then(() => grant(app, { userId, role: 'owner' }))
          : Reflect.get(target, name).bind(target),
    });
    const erasing = new EraseAccount({ ...identity, log, models, dispatch, accounts });
    expect(await erasing.run({ userId: ada.id }, TERMS)).toBeUndefined();
    expect(tiesOf(models.current.organizations, ada.id)).toEqual(['default']);
    await app.workflows.resume();
    expect([tiesOf(models.current.organizations, ada.id), await identity.pending.take()]).toEqual([[], []]);
  });

  test('what the log cannot record is reported, and left to the start after that', async () => {
    const ada = await addPerson(app, 'member');
    const { identity, log, models } = app;
    const reported: string[] = [];
    const report = (message: string) => reported.push(message);
    const failing = new Workflows({
      identity,
      log,
      models,
      dispatch: failingDispatch(app, { after: 0 }),
      newId,
      report,
    });
    const { pending } = identity;
    await pending.put(pending.begin({ kind: 'erase', step: 'leave', data: { userId: ada.id } }));
    await failing.resume();
    expect(reported).toEqual(['a workflow (erase) was not finished; the next start tries again']);
    expect(await pending.take()).toHaveLength(1);
    await app.workflows.resume();
    expect([await identity.accounts.find(ada.id), await pending.take()]).toEqual([undefined, []]);
  });
});
