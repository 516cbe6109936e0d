// The right address of a page. Other spellings of it redirect: with a slash at its end, or with an id in upper case.
import type { Request } from 'express';
import { NOTHING_HERE, type Problem } from './problem.ts';
import type { Reply, Route } from './route.ts';
import type { Checked } from './validation.ts';

/**
 * Returns a redirect to the page that a path means which no row has: without slashes at its end, and in lower case.
 * `undefined` if that is no page either. The patterns are those of the paths of all pages.
 */
export function redirectToPage({ path, url }: Request, pages: readonly RegExp[]): Reply | undefined {
  const withoutSlashes = path.replace(/\/+$/, '') || '/';
  // Ids of organisations can have letters in upper case: it is changed only where that is needed.
  const address = [withoutSlashes, withoutSlashes.toLowerCase()].find((each) => pages.some((page) => page.test(each)));
  return address === undefined || address === path ? undefined : redirectTo(address, url);
}

/**
 * Returns a problem for a page whose path cannot be that of anything, and a redirect if its parameters are in another
 * spelling than the validated one.
 */
export function pageElsewhere(
  { path }: Route,
  request: Request,
  params: Checked<unknown>,
): Problem | Reply | undefined {
  if (params.errors) return NOTHING_HERE;
  const values = params.value as Readonly<Record<string, unknown>> | undefined;
  const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values?.[name])));
  return address === request.path ? undefined : redirectTo(address, request.url);
}

/** Matches the paths of a row. */
export function pathPattern({ path }: Route): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** The address begins as the path of a row, so it is one of this server. */
function redirectTo(address: string, url: string): Reply {
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return { status: 308, headers: { Location: address + query } };
}
