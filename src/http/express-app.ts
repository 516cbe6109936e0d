// Mounts the route table on Express: the middleware before every route, the routes, and the error handlers.
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Payer, Turns } from '../bounds/turns.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import { PasswordsBusy } from '../identity/passwords.ts';
import type { Policy } from '../identity/policy.ts';
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import type { AccessLog } from './access-log.ts';
import { blocksOf } from './blocks.ts';
import { crossOrigin } from './browsers/cross-origin.ts';
import { refuseForeignForm, refuseForgery } from './browsers/csrf.ts';
import { allowFrames, securityHeaders } from './browsers/security-headers.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import type { UnreadAnswers } from './connections/unread-answers.ts';
import { isForeignWebSocket } from './connections/upgrades.ts';
import type { Freshness } from './freshness/freshness.ts';
import { type ServedLog, setProgress } from './freshness/served-log.ts';
import { acceptableRequestId } from './headers.ts';
import { inTurn } from './in-turn.ts';
import { type BodyLimits, bodyProblem, jsonBody } from './json-body.ts';
import { pathPattern, redirectToPage } from './page-address.ts';
import type { Payers } from './payers.ts';
import { isCounted } from './price.ts';
import type { Problem } from './problem.ts';
import { enforce, limitAddress, type RequestLimits, refuseInTime } from './rate-limit.ts';
import { rawBody, typeProblem } from './raw-body.ts';
import type { Repeats } from './repeats.ts';
import type { Answer, Reply, Route } from './route.ts';
import { rowHandler } from './row-handler.ts';
import { isRead, markAsPage, type ProblemPage, type SendLocals, send } from './send.ts';
import type { Streams } from './streams.ts';

export interface ExpressAppOptions {
  readonly routes: readonly Route[];
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  /** Rate limits. Without them, requests are not limited. */
  readonly limits?: RequestLimits | undefined;
  readonly accessLog: AccessLog;
  /** Stores public responses. Without it, nothing is cached. */
  readonly cache?: ResponseCache | undefined;
  /** Whether people reach the server over https. Default: false. */
  readonly isHttps?: boolean;
  readonly newId: () => string;
  /** The log that the routes read. */
  readonly log: ServedLog;
  /** Waits for what requests depend on. */
  readonly freshness: Freshness;
  readonly bodies: BodyLimits;
  /** Who pays for reads, and whose turn it is. */
  readonly payers: Payers;
  readonly turns: Turns;
  /** Limits what clients leave unread. Without it, nothing is limited. */
  readonly unread?: UnreadAnswers | undefined;
  /** Makes the HTML pages of problems. Without it, problems are JSON everywhere. */
  readonly problemPage?: ProblemPage | undefined;
  /** Sends streamed responses. */
  readonly streams: Streams;
  /** Stores the responses to repeatable requests that record no event. */
  readonly repeats: Repeats;
  /** Whether the event loop is so late that changes are refused. Reads are still served. Default: never. */
  readonly isOverloaded?: () => boolean;
  /** Reports unexpected errors to the operator. The client gets no details. */
  readonly report: Report;
}

