// Reads request bodies that are not JSON: of the media types that a row takes, and of limited size.
import express, { type RequestHandler } from 'express';
import { inTurn } from './in-turn.ts';
import { hasBody } from './json-body.ts';
import type { Problem } from './problem.ts';
import type { RawBody } from './route.ts';

/** The body has none of the types that the row takes, or there is none. */
class WrongType extends Error {
  readonly types: readonly string[];

  constructor(types: readonly string[]) {
    super('The body has a wrong type.');
    this.types = types;
  }
}

/** Reads the body into `request.body`, as bytes. `typeProblem` and `bodyProblem` translate the errors. */
export function rawBody({ types, bytes }: RawBody): RequestHandler {
  return inTurn(
    (request, _response, next) => {
      const isTaken = hasBody(request.headers) && request.is([...types]) !== false;
      next(isTaken ? undefined : new WrongType(types));
    },
    express.raw({ limit: bytes, type: () => true }),
  );
}

/** The problem for a body of another type; `undefined` for any other error. */
export function typeProblem(error: unknown): Problem | undefined {
  if (!(error instanceof WrongType)) return undefined;
  return { problem: 'wrong-type', detail: `Send the bytes of a file with one of the types ${error.types.join(', ')}.` };
}
