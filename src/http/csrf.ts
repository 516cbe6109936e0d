// Refuses what a stranger's page makes a browser send with the session of whoever looks at it (CSRF).
import type { Request } from 'express';
import { hasSessionCookie } from '../identity/cookies.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import { hasBody } from './json-body.ts';
import { NOT_JSON, type Problem } from './problem.ts';

const CROSS_ORIGIN: Problem = {
  problem: 'cross-origin',
  detail:
    'A request that changes something with a session cookie must come from a page of this server or of a trusted origin, and say so in its Origin header. Programs should use an API key.',
};

/**
 * A problem where a change rests on a session cookie, which browsers send along unasked, and does not come from a page that
 * may make it. A request with an `Authorization` header rests on that: no page can make a browser send one unasked.
 */
export function refuseForgery(request: Request, origins: OriginPolicy): Problem | undefined {
  const { method, headers } = request;
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return undefined;
  if (headers.authorization !== undefined || !hasSessionCookie(headers.cookie)) return undefined;
  if (!isOurPage(request, origins)) return CROSS_ORIGIN;
  return hasBody(headers) && !request.is(['json', '+json']) ? NOT_JSON : undefined;
}

function isOurPage({ headers }: Request, origins: OriginPolicy): boolean {
  const { origin, host } = headers;
  // Some browsers leave out the Origin of what a page sends to its own server.
  return origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : origins.allowsCookies(origin, host);
}
