// The routes of /api/me: get, update and erase the account of the caller, and change its password.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { type Keeping, keepingQuery } from '../../commands/revocations.ts';
import { failureProblem, rejectionProblem } from '../../http/command-answer.ts';
import type { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Profile } from '../../identity/identity-store.ts';
import type { Workflows } from '../../workflows/workflows.ts';
import {
  accountAnswers,
  accountFields,
  exampleMe,
  meSchema,
  newPasswordField,
  passwordField,
} from './account-answers.ts';
import { limitAttempts } from './attempts.ts';

const tag = 'accounts';

const updateInput = z.object({
  name: accountFields.name.exactOptional(),
  email: accountFields.email.exactOptional(),
});
const passwordInput = z.object({ current: passwordField, new: newPasswordField });
const eraseInput = z.object({ password: passwordField });

/** Given before the new address is looked up, so that it does not reveal which addresses have accounts. */
const ADDRESS_REFUSED: Problem = {
  problem: 'forbidden',
  detail:
    'Only owners of the default organisation can change their e-mail address. Ask the operator of the server to change ' +
    'yours (npx plive user email OLD NEW).',
  errors: [{ in: 'body', pointer: '/email', detail: 'cannot be changed by you' }],
};

export function meRoutes(identity: Identity, workflows: Workflows): Route[] {
  const { accounts, signInLimits } = identity;
  const { signedOut, done } = accountAnswers(identity);
  const account = { schema: meSchema, example: exampleMe };

  const get: Route = {
    method: 'get',
    path: '/api/me',
    operationId: 'getMe',
    tag,
    summary: 'Get your account',
    access: 'person',
    success: { status: 200, description: 'The account', ...account },
    problems: [],
    handle: async ({ viewer }) => ({ status: 200, body: await me(accounts, viewer) }),
  };

  const update: Route<unknown, unknown, z.output<typeof updateInput>> = {
    method: 'put',
    path: '/api/me',
    operationId: 'updateMe',
    tag,
    summary: 'Update your account; omitted fields keep their value',
    description:
      'Only owners of the default organisation can change their e-mail address: nobody could check that it is theirs. For ' +
      'others, the operator of the server does it.',
    access: 'person',
    body: updateInput,
    bodyExample: { name: 'Ada E.' },
    success: { status: 200, description: 'The updated account', ...account },
    problems: ['email-taken'],
    async handle({ viewer, body }) {
      const before = await me(accounts, viewer);
      const person = { ...before, ...body };
      if (person.email !== before.email && viewer.access(DEFAULT_ORGANIZATION) !== 'owner') return ADDRESS_REFUSED;
      const refusal = await accounts.rename(person.id, person);
      return refusal ? rejectionProblem(refusal) : { status: 200, body: person };
    },
  };

  const changePassword: Route<unknown, unknown, z.output<typeof passwordInput>> = {
    method: 'put',
    path: '/api/me/password',
    operationId: 'changePassword',
    tag,
    summary: 'Change your password; your other sessions end',
    access: 'person',
    body: passwordInput,
    bodyExample: { current: 'correct horse battery', new: 'staple after staple' },
    success: { status: 204, description: 'The password is changed' },
    problems: ['wrong-credentials', 'weak-password'],
    handle: ({ viewer, body, address }) =>
      // Count by user id, not by e-mail address: failed sign-ins of strangers must not lock the owner out of this.
      limitAttempts(signInLimits, { address, subject: viewer.actor.id ?? '' }, async () =>
        done(await accounts.changePassword(await me(accounts, viewer), body, viewer.sessionId)),
      ),
  };

  const erase: Route<unknown, Keeping, z.output<typeof eraseInput>> = {
    method: 'delete',
    path: '/api/me',
    operationId: 'eraseMe',
    tag,
    summary: 'Erase your account: name, e-mail address, password and sessions',
    description:
      'Your sessions end, you leave every organisation, and the API keys and invitations that you made are revoked. Your ' +
      'changes stay and are attributed to a former member. The last owner of an organisation must first make another ' +
      'person owner. If you become that while you leave, the account stays, and you can sign in again.',
    access: 'person',
    query: keepingQuery,
    body: eraseInput,
    bodyExample: { password: 'correct horse battery' },
    success: { status: 204, description: 'The account is erased' },
    problems: ['wrong-credentials', 'last-owner'],
    handle({ viewer, query, body: { password }, terms, address }) {
      const userId = viewer.actor.id ?? '';
      return limitAttempts(signInLimits, { address, subject: userId }, async () => {
        const failure =
          (await accounts.confirm(userId, password)) ?? (await workflows.eraseAccount.run({ userId, ...query }, terms));
        return failure ? failureProblem(failure, viewer) : signedOut();
      });
    },
  };

  return [get, update, changePassword, erase];
}

/** The account of the signed-in caller. */
async function me(accounts: Identity['accounts'], { actor: { id = '' } }: Viewer): Promise<Profile> {
  const person = await accounts.find(id);
  if (!person) throw new Error(`The user ${id} is signed in and has no account.`);
  return person;
}
