// The rows of invitations: what the log knows of them, once the link of each, and what whoever has it makes of it.
import { z } from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { ROLES } from '../../../projections/events/roles.ts';
import type { Models } from '../../../projections/models.ts';
import type { Invitation } from '../../../projections/organization.ts';
import { findInvitation, findOrganization } from '../../../projections/organizations.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { CommandRequest, Dispatch } from '../../commands/dispatch.ts';
import { timeField } from '../../commands/fields.ts';
import {
  acceptInvitation,
  createInvitation,
  createInvitationInput,
  revokeInvitation,
} from '../../commands/invitations.ts';
import { commandAnswer, rejectionProblem } from '../../http/command-answer.ts';
import { type OrganizationParams, organizationParams, time } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, Route, RouteRequest } from '../../http/route.ts';
import { check, invalidRequest } from '../../http/validation.ts';
import { LINK_NOT_VALID } from '../../identity/account-rejection.ts';
import type { NewAccount } from '../../identity/accounts.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Link, Spending } from '../../identity/identity-store.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { accountAnswers, accountFields, exampleMe, meSchema, tokenField } from '../accounts/account-answers.ts';
import { limitTries } from '../accounts/tries.ts';

const tag = 'organizations';
const path = '/api/organizations/{organizationId}/invitations';

/** How long an invitation can be accepted unless told, in milliseconds. */
const LIFE = 7 * 24 * 60 * 60 * 1000;

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
  teamId: z.uuid().exactOptional(),
  expiresAt: time,
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
};

interface Parts {
  readonly identity: Identity;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly now: () => Date;
}

export function invitationRoutes({ identity, models, dispatch, now }: Parts): Route[] {
  const { links } = identity;

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
    handle({ params: { organizationId } }) {
      const organization = findOrganization(models.current.organizations, organizationId);
      return { status: 200, body: [...(organization?.invitations.values() ?? [])] };
    },
  };

  /** The invitation with its token; without it where that was told before, or where the invitation is gone already. */
  const issued = async (events: readonly RecordedEvent[], { organizations }: Models): Promise<Answer> => {
    const { organizationId, ...invitation } = invitationIn(events);
    const { id, expiresAt } = invitation;
    const isThere = findInvitation(findOrganization(organizations, organizationId), id) !== undefined;
    const token = isThere ? await links.issueInvitation({ id, organizationId, expiresAt }) : undefined;
    const link = token === undefined ? {} : { link: links.address('invitation', token) };
    const headers = { Location: `/api/organizations/${organizationId}/invitations` };
    return { status: 201, body: { ...invitation, ...link }, headers };
  };

  const create: Route<OrganizationParams, unknown, z.output<typeof createInput>> = {
    method: 'post',
    path,
    operationId: 'createInvitation',
    tag,
    summary: 'Invite a person',
    description: 'Only this response contains the link. A repeat with the same `Idempotency-Key` does not.',
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
    problems: ['not-found', 'past-time'],
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      const { expiresAt = new Date(now().getTime() + LIFE).toISOString() } = body;
      const dispatched = await dispatch(createInvitation, { ...body, ...params, expiresAt }, terms);
      return commandAnswer(dispatched, viewer, issued);
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

  return [list, create, revoke, acceptRoute({ identity, models, dispatch })];
}

function acceptRoute({ identity, models, dispatch }: Omit<Parts, 'now'>): Route {
  const { accounts, links } = identity;
  const { signedIn } = accountAnswers(identity);

  /** Joins with a link that is spent; one that came to nothing can be used again. */
  const join = async (userId: string, link: Link, terms: CommandRequest): Promise<Problem | undefined> => {
    const { subjectId: invitationId, organizationId = '' } = link;
    const viewer = newcomer(userId);
    const dispatched = await dispatch(acceptInvitation, { organizationId, invitationId }, { ...terms, viewer });
    const joined = await commandAnswer(dispatched, viewer, () => ({ status: 204 }));
    if (!('problem' in joined)) return undefined;
    await links.restore(link);
    return joined;
  };

  /** With an account of one's own. */
  const joinAs = async (userId: string, spent: Spent, terms: CommandRequest): Promise<Answer> => {
    if (!(await links.spend(spent.spending))) return rejectionProblem(LINK_NOT_VALID);
    const problem = await join(userId, spent.link, terms);
    return problem ?? { status: 200, body: await accounts.find(userId) };
  };

  /** With a new account, which is there only if it joins. */
  const joinNew = async (account: NewAccount, spent: Spent, terms: CommandRequest): Promise<string | Problem> => {
    const userId = await accounts.add(account, spent.spending);
    if (typeof userId !== 'string') return rejectionProblem(userId);
    const problem = await join(userId, spent.link, terms);
    if (!problem) return userId;
    await accounts.erase(userId);
    return problem;
  };

  const accepted = async ({ viewer, body, terms, agent }: AcceptRequest): Promise<Answer> => {
    if (viewer.actor.kind === 'key') return { problem: 'forbidden', detail: 'An invitation is for a person.' };
    const { token, ...given } = body;
    const spending = links.spending('invitation', token);
    const link = await links.find(spending);
    const organization = findOrganization(models.current.organizations, link?.organizationId ?? '');
    if (!link || !findInvitation(organization, link.subjectId)) return rejectionProblem(LINK_NOT_VALID);
    if (viewer.actor.kind === 'user') return joinAs(viewer.actor.id ?? '', { link, spending }, terms);
    const account = check(newAccount, 'body', given);
    if (account.errors) return invalidRequest(account.errors);
    const joined = await joinNew(account.value, { link, spending }, terms);
    return typeof joined === 'string' ? signedIn(joined, agent) : joined;
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
      limitTries(identity.signInLimits, { address: request.address, subject: request.body.token }, () =>
        accepted(request),
      ),
  };
  return accept;
}

type AcceptRequest = RouteRequest<unknown, unknown, z.output<typeof acceptInput>>;

interface Spent {
  readonly link: Link;
  readonly spending: Spending;
}

/** Someone who has shown the link of an invitation, and may do nothing yet. */
function newcomer(userId: string): Viewer {
  return { actor: { kind: 'user', id: userId }, organizations: [], access: () => 'none' };
}

function invitationIn(events: readonly RecordedEvent[]): Invitation & { readonly organizationId: string } {
  const event = events.find((candidate) => candidate.type === 'organization.invitation-created');
  if (!event) throw new Error('The commit of a new invitation does not hold it.');
  const { invitationId: id, ...data } = event.data;
  return { id, ...data, organizationId: event.organizationId };
}
