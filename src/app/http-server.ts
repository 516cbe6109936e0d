// The HTTP server: the route table on Express behind the response cache, and how it closes.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Output } from '../bounds/batched-output.ts';
import type { LoopDelay } from '../bounds/loop-delay.ts';
import { Places } from '../bounds/places.ts';
import type { Turns } from '../bounds/turns.ts';
import { createAccessLog } from '../http/access-log.ts';
import { ResponseCache } from '../http/cache/response-cache.ts';
import { UnreadAnswers } from '../http/connections/unread-answers.ts';
import { OfferingRequest, refuseTunnels } from '../http/connections/upgrades.ts';
import { createExpressApp } from '../http/express-app.ts';
import type { Freshness } from '../http/freshness/freshness.ts';
import type { Payers } from '../http/payers.ts';
import type { RequestLimits } from '../http/rate-limit.ts';
import { Repeats } from '../http/repeats.ts';
import type { Route } from '../http/route.ts';
import type { ProblemPage } from '../http/send.ts';
import { Streams, type StreamTerms } from '../http/streams.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { OriginPolicy } from '../identity/origins.ts';
import type { Policy } from '../identity/policy.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { Config } from './config.ts';
import { LIMITS } from './limits.ts';

export interface HttpServerParts {
  readonly routes: readonly Route[];
  readonly log: EventLog;
  /** Waits for what requests depend on. */
  readonly freshness: Freshness;
  readonly policy: Policy;
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly limits: RequestLimits | undefined;
  readonly payers: Payers;
  readonly turns: Turns;
  readonly loopDelay: LoopDelay;
  readonly now: () => Date;
  /** Aborts when the server closes, which ends the streams. */
  readonly closing: AbortSignal;
}

export interface HttpServerOptions {
  /** Whether there is a response cache in front of Express. */
  readonly isCaching: boolean;
  /** Whether people reach the server over https. */
  readonly isHttps: boolean;
  readonly logFormat: Config['logFormat'];
  /** Makes the HTML pages of problems. */
  readonly problemPage: ProblemPage;
  /** Receives the access log. */
  readonly output: Output;
  readonly report: Report;
}

/**
 * Disconnect clients that send their headers or bodies too slowly, and connections without a request; in milliseconds.
 * Load balancers keep idle connections for 60 s: if the server closed one first, a request that is on its way would
 * fail with 502.
 */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};
/** How long running requests may take to finish when the server closes, in milliseconds. */
const CLOSING_TIME = 5_000;
/** How often idle connections are closed during that time, in milliseconds. */
const IDLE_CHECK = 50;

/** Creates the server. It does not listen yet. */
export function createHttpServer(
  { log, loopDelay, closing, ...parts }: HttpServerParts,
  { isCaching, isHttps, logFormat, problemPage, output, report }: HttpServerOptions,
): Server {
  const unread = new UnreadAnswers({ ...LIMITS.unreadAnswers, clientAddress: parts.clientAddress });
  const options = {
    ...parts,
    unread,
    isHttps,
    problemPage,
    report,
    // Ids of requests need no order. Random ones are cheaper, and every request has one.
    newId: randomUUID,
    accessLog: createAccessLog(logFormat, parts.clientAddress, output),
    log,
    isOverloaded: () => loopDelay.isTooLong,
    bodies: LIMITS.bodies,
    streams: new Streams({ places: placesOf(parts.limits !== undefined), closing }),
    repeats: new Repeats(LIMITS.repeats),
    cacheLimits: LIMITS.cache,
  };
  const cache = isCaching ? new ResponseCache(options) : undefined;
  const express = createExpressApp({ ...options, cache });
  const server = createServer({ ...TIMEOUTS, IncomingMessage: OfferingRequest }, cache?.inFrontOf(express) ?? express);
  unread.attach(server);
  refuseTunnels(server);
  return server;
}

function placesOf(limitsAddresses: boolean): StreamTerms['places'] {
  return {
    live: new Places(LIMITS.streams, limitsAddresses),
    finite: new Places(LIMITS.exports, limitsAddresses),
  };
}

/**
 * Stops accepting connections, calls `end` to close streams and sockets, which never end by themselves, and resolves
 * when running requests have finished. Closes all connections after `CLOSING_TIME`.
 */
export async function closeHttpServer(server: Server, end: () => void): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  end();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSING_TIME);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
}
