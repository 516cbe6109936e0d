// CORS: which pages of other origins may read responses, and which may also send changes and credentials.
import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import type { OriginPolicy } from '../../identity/origins.ts';
import { POSITION_HEADER, type ServedLog, STALE_HEADER, setProgress } from '../freshness/served-log.ts';
import { IGNORED_HEADER } from '../unknown-members.ts';

const READS = ['GET', 'HEAD'];
const EXPOSED = [
  ...['ETag', 'Link', 'Location', IGNORED_HEADER, 'RateLimit', 'RateLimit-Policy'],
  ...['Retry-After', 'X-Request-Id', POSITION_HEADER, STALE_HEADER],
];

/** Trusted origins may send every method, with credentials. All other origins may at most read. */
export function crossOrigin(origins: OriginPolicy, log: Pick<ServedLog, 'position' | 'staleSince'>): RequestHandler {
  const negotiate = cors<Request>((request, decide) => {
    const { origin } = request.headers;
    if (origin !== undefined && origins.trusts(origin)) {
      decide(null, { origin, credentials: true, exposedHeaders: EXPOSED, maxAge: 600 });
    } else {
      const isOpen = ['OPTIONS', ...READS].includes(announcedMethod(request));
      const readable = (isOpen && origins.readableBy(origin)) || false;
      decide(null, { origin: readable, methods: READS, exposedHeaders: EXPOSED, maxAge: 600 });
    }
  });
  return (request, response, next) => {
    response.vary('Origin');
    if (request.method === 'OPTIONS') setProgress(response, log);
    // Without an allowed origin `cors` leaves OPTIONS to the routes, which have none.
    negotiate(request, response, (error) => {
      if (error === undefined && request.method === 'OPTIONS') response.status(204).end();
      else next(error);
    });
  };
}

/**
 * A preflight is judged by the method that it announces: browsers send a POST even if it is not in the listed methods.
 * In any other request `Access-Control-Request-Method` means nothing.
 */
function announcedMethod({ method, headers }: Request): string {
  return (method === 'OPTIONS' && headers['access-control-request-method']) || method;
}
