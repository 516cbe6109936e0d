// The routes of set-up, sessions (signing in and out) and password resets.
import * as z from 'zod';
import { failureProblem, rejectionProblem } from '../../http/command-answer.ts';
import { time } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Workflows } from '../../workflows/workflows.ts';
import {
  accountAnswers,
  accountFields,
  exampleMe,
  meSchema,
  newPasswordField,
  passwordField,
  tokenField,
} from './account-answers.ts';
import { limitAttempts } from './attempts.ts';

const tag = 'accounts';
const account = { schema: meSchema, example: exampleMe };

const setupInput = z.object({ token: tokenField, ...accountFields });
const signInInput = z.object({ email: accountFields.email, password: passwordField });
const resetInput = z.object({ token: tokenField, password: newPasswordField });
const sessionParams = z.object({ sessionId: z.uuid().toLowerCase() });

const sessionSchema = z
  .object({
    id: z.uuid(),
    createdAt: time,
    lastUsedAt: time,
    agent: z.string().describe('The user agent of the browser'),
    current: z.boolean().describe('Whether it is the session of this request'),
  })
  .meta({ id: 'Session' });

const exampleSession = {
  id: 'a1b2c3d4-0000-4000-8000-000000000302',
  createdAt: '2026-03-01T09:00:00.000Z',
  lastUsedAt: '2026-03-01T10:05:00.000Z',
  agent: 'Mozilla/5.0',
  current: true,
};

export function sessionRoutes(identity: Identity, workflows: Workflows): Route[] {
  const { accounts, sessions, signInLimits } = identity;
  const { signedIn, signedOut, done } = accountAnswers(identity);

  const setUp: Route<unknown, unknown, z.output<typeof setupInput>> = {
    method: 'post',
    path: '/api/setup',
    operationId: 'setUp',
    tag,
    summary: 'Create the account of the owner, with the set-up link that the server printed',
    access: 'anyone',
    body: setupInput,
    bodyExample: { token: 'x'.repeat(43), ...EXAMPLE_ACCOUNT },
    success: { status: 201, description: 'The owner, signed in', ...account },
    problems: ['link-not-valid', 'email-taken', 'weak-password', 'already-set-up'],
    handle: ({ viewer, body: { token, ...given }, terms, agent, address }) =>
      limitAttempts(signInLimits, { address, subject: token }, async () => {
        const owner = await workflows.setUp.run(token, given, terms);
        return typeof owner === 'string' ? signedIn(owner, { agent, address }) : failureProblem(owner, viewer);
      }),
  };

  const signIn: Route<unknown, unknown, z.output<typeof signInInput>> = {
    method: 'post',
    path: '/api/sessions',
    operationId: 'signIn',
    tag,
    summary: 'Sign in',
    description:
      'The response sets the session cookie. The session ends after 7 days without use, and after 30 days at the latest.',
    access: 'anyone',
    body: signInInput,
    bodyExample: { email: EXAMPLE_ACCOUNT.email, password: EXAMPLE_ACCOUNT.password },
    success: { status: 201, description: 'The signed-in account', ...account },
    problems: ['wrong-credentials'],
    handle: ({ body, agent, address }) =>
      limitAttempts(signInLimits, { address, subject: body.email }, async () => {
        const proven = await accounts.prove(body);
        return typeof proven === 'string' ? signedIn(proven, { agent, address }) : rejectionProblem(proven);
      }),
  };

  const list: Route = {
    method: 'get',
    path: '/api/sessions',
    operationId: 'listSessions',
    tag,
    summary: 'List your sessions, most recently used first',
    access: 'person',
    success: {
      status: 200,
      description: 'Your sessions',
      schema: z.array(sessionSchema),
      example: [exampleSession],
    },
    problems: [],
    async handle({ viewer }) {
      const own = await sessions.list(viewer.actor.id ?? '');
      const body = own.map(({ userId: _you, ...session }) => ({
        ...session,
        current: session.id === viewer.sessionId,
      }));
      return { status: 200, body };
    },
  };

  const end: Route<z.output<typeof sessionParams>> = {
    method: 'delete',
    path: '/api/sessions/{sessionId}',
    operationId: 'endSession',
    tag,
    summary: 'End one of your sessions',
    access: 'person',
    params: sessionParams,
    success: { status: 204, description: 'The session has ended' },
    problems: ['not-found'],
    async handle({ viewer, params: { sessionId } }) {
      const isEnded = await sessions.end(viewer.actor.id ?? '', sessionId);
      if (!isEnded) return { problem: 'not-found', detail: `You have no session ${sessionId}.` };
      return viewer.sessionId === sessionId ? signedOut() : { status: 204 };
    },
  };

  const endAll: Route = {
    method: 'delete',
    path: '/api/sessions',
    operationId: 'endSessions',
    tag,
    summary: 'End all your sessions',
    access: 'person',
    success: { status: 204, description: 'All your sessions have ended' },
    problems: [],
    async handle({ viewer }) {
      await sessions.end(viewer.actor.id ?? '');
      return signedOut();
    },
  };

  const reset: Route<unknown, unknown, z.output<typeof resetInput>> = {
    method: 'post',
    path: '/api/password',
    operationId: 'resetPassword',
    tag,
    summary: 'Set a new password with a reset link; every session ends',
    access: 'anyone',
    body: resetInput,
    bodyExample: { token: 'x'.repeat(43), password: EXAMPLE_ACCOUNT.password },
    success: { status: 204, description: 'The password is set; sign in with it' },
    problems: ['link-not-valid', 'weak-password'],
    handle: ({ body: { token, password }, address }) =>
      limitAttempts(signInLimits, { address, subject: token }, async () =>
        done(await accounts.resetPassword(token, password)),
      ),
  };

  return [setUp, signIn, list, end, endAll, reset];
}

const EXAMPLE_ACCOUNT = { name: exampleMe.name, email: exampleMe.email, password: 'correct horse battery' };
