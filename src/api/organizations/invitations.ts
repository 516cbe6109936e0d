// The routes of invitations: list, create, revoke and accept them. The link is shown once, when an invitation is
// created.
import * as z from 'zod';
import { ROLES } from '../../../projections/events/roles.ts';
import type { Invitation } from '../../../projections/organization.ts';
import { findOrganization } from '../../../projections/organizations.ts';
import type { Dispatch } from '../../commands/dispatch.ts';
import { createInvitationInput, revokeInvitation } from '../../commands/invitations.ts';
import { timeField } from '../../commands/times.ts';
import { actorSchema, type NameActors, namingMakers } from '../../http/actor-names.ts';
import { commandAnswer, failureProblem } from '../../http/command-answer.ts';
import { type OrganizationParams, organizationParams, time } from '../../http/parameters.ts';
import type { Answer, Route, RouteRequest } from '../../http/route.ts';
import { check, invalidRequest } from '../../http/validation.ts';
import type { Identity } from '../../identity/identity.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import type { Workflows } from '../../workflows/workflows.ts';
import { accountAnswers, accountFields, exampleMe, meSchema, tokenField } from '../accounts/account-answers.ts';
import { limitAttempts } from '../accounts/attempts.ts';

const tag = 'organizations';
const path = '/api/organizations/{organizationId}/invitations';

/** Default lifetime of an invitation, in milliseconds. */
const LIFETIME = 7 * 24 * 60 * 60 * 1000;

const invitationParams = organizationParams.extend({ invitationId: z.uuid().toLowerCase() });

const createInput = createInvitationInput.extend({
  expiresAt: timeField.exactOptional().describe('One week from now if omitted'),
});

const { name, email, password } = accountFields;
const acceptInput = z.object({
  token: tokenField,
  name: name.exactOptional(),
  email: email.exactOptional(),
  password: password.exactOptional(),
});
const newAccount = z.object(accountFields);

const shownInvitation = z.object({
  id: z.uuid(),
  role: z.enum(ROLES),
  teamId: z
    .uuid()
    .exactOptional()
    .describe('The team that the invited person joins, unless it has come to a higher role than the invitation gives'),
  expiresAt: time,
  createdBy: actorSchema.describe('Who made it. It is revoked once they may not make it any longer'),
});
const invitationSchema = shownInvitation.meta({ id: 'Invitation' });
const newInvitationSchema = shownInvitation
  .extend({
    link: z
      .string()
      .exactOptional()
      .describe('The link to send to the invited person. It is shown only once. Without PUBLIC_URL it has no host'),
  })
  .meta({ id: 'NewInvitation' });

const exampleInvitation = {
  id: 'a1b2c3d4-0000-4000-8000-000000000501',
  role: 'member',
  expiresAt: '2026-03-08T09:00:00.000Z',
  createdBy: { kind: 'user', id: exampleMe.id, name: exampleMe.name },
};

interface Parts {
  readonly identity: Identity;
  readonly workflows: Workflows;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly nameActors: NameActors;
  readonly now: () => Date;
}

