// Answers public GETs in front of Express, with what Express has answered before, as long as it would answer the same again.
import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Verdict } from '../../bounds/rate-limiter.ts';
import { RecentMap } from '../../bounds/recent-map.ts';
import type { ClientAddress } from '../../identity/client-address.ts';
import type { OriginPolicy } from '../../identity/origins.ts';
import type { Report } from '../../log/report.ts';
import type { AccessLog } from '../access-log.ts';
import { acceptableRequestId, carriesCredential, JSON_TYPE } from '../headers.ts';
import { hasBody } from '../json-body.ts';
import { limitAddress, type RequestLimits, rateLimitHeaders } from '../rate-limit.ts';
import type { Reply, Route } from '../route.ts';
import { createKeys, type KeyOf } from './cache-key.ts';
import { CachedResponse, encodedBody, isCacheable } from './cached-response.ts';
import { acceptedCoding, Compressor } from './compressor.ts';

interface ResponseCacheLimits {
  /** What all answers together may take of memory. */
  readonly bytes: number;
  /** How many answers are compressed at one time. */
  readonly compressing: number;
}

export interface ResponseCacheOptions {
  readonly routes: readonly Route[];
  readonly origins: OriginPolicy;
  readonly clientAddress: ClientAddress;
  readonly limits?: RequestLimits | undefined;
  readonly accessLog: AccessLog;
  readonly newId: () => string;
  /** Of the last event of the log: as long as it stays the same, so do all answers that are kept. */
  readonly position: () => number;
  readonly cacheLimits: ResponseCacheLimits;
  readonly report: Report;
}

/** Those of one request, and those that depend on how the answer is coded. */
const NOT_SHARED = new Set([
  ...['x-request-id', 'ratelimit', 'ratelimit-policy'],
  ...['etag', 'content-type', 'content-length'],
]);

/** One answer that takes more than this part of the capacity would drive out most others: it is not cached. */
const LARGEST_PART = 8;

interface Found {
  readonly cached: CachedResponse;
  /** What became of the request as one of its address, where those are limited. */
  readonly verdict: Verdict | undefined;
  /** When it came, in milliseconds. */
  readonly began: number;
}

const NOTHING: readonly string[] = [];

/**
 * Only what Express answered to one whom it does not know, and would to any other, is kept: status 200, of a row that says
 * how long it holds. What is made of read models waits for nothing outside the process, so of many who ask at once the
 * first has been answered before the second is read: they need not wait for each other to share the work.
 */
export class ResponseCache {
  readonly #options: ResponseCacheOptions;
  readonly #keyOf: KeyOf;
  readonly #compressor: Compressor;
  readonly #cached: RecentMap<string, CachedResponse>;
  /** In bytes. */
  readonly #largest: number;

  constructor(options: ResponseCacheOptions) {
    this.#options = options;
    this.#keyOf = createKeys(options.routes);
    this.#compressor = new Compressor(options.cacheLimits.compressing, options.report);
    const { bytes } = options.cacheLimits;
    this.#cached = new RecentMap(bytes, ({ size }) => size);
    this.#largest = bytes / LARGEST_PART;
  }

  /** How many responses are cached. */
  get count(): number {
    return this.#cached.size;
  }

  /** Answers what is kept, and lets `next` answer the rest. */
  inFrontOf(next: RequestListener): RequestListener {
    const { limits, clientAddress } = this.#options;
    return (request, response) => {
      const began = performance.now();
      const cached = this.#find(request);
      const verdict = cached && limits && limitAddress(limits.addresses, clientAddress, request);
      // To be refused costs nothing of a limit: Express finds the same.
      if (!cached || verdict?.allowed === false) return next(request, response);
      return this.#answer(request, response, { cached, verdict, began });
    };
  }

  /** Keeps what Express answered, if it would answer anyone the same. */
  keep(request: Request, response: Response, reply: Reply): void {
    if (!isCacheable(reply) || !this.#isForAnyone(request)) return;
    const key = this.#keyOf(request.url);
    if (key === undefined) return;
    const { etag, revalidation } = reply;
    const parts = { etag, body: encodedBody(reply), contentType: JSON_TYPE, headers: sharedHeaders(response) };
    const cached = new CachedResponse(parts, revalidation, this.#options.position(), this.#compressor);
    // Counts as asked for once, in the coding that was accepted.
    cached.sent(acceptedCoding(request.headers['accept-encoding']), undefined);
    this.#set(key, cached);
  }

  #answer(request: IncomingMessage, response: ServerResponse, { cached, verdict, began }: Found): void {
    const { method, headers } = request;
    const { newId, accessLog } = this.#options;
    const { status, head, bytes, contentLength } = cached.sent(
      acceptedCoding(headers['accept-encoding']),
      headers['if-none-match'],
    );
    const id = acceptableRequestId(headers['x-request-id'] as string | undefined) ?? newId();
    const limit = verdict ? Object.entries(rateLimitHeaders(verdict)).flat() : NOTHING;
    response.writeHead(status, ['X-Request-Id', id, ...head, ...limit]);
    const took = performance.now() - began;
    response.end(method === 'HEAD' ? undefined : bytes);
    accessLog.write(request, { id, status, contentLength, took });
  }

  #find(request: IncomingMessage): CachedResponse | undefined {
    if (!this.#isForAnyone(request)) return undefined;
    const { url = '' } = request;
    return this.#current(url) ?? (url.includes('?') ? this.#current(this.#keyOf(url) ?? url) : undefined);
  }

  /** The answer of this name, made anew where it does not hold any more. What fails here, Express answers for. */
  #current(key: string): CachedResponse | undefined {
    const { position, report } = this.#options;
    const cached = this.#cached.get(key);
    try {
      if (!cached) return undefined;
      const current = cached.isCurrentAt(position()) ? cached : cached.rebuiltAt(position());
      // Also where it is the same: it was asked for, and so is kept for longer.
      if (current) this.#set(key, current);
      return current;
    } catch (error) {
      report(`the answer to ${key} was not made anew`, error);
      return undefined;
    }
  }

  #set(key: string, answer: CachedResponse): void {
    if (answer.size <= this.#largest) this.#cached.set(key, answer);
  }

  /** Whether anyone else who asks for the same is answered the same: nobody that is known, and no page that is trusted with more than others. */
  #isForAnyone({ method, headers }: IncomingMessage): boolean {
    const { origins } = this.#options;
    const { host, origin } = headers;
    return (
      (method === 'GET' || method === 'HEAD') &&
      !carriesCredential(headers) &&
      !hasBody(headers) &&
      (origin === undefined || !origins.trusts(origin)) &&
      origins.allowsHost(host)
    );
  }
}

function sharedHeaders(response: Response): [name: string, value: string][] {
  // All messages can tell them; only for requests the types say so.
  return (response as Response & Pick<ClientRequest, 'getRawHeaderNames'>)
    .getRawHeaderNames()
    .filter((name) => !NOT_SHARED.has(name.toLowerCase()))
    .map((name) => [name, String(response.getHeader(name))]);
}
