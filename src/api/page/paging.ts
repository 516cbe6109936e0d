// How lists are paged over HTTP: the query parameters, the cursor, and the link to the next page.
import * as z from 'zod';
import type { Order, Place } from '../../../projections/page.ts';
import { numberParameter, parseWholeNumber } from '../../commands/numbers.ts';
import { parseTime, queryTimeField } from '../../commands/times.ts';

/** How many rows a page has at most, and if the request does not say. */
const MAX_LIMIT = 1_000;

/** A place in base64url: opaque, so that lists can get another order without clients noticing. */
function cursorOf({ origin, began }: Place): string {
  return Buffer.from(began === undefined ? String(origin) : `${origin} ${began}`).toString('base64url');
}

function placeIn(cursor: string): Place | undefined {
  const [number = '', time] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  const [origin, began] = [parseWholeNumber(number), time === undefined ? undefined : parseTime(time)];
  if (origin === undefined) return undefined;
  return began === undefined ? { origin } : { origin, began };
}

const cursor = z.string().transform((text, { addIssue }) => {
  const place = placeIn(text);
  if (place && cursorOf(place) === text) return place;
  addIssue({ code: 'custom', message: NO_CURSOR });
  return z.NEVER;
});

const NO_CURSOR = 'is not a cursor of this list; take it from the link to the next page';

/** The query parameters of every list that has pages. */
export const pageFields = {
  limit: numberParameter({ min: 1, max: MAX_LIMIT })
    .exactOptional()
    .describe(`Answer a page of at most this many. Default with any parameter of a page: ${MAX_LIMIT}`),
  cursor: cursor.exactOptional().describe('Answer the page after this one. The `Link` of a page has it'),
};

/** The query parameters of lists of what lasts for a time. */
export const spanFields = {
  from: queryTimeField.exactOptional().describe('Only what lasted at or after this time'),
  to: queryTimeField.exactOptional().describe('Only what began before this time'),
  order: z
    .enum(['recorded', 'began'])
    .exactOptional()
    .describe('In the order of creation, or in that in which they began. Default: `recorded`'),
};

/** What a query may ask of a page. */
export interface PageParameters {
  readonly limit?: number | undefined;
  readonly cursor?: Place | undefined;
  readonly status?: string | undefined;
  readonly active?: 'true' | 'false' | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly order?: Order | undefined;
}

/** Adds an issue if the interval is empty, or the cursor is of a list in another order. */
export function checkPage({ from, to, order, cursor: after }: PageParameters, { addIssue }: z.RefinementCtx): void {
  if (from !== undefined && to !== undefined && from >= to) {
    addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
  }
  if (after && (after.began !== undefined) !== (order === 'began')) {
    addIssue({ code: 'custom', path: ['cursor'], message: NO_CURSOR });
  }
}

/** Whether the query asks for a page; without any of these parameters a list is whole. */
export function asksForPage({ limit, cursor: after, status, active, from, to, order }: PageParameters): boolean {
  return [limit, after, status, active, from, to, order].some((value) => value !== undefined);
}

/** The query of a page as projections take it. */
export function pageQuery({ limit = MAX_LIMIT, cursor: after, active, status, from, to, order }: PageParameters) {
  return { limit, after, status, active: active === undefined ? undefined : active === 'true', from, to, order };
}

/** The headers of a page: the link to the next one, which repeats the query. */
export function linkHeaders(query: object, next: Place | undefined): Readonly<Record<string, string>> {
  if (next === undefined) return {};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: cursorOf(next) })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return { Link: `<?${parameters}>; rel="next"` };
}
