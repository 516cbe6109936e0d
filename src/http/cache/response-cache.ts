// The response cache: answers public GET and HEAD requests before they reach Express, as long as the response is
// current.
import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Verdict } from '../../bounds/rate-limiter.ts';
import { RecentMap } from '../../bounds/recent-map.ts';
import type { Payer } from '../../bounds/turns.ts';
import type { ClientAddress } from '../../identity/client-address.ts';
import type { OriginPolicy } from '../../identity/origins.ts';
import type { Report } from '../../log/report.ts';
import type { AccessLog } from '../access-log.ts';
import { blocksOf, endWith, lengthOf } from '../blocks.ts';
import { readerOf } from '../browsers/reader.ts';
import { SECURITY_HEADERS } from '../browsers/security-headers.ts';
import type { UnreadAnswers } from '../connections/unread-answers.ts';
import { isForeignWebSocket } from '../connections/upgrades.ts';
import { mayNamePosition, parseSeenPosition } from '../freshness/seen-position.ts';
import { progressHeaders, type ServedLog } from '../freshness/served-log.ts';
import { acceptableRequestId, carriesCredential, JSON_TYPE } from '../headers.ts';
import { hasBody } from '../json-body.ts';
import type { Payers } from '../payers.ts';
import { isCounted } from '../price.ts';
import { limitAddress, type RequestLimits, rateLimitHeaders } from '../rate-limit.ts';
import type { Reply, Route } from '../route.ts';
import { createKeys, type KeyOf, pageKey } from './cache-key.ts';
import { CachedResponse, isCacheable } from './cached-response.ts';
import { acceptedCoding } from './coding.ts';
import { Compressor } from './compressor.ts';

interface ResponseCacheLimits {
  /** Memory for all cached responses together. */
  readonly bytes: number;
  /** How many responses may be compressed at the same time. */
  readonly compressing: number;
}

export interface ResponseCacheOptions {
  readonly routes: readonly Route[];
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly limits?: RequestLimits | undefined;
  /** Who pays for pages, which do not count for the limits. */
  readonly payers: Payers;
  /** Limits what clients leave unread. Without it, nothing is limited. */
  readonly unread?: UnreadAnswers | undefined;
  readonly accessLog: AccessLog;
  readonly newId: () => string;
  /** While its position does not change, every cached response is current. */
  readonly log: Pick<ServedLog, 'position' | 'staleSince'>;
  readonly now: () => Date;
  readonly cacheLimits: ResponseCacheLimits;
  readonly report: Report;
}

/**
 * The headers that are cached, in lower case. Headers that belong to one request, or depend on the content coding, are
 * made for each response.
 */
const SHARED = new Set(
  [
    ...['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers', 'Cache-Control', 'Link', 'Vary'],
    ...SECURITY_HEADERS,
  ].map((name) => name.toLowerCase()),
);

/** A response that weighs more than 1/4 of the capacity is not cached: it would evict too many others. */
const MAX_SHARE = 4;

interface CacheHit {
  readonly cached: CachedResponse;
  /** The decision of the rate limit for the client's address, if it counts the request. */
  readonly verdict: Verdict | undefined;
  /** Who pays for a request that does not count. */
  readonly payer: Payer | undefined;
  /** When the request arrived, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
}

const NO_HEADERS: readonly string[] = [];

/**
 * Caches only responses that every anonymous client would get: status 200, from a cacheable route, with an ETag and a
 * `revalidation`. No request coalescing is needed: responses are built synchronously from the read models, so the first
 * request fills the cache before the second one is parsed.
 */
export class ResponseCache {
  readonly #options: ResponseCacheOptions;
  readonly #keyOf: KeyOf;
  readonly #compressor: Compressor;
  readonly #cached: RecentMap<string, CachedResponse>;
  /** The most that a cached response weighs, in bytes. */
  readonly #maxSize: number;

  constructor(options: ResponseCacheOptions) {
    this.#options = options;
    this.#keyOf = createKeys(options.routes);
    this.#compressor = new Compressor(options.cacheLimits.compressing, options.report);
    const { bytes } = options.cacheLimits;
    this.#cached = new RecentMap(bytes, ({ size }) => size);
    this.#maxSize = bytes / MAX_SHARE;
  }

  /** How many responses are cached. */
  get count(): number {
    return this.#cached.size;
  }

  /** Answers from the cache, and passes all other requests to `next`. */
  inFrontOf(next: RequestListener): RequestListener {
    const { limits, clientAddress, payers } = this.#options;
    return (request, response) => {
      const startedAt = performance.now();
      const cached = this.#find(request);
      if (!cached) return next(request, response);
      const payer = cached.isCounted ? undefined : payers.ofAddress(request);
      const verdict = payer ? undefined : limits && limitAddress(limits.addresses, clientAddress, request);
      // Express repeats the check and sends the 429: a refused request does not count against the limit.
      if (verdict?.allowed === false || (payer && payer.wait > 0)) return next(request, response);
      return this.#answer(request, response, { cached, verdict, payer, startedAt });
    };
  }

