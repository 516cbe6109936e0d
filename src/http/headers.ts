// Parses request headers: preconditions, idempotency keys, event ids, request ids, credentials. Names the JSON media
// types.
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Checked } from './validation.ts';

/** The `Content-Type` of JSON responses. */
export const JSON_TYPE = 'application/json; charset=utf-8';
/** The `Content-Type` of problem documents (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const ENTITY_TAG = /^(?:W\/)?"(\d+)-\d+"$/;

/**
 * The versions that an `If-Match` header lists. Only the version of `"<version>-<position>"` counts. Weak tags are
 * accepted: a compressing proxy weakens them. `undefined` without the header and for `*`, which matches every version.
 */
export function parseIfMatch(header: string | undefined): Checked<ReadonlySet<number> | undefined> {
  if (header === undefined || header.trim() === '*') return { value: undefined };
  const versions = header.split(',').map((tag) => ENTITY_TAG.exec(tag.trim())?.[1]);
  if (versions.includes(undefined)) {
    return {
      errors: [{ in: 'header', pointer: '/If-Match', detail: 'must be an ETag of this entity, like "3-97", or *' }],
    };
  }
  return { value: new Set(versions.map(Number)) };
}

/** Whether an `If-None-Match` header lists this tag, weak or strong, or is `*`. */
export function namesTag(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(`"${etag}"`) || tags.includes('*'));
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

const lastEventIdHeader = z.string().regex(/^\d{1,15}$/);

/**
 * The position of the last server-sent event that the client received. A client that received none may send an empty
 * value.
 */
export function parseLastEventId(header: string | undefined): Checked<number | undefined> {
  if (header === undefined || header === '') return { value: undefined };
  if (lastEventIdHeader.safeParse(header).success) return { value: Number(header) };
  return { errors: [{ in: 'header', pointer: '/Last-Event-ID', detail: 'must be a position in the log' }] };
}

/** The client's request id, if it is safe to write into a log line unchanged; otherwise `undefined`. */
export function acceptableRequestId(header: string | undefined): string | undefined {
  return header !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(header) ? header : undefined;
}

/** Whether a request carries a credential, valid or not. Its response is for its sender only and must not be cached. */
export function carriesCredential({ cookie, authorization }: IncomingHttpHeaders): boolean {
  return cookie !== undefined || authorization !== undefined;
}
