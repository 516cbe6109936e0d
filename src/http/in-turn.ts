// Several handlers as one: the router would look at the path anew before each of them.
import type { RequestHandler } from 'express';

/** Runs the handlers one after another, each when the one before it says `next`; an error ends that. */
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
