// Cache keys of responses: the path and those query parameters that the route declares.
import { asOfFields } from '../as-of.ts';
import { meantBy, parametersOf } from '../misspelt-parameters.ts';
import type { Route } from '../route.ts';

/** The cache key of a GET for this URL; `undefined` if its response is not cached. */
export type KeyOf = (url: string) => string | undefined;

/** Longer URLs are not cached, in characters. */
const MAX_URL_LENGTH = 500;

/** Query parameters of historical reads. Those are not cached: there are too many different ones. */
const PAST_PARAMETERS = new Set(Object.keys(asOfFields));

/**
 * Creates the keys of all cacheable routes. A parameter that a route does not declare cannot change its response, so
 * the key leaves it out.
 */
export function createKeys(routes: readonly Route[]): KeyOf {
  const rows = routes
    .filter(({ cacheable }) => cacheable)
    .map((route) => ({ pattern: patternOf(route.path), names: parametersOf(route) }));
  return (url) => {
    if (url.length > MAX_URL_LENGTH) return undefined;
    const [path = '', query] = split(url);
    const row = rows.find(({ pattern }) => pattern.test(path));
    if (!row || query === undefined) return row && path;
    const declared = declaredPairs(query, row.names);
    if (!declared || declared.length === 0) return declared && path;
    return `${path}?${declared.sort().join('&')}`;
  };
}

/**
 * Matches lower-case ids only. An id in upper case is valid too, but its response is not worth a second cache entry.
 */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[a-z0-9-]+')}$`);
}

function split(url: string): readonly [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/**
 * The declared parameters of the query. `undefined` for a historical read, for a query that would have to be decoded, and
 * for one with a misspelt parameter, which is refused.
 */
function declaredPairs(query: string, names: readonly string[]): string[] | undefined {
  if (/[%+#]/.test(query)) return undefined;
  const declared: string[] = [];
  for (const pair of query.split('&')) {
    const [name = ''] = pair.split('=', 1);
    if (PAST_PARAMETERS.has(name)) return undefined;
    if (names.includes(name)) declared.push(pair);
    else if (meantBy(name, names) !== undefined) return undefined;
  }
  return declared;
}