export function invitationRoutes({ identity, workflows, models, dispatch, nameActors, now }: Parts): Route[] {
  const withMakers = namingMakers(nameActors);
  const list: Route<OrganizationParams> = {
    method: 'get',
    path,
    operationId: 'listInvitations',
    tag,
    summary: 'List the invitations that nobody has accepted yet',
    access: 'admin',
    params: organizationParams,
    success: {
      status: 200,
      description: 'The invitations, including expired ones',
      schema: z.array(invitationSchema),
      example: [exampleInvitation],
    },
    problems: ['not-found'],
    async handle({ params: { organizationId } }) {
      const organization = findOrganization(models.current.organizations, organizationId);
      const invitations = [...(organization?.invitations.values() ?? [])].map(showInvitation);
      return { status: 200, body: await withMakers(organizationId, invitations) };
    },
  };

  const create: Route<OrganizationParams, unknown, z.output<typeof createInput>> = {
    method: 'post',
    path,
    operationId: 'createInvitation',
    tag,
    summary: 'Invite a person',
    description:
      'Only this response contains the link. A repeat with the same `Idempotency-Key` does not. The caller must be a person.',
    access: 'admin',
    params: organizationParams,
    body: createInput,
    bodyExample: { role: 'member' },
    success: {
      status: 201,
      description: 'The new invitation',
      schema: newInvitationSchema,
      example: { ...exampleInvitation, link: `https://status.example.org/invitations#token=${'x'.repeat(43)}` },
    },
    problems: ['not-found', 'past-time', 'limit-reached', 'keys-make-no-credentials'],
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      const { expiresAt = new Date(now().getTime() + LIFETIME).toISOString() } = body;
      const invited = await workflows.invite.run({ ...body, ...params, expiresAt }, terms);
      if (invited.kind !== 'invited') return failureProblem(invited, viewer);
      const { organizationId, invitation, link } = invited;
      const [named] = await withMakers(organizationId, [showInvitation(invitation)]);
      const headers = { Location: `/api/organizations/${organizationId}/invitations` };
      return { status: 201, body: { ...named, ...(link === undefined ? {} : { link }) }, headers };
    },
  };

  const revoke: Route<z.output<typeof invitationParams>> = {
    method: 'delete',
    path: `${path}/{invitationId}`,
    operationId: 'revokeInvitation',
    tag,
    summary: 'Revoke an invitation; its link stops working at once',
    access: 'admin',
    params: invitationParams,
    success: { status: 204, description: 'The invitation is revoked' },
    problems: ['not-found'],
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(revokeInvitation, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return [list, create, revoke, acceptRoute(identity, workflows)];
}

/** Without the role that its team had: the team shows its present one. */
function showInvitation({ teamRole: _then, ...invitation }: Invitation): Omit<Invitation, 'teamRole'> {
  return invitation;
}

function acceptRoute(identity: Identity, workflows: Workflows): Route {
  const { accounts } = identity;
  const { signedIn } = accountAnswers(identity);

  const join = async ({ viewer, body, terms, agent, address }: AcceptRequest): Promise<Answer> => {
    if (viewer.actor.kind === 'key') {
      return { problem: 'forbidden', detail: 'Only a person can accept an invitation, not an API key.' };
    }
    const { token, ...given } = body;
    const invitation = await workflows.join.find(token);
    if ('kind' in invitation) return failureProblem(invitation, viewer);
    if (viewer.actor.kind === 'user') {
      const userId = viewer.actor.id ?? '';
      const failure = await workflows.join.withAccount(userId, invitation, terms);
      return failure ? failureProblem(failure, viewer) : { status: 200, body: await accounts.find(userId) };
    }
    const account = check(newAccount, 'body', given);
    if (account.errors) return invalidRequest(account.errors);
    const joined = await workflows.join.withNewAccount(account.value, invitation, terms);
    return typeof joined === 'string' ? signedIn(joined, { agent, address }) : failureProblem(joined, viewer);
  };

  const accept: Route<unknown, unknown, z.output<typeof acceptInput>> = {
    method: 'post',
    path: '/api/invitations',
    operationId: 'acceptInvitation',
    tag,
    summary: 'Accept an invitation, with the signed-in account or with a new one',
    description:
      'A caller who is not signed in sends `name`, `email` and `password`. The server creates the account and signs it in.',
    access: 'anyone',
    body: acceptInput,
    bodyExample: {
      token: 'x'.repeat(43),
      name: exampleMe.name,
      email: exampleMe.email,
      password: 'correct horse battery',
    },
    success: { status: 201, description: 'The new account, signed in', schema: meSchema, example: exampleMe },
    alternatives: [{ status: 200, description: 'The account that joined', schema: meSchema, example: exampleMe }],
    problems: ['link-not-valid', 'email-taken', 'weak-password', 'invitation-expired', 'not-found'],
    handle: (request) =>
      limitAttempts(identity.signInLimits, { address: request.address, subject: request.body.token }, () =>
        join(request),
      ),
  };
  return accept;
}

type AcceptRequest = RouteRequest<unknown, unknown, z.output<typeof acceptInput>>;
