// Combines several middlewares into one. The router would otherwise match the path again before each of them.
import type { RequestHandler } from 'express';

/** Runs the handlers in order, each when the previous one calls `next`. An error skips the remaining ones. */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    const from = (index: number, error?: unknown): unknown => {
      const handler = handlers[index];
      if (error || !handler) return next(error);
      return handler(request, response, (failure?: unknown) => from(index + 1, failure));
    };
    return from(0);
  };
}
