// Parses JSON request bodies. Limits their size and depth, and refuses other media types.
import express, { type RequestHandler } from 'express';
import { inTurn } from './in-turn.ts';
import { NOT_JSON, type Problem } from './problem.ts';

/** Limits of a request body. */
export interface BodyLimits {
  readonly bytes: number;
  /** Maximum size of a body for routes that need no credential: they take little, and anyone may send it. */
  readonly bytesOfAnyone: number;
  /** Maximum depth of nesting, in levels. */
  readonly depth: number;
}

/** Parses the body into `request.body`, which is `undefined` without a body. `bodyProblem` translates the errors. */
export function jsonBody({ bytes, depth }: Pick<BodyLimits, 'bytes' | 'depth'>): RequestHandler {
  return inTurn(
    (request, _response, next) => {
      const { headers } = request;
      const isJson = !hasBody(headers) || request.is(['json', '+json']);
      if (UTF_8.test(headers['content-type'] ?? '')) headers['content-type'] = 'application/json';
      next(isJson ? undefined : new NotJson());
    },
    express.json({ limit: bytes, type: () => true, strict: false }),
    (request, _response, next) => {
      next(isDeeperThan(request.body, depth) ? new TooDeep() : undefined);
    },
  );
}

/**
 * Other spellings of UTF-8, which many clients send, and ASCII, which is a part of it. Express knows `utf-8` only, and
 * assumes it where no charset is named.
 */
const UTF_8 = /;\s*charset\s*=\s*(["']?)(utf[-_]?8|(us-)?ascii)\1\s*(;|$)/i;

class NotJson extends Error {}
class TooDeep extends Error {}

/** The problem for an error that occurred while reading a body; `undefined` for any other error. */
export function bodyProblem(error: unknown, { depth }: BodyLimits): Problem | undefined {
  if (error instanceof NotJson) return NOT_JSON;
  if (error instanceof TooDeep) {
    return { problem: 'too-deep', detail: `The body is nested deeper than ${depth} levels.` };
  }
  const { type, limit } = (error ?? {}) as { type?: unknown; limit?: unknown };
  switch (type) {
    case 'entity.too.large':
      return { problem: 'body-too-large', detail: `The body is larger than ${Number(limit) / 1024} kB.` };
    case 'entity.parse.failed':
      return { problem: 'malformed-json', detail: 'The body is not valid JSON.' };
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return {
        problem: 'not-json',
        detail: 'Send the body as JSON in UTF-8, plain or compressed with gzip, deflate or br.',
      };
    case 'request.aborted':
    case 'request.size.invalid':
      return { problem: 'malformed-json', detail: 'The length of the body does not match its headers.' };
    default:
      return isBadRequest(error) ? BADLY_COMPRESSED : undefined;
  }
}

const BADLY_COMPRESSED: Problem = {
  problem: 'malformed-json',
  detail: 'The body does not match its Content-Encoding.',
};

/** A decompression error comes from zlib: it has a status and no type. */
function isBadRequest(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 400;
}

/** Whether a request with these headers carries a body. */
export function hasBody(headers: {
  'content-length'?: string | undefined;
  'transfer-encoding'?: string | undefined;
}): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Walks the value level by level: deep nesting would overflow the stack of a recursive function. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let containers = [value].filter(isContainer);
  for (let level = 1; containers.length > 0; level += 1) {
    if (level > depth) return true;
    containers = containers.flatMap((container) => Object.values(container)).filter(isContainer);
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
