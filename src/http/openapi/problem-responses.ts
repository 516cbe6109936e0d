// What the document says of problems: their shape, an example of each, and the responses of an operation.
import { z } from 'zod';
import { ALREADY_SET_UP, EMAIL_TAKEN, LINK_NOT_VALID, WRONG_CREDENTIALS } from '../../identity/account-rejection.ts';
import { KEY_REUSED, NOT_JSON, PROBLEMS, type Problem, type ProblemCode, problemDocument } from '../problem.ts';
import type { Route } from '../route.ts';
import { answerHeaders, type Json, reference } from './components.ts';

export const problemSchema = z
  .looseObject({
    type: z.string().describe('A URI for the kind of problem'),
    status: z.int(),
    title: z.string(),
    code: z
      .string()
      .describe('The kind of problem, for programs')
      .meta({ examples: Object.keys(PROBLEMS) }),
    detail: z.string().describe('A sentence that a person can act on'),
    error: z.string().describe('The same sentence'),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().describe('JSON pointer into that part of the request'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Everything that is wrong with the request, and where'),
    requestId: z.string().describe('Name it when you ask for help'),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });

/** What the machinery itself answers. */
const OF_ALL = ['unauthenticated', 'forbidden', 'host-not-allowed', 'internal'] as const;
const OF_BODIES = ['malformed-json', 'no-known-member', 'too-deep', 'body-too-large', 'not-json'] as const;
const OF_WRITES = ['cross-origin', 'overloaded', 'unavailable'] as const;

/** The codes of everything that can go wrong with a row. */
export function problemCodes(route: Route): Set<ProblemCode> {
  const { params, query, body, conditional, repeatable, method, problems, unlimited } = route;
  const takesInput = params ?? query ?? body ?? conditional ?? repeatable;
  return new Set<ProblemCode>([
    ...problems,
    ...OF_ALL,
    ...(unlimited ? [] : (['too-many-requests'] as const)),
    ...(takesInput ? (['invalid-request'] as const) : []),
    ...(body ? OF_BODIES : []),
    ...(conditional ? (['stale'] as const) : []),
    ...(repeatable ? (['key-reused'] as const) : []),
    ...(method === 'get' ? [] : OF_WRITES),
  ]);
}

/** The responses of these problems, by status. */
export function problemResponses(codes: ReadonlySet<ProblemCode>, schema: Json): Json {
  const statuses = new Set([...codes].map((code) => PROBLEMS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const alike = [...codes].filter((code) => PROBLEMS[code].status === status);
      return [status, problemResponse(alike, schema)];
    }),
  );
}

/** One response for all problems of a status. */
function problemResponse(codes: readonly ProblemCode[], schema: Json): Json {
  const examples = Object.fromEntries(codes.map((code) => [code, reference('examples', code)]));
  const waits = codes.some((code) => EXAMPLES[code].headers) ? (['Retry-After'] as const) : [];
  return {
    description: codes.map((code) => PROBLEMS[code].title).join(', or: '),
    headers: answerHeaders(...waits),
    content: { 'application/problem+json': { schema, examples } },
  };
}

const IMPACT_POINTER = '/impacts/a1b2c3d4-0000-4000-8000-000000000009';

/** What each problem looks like when it is met. */
const EXAMPLES: Readonly<Record<ProblemCode, Omit<Problem, 'problem'>>> = {
  'malformed-json': { detail: 'The body is not valid JSON.' },
  'invalid-request': {
    detail: 'status is required.',
    errors: [{ in: 'body', pointer: '/status', detail: 'is required' }],
  },
  'no-known-member': { detail: 'The body names none of name, status. Did you mean "status" instead of "state"?' },
  'too-deep': { detail: 'The body is nested deeper than 32 levels.' },
  'future-time': {
    detail: '2036-03-01T10:00:00.000Z has not come yet: it is 2026-03-01T10:00:00.000Z here.',
    errors: [{ in: 'body', pointer: '/at', detail: 'has not come yet' }],
  },
  'past-time': {
    detail: '2026-03-01T09:00:00.000Z has passed already: it is 2026-03-01T10:00:00.000Z here.',
    errors: [{ in: 'body', pointer: '/expiresAt', detail: 'has passed already' }],
  },
  unauthenticated: { detail: 'This takes someone who is signed in, or an API key.' },
  'weak-password': {
    detail: 'The password must not be the name or the e-mail address.',
    errors: [{ in: 'body', pointer: '/password', detail: 'must not be the name or the e-mail address' }],
  },
  'wrong-credentials': { detail: WRONG_CREDENTIALS.message },
  'email-taken': { detail: EMAIL_TAKEN.message },
  'already-set-up': { detail: ALREADY_SET_UP.message },
  'link-not-valid': { detail: LINK_NOT_VALID.message },
  forbidden: { detail: 'You may not write here.' },
  'cross-origin': { detail: 'A change with a session cookie must come from a page of this server.' },
  'host-not-allowed': { detail: 'This server answers to loopback host names only.' },
  'not-found': { detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009.' },
  'no-such-route': { detail: 'There is no route /api/service; /api/docs lists all there are.' },
  'method-not-allowed': { detail: 'DELETE is not for this route; it takes GET, HEAD, POST.' },
  'other-place': {
    detail: 'The organizationId of an entity cannot be changed after its creation.',
    errors: [{ in: 'body', pointer: '/organizationId', detail: 'cannot be changed' }],
  },
  'unknown-service': {
    detail: 'There is no service a1b2c3d4-0000-4000-8000-000000000009 for the incident to speak of.',
    errors: [{ in: 'body', pointer: IMPACT_POINTER, detail: 'There is no such service' }],
  },
  'too-many-updates': { detail: 'An incident takes at most 1000 updates; open a new one.' },
  'out-of-order': {
    detail: 'The incident started at 2026-03-01T10:00:00.000Z; an update cannot be of before that.',
    errors: [{ in: 'body', pointer: '/at', detail: 'is before the start of the incident' }],
  },
  'nothing-to-redact': { detail: 'Nobody wrote any words into the service.status-reported at position 97.' },
  'slug-taken': {
    detail: 'Another organisation has the slug acme; choose another one.',
    errors: [{ in: 'body', pointer: '/slug', detail: 'is taken' }],
  },
  'last-owner': { detail: 'This would leave the organisation without an owner; make somebody else one first.' },
  'invitation-expired': { detail: 'The invitation expired at 2026-03-01T09:00:00.000Z; ask for a new one.' },
  stale: { detail: 'It is at version 4 by now; look at what happened since.', members: { version: 4, events: [] } },
  'body-too-large': { detail: 'The body is larger than 64 kB.' },
  'not-json': { detail: NOT_JSON.detail },
  'key-reused': { detail: KEY_REUSED.detail },
  'too-many-requests': {
    detail: 'No more than 600 in 60 s are allowed for one address; wait 1 s.',
    headers: { 'Retry-After': '1' },
  },
  internal: { detail: 'Something went wrong on our side; the request id finds it in our log.' },
  overloaded: {
    detail: 'Too many changes wait to be recorded; try again in a moment.',
    headers: { 'Retry-After': '1' },
  },
  unavailable: { detail: 'Nothing can be recorded at the moment. Reads go on.', headers: { 'Retry-After': '10' } },
};
/** An example of every problem, for the components. */
export function problemExamples(): Json {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  return Object.fromEntries(
    codes.map((code) => {
      const value = problemDocument({ problem: code, ...EXAMPLES[code] }, '0198c0de-0000-7000-8000-000000000000');
      return [code, { summary: PROBLEMS[code].title, value }];
    }),
  );
}
