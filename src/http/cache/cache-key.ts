// Names the answers that are kept in front of Express: by path, and by what of the query the row knows.
import { asOfFields } from '../as-of.ts';
import type { Route } from '../route.ts';

/** The name of the answer to a GET of this URL; `undefined` where none is kept. */
export type KeyOf = (url: string) => string | undefined;

/** A longer one asks for nothing that is kept. */
const MAX_LENGTH = 500;

/** What asks for the past: there is too much of it to keep any. */
const PAST = new Set(Object.keys(asOfFields));

/** Made from the rows whose answers are kept. What a row does not know makes no difference to its answer, and so none to its name. */
export function createKeys(routes: readonly Route[]): KeyOf {
  const rows = routes
    .filter(({ cacheable }) => cacheable)
    .map(({ path, query }) => ({ pattern: patternOf(path), names: new Set(Object.keys(query?.shape ?? {})) }));
  return (url) => {
    if (url.length > MAX_LENGTH) return undefined;
    const [path = '', query] = split(url);
    const row = rows.find(({ pattern }) => pattern.test(path));
    if (!row || query === undefined) return row && path;
    const known = knownPairs(query, row.names);
    if (!known || known.length === 0) return known && path;
    return `${path}?${known.sort().join('&')}`;
  };
}

/** Ids are lower-case; others are the same as one that is, and need no name of their own. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[a-z0-9-]+')}$`);
}

function split(url: string): readonly [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** What the row knows of the query. `undefined` where it asks for the past, or is written so that only a parser can tell. */
function knownPairs(query: string, names: ReadonlySet<string>): string[] | undefined {
  if (/[%+#]/.test(query)) return undefined;
  const known: string[] = [];
  for (const pair of query.split('&')) {
    const [name = ''] = pair.split('=', 1);
    if (PAST.has(name)) return undefined;
    if (names.has(name)) known.push(pair);
  }
  return known;
}
