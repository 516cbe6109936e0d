// Mounts the route table on Express: what surrounds every route, the rows themselves, and the answers to everything else.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import { PasswordsBusy } from '../identity/passwords.ts';
import type { Policy } from '../identity/policy.ts';
import type { Report } from '../log/report.ts';
import type { AccessLog } from './access-log.ts';
import { encodedBody } from './cache/cached-response.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import { refuseForgery } from './csrf.ts';
import { acceptableRequestId, carriesCredential, JSON_TYPE, namesTag, PROBLEM_TYPE } from './headers.ts';
import { inTurn } from './in-turn.ts';
import { type BodyLimits, bodyProblem, jsonBody } from './json-body.ts';
import { PROBLEMS, type Problem, problemDocument } from './problem.ts';
import { enforce, limitAddress, type RequestLimits } from './rate-limit.ts';
import type { Repeats } from './repeats.ts';
import type { Answer, Reply, Route } from './route.ts';
import { rowHandler } from './row-handler.ts';
import type { Streams } from './streams.ts';

export interface ExpressAppOptions {
  readonly routes: readonly Route[];
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  /** How often requests may be made; without them as often as anyone likes. */
  readonly limits?: RequestLimits | undefined;
  readonly accessLog: AccessLog;
  /** Keeps what anyone may be answered; without it nothing is kept. */
  readonly cache?: ResponseCache | undefined;
  readonly newId: () => string;
  /** Tells the log that the rows answer from. */
  readonly logId: () => string;
  readonly bodies: BodyLimits;
  /** Sends streamed answers. */
  readonly streams: Streams;
  /** Remembers the answers to requests that leave nothing in the log. */
  readonly repeats: Repeats;
  /** Whether the main loop is so late that changes are refused, and reads go on; never, unless told. */
  readonly isOverloaded?: () => boolean;
  /** Told of errors that nobody foresaw; who asked learns nothing of them. */
  readonly report: Report;
}

export function createExpressApp(options: ExpressAppOptions): Express {
  const { routes, origins, limits, accessLog, cache, bodies, streams, newId } = options;
  const app = express();
  app.disable('x-powered-by');
  // Tags come from the log; hashing every answer would cost more than making it.
  app.disable('etag');
  // What is not in the table word for word is not served.
  app.enable('strict routing').enable('case sensitive routing');
  const limited = limits ? [limitedByAddress(limits, options)] : [];
  app.use(
    inTurn(
      ...[requestId(newId), accessLog.handler, securityHeaders(), knownHost(origins), crossOrigin(origins)],
      ...[...limited, refuseOverload(options), sameOrigin(origins)],
    ),
  );
  const handle = rowHandler(options);
  const readBody = jsonBody(bodies);
  for (const route of routes) {
    const answer: RequestHandler = async (request, response) => {
      const given = await handle(route, request, response);
      if ('stream' in given) await sendStreamed(response, given, streams);
      else if (route.cacheable && !('problem' in given)) sendCacheable(response, given, cache);
      else send(response, given);
    };
    app[route.method](expressPath(route), ...(route.body ? [readBody] : []), answer);
  }
  for (const [path, methods] of methodsByPath(routes)) app.all(path, methodNotAllowed(methods));
  app.use(noSuchRoute);
  app.use(failed(options));
  return app;
}

function requestId(newId: () => string): RequestHandler {
  return (request, response, next) => {
    response.setHeader('X-Request-Id', acceptableRequestId(request.get('X-Request-Id')) ?? newId());
    next();
  };
}

/** Pages load scripts and styles from this server only and have none written into them, so that what someone else wrote cannot be one. */
const setSecurityHeaders = helmet({
  contentSecurityPolicy: {
    directives: {
      fontSrc: ["'self'"],
      styleSrc: ["'self'"],
      // Pages must also work over plain HTTP on other hosts than localhost.
      upgradeInsecureRequests: null,
    },
  },
});

/** Helmet says the same of every answer: it is asked once. */
function securityHeaders(): RequestHandler {
  const headers = new Map<string, string>();
  const response = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader() {} };
  setSecurityHeaders(new IncomingMessage(new Socket()), response as unknown as Response, () => {});
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

const EXPOSED = ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'];

