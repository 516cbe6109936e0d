// What a route handler is given besides parameters and body, for tests that call it without a request.
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { FREE } from '../../src/http/payers.ts';
import type { RouteRequest } from '../../src/http/route.ts';

/** A request of this viewer that costs nothing and whose turn it always is. */
export function askedBy(viewer: Viewer): Omit<RouteRequest, 'params' | 'query' | 'body'> {
  const { signal } = new AbortController();
  const terms = { viewer, correlationId: 'test' };
  return { address: '', signal, viewer, reader: {}, terms, payer: FREE, turn: (work) => work() };
}
