// Finds query parameters that are most likely misspelt. Others that a route does not know are ignored, because caches,
// browsers and links add their own.
import { distance } from 'fastest-levenshtein';
import { AT_LEAST } from './freshness/seen-position.ts';
import type { RequestError } from './problem.ts';
import type { Route } from './route.ts';
import { pointerTo } from './validation.ts';

/** The parameter of a route with a body that refuses members that the route does not know. */
export const STRICT = 'strict';

/** From this length of the known name on, a parameter may differ by edits: shorter names are too alike. */
const MIN_EDITED_LENGTH = 6;
const MAX_EDITS = 2;
/** Longer names are cut in errors. */
const MAX_SHOWN_LENGTH = 64;

/** The names of the query parameters that a route takes. */
export function parametersOf({ query, body }: Pick<Route, 'query' | 'body'>): readonly string[] {
  return [...Object.keys(query?.shape ?? {}), ...(body ? [STRICT] : []), AT_LEAST];
}

/** The known parameter that was most likely meant by one that is not known; `undefined` if there is none. */
export function meantBy(sent: string, known: readonly string[]): string | undefined {
  return known.includes(sent) ? undefined : known.find((name) => isMisspelling(bare(sent), bare(name)));
}

/** An error for each misspelt parameter. */
export function misspeltParameters(sent: readonly string[], known: readonly string[]): RequestError[] {
  return sent.flatMap((name) => {
    const meant = meantBy(name, known);
    if (meant === undefined) return [];
    const pointer = pointerTo([name.slice(0, MAX_SHOWN_LENGTH)]);
    return [{ in: 'query', pointer, detail: `is not known: the parameter is named ${meant}` }];
  });
}

/** The name without what clients write differently: case, and separators such as `_`, `-` and `[]`. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function isMisspelling(sent: string, known: string): boolean {
  return sent === known || isTransposed(sent, known) || isEdited(sent, known);
}

/** Whether two neighbouring letters are swapped. */
function isTransposed(sent: string, known: string): boolean {
  const first = [...known].findIndex((letter, index) => letter !== sent[index]);
  return (
    first >= 0 &&
    sent === known.slice(0, first) + known.charAt(first + 1) + known.charAt(first) + known.slice(first + 2)
  );
}

function isEdited(sent: string, known: string): boolean {
  // The difference in length is a lower bound of the distance: long names cost nothing.
  return (
    known.length >= MIN_EDITED_LENGTH &&
    Math.abs(sent.length - known.length) <= MAX_EDITS &&
    distance(sent, known) <= MAX_EDITS
  );
}
