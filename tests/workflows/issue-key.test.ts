// Issuing an API key: which request gets the secret, also after a failure between the log and identity.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findOrganization } from '../../projections/organizations.ts';
import type { CommandRequest } from '../../src/commands/dispatch.ts';
import { createKey, revokeKey } from '../../src/commands/keys.ts';
import { type AccountsApp, addPerson, type Someone, startOwned } from '../support/accounts.ts';
import { dispatchTo, termsOf } from '../support/dispatching.ts';

const INPUT = { organizationId: 'default', name: 'Deployments', role: 'member' } as const;

let app: AccountsApp & { owner: Someone };
/** The terms of a request that the owner can repeat. */
let terms: CommandRequest;

beforeEach(async () => {
  app = await startOwned();
  terms = { ...termsOf(app, app.owner.id), key: { id: 'one', fingerprint: '' } };
});

afterEach(() => app.close());

async function issue() {
  const issued = await app.workflows.issueKey.run(INPUT, terms);
  if (issued.kind !== 'issued') throw new Error(`There is no key: ${issued.kind}.`);
  return issued;
}

test('answers with the key and its secret, a repeat without the secret', async () => {
  const { text, ...first } = await issue();
  expect(first).toMatchObject({ organizationId: 'default', key: { name: 'Deployments', role: 'member' } });
  expect(await app.identity.keys.prove(text ?? '')).toMatchObject({ id: first.key.id, organizationId: 'default' });
  expect(await issue()).toEqual({ ...first, text: undefined });
});

test('answers a repeat with the secret if the first request only recorded the key', async () => {
  expect(await dispatchTo(app)(createKey, INPUT, terms)).toMatchObject({ kind: 'done' });
  const { key, text } = await issue();
  expect(await app.identity.keys.prove(text ?? '')).toMatchObject({ id: key.id });
});

test('makes no secret for a key that was revoked in the meantime', async () => {
  await dispatchTo(app)(createKey, INPUT, terms);
  const [keyId = ''] = findOrganization(app.models.current.organizations, 'default')?.keys.keys() ?? [];
  await dispatchTo(app)(revokeKey, { organizationId: 'default', keyId }, termsOf(app, app.owner.id));
  expect(await issue()).toMatchObject({ key: { id: keyId }, text: undefined });
});

test('is refused for a member', async () => {
  const member = await addPerson(app, 'member');
  const refused = await app.workflows.issueKey.run(INPUT, termsOf(app, member.id));
  expect(refused).toMatchObject({ kind: 'rejected', code: 'forbidden' });
});
