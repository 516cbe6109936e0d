// How often a request may be made: by its client's address and, where it changes something, by who is signed in.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Actor } from '../../projections/events/event-types.ts';
import type { RateLimiter, Verdict } from '../bounds/rate-limiter.ts';
import { type ClientAddress, networkOf } from '../identity/client-address.ts';
import type { Problem } from './problem.ts';

export interface RequestLimits {
  /** Of all requests, by address. */
  readonly addresses: RateLimiter;
  /** Of those that change something, by key or account. */
  readonly credentials: RateLimiter;
}

/** Counts a request for its address. */
export function limitAddress(limiter: RateLimiter, clientAddress: ClientAddress, request: IncomingMessage): Verdict {
  return limiter.take(networkOf(clientAddress(request)));
}

/** Counts a change for who makes it; `undefined` where that is nobody in particular, who is counted by address alone. */
export function limitCredential(limiter: RateLimiter, { kind, id }: Actor): Verdict | undefined {
  return id === undefined ? undefined : limiter.take(`${kind} ${id}`);
}

/** Tells the client how much it has left, of the limit that it will meet first; answers with a problem where it has nothing left. */
export function enforce(verdict: Verdict, response: Response): Problem | undefined {
  const { rateLimit: known } = response.locals as { rateLimit?: Verdict };
  if (!known || verdict.remaining <= known.remaining) {
    response.locals.rateLimit = verdict;
    response.set(rateLimitHeaders(verdict));
  }
  return verdict.allowed ? undefined : tooManyRequests(verdict);
}

/** The answer to one too many. */
export function tooManyRequests(verdict: Verdict): Problem {
  const { count, window, name } = verdict.quota;
  return {
    problem: 'too-many-requests',
    detail: `At most ${count} in ${window} s are allowed per ${name}; wait ${verdict.retryAfter} s.`,
    headers: { ...rateLimitHeaders(verdict), 'Retry-After': String(verdict.retryAfter) },
  };
}

/** As draft-ietf-httpapi-ratelimit-headers writes them since its version 08. */
export function rateLimitHeaders({
  quota: { name, count, window },
  remaining,
  reset,
}: Verdict): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${count};w=${window}`,
    RateLimit: `"${name}";r=${remaining};t=${reset}`,
  };
}
