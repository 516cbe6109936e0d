// Reads a JSON body: bounded in size and depth, and nothing else than JSON.
import express, { type RequestHandler } from 'express';
import { inTurn } from './in-turn.ts';
import { NOT_JSON, type Problem } from './problem.ts';

/** How large a body may be. */
export interface BodyLimits {
  readonly bytes: number;
  /** How many levels deep it may be nested. */
  readonly depth: number;
}

/** Parses the body into `request.body`; `undefined` where there is none. Errors go to `bodyProblem`. */
export function jsonBody({ bytes, depth }: BodyLimits): RequestHandler {
  return inTurn(
    (request, _response, next) => {
      next(hasBody(request.headers) && !request.is(['json', '+json']) ? new NotJson() : undefined);
    },
    express.json({ limit: bytes, type: () => true, strict: false }),
    (request, _response, next) => {
      next(isDeeperThan(request.body, depth) ? new TooDeep() : undefined);
    },
  );
}

class NotJson extends Error {}
class TooDeep extends Error {}

/** What is wrong with a body, from the error that reading it ended with; `undefined` for any other error. */
export function bodyProblem(error: unknown, { bytes, depth }: BodyLimits): Problem | undefined {
  if (error instanceof NotJson) return NOT_JSON;
  if (error instanceof TooDeep) {
    return { problem: 'too-deep', detail: `The body is nested deeper than ${depth} levels.` };
  }
  switch (typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined) {
    case 'entity.too.large':
      return { problem: 'body-too-large', detail: `The body is larger than ${bytes / 1024} kB.` };
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

/** What zlib cannot read is passed on as its own error, with a status and no type. */
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

/** Walks level by level: recursion is what deep nesting would break. */
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
