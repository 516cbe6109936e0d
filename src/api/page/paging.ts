// How lists are paged over HTTP: the query parameters, the cursor, and the link to the next page.
import { z } from 'zod';
import { numberParameter, parseWholeNumber } from '../../commands/numbers.ts';

/** How many rows a page has at most, and if the request does not say. */
const MAX_LIMIT = 1_000;

/** An origin in base64url: opaque, so that lists can get another order without clients noticing. */
function cursorOf(origin: number): string {
  return Buffer.from(String(origin)).toString('base64url');
}

const cursor = z.string().transform((text, { addIssue }) => {
  const origin = parseWholeNumber(Buffer.from(text, 'base64url').toString('latin1'));
  if (origin !== undefined && cursorOf(origin) === text) return origin;
  addIssue({ code: 'custom', message: 'is not a cursor of this list; take it from the link to the next page' });
  return z.NEVER;
});

/** The query parameters of every list that has pages. */
export const pageFields = {
  limit: numberParameter({ min: 1, max: MAX_LIMIT })
    .exactOptional()
    .describe(`Answer a page of at most this many. Default with any parameter of a page: ${MAX_LIMIT}`),
  cursor: cursor.exactOptional().describe('Answer the page after this one. The `Link` of a page has it'),
};

/** What a query may ask of a page. */
export interface PageParameters {
  readonly limit?: number | undefined;
  readonly cursor?: number | undefined;
  readonly status?: string | undefined;
  readonly active?: 'true' | 'false' | undefined;
}

/** Whether the query asks for a page; without any of these parameters a list is whole. */
export function asksForPage({ limit, cursor: after, status, active }: PageParameters): boolean {
  return [limit, after, status, active].some((value) => value !== undefined);
}

/** The query of a page as projections take it. */
export function pageQuery({ limit = MAX_LIMIT, cursor: after, status, active }: PageParameters) {
  return { limit, after, status, active: active === undefined ? undefined : active === 'true' };
}

/** The headers of a page: the link to the next one, which repeats the query. */
export function linkHeaders(query: object, next: number | undefined): Readonly<Record<string, string>> {
  if (next === undefined) return {};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: cursorOf(next) })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return { Link: `<?${parameters}>; rel="next"` };
}
