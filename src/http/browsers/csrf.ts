// CSRF protection: refuses a change that a page of another origin sends with the visitor's session cookie.
import type { Request } from 'express';
import { carriesApiKey } from '../../identity/api-key-text.ts';
import { hasSessionCookie } from '../../identity/cookies.ts';
import type { OriginPolicy } from '../../identity/origins.ts';
import { hasBody } from '../json-body.ts';
import { NOT_JSON, type Problem } from '../problem.ts';

const CROSS_ORIGIN: Problem = {
  problem: 'cross-origin',
  detail:
    'A request that changes something with a session cookie must come from a page of this server or of a trusted origin, and say so in its Origin header. Programs should use an API key.',
};

/**
 * Returns a problem for a change that a session cookie authenticates and that does not come from an allowed page:
 * browsers attach cookies automatically. They never attach an API key automatically, so a request with one passes. They do
 * attach the user name and password of a proxy.
 */
export function refuseForgery(request: Request, origins: OriginPolicy): Problem | undefined {
  const { method, headers } = request;
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return undefined;
  if (carriesApiKey(headers) || !hasSessionCookie(headers.cookie)) return undefined;
  if (!isFromAllowedPage(request, origins)) return CROSS_ORIGIN;
  // Of all other types, a page of any origin could send some without being asked.
  return hasBody(headers) && !request.is(['json', '+json', 'image/*']) ? NOT_JSON : undefined;
}

/** Returns a problem for the form of a page of another origin. It may come with a session cookie, or without one. */
export function refuseForeignForm(request: Request, origins: OriginPolicy): Problem | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isFromBrowser = origin !== undefined || site !== undefined || hasSessionCookie(request.headers.cookie);
  return isFromBrowser && !isFromAllowedPage(request, origins) ? CROSS_ORIGIN : undefined;
}

function isFromAllowedPage({ headers }: Request, origins: OriginPolicy): boolean {
  const { origin } = headers;
  // Some browsers omit the Origin header on same-origin requests.
  return origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : origins.allowsCookies(origin, headers);
}
