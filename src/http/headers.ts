// Parses request headers: preconditions, idempotency keys, event ids, request ids, credentials. Names the JSON media
// types.
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { parseWholeNumber } from '../commands/numbers.ts';
import { hasSessionCookie } from '../identity/cookies.ts';
import type { Checked } from './validation.ts';

/** The `Content-Type` of JSON responses. */
export const JSON_TYPE = 'application/json; charset=utf-8';
/** The `Content-Type` of problem documents (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An element of a list of entity tags: its opaque text may contain commas. */
const LISTED_TAG = /\s*(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,(?=.)|$)/y;

/**
 * The tags in an `If-Match` or `If-None-Match` header, in quotes and without their weakness: a compressing proxy weakens
 * tags. `*` stands for all of them. `undefined` if the header is malformed.
 */
function parseTags(header: string): readonly string[] | '*' | undefined {
  if (header.trim() === '*') return '*';
  const tags: string[] = [];
  for (LISTED_TAG.lastIndex = 0; LISTED_TAG.lastIndex < header.length; ) {
    const [, tag] = LISTED_TAG.exec(header) ?? [];
    if (tag === undefined) return undefined;
    tags.push(tag);
  }
  return tags.length > 0 ? tags : undefined;
}

/** The tag of an entity. Those of lists have a colon, and belong to one log. */
const ENTITY_TAG = /^"(\d+)-(\d+)"$/;

/**
 * The versions of its entity that a change accepts; `undefined` if it accepts every version. `If-Match` lists them. Only
 * the version of `"<version>-<position>"` counts; a tag of another form matches no version. `If-None-Match: *` accepts no
 * entity that exists, so it accepts no version.
 */
export function parsePreconditions(headers: IncomingHttpHeaders): Checked<ReadonlySet<number> | undefined> {
  const { 'if-match': ifMatch = '*', 'if-none-match': ifNoneMatch } = headers;
  const tags = parseTags(ifMatch);
  if (tags === undefined) {
    return { errors: [{ in: 'header', pointer: '/If-Match', detail: 'must be ETags in quotes, like "3-97", or *' }] };
  }
  if (ifNoneMatch?.trim() === '*') return { value: new Set() };
  return { value: tags === '*' ? undefined : new Set(tags.flatMap(versionIn)) };
}

function versionIn(tag: string): number[] {
  const version = ENTITY_TAG.exec(tag)?.[1];
  return version === undefined ? [] : [Number(version)];
}

/** The last position in the entity tags of `If-Match`; 0 if there is none. */
export function matchedPosition({ 'if-match': ifMatch = '*' }: IncomingHttpHeaders): number {
  const tags = parseTags(ifMatch);
  if (tags === undefined || tags === '*') return 0;
  return Math.max(0, ...tags.map((tag) => Number(ENTITY_TAG.exec(tag)?.[2] ?? 0)));
}

/** Whether an `If-None-Match` header lists this tag, weak or strong, or is `*`. */
export function namesTag(header: string | undefined, etag: string): boolean {
  const tags = header === undefined ? undefined : parseTags(header);
  return tags === '*' || (tags?.includes(`"${etag}"`) ?? false);
}

const keyHeader = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** The `Idempotency-Key` header: 1 to 255 visible ASCII characters. */
export function parseIdempotencyKey(header: string | undefined): Checked<string | undefined> {
  if (header === undefined) return { value: undefined };
  if (keyHeader.safeParse(header).success) return { value: header };
  return {
    errors: [{ in: 'header', pointer: '/Idempotency-Key', detail: 'must be 1 to 255 visible ASCII characters' }],
  };
}

/**
 * The position of the last server-sent event that the client received. A client that received none may send an empty
 * value.
 */
export function parseLastEventId(header: string | undefined): Checked<number | undefined> {
  if (header === undefined || header === '') return { value: undefined };
  const position = parseWholeNumber(header);
  if (position !== undefined) return { value: position };
  return { errors: [{ in: 'header', pointer: '/Last-Event-ID', detail: 'must be a position in the log' }] };
}

/** The client's request id, if it is safe to write into a log line unchanged; otherwise `undefined`. */
export function acceptableRequestId(header: string | undefined): string | undefined {
  return header !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(header) ? header : undefined;
}

/**
 * Whether a request carries a credential, valid or not. Its response is for its sender only and must not be cached.
 * Cookies other than that of the session identify nobody.
 */
export function carriesCredential({ cookie, authorization }: IncomingHttpHeaders): boolean {
  return authorization !== undefined || (cookie !== undefined && hasSessionCookie(cookie));
}