  /** Stores a response of Express if every anonymous client would get the same one. */
  store(request: Request, response: Response, reply: Reply, route: Route): void {
    const { isShared = false } = reply;
    if (!isCacheable(reply) || !this.#isPlain(request) || !(isShared || isAnonymous(request))) return;
    const key = this.#keyOf(request.url, request.headers);
    if (key === undefined) return;
    const { etag, revalidation } = reply;
    const contentType = reply.headers?.['Content-Type'] ?? JSON_TYPE;
    const body = blocksOf(reply);
    const headers = sharedHeaders(response);
    const parts = { etag, body, contentType, headers, isShared, isCounted: isCounted(route) };
    const cached = new CachedResponse(parts, revalidation, this.#options.log.position, this.#compressor);
    if (reply.codings) cached.add(reply.codings);
    // This request counts as the first one for the coding that it accepts: the second one starts the compression.
    cached.sent(acceptedCoding(request.headers['accept-encoding']), undefined);
    this.#set(key, cached);
  }

  #answer(request: IncomingMessage, response: ServerResponse, { cached, verdict, payer, startedAt }: CacheHit): void {
    const { method, headers } = request;
    const { newId, accessLog, unread, log } = this.#options;
    const { status, head, body, contentLength } = cached.sent(
      acceptedCoding(headers['accept-encoding']),
      headers['if-none-match'],
    );
    const id = acceptableRequestId(headers['x-request-id'] as string | undefined) ?? newId();
    const limit = verdict ? Object.entries(rateLimitHeaders(verdict)).flat() : NO_HEADERS;
    response.writeHead(status, ['X-Request-Id', id, ...progressHeaders(log), ...head, ...limit]);
    const duration = performance.now() - startedAt;
    const sent = method === 'HEAD' ? undefined : body;
    endWith(response, sent);
    unread?.sent(response, sent);
    payer?.charge({ milliseconds: performance.now() - startedAt, bytes: sent ? lengthOf(sent) : 0 });
    accessLog.write(request, { id, status, contentLength, duration });
  }

  #find(request: IncomingMessage): CachedResponse | undefined {
    if (!this.#isPlain(request) || !this.#hasReachedWhatIsSeen(request)) return undefined;
    const { url = '', headers } = request;
    if (!isAnonymous(request)) return this.#cached.get(url)?.isShared ? this.#current(url) : undefined;
    const found = this.#current(url) ?? this.#current(pageKey(url, readerOf(headers)));
    if (found || !url.includes('?')) return found;
    const key = this.#keyOf(url, headers);
    return key === undefined ? undefined : this.#current(key);
  }

  /** The current response for this key, rebuilt if it is stale. If the rebuild fails, Express handles the request. */
  #current(key: string): CachedResponse | undefined {
    const { log, now, report } = this.#options;
    const { position } = log;
    const cached = this.#cached.get(key);
    try {
      if (!cached) return undefined;
      const current = cached.isCurrentAt(position, now) ? cached : cached.rebuiltAt(position);
      // Also if it has not changed: setting it marks it as recently used, so that it is evicted later.
      if (current) this.#set(key, current);
      return current;
    } catch (error) {
      report(`the cached response to ${key} could not be rebuilt`, error);
      return undefined;
    }
  }

  #set(key: string, response: CachedResponse): void {
    if (response.size <= this.#maxSize) this.#cached.set(key, response);
  }

  /** Express waits for a position that was not reached, and refuses a wrong one. */
  #hasReachedWhatIsSeen(request: IncomingMessage): boolean {
    if (!mayNamePosition(request)) return true;
    const seen = parseSeenPosition(request);
    return !seen.errors && (seen.value ?? 0) <= this.#options.log.position;
  }

  /**
   * Whether every other client with the same credential, or without one, would get the same response: the request does not
   * come from a page whose responses have other CORS headers, for example.
   */
  #isPlain(request: IncomingMessage): boolean {
    const { origins } = this.#options;
    const { method, headers } = request;
    const { host, origin } = headers;
    return (
      (method === 'GET' || method === 'HEAD') &&
      !hasBody(headers) &&
      !isForeignWebSocket(request) &&
      origins.readableBy(origin) === origins.readableBy(undefined) &&
      origins.allowsHost(host)
    );
  }
}

function isAnonymous({ headers }: IncomingMessage): boolean {
  return !carriesCredential(headers);
}

function sharedHeaders(response: Response): [name: string, value: string][] {
  // Responses have `getRawHeaderNames` too; the types declare it for client requests only.
  return (response as Response & Pick<ClientRequest, 'getRawHeaderNames'>)
    .getRawHeaderNames()
    .filter((name) => SHARED.has(name.toLowerCase()))
    .map((name) => [name, String(response.getHeader(name))]);
}
