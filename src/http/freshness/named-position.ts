// The positions that a parsed request names: where it reads, resumes or changes something.
import type { ParsedRequest } from '../parse-request.ts';

/** Members of a path or query that hold a position. The version in the `after` of a history is less than any position. */
interface Named {
  readonly position?: unknown;
  readonly after?: unknown;
  readonly cursor?: { readonly origin?: unknown } | undefined;
}

/** The last position that the request names; 0 if it names none. */
export function namedPosition({ params, query, lastEventId }: ParsedRequest): number {
  const { position, after, cursor } = (query ?? {}) as Named;
  const named = [(params as Named | undefined)?.position, position, after, cursor?.origin, lastEventId];
  return Math.max(0, ...named.filter((value) => typeof value === 'number'));
}
