// All problems that the server can answer with (RFC 9457): a table from code to status, title and example.
import { ALREADY_SET_UP, EMAIL_TAKEN, LINK_NOT_VALID, WRONG_CREDENTIALS } from '../identity/account-rejection.ts';

/** One error of a request. `pointer` is a JSON pointer into the part that `in` names. */
export interface RequestError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  readonly pointer: string;
  readonly detail: string;
}

/** The details of one occurrence of a problem. */
interface Occurrence {
  /** A sentence that a person can act on. */
  readonly detail: string;
  readonly errors?: readonly RequestError[];
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly example: Occurrence;
}

const KINDS = {
  'malformed-json': { status: 400, title: 'Malformed JSON', example: { detail: 'The body is not valid JSON.' } },
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    example: { detail: 'status is required.', errors: [{ in: 'body', pointer: '/status', detail: 'is required' }] },
  },
  'no-known-member': {
    status: 400,
    title: 'No recognised field in the body',
    example: { detail: 'The body has none of the fields name, status. Did you mean "status" instead of "state"?' },
  },
  'too-deep': {
    status: 400,
    title: 'Body nested too deeply',
    example: { detail: 'The body is nested deeper than 32 levels.' },
  },
  'future-time': {
    status: 400,
    title: 'Time is in the future',
    example: {
      detail: '2036-03-01T10:00:00.000Z is in the future: the server time is 2026-03-01T10:00:00.000Z.',
      errors: [{ in: 'body', pointer: '/at', detail: 'is in the future' }],
    },
  },
  'past-time': {
    status: 400,
    title: 'Time is in the past',
    example: {
      detail: '2026-03-01T09:00:00.000Z is in the past: the server time is 2026-03-01T10:00:00.000Z.',
      errors: [{ in: 'body', pointer: '/expiresAt', detail: 'is in the past' }],
    },
  },
  'impact-none': {
    status: 400,
    title: 'Impact none',
    example: {
      detail: 'An incident with impact none gives no service a status.',
      errors: [{ in: 'body', pointer: '/impacts', detail: 'must be empty' }],
    },
  },
  'weak-password': {
    status: 400,
    title: 'Password too easy to guess',
    example: {
      detail: 'The password must not be the name or the e-mail address.',
      errors: [{ in: 'body', pointer: '/password', detail: 'must not be the name or the e-mail address' }],
    },
  },
  'slug-too-long': {
    status: 400,
    title: 'Slug too long',
    example: {
      detail: "The slug is too long: a private organisation's slug has at most 55 characters before its random ones.",
      errors: [{ in: 'body', pointer: '/slug', detail: 'is too long' }],
    },
  },
  'faint-colour': {
    status: 400,
    title: 'Colour hard to read',
    example: {
      detail:
        '#ffcc00 has a contrast of 1.41 : 1 on the light page; it needs 4.5 : 1. The nearest that has it is #8a6e0b.',
      errors: [{ in: 'body', pointer: '/accent', detail: 'is hard to read' }],
    },
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication required',
    example: { detail: 'Sign in, or send an API key.' },
  },
  'wrong-credentials': { status: 401, title: 'Invalid credentials', example: { detail: WRONG_CREDENTIALS.message } },
  forbidden: {
    status: 403,
    title: 'Permission denied',
    example: { detail: 'This requires the role admin in the organisation; yours is member.' },
  },
  'keys-make-no-credentials': {
    status: 403,
    title: 'API keys create no credentials',
    example: { detail: 'An API key cannot create API keys or invitations; this requires a signed-in person.' },
  },
  'cross-origin': {
    status: 403,
    title: 'Cross-origin request refused',
    example: { detail: 'A request that changes something with a session cookie must come from a page of this server.' },
  },
  'host-not-allowed': {
    status: 403,
    title: 'Host name not allowed',
    example: { detail: 'This server accepts loopback host names only.' },
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    example: { detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009.' },
  },
  'no-such-route': {
    status: 404,
    title: 'No such route',
    example: { detail: 'There is no route /api/service; see /api/docs for all routes.' },
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    example: { detail: 'This route does not support DELETE. It supports GET, HEAD, POST.' },
  },
  'other-place': {
    status: 409,
    title: 'Organisation and tenant cannot be changed',
    example: {
      detail: 'The organizationId of an entity cannot be changed after its creation.',
      errors: [{ in: 'body', pointer: '/organizationId', detail: 'cannot be changed' }],
    },
  },
  'unknown-service': {
    status: 409,
    title: 'Unknown service',
    example: {
      detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009 in the organisation of the incident.',
      errors: [
        { in: 'body', pointer: '/impacts/a1b2c3d4-0000-4000-8000-000000000009', detail: 'There is no such service' },
      ],
    },
  },
  'unknown-group': {
    status: 409,
    title: 'Unknown group',
    example: {
      detail: 'There is no group a1b2c3d4-0000-4000-8000-000000000209 in the organisation.',
      errors: [{ in: 'body', pointer: '/groupId', detail: 'There is no such group' }],
    },
  },
  'no-postmortem': {
    status: 409,
    title: 'No postmortem yet',
    example: {
      detail: 'The incident has no postmortem yet; send its text.',
      errors: [{ in: 'body', pointer: '/text', detail: 'is required for the first draft' }],
    },
  },
  'too-many-updates': {
    status: 409,
    title: 'Too many updates',
    example: { detail: 'An incident takes at most 1000 updates; open a new one.' },
  },
  'out-of-order': {
    status: 409,
    title: 'Time out of order',
    example: {
      detail: 'The incident started at 2026-03-01T10:00:00.000Z; an update cannot be earlier than that.',
      errors: [{ in: 'body', pointer: '/at', detail: 'is before the start of the incident' }],
    },
  },
  'wrong-state': {
    status: 409,
    title: 'Not in this state',
    example: {
      detail: 'The maintenance is completed; its status cannot change any more.',
      errors: [{ in: 'body', pointer: '/status', detail: 'cannot change any more' }],
    },
  },
  'nothing-to-redact': {
    status: 409,
    title: 'Nothing to redact',
    example: { detail: 'The service.status-reported at position 97 contains no free text.' },
  },
  'slug-taken': {
    status: 409,
    title: 'Slug already in use',
    example: {
      detail: 'Another organisation has the slug acme; choose another one.',
      errors: [{ in: 'body', pointer: '/slug', detail: 'is taken' }],
    },
  },
  'limit-reached': {
    status: 409,
    title: 'Limit reached',
    example: { detail: 'An organisation has at most 200 API keys; revoke one that is no longer needed.' },
  },
  'last-owner': {
    status: 409,
    title: 'Organisation needs an owner',
    example: { detail: 'This would leave the organisation without an owner; make another person owner first.' },
  },
  'email-taken': { status: 409, title: 'E-mail address already in use', example: { detail: EMAIL_TAKEN.message } },
  'already-set-up': { status: 409, title: 'Server already set up', example: { detail: ALREADY_SET_UP.message } },
  'invitation-expired': {
    status: 409,
    title: 'Invitation expired',
    example: { detail: 'The invitation expired at 2026-03-01T09:00:00.000Z; ask for a new one.' },
  },
  gone: {
    status: 410,
    title: 'Deleted',
    example: { detail: 'This incident was deleted. What it said before is in the past of the page.' },
  },
  'link-not-valid': { status: 410, title: 'Link invalid or expired', example: { detail: LINK_NOT_VALID.message } },
  stale: {
    status: 412,
    title: 'Entity changed since it was read',
    example: {
      detail: 'The entity is now at version 4. Review the events since then.',
      members: { version: 4, events: [] },
    },
  },
  'body-too-large': { status: 413, title: 'Body too large', example: { detail: 'The body is larger than 64 kB.' } },
  'not-json': {
    status: 415,
    title: 'Body must be JSON',
    example: { detail: 'Send the body as JSON, with the header "Content-Type: application/json".' },
  },
  'wrong-type': {
    status: 415,
    title: 'Body of another type',
    example: { detail: 'Send the bytes of a file with one of the types image/png, image/jpeg, image/webp.' },
  },
  'not-a-picture': {
    status: 400,
    title: 'Not a picture of that type',
    example: { detail: 'The body is not a PNG image, as its Content-Type says.' },
  },
  'key-reused': {
    status: 422,
    title: 'Idempotency key already used',
    example: { detail: 'This Idempotency-Key was used before with a different body; use a new key for a new request.' },
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    example: {
      detail: 'At most 600 in 60 s are allowed per address; wait 1 s.',
      headers: { 'Retry-After': '1' },
    },
  },
  'too-costly': {
    status: 429,
    title: 'Reads cost too much',
    example: {
      detail: 'The reads of this address, network, credential or organisation cost more than is allowed; wait 3 s.',
      headers: { 'Retry-After': '3' },
    },
  },
  'too-many-streams': {
    status: 429,
    title: 'Too many streams',
    example: {
      detail: 'At most 10 streams can be open at once; close another one first.',
      headers: { 'Retry-After': '10' },
    },
  },
  internal: {
    status: 500,
    title: 'Internal error',
    example: { detail: 'Something went wrong on our side. The request id identifies the error in the server log.' },
  },
  overloaded: {
    status: 503,
    title: 'Server overloaded',
    example: {
      detail: 'Too many changes are waiting to be recorded; try again in a moment.',
      headers: { 'Retry-After': '1' },
    },
  },
  behind: {
    status: 503,
    title: 'Not up to date',
    example: {
      detail: 'This server has not read the log up to position 118; try again shortly.',
      headers: { 'Retry-After': '1' },
    },
  },
  unavailable: {
    status: 503,
    title: 'Storage unavailable',
    example: {
      detail: 'The server cannot record changes at the moment. Reads still work.',
      headers: { 'Retry-After': '10' },
    },
  },
} satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof KINDS;

/** Status, title and an example of each problem. The codes are part of the API. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = KINDS;

/** One occurrence of a problem. */
export interface Problem extends Occurrence {
  readonly problem: ProblemCode;
}

/** The problem document. `error` repeats `detail` for early clients of this API, which read the text there. */
export function problemDocument({ problem, detail, errors, members }: Problem, requestId: string): object {
  const { status, title } = PROBLEMS[problem];
  return {
    type: `urn:plive:problem:${problem}`,
    status,
    title,
    code: problem,
    detail,
    error: detail,
    ...(errors ? { errors } : {}),
    ...members,
    requestId,
  };
}

/** The problem for an address at which there is no page. It is the same for what the reader may not know of. */
export const NOTHING_HERE: Problem = { problem: 'not-found', detail: 'There is nothing at this address.' };

/** The problem for an idempotency key that was used before with a different body. */
export const KEY_REUSED: Problem = { problem: 'key-reused', ...PROBLEMS['key-reused'].example };

/** The problem for a body that is not sent as JSON. */
export const NOT_JSON: Problem = { problem: 'not-json', ...PROBLEMS['not-json'].example };
