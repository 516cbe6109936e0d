// Everything that can be answered instead of what was asked: one table from code to status and title (RFC 9457).

/** Status and title of each problem. The codes are part of the API. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'no-known-member': { status: 400, title: 'The body names nothing that this takes' },
  'too-deep': { status: 400, title: 'The body is nested too deeply' },
  'future-time': { status: 400, title: 'The time has not come yet' },
  'past-time': { status: 400, title: 'The time has passed already' },
  'weak-password': { status: 400, title: 'The password is too easy to guess' },
  unauthenticated: { status: 401, title: 'It is not known who asks' },
  'wrong-credentials': { status: 401, title: 'It is not shown who asks' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'cross-origin': { status: 403, title: 'The request comes from a page of somebody else' },
  'host-not-allowed': { status: 403, title: 'This host name is not served' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'no-such-route': { status: 404, title: 'There is no such route' },
  'method-not-allowed': { status: 405, title: 'This method is not for this route' },
  'other-place': { status: 409, title: 'An entity stays where it was created' },
  'unknown-service': { status: 409, title: 'The incident speaks of an unknown service' },
  'too-many-updates': { status: 409, title: 'The incident has too many updates' },
  'out-of-order': { status: 409, title: 'The time is before what it must follow' },
  'nothing-to-redact': { status: 409, title: 'There are no words in it' },
  'slug-taken': { status: 409, title: 'Another organisation has this slug' },
  'last-owner': { status: 409, title: 'The organisation would have no owner' },
  'email-taken': { status: 409, title: 'Another account has this e-mail address' },
  'already-set-up': { status: 409, title: 'The server has an owner already' },
  'invitation-expired': { status: 409, title: 'The invitation has expired' },
  'link-not-valid': { status: 410, title: 'The link is not valid, or not any more' },
  stale: { status: 412, title: 'It has changed meanwhile' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'not-json': { status: 415, title: 'The body must be JSON' },
  'key-reused': { status: 422, title: 'The idempotency key was used for something else' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  overloaded: { status: 503, title: 'Too much is waiting' },
  unavailable: { status: 503, title: 'Nothing can be recorded now' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a request, and where: `pointer` is a JSON pointer into the named part. */
export interface RequestError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  readonly pointer: string;
  readonly detail: string;
}

export interface Problem {
  readonly problem: ProblemCode;
  /** A sentence that a person can act on. */
  readonly detail: string;
  readonly errors?: readonly RequestError[];
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The problem document. `error` repeats the sentence for the first clients of this API, which read it there. */
export function problemDocument({ problem, detail, errors, members }: Problem, requestId: string): object {
  return {
    type: `urn:plive:problem:${problem}`,
    ...PROBLEMS[problem],
    code: problem,
    detail,
    error: detail,
    ...(errors ? { errors } : {}),
    ...members,
    requestId,
  };
}

export const KEY_REUSED: Problem = {
  problem: 'key-reused',
  detail: 'This Idempotency-Key was used before with another body; use a new key for a new request.',
};

export const NOT_JSON: Problem = {
  problem: 'not-json',
  detail: 'Send the body as JSON, with the header "Content-Type: application/json".',
};
