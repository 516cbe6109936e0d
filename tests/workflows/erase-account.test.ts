// Erasing an account: from all organisations and identity, or from none if one organisation prevents it.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tiesOf } from '../../projections/organizations.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { createOrganization } from '../../src/commands/organizations.ts';
import { EraseAccount } from '../../src/workflows/erase-account.ts';
import { type AccountsApp, addOrganization, addPerson, grant, type Someone, startOwned } from '../support/accounts.ts';
import { dispatchTo, failingDispatch, termsOf, UNAVAILABLE } from '../support/dispatching.ts';

const TERMS = { correlationId: 'test' };

let app: AccountsApp & { owner: Someone };
let ada: Someone;

beforeEach(async () => {
  app = await startOwned({ RATE_LIMIT: '0', TRUST_PROXY: '1' });
  ada = await addPerson(app, 'member');
});

afterEach(() => app.close());

function ties(userId = ada.id): readonly string[] {
  return tiesOf(app.models.current.organizations, userId);
}

test('leaves every organisation, then removes the account', async () => {
  await addOrganization(app, 'acme', { owner: app.owner });
  await grant(app, { userId: ada.id, role: 'admin', organizationId: 'acme' });
  expect(ties()).toEqual(['acme', 'default']);
  expect(await app.workflows.eraseAccount.run({ userId: ada.id }, TERMS)).toBeUndefined();
  expect(ties()).toEqual([]);
  expect(await app.identity.accounts.find(ada.id)).toBeUndefined();
});

test('records the id that the client gave the request, beside one of the server', async () => {
  const after = app.log.position;
  const headers = { ...ada.headers, 'X-Request-Id': 'theirs' };
  const { status } = await app.request('/api/me', { method: 'DELETE', json: { password: ada.password }, headers });
  expect([status, app.log.position]).toEqual([204, after + 1]);
  const ids = { requestId: 'theirs', correlationId: expect.not.stringMatching('theirs') };
  for await (const { meta } of app.log.read({ after })) expect(meta).toMatchObject(ids);
});

test('of the last owner of one organisation leaves none', async () => {
  await addOrganization(app, 'zoo', { owner: ada });
  const { position } = app.log;
  const failure = await app.workflows.eraseAccount.run({ userId: ada.id }, TERMS);
  expect(failure).toMatchObject({ kind: 'rejected', code: 'last-owner' });
  expect(app.log.position).toBe(position);
  expect(await app.identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
});

test('keeps the account if the log does not record the leaving, and completes when repeated', async () => {
  await addOrganization(app, 'acme', { owner: app.owner });
  await grant(app, { userId: ada.id, role: 'admin', organizationId: 'acme' });
  const dispatch = failingDispatch(app, { after: 1 });
  const { log, models, identity, workflows } = app;
  const failing = new EraseAccount({ ...identity, log, dispatch, models });
  expect(await failing.run({ userId: ada.id }, TERMS)).toEqual(UNAVAILABLE);
  expect(ties()).toEqual(['default']);
  expect(await identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
  expect(await workflows.eraseAccount.run({ userId: ada.id }, TERMS)).toBeUndefined();
  expect([ties(), await identity.accounts.find(ada.id)]).toEqual([[], undefined]);
});

describe('while it is erased, an account', () => {
  /** The viewer of a request that Ada sent before. */
  async function viewerOfAda(): Promise<Viewer> {
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, { cookie: ada.headers.Cookie });
    const viewer = await app.identity.policy.viewerOf(request);
    if (viewer?.actor.id !== ada.id) throw new Error('The session of Ada has ended.');
    return viewer;
  }

  async function invitedToAcme() {
    await addOrganization(app, 'acme', { owner: app.owner });
    const input = { organizationId: 'acme', role: 'owner', expiresAt: '9999-01-01T00:00:00.000Z' } as const;
    const invited = await app.workflows.invite.run(input, termsOf(app, app.owner.id));
    const token = invited.kind === 'invited' ? invited.link?.split('#token=')[1] : undefined;
    const invitation = await app.workflows.join.find(token ?? '');
    if ('kind' in invitation) throw new Error(JSON.stringify(invitation));
    return invitation;
  }

  const found = (viewer: Viewer) =>
    dispatchTo(app)(createOrganization, { name: 'Ghost', visibility: 'private' }, { ...TERMS, viewer });
  const erase = () => app.workflows.eraseAccount.run({ userId: ada.id }, TERMS);

  test('founds and joins nothing with a request that came before', async () => {
    const [viewer, invitation] = [await viewerOfAda(), await invitedToAcme()];
    expect(await erase()).toBeUndefined();
    const { position } = app.log;
    expect(await found(viewer)).toMatchObject({ kind: 'rejected', code: 'forbidden' });
    const joined = await app.workflows.join.withAccount(ada.id, invitation, { ...TERMS, viewer });
    expect(joined).toMatchObject({ kind: 'rejected', code: 'forbidden' });
    expect([app.log.position, ties()]).toEqual([position, []]);
  });

  test('leaves what it joins at the same time', async () => {
    const [viewer, invitation] = [await viewerOfAda(), await invitedToAcme()];
    const joining = app.workflows.join.withAccount(ada.id, invitation, { ...TERMS, viewer });
    expect([await erase(), await app.identity.accounts.find(ada.id)]).toEqual([undefined, undefined]);
    await joining;
    expect(ties()).toEqual([]);
  });

  test('stays if it becomes the last owner of an organisation at the same time; its sessions have ended', async () => {
    const viewer = await viewerOfAda();
    const { identity, models, log } = app;
    // A commit that is on its way to the journal when the erasure begins.
    const settled = () => addOrganization(app, 'ghost', { owner: ada }).then(() => log.settled());
    const erasing = new EraseAccount({
      ...identity,
      models,
      dispatch: dispatchTo(app),
      log: { settled, freshen: () => log.freshen() },
    });
    expect(await erasing.run({ userId: ada.id }, TERMS)).toMatchObject({ kind: 'rejected', code: 'last-owner' });
    expect(ties()).toContain('ghost');
    expect(await app.identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
    expect([viewer.ended, await app.identity.sessions.list(ada.id)]).toEqual([true, []]);
    expect(await app.identity.sessions.start(ada.id)).toEqual(expect.any(String));
  });

  test('has no session from the first moment, starts none, and is not erased twice', async () => {
    const viewer = await viewerOfAda();
    const erasing = erase();
    const isEnded = viewer.ended;
    const started = app.identity.sessions.start(ada.id);
    const headers = { 'X-Forwarded-For': '10.1.2.3' };
    const signedIn = app.request('/api/sessions', { json: { email: ada.email, password: ada.password }, headers });
    const outcomes = [await erase(), await erasing, await started, (await signedIn).status];
    expect(outcomes).toMatchObject([{ code: 'wrong-credentials' }, undefined, undefined, 401]);
    expect(isEnded).toBe(true);
  });
});