export function createExpressApp(options: ExpressAppOptions): Express {
  const { routes, origins, limits, accessLog, cache, bodies, streams, newId, isHttps = false } = options;
  const { unread, problemPage, log } = options;
  const app = express();
  const locals: SendLocals = { unread, problemPage, log };
  Object.assign(app.locals, locals);
  app.disable('x-powered-by');
  // ETags come from the log: hashing each body would cost more than building it.
  app.disable('etag');
  // A path must match the route table exactly, including case and trailing slash.
  app.enable('strict routing').enable('case sensitive routing');
  const limited = limits ? [limitedByAddress(limits, options)] : [];
  app.use(
    inTurn(
      ...[requestId(newId), accessLog.handler, securityHeaders(isHttps), knownHost(origins), crossOrigin(origins, log)],
      ...[...limited, noForeignWebSocket, refuseOverload(options), sameOrigin(options)],
    ),
  );
  const handle = rowHandler(options);
  const [readBody, readBodyOfAnyone] = [jsonBody(bodies), jsonBody({ ...bodies, bytes: bodies.bytesOfAnyone })];
  for (const route of routes) {
    const respond: RequestHandler = async (request, response) => {
      const { answer, payer, finish } = await handle(route, request, response);
      if ('stream' in answer) return sendStreamed(response, answer, { streams, payer, log });
      if (limits && isUncountedRefusal(route, answer)) {
        return refuseInTime(limits, options.clientAddress, response, () => send(response, answer));
      }
      await finish(() => {
        if (route.cacheable && !('problem' in answer) && answer.status === 200)
          sendCacheable(response, answer, { cache, route });
        else send(response, answer);
      });
      payer.charge({ bytes: bytesSent(response) });
    };
    const read = route.access === 'anyone' ? readBodyOfAnyone : readBody;
    const body = route.rawBody ? [rawBody(route.rawBody)] : route.body && [read];
    app[route.method](expressPath(route), ...(route.page ? [asPage(route)] : []), ...(body ?? []), respond);
  }
  // Not `app.all`, which adds a layer for each method that there is.
  for (const [path, methods] of methodsByPath(routes)) app.route(path).all(methodNotAllowed(methods));
  app.use(noSuchRoute(routes));
  app.use(errorHandler(options));
  return app;
}

/** Whether only its price refuses a request: nothing else bounds how often its client asks again. */
function isUncountedRefusal(route: Route, answer: Answer): boolean {
  return 'problem' in answer && answer.problem === 'too-costly' && !isCounted(route);
}

function requestId(newId: () => string): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Request-Id', acceptableRequestId(request.get('X-Request-Id')) ?? newId());
    next();
  };
}

function knownHost(origins: OriginPolicy): RequestHandler {
  return ({ headers }, response, next) => {
    if (origins.allowsHost(headers.host)) return next();
    return send(response, {
      problem: 'host-not-allowed',
      detail: 'This server does not require sign-in, so it accepts loopback host names only.',
    });
  };
}

/** Runs after the CORS preflights, which are cheap and rare, and before anything expensive. */
function limitedByAddress(limits: RequestLimits, { routes, clientAddress }: ExpressAppOptions): RequestHandler {
  const unlimited = new Set(routes.filter((route) => route.unlimited).map(expressPath));
  const uncounted = routes.filter((route) => route.method === 'get' && !isCounted(route)).map(pathPattern);
  return (request, response, next) => {
    const { path } = request;
    if (unlimited.has(path) || (isRead(request) && uncounted.some((pattern) => pattern.test(path)))) return next();
    const exceeded = enforce(limitAddress(limits.addresses, clientAddress, request), response);
    if (!exceeded) return next();
    return refuseInTime(limits, clientAddress, response, () => send(response, exceeded));
  };
}

const noForeignWebSocket: RequestHandler = (request, response, next) => {
  if (!isForeignWebSocket(request)) return next();
  return send(response, {
    problem: 'no-such-route',
    detail: `There is no WebSocket at ${request.path}. The only ones are those of Socket.IO, at /socket.io/.`,
    headers: { Connection: 'close' },
  });
};

function refuseOverload({ isOverloaded = () => false }: ExpressAppOptions): RequestHandler {
  return (request, response, next) => {
    if (isRead(request) || !isOverloaded()) return next();
    return send(response, {
      problem: 'overloaded',
      detail: 'The server is overloaded; try again in a moment.',
      headers: { 'Retry-After': '2' },
    });
  };
}

function sameOrigin({ origins, routes }: ExpressAppOptions): RequestHandler {
  const forms = new Set(routes.filter(({ form }) => form).map(expressPath));
  return (request, response, next) => {
    const forged = forms.has(request.path) ? refuseForeignForm(request, origins) : refuseForgery(request, origins);
    return forged ? send(response, forged) : next();
  };
}

