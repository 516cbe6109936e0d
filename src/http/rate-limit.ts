// Rate limits of HTTP requests: all requests per client address, and changes per account or API key. Also how soon those
// above the limit are refused.
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Actor } from '../../projections/events/event-types.ts';
import type { Budget } from '../bounds/budget.ts';
import type { RateLimiter, Verdict } from '../bounds/rate-limiter.ts';
import { type ClientAddress, networkOf } from '../identity/client-address.ts';
import type { Problem } from './problem.ts';

export interface RequestLimits {
  /** Limits all requests, per client address. */
  readonly addresses: RateLimiter;
  /** Limits requests that change something, per API key or account. */
  readonly credentials: RateLimiter;
  /** How many refusals a client address gets at once, and in a second. */
  readonly refusals: Budget;
}

/** Counts a request against the limit of its client address. */
export function limitAddress(limiter: RateLimiter, clientAddress: ClientAddress, request: IncomingMessage): Verdict {
  return limiter.take(networkOf(clientAddress(request)));
}

/**
 * Calls `refuse` at once, or later if this client address gets too many refusals: a client that asks again at once,
 * whatever it is told, must not fill the event loop with refusals. Does not call it if the client goes.
 */
export function refuseInTime(
  { refusals }: RequestLimits,
  clientAddress: ClientAddress,
  response: Response,
  refuse: () => void,
): void {
  const key = networkOf(clientAddress(response.req));
  refusals.charge(key, 1);
  const wait = refusals.wait(key);
  if (wait === 0) {
    refuse();
    return;
  }
  const timer = setTimeout(refuse, wait);
  response.once('close', () => clearTimeout(timer));
}

/**
 * Counts a change against the limit of its actor. `undefined` for an anonymous actor, who is limited by address only.
 */
export function limitCredential(limiter: RateLimiter, { kind, id }: Actor): Verdict | undefined {
  return id === undefined ? undefined : limiter.take(`${kind} ${id}`);
}

/**
 * Sets the rate-limit headers of the response, for the limit with the fewest requests left. Returns a problem if the
 * request exceeds its limit.
 */
export function enforce(verdict: Verdict, response: Response): Problem | undefined {
  const { rateLimit: tightest } = response.locals as { rateLimit?: Verdict };
  if (!tightest || verdict.remaining <= tightest.remaining) {
    response.locals.rateLimit = verdict;
    response.set(rateLimitHeaders(verdict));
  }
  return verdict.allowed ? undefined : tooManyRequests(verdict);
}

/** The problem for a request that exceeds its limit. */
export function tooManyRequests(verdict: Verdict): Problem {
  const { count, window, name } = verdict.quota;
  return {
    problem: 'too-many-requests',
    detail: `At most ${count} in ${window} s are allowed per ${name}; wait ${verdict.retryAfter} s.`,
    headers: { ...rateLimitHeaders(verdict), 'Retry-After': String(verdict.retryAfter) },
  };
}

/** The headers of draft-ietf-httpapi-ratelimit-headers, in the format of version 08 and later. */
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
