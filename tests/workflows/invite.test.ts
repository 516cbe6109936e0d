// Inviting: which request gets the link, also after a failure between the log and identity.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findOrganization } from '../../projections/organizations.ts';
import type { CommandRequest } from '../../src/commands/dispatch.ts';
import { createInvitation, revokeInvitation } from '../../src/commands/invitations.ts';
import { type AccountsApp, addPerson, type Someone, startOwned } from '../support/accounts.ts';
import { dispatchTo, termsOf } from '../support/dispatching.ts';

const INPUT = { organizationId: 'default', role: 'member', expiresAt: '9999-01-01T00:00:00.000Z' } as const;

let app: AccountsApp & { owner: Someone };
/** The terms of a request that the owner can repeat. */
let terms: CommandRequest;

beforeEach(async () => {
  app = await startOwned();
  terms = { ...termsOf(app, app.owner.id), key: { id: 'one', fingerprint: '' } };
});

afterEach(() => app.close());

async function invite() {
  const invited = await app.workflows.invite.run(INPUT, terms);
  if (invited.kind !== 'invited') throw new Error(`Nobody is invited: ${invited.kind}.`);
  return invited;
}

test('answers with the invitation and its link, a repeat without the link', async () => {
  const { link, ...first } = await invite();
  expect(first).toMatchObject({
    organizationId: 'default',
    invitation: { role: 'member', expiresAt: INPUT.expiresAt },
  });
  const token = link?.split('#token=')[1] ?? '';
  expect(await app.workflows.join.find(token)).toMatchObject({ link: { subjectId: first.invitation.id } });
  expect(await invite()).toEqual({ ...first, link: undefined });
});

test('answers a repeat with the link if the first request only recorded the invitation', async () => {
  expect(await dispatchTo(app)(createInvitation, INPUT, terms)).toMatchObject({ kind: 'done' });
  expect((await invite()).link).toMatch(/^\/invitations#token=[\w-]{43}$/);
});

test('makes no link for an invitation that was revoked in the meantime', async () => {
  await dispatchTo(app)(createInvitation, INPUT, terms);
  const [invitationId = ''] = findOrganization(app.models.current.organizations, 'default')?.invitations.keys() ?? [];
  const revoked = { organizationId: 'default', invitationId };
  await dispatchTo(app)(revokeInvitation, revoked, termsOf(app, app.owner.id));
  expect(await invite()).toMatchObject({ invitation: { id: invitationId }, link: undefined });
});

test('is refused for a member', async () => {
  const member = await addPerson(app, 'member');
  const refused = await app.workflows.invite.run(INPUT, termsOf(app, member.id));
  expect(refused).toMatchObject({ kind: 'rejected', code: 'forbidden' });
});
