// Joining by an invitation: once, with an existing or a new account, and undone if the log does not record it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../projections/events/event-types.ts';
import { tiesOf } from '../../projections/organizations.ts';
import type { Dispatch } from '../../src/commands/dispatch.ts';
import { revokeInvitation } from '../../src/commands/invitations.ts';
import { Join } from '../../src/workflows/join.ts';
import { type AccountsApp, addOrganization, addPerson, type Someone, startOwned } from '../support/accounts.ts';
import { dispatchTo, failingDispatch, termsOf, UNAVAILABLE } from '../support/dispatching.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@plive.test', password: 'analytical engine' };
const EXPIRES = '9999-01-01T00:00:00.000Z';
const NOT_VALID = { kind: 'rejected', code: 'link-not-valid' };

let app: AccountsApp & { owner: Someone };
let invitationId: string;
let token: string;

beforeEach(async () => {
  app = await startOwned();
  await addOrganization(app, 'acme', { owner: app.owner });
  const input = { organizationId: 'acme', role: 'member', expiresAt: EXPIRES } as const;
  const invited = await app.workflows.invite.run(input, termsOf(app, app.owner.id));
  if (invited.kind !== 'invited') throw new Error(`Nobody is invited: ${invited.kind}.`);
  invitationId = invited.invitation.id;
  token = invited.link?.split('#token=')[1] ?? '';
});

afterEach(() => app.close());

/** Finds the invitation of a link, which must be valid. */
async function found() {
  const invitation = await app.workflows.join.find(token);
  if ('kind' in invitation) throw new Error(`There is no invitation: ${JSON.stringify(invitation)}`);
  return invitation;
}

/** Joining with a log that records nothing. */
function failingJoin(): Join {
  const { log, models, identity } = app;
  const dispatch = failingDispatch(app, { after: 0 });
  return new Join({ ...identity, log, dispatch, models });
}

function accessOf(userId: string) {
  return termsOf(app, userId).viewer.access('acme');
}

describe('the invitation', () => {
  test('is found by its token repeatedly, and by no other token', async () => {
    expect(await app.workflows.join.find('x'.repeat(43))).toMatchObject(NOT_VALID);
    await found();
    await found();
  });

  test('is not found after it was revoked', async () => {
    const revoked = { organizationId: 'acme', invitationId };
    const { kind } = await dispatchTo(app)(revokeInvitation, revoked, termsOf(app, app.owner.id));
    expect(kind).toBe('done');
    expect(await app.workflows.join.find(token)).toMatchObject(NOT_VALID);
  });
});

describe('with an account', () => {
  test('joins as that person, and spends the link', async () => {
    const [first, second] = [await addPerson(app), await addPerson(app)];
    const [one, same] = [await found(), await found()];
    expect(await app.workflows.join.withAccount(first.id, one, termsOf(app, first.id))).toBeUndefined();
    expect(await app.workflows.join.withAccount(second.id, same, termsOf(app, second.id))).toMatchObject(NOT_VALID);
    expect([accessOf(first.id), accessOf(second.id)]).toEqual(['member', 'none']);
  });

  test('is recorded as done by the person, not by the viewer of the request', async () => {
    const person = await addPerson(app);
    await app.workflows.join.withAccount(person.id, await found(), termsOf(app, app.owner.id));
    const actors: Actor[] = [];
    for await (const { type, meta } of app.log.read({})) {
      if (type === 'organization.invitation-accepted') actors.push(meta.actor);
    }
    expect(actors).toEqual([{ kind: 'user', id: person.id }]);
  });

  test('keeps the account and the link if the log does not record it', async () => {
    const person = await addPerson(app);
    const terms = termsOf(app, person.id);
    expect(await failingJoin().withAccount(person.id, await found(), terms)).toEqual(UNAVAILABLE);
    expect(await app.identity.accounts.find(person.id)).toMatchObject({ name: person.name });
    expect(await app.workflows.join.withAccount(person.id, await found(), terms)).toBeUndefined();
    expect(accessOf(person.id)).toBe('member');
  });
});

describe('with a new account', () => {
  const terms = () => termsOf(app, '');

  test('creates the account and joins', async () => {
    const id = await app.workflows.join.withNewAccount(ADA, await found(), terms());
    expect(await app.identity.accounts.prove(ADA)).toBe(id);
    expect(accessOf(String(id))).toBe('member');
    expect(await app.workflows.join.find(token)).toMatchObject(NOT_VALID);
  });

  test('does not spend the link if identity refuses the account', async () => {
    const taken = { ...ADA, email: app.owner.email };
    const failure = await app.workflows.join.withNewAccount(taken, await found(), terms());
    expect(failure).toMatchObject({ kind: 'rejected', code: 'email-taken' });
    await found();
  });

  test('leaves no account if the log does not record it, and the link works again', async () => {
    expect(await failingJoin().withNewAccount(ADA, await found(), terms())).toEqual(UNAVAILABLE);
    expect(await app.identity.accounts.prove(ADA)).toMatchObject({ code: 'wrong-credentials' });
    const id = await app.workflows.join.withNewAccount(ADA, await found(), terms());
    expect(accessOf(String(id))).toBe('member');
  });

  test('keeps the account if the person has founded an organisation by the time joining fails', async () => {
    const { log, models, identity } = app;
    const founding: Dispatch = async (_command, _input, { viewer }) => {
      await addOrganization(app, 'own', { owner: { id: viewer.actor.id ?? '' } });
      return UNAVAILABLE;
    };
    const join = new Join({ ...identity, log, models, dispatch: founding });
    expect(await join.withNewAccount(ADA, await found(), terms())).toEqual(UNAVAILABLE);
    const id = String(await identity.accounts.prove(ADA));
    expect(tiesOf(models.current.organizations, id)).toEqual(['own']);
    expect(await identity.sessions.start(id)).toEqual(expect.any(String));
  });
});