function expressPath({ path }: Route): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const route of routes) {
    const methods = route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()];
    byPath.set(expressPath(route), [...(byPath.get(expressPath(route)) ?? []), ...methods]);
  }
  return byPath;
}

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allowed = methods.join(', ');
  return (request, response) =>
    send(response, {
      problem: 'method-not-allowed',
      detail: `This route does not support ${request.method}. It supports ${allowed}.`,
      headers: { Allow: allowed },
    });
}

function asPage({ framed }: Route): RequestHandler {
  return (_request, response, next) => {
    markAsPage(response);
    if (framed) allowFrames(response);
    next();
  };
}

function noSuchRoute(routes: readonly Route[]): RequestHandler {
  const pages = routes.filter(({ page }) => page).map(pathPattern);
  return (request, response) => {
    const redirect = isRead(request) ? redirectToPage(request, pages) : undefined;
    const problem: Problem = {
      problem: 'no-such-route',
      detail: `There is no route ${request.path}; see /api/docs for all routes.`,
    };
    send(response, redirect ?? problem);
  };
}

function errorHandler({ bodies, report }: ExpressAppOptions): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error, _request, response, _next) => {
    // A handler stopped because its client has gone.
    if (response.closed && error.name === 'AbortError') return undefined;
    if (response.headersSent) {
      unexpectedProblem(error, response, report);
      return response.destroy();
    }
    const expected = malformedPath(error) ?? typeProblem(error) ?? bodyProblem(error, bodies) ?? busyProblem(error);
    return send(response, expected ?? unexpectedProblem(error, response, report));
  };
}

function malformedPath(error: unknown): Problem | undefined {
  if (!(error instanceof URIError)) return undefined;
  return { problem: 'invalid-request', detail: 'The path is not correctly percent-encoded.' };
}

function busyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof PasswordsBusy)) return undefined;
  return {
    problem: 'overloaded',
    detail: 'Too many password checks are waiting; try again in a moment.',
    headers: { 'Retry-After': '5' },
  };
}

/** The reason is for operators, who find it in the health check and in the server log. */
const STORAGE_FAILED: Problem = {
  problem: 'unavailable',
  detail: 'The server cannot read or change what this request needs at the moment. The health check has details.',
  headers: { 'Retry-After': '10' },
};

function unexpectedProblem(error: unknown, response: Response, report: ExpressAppOptions['report']): Problem {
  report(`request ${response.getHeader('X-Request-Id')} failed`, error);
  if (error instanceof JournalError) return STORAGE_FAILED;
  return {
    problem: 'internal',
    detail: 'Something went wrong on our side. The request id identifies the error in the server log.',
  };
}

/**
 * Sends `Vary: Accept-Encoding` even if this response is not compressed: the response cache may send a compressed one
 * later.
 */
function sendCacheable(response: Response, reply: Reply, { cache, route }: Caching): void {
  response.vary('Accept-Encoding');
  const encoded = { ...reply, blocks: blocksOf(reply) };
  send(response, encoded);
  cache?.store(response.req, response, encoded, route);
}

interface Caching {
  readonly cache: ResponseCache | undefined;
  readonly route: Route;
}

function bytesSent(response: Response): number {
  const hasNoBody = response.req.method === 'HEAD' || response.statusCode === 304;
  return hasNoBody ? 0 : Number(response.getHeader('Content-Length') ?? 0);
}

interface StreamParts {
  readonly streams: Streams;
  readonly payer: Payer;
  readonly log: ServedLog;
}

async function sendStreamed(
  response: Response,
  { status, stream, headers }: Reply,
  { streams, payer, log }: StreamParts,
): Promise<void> {
  const body = response.req.method === 'HEAD' ? undefined : stream;
  const release = body && streams.take(body, payer);
  if (release && 'problem' in release) return send(response, release);
  setProgress(response, log);
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers });
  if (!body) return void response.end();
  try {
    await streams.send(response, body, payer);
  } catch (error) {
    // The problem that is sent instead is no file.
    if (!response.headersSent) for (const name of Object.keys(headers ?? {})) response.removeHeader(name);
    throw error;
  } finally {
    release?.();
  }
}
