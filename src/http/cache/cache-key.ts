// Cache keys of responses: the path, those query parameters that the route declares, and of a page who reads it.
import type { IncomingHttpHeaders } from 'node:http';
import { asOfFields } from '../as-of.ts';
import { type Reader, readerKey, readerOf } from '../browsers/reader.ts';
import { AT_LEAST } from '../freshness/seen-position.ts';
import { meantBy, parametersOf } from '../misspelt-parameters.ts';
import type { Route } from '../route.ts';

/** The cache key of a GET of this URL with these headers; `undefined` if its response is not cached. */
export type KeyOf = (url: string, headers: IncomingHttpHeaders) => string | undefined;

/** Longer URLs are not cached, in characters. */
const MAX_URL_LENGTH = 500;

/** Query parameters of historical reads. Those are not cached: there are too many different ones. */
const PAST_PARAMETERS = new Set(Object.keys(asOfFields));

/** The parameter of a page that its reader stands for. */
const LANGUAGE = 'lang';

/** A route whose responses are cached. */
interface Row {
  readonly pattern: RegExp;
  /** The names of its parameters. */
  readonly names: readonly string[];
  readonly isPage: boolean;
}

/**
 * Creates the keys of all cacheable routes. A parameter that a route does not declare cannot change its response, so
 * the key leaves it out.
 */
export function createKeys(routes: readonly Route[]): KeyOf {
  const rows = routes.filter(({ cacheable }) => cacheable).map(rowOf);
  return (url, headers) => {
    if (url.length > MAX_URL_LENGTH) return undefined;
    const [path = '', query] = split(url);
    const row = rows.find(({ pattern }) => pattern.test(path));
    const pairs = row && (query === undefined ? [] : declaredPairs(query, row.names));
    if (!row || !pairs) return undefined;
    return row.isPage ? keyOfPage(path, pairs, headers) : addressOf(path, pairs);
  };
}

/** The key of a page at this URL, which has no parameter that its reader stands for. */
export function pageKey(url: string, reader: Reader): string {
  // No URL contains a line feed, so no other response has this key.
  return `${url}\n${readerKey(reader)}`;
}

function keyOfPage(path: string, pairs: readonly string[], headers: IncomingHttpHeaders): string | undefined {
  const isLanguage = (pair: string) => pair.startsWith(`${LANGUAGE}=`);
  const [language, another] = pairs.filter(isLanguage);
  if (another !== undefined) return undefined;
  const address = addressOf(
    path,
    pairs.filter((pair) => !isLanguage(pair)),
  );
  return pageKey(address, readerOf(headers, language?.slice(LANGUAGE.length + 1)));
}

function addressOf(path: string, pairs: readonly string[]): string {
  return pairs.length === 0 ? path : `${path}?${[...pairs].sort().join('&')}`;
}

function rowOf(route: Route): Row {
  const isPage = route.page ?? false;
  // An id in upper case is valid too, but its response is not worth a second cache entry. A page redirects, and there is
  // no file of such a name.
  const parameter = isPage || route.loadedByPages ? '[\\w.-]+' : '[a-z0-9-]+';
  const pattern = route.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, parameter);
  return { pattern: new RegExp(`^${pattern}$`), names: parametersOf(route), isPage };
}

function split(url: string): readonly [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/**
 * The declared parameters of the query, but for the position that it has seen, which changes no response. `undefined` for a historical read, for a query that would have to be decoded, and
 * for one with a misspelt parameter, which is refused.
 */
function declaredPairs(query: string, names: readonly string[]): string[] | undefined {
  if (/[%+#]/.test(query)) return undefined;
  const declared: string[] = [];
  for (const pair of query.split('&')) {
    const [name = ''] = pair.split('=', 1);
    if (PAST_PARAMETERS.has(name)) return undefined;
    if (name === AT_LEAST) continue;
    if (names.includes(name)) declared.push(pair);
    else if (meantBy(name, names) !== undefined) return undefined;
  }
  return declared;
}
