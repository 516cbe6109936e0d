// Headers with a meaning of their own: preconditions, credentials, idempotency keys, request ids, media types.
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Checked } from './validation.ts';

/** How answers in JSON are marked. */
export const JSON_TYPE = 'application/json; charset=utf-8';
/** And those that tell of a problem. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const ENTITY_TAG = /^(?:W\/)?"(\d+)-\d+"$/;

/**
 * The versions that an `If-Match` names. Only the version of `"<version>-<position>"` counts, also of a weak tag: a proxy
 * that compresses makes tags weak. `undefined` without the header and for `*`, which any entity fulfils.
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

/** Whether an `If-None-Match` names this tag, weak or strong, or any. */
export function namesTag(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(`"${etag}"`) || tags.includes('*'));
}

const keyHeader = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** What the client sent as `Idempotency-Key`: 1 to 255 visible ASCII characters. */
export function parseIdempotencyKey(header: string | undefined): Checked<string | undefined> {
  if (header === undefined) return { value: undefined };
  if (keyHeader.safeParse(header).success) return { value: header };
  return {
    errors: [{ in: 'header', pointer: '/Idempotency-Key', detail: 'must be 1 to 255 visible ASCII characters' }],
  };
}

const lastEventIdHeader = z.string().regex(/^\d{1,15}$/);

/** The position that a client of server-sent events has come to. One that has not yet heard of any may send nothing. */
export function parseLastEventId(header: string | undefined): Checked<number | undefined> {
  if (header === undefined || header === '') return { value: undefined };
  if (lastEventIdHeader.safeParse(header).success) return { value: Number(header) };
  return { errors: [{ in: 'header', pointer: '/Last-Event-ID', detail: 'must be a position in the log' }] };
}

/** A client's own request id, where it is one that can be written into a log line as it is. */
export function acceptableRequestId(header: string | undefined): string | undefined {
  return header !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(header) ? header : undefined;
}

/** Whether a request says who sends it, truly or not: what answers it is for its sender alone, and nobody else's to keep. */
export function carriesCredential({ cookie, authorization }: IncomingHttpHeaders): boolean {
  return cookie !== undefined || authorization !== undefined;
}
