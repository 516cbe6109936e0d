// The position that a client has seen: its answer must not be older.
import type { IncomingMessage } from 'node:http';
import { parseWholeNumber } from '../../commands/numbers.ts';
import type { RequestError } from '../problem.ts';
import type { Checked } from '../validation.ts';
import { POSITION_HEADER } from './served-log.ts';

/** The query parameter of every route. */
export const AT_LEAST = 'at_least';

const NAMED_IN_HEADERS = POSITION_HEADER.toLowerCase();

/** The position that a request has seen, in its query or in its header; `undefined` if it names none. */
export function parseSeenPosition({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): Checked<number | undefined> {
  const query = positionIn(queryValues(url), { in: 'query', pointer: `/${AT_LEAST}` });
  const header = positionIn([headers[NAMED_IN_HEADERS] ?? []].flat(), { in: 'header', pointer: `/${POSITION_HEADER}` });
  if (query.errors || header.errors) return { errors: [...(query.errors ?? []), ...(header.errors ?? [])] };
  const named = [query.value, header.value].filter((value) => value !== undefined);
  return { value: named.length === 0 ? undefined : Math.max(...named) };
}

/** Whether a request may name a position that it has seen: most requests name none, which costs next to nothing. */
export function mayNamePosition({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  return headers[NAMED_IN_HEADERS] !== undefined || url.includes(AT_LEAST);
}

function queryValues(url: string): readonly string[] {
  const mark = url.indexOf('?');
  return mark < 0 ? [] : new URLSearchParams(url.slice(mark)).getAll(AT_LEAST);
}

function positionIn(values: readonly string[], where: Omit<RequestError, 'detail'>): Checked<number | undefined> {
  const positions = values.map(parseWholeNumber);
  if (positions.includes(undefined)) return { errors: [{ ...where, detail: 'must be a position in the log' }] };
  return { value: positions.length === 0 ? undefined : Math.max(...(positions as number[])) };
}
