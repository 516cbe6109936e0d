// Erasing an account: from all organisations and identity, or from none if one organisation prevents it.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tiesOf } from '../../projections/organizations.ts';
import { EraseAccount } from '../../src/workflows/erase-account.ts';
import { type AccountsApp, addOrganization, addPerson, grant, type Someone, startOwned } from '../support/accounts.ts';
import { failingDispatch, termsOf, UNAVAILABLE } from '../support/dispatching.ts';

let app: AccountsApp & { owner: Someone };
let ada: Someone;

beforeEach(async () => {
  app = await startOwned();
  ada = await addPerson(app, 'member');
});

afterEach(() => app.close());

function ties(): readonly string[] {
  return tiesOf(app.models.current.organizations, ada.id);
}

test('leaves every organisation, then removes the account', async () => {
  await addOrganization(app, 'acme', { owner: app.owner });
  await grant(app, { userId: ada.id, role: 'admin', organizationId: 'acme' });
  expect(ties()).toEqual(['acme', 'default']);
  expect(await app.workflows.eraseAccount.run(ada.id, termsOf(app, ada.id))).toBeUndefined();
  expect(ties()).toEqual([]);
  expect(await app.identity.accounts.find(ada.id)).toBeUndefined();
});

test('of the last owner of one organisation leaves none', async () => {
  await addOrganization(app, 'zoo', { owner: ada });
  const { position } = app.log;
  const failure = await app.workflows.eraseAccount.run(ada.id, termsOf(app, ada.id));
  expect(failure).toMatchObject({ kind: 'rejected', code: 'last-owner' });
  expect(app.log.position).toBe(position);
  expect(await app.identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
});

test('keeps the account if the log does not record the leaving, and completes when repeated', async () => {
  await addOrganization(app, 'acme', { owner: app.owner });
  await grant(app, { userId: ada.id, role: 'admin', organizationId: 'acme' });
  const dispatch = failingDispatch(app, { after: 1 });
  const { models, identity, workflows } = app;
  const failing = new EraseAccount({ dispatch, models, accounts: identity.accounts });
  expect(await failing.run(ada.id, termsOf(app, ada.id))).toEqual(UNAVAILABLE);
  expect(ties()).toEqual(['default']);
  expect(await identity.accounts.find(ada.id)).toMatchObject({ name: ada.name });
  expect(await workflows.eraseAccount.run(ada.id, termsOf(app, ada.id))).toBeUndefined();
  expect([ties(), await identity.accounts.find(ada.id)]).toEqual([[], undefined]);
});
