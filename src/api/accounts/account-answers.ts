// Shared by the routes of accounts: their fields, and the answers that sign a person in or out.
import * as z from 'zod';
import { nameField } from '../../commands/fields.ts';
import { rejectionProblem } from '../../http/command-answer.ts';
import type { Answer, RouteRequest } from '../../http/route.ts';
import { type AccountRejection, WRONG_CREDENTIALS } from '../../identity/account-rejection.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Profile } from '../../identity/identity-store.ts';

const emailField = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(z.regexes.html5Email, 'must be an e-mail address')
  .describe('Converted to lower case');

/** An existing password. Only its length is limited, so that a huge input is not hashed. */
export const passwordField = z.string().max(256);

export const newPasswordField = z
  .string()
  .refine(({ length }) => length >= 12 && length <= 256, 'must have 12 to 256 characters')
  .describe('12 to 256 characters');

export const tokenField = z.string().max(100).describe('The part of the link after `#token=`');

export const accountFields = { name: nameField, email: emailField, password: newPasswordField };

export const meSchema = z
  .object({ id: z.uuid(), name: z.string(), email: z.string() })
  .meta({ id: 'Account' }) satisfies z.ZodType<Profile>;

export const exampleMe: Profile = {
  id: 'a1b2c3d4-0000-4000-8000-000000000301',
  name: 'Ada Example',
  email: 'ada@example.org',
};

/** Creates the answers that need identity. */
export function accountAnswers({ accounts, sessions, knownPlaces, cookie }: Identity) {
  return {
    /**
     * Starts a session for the user, whose place is known from now on, and answers with the account and the session
     * cookie. A user who is being erased meanwhile is refused like an unknown one.
     */
    async signedIn(userId: string, { agent, address }: Pick<RouteRequest, 'agent' | 'address'>): Promise<Answer> {
      await knownPlaces.add(address, userId);
      const token = await sessions.start(userId, agent);
      if (token === undefined) return rejectionProblem(WRONG_CREDENTIALS);
      const body = await accounts.find(userId);
      return { status: 201, body, headers: { Location: '/api/me', 'Set-Cookie': cookie.write(token) } };
    },
    /** Success; clears the session cookie of the caller. */
    signedOut: (): Answer => ({ status: 204, headers: { 'Set-Cookie': cookie.cleared } }),
    /** Success without a body, or the problem for a refusal. */
    done: (refusal: AccountRejection | undefined): Answer => (refusal ? rejectionProblem(refusal) : { status: 204 }),
  };
}