/** Trusted origins may do everything, with credentials; all others may read what anyone may read. */
function crossOrigin(origins: OriginPolicy): RequestHandler {
  const negotiate = cors((request, decide) => {
    const { origin } = request.headers;
    if (origin !== undefined && origins.trusts(origin)) {
      decide(null, { origin, credentials: true, exposedHeaders: EXPOSED, maxAge: 600 });
    } else {
      // A preflight is answered as what it asks for: browsers let a POST through whatever methods are listed.
      const method = request.headers['access-control-request-method'] ?? request.method ?? '';
      const open = ['GET', 'HEAD', 'OPTIONS'].includes(method);
      decide(null, { origin: open ? '*' : false, methods: ['GET', 'HEAD'], exposedHeaders: EXPOSED, maxAge: 600 });
    }
  });
  return (request, response, next) => {
    response.vary('Origin');
    negotiate(request, response, next);
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

/** Comes after the preflights, which do nothing and are asked once in a while, and before anything that costs. */
function limitedByAddress({ addresses }: RequestLimits, { routes, clientAddress }: ExpressAppOptions): RequestHandler {
  const unlimited = new Set(routes.filter((route) => route.unlimited).map(expressPath));
  return (request, response, next) => {
    if (unlimited.has(request.path)) return next();
    const exceeded = enforce(limitAddress(addresses, clientAddress, request), response);
    return exceeded ? send(response, exceeded) : next();
  };
}

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

function sameOrigin(origins: OriginPolicy): RequestHandler {
  return (request, response, next) => {
    const forged = refuseForgery(request, origins);
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

const noSuchRoute: RequestHandler = (request, response) =>
  send(response, {
    problem: 'no-such-route',
    detail: `There is no route ${request.path}; see /api/docs for all routes.`,
  });

function failed({ bodies, report }: ExpressAppOptions): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (error, _request, response, _next) => {
    if (response.headersSent) {
      unforeseen(error, response, report);
      return response.destroy();
    }
    const foreseen = malformedPath(error) ?? bodyProblem(error, bodies) ?? busyProblem(error);
    return send(response, foreseen ?? unforeseen(error, response, report));
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

function unforeseen(error: unknown, response: Response, report: ExpressAppOptions['report']): Problem {
  report(`request ${response.getHeader('X-Request-Id')} failed`, error);
  return {
    problem: 'internal',
    detail: 'Something went wrong on our side. The request id identifies the error in the server log.',
  };
}

function send(response: Response, answer: Answer): void {
  response.setHeader('Cache-Control', 'no-store');
  if (answer.headers) response.set(answer.headers);
  if ('problem' in answer) {
    response.status(PROBLEMS[answer.problem].status);
    const document = problemDocument(answer, String(response.getHeader('X-Request-Id')));
    sendBody(response, JSON.stringify(document), PROBLEM_TYPE);
  } else {
    sendReply(response, answer);
  }
}

/** Whether it is kept or not: what is compressed is never made but for what is kept, and still answers may differ by that. */
function sendCacheable(response: Response, reply: Reply, cache: ResponseCache | undefined): void {
  response.vary('Accept-Encoding');
  const encoded = { ...reply, body: encodedBody(reply) };
  send(response, encoded);
  cache?.keep(response.req, response, encoded);
}

function sendReply(response: Response, { status, body, etag, headers }: Reply): void {
  const { req: request } = response;
  const isForSender = carriesCredential(request.headers);
  response.status(status);
  // A tag makes an answer worth keeping, but only to ask whether it still holds.
  if (etag !== undefined) {
    response.setHeader('Cache-Control', headers?.['Cache-Control'] ?? 'no-cache');
    response.setHeader('ETag', `"${etag}"`);
  }
  if (isForSender) response.setHeader('Cache-Control', 'no-store');
  const mayHold = etag !== undefined && !isForSender && isRead(request);
  if (mayHold && namesTag(request.get('If-None-Match'), etag)) {
    response.status(304).end();
  } else if (body === undefined) response.end();
  else if (typeof body === 'string' || Buffer.isBuffer(body)) sendBody(response, body, JSON_TYPE);
  else sendBody(response, JSON.stringify(body), JSON_TYPE);
}

/** Ends an answer of one piece, of this type unless its headers name another. What Express would look for first, is known here. */
function sendBody(response: Response, body: string | Buffer, type: string): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

async function sendStreamed(response: Response, { status, stream, headers }: Reply, streams: Streams): Promise<void> {
  if (streams.areFull) return send(response, TOO_MANY_STREAMS);
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers });
  if (stream === undefined || response.req.method === 'HEAD') response.end();
  else await streams.send(response, stream);
}

const TOO_MANY_STREAMS: Problem = {
  problem: 'overloaded',
  detail: 'Too many streams are open; try again in a moment.',
  headers: { 'Retry-After': '10' },
};

function isRead({ method }: { method?: string | undefined }): boolean {
  return method === 'GET' || method === 'HEAD';
}
