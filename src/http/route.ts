// A row of the route table. Express, the OpenAPI document and the authorisation tests are generated from these rows,
// and nothing is served without one.
import type * as z from 'zod';
import type { Role } from '../../projections/events/roles.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Payer, Turn } from '../bounds/turns.ts';
import type { CommandRequest } from '../commands/dispatch.ts';
import type { Reader } from './browsers/reader.ts';
import type { Coding } from './cache/coding.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** A body that is not JSON. */
export interface RawBody {
  /** The media types that it can have. */
  readonly types: readonly string[];
  /** The most bytes. */
  readonly bytes: number;
  /** An example of one of the types, as text. */
  readonly example: { readonly type: string; readonly text: string };
}

/** A body that is not JSON, as it was sent. */
interface RawSent {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A request that was parsed, validated and authorised. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body of a row with `rawBody`. */
  readonly sent?: RawSent;
  readonly viewer: Viewer;
  /** Who reads the page, of a row with `page`; empty of all others. */
  readonly reader: Reader;
  /** The terms of the commands that the handler dispatches. The correlation id is the request id, unless that came from the client. */
  readonly terms: CommandRequest;
  /** The position in the `Last-Event-ID` header. */
  readonly lastEventId?: number;
  /** The client's IP address. */
  readonly address: string;
  /** Who pays for the work. */
  readonly payer: Payer;
  /**
   * For work that goes on after the handler's first `await`: each piece of it waits for its turn here, takes a few
   * milliseconds at most, and is charged to the payer. What the handler does before is such a piece already.
   */
  readonly turn: Turn;
  /** Aborts when the response is complete, or the client has disconnected. */
  readonly signal: AbortSignal;
  /** The `User-Agent` header. */
  readonly agent?: string | undefined;
}

/** A response body that is produced while it is sent. */
export interface StreamedBody {
  /**
   * Yields the body. The next chunk is requested when the client has read the last one. `signal` aborts on disconnect.
   */
  chunks(signal: AbortSignal): AsyncIterable<string>;
  /** For an endless stream: sends `beat` every `interval` milliseconds. The stream ends when the server shuts down. */
  readonly live?: { readonly beat: string; readonly interval: number };
  /**
   * Calls `end` when the caller's session ends, or their API key is revoked or expires. Returns an unsubscribe
   * function. Handlers leave it out: the row handler adds it.
   */
  readonly whenEnded?: (end: () => void) => () => void;
}

/**
 * A body in pieces, in order. The buffers may be shared with other answers, which saves making a long body for each
 * request, so nobody changes them.
 */
export type Blocks = readonly Buffer[];

/**
 * A successful answer. An object as `body` is encoded as JSON. Text and bytes are sent unchanged; their type is JSON
 * unless the headers name another one.
 */
export interface Reply {
  /** 404 is a success where what is sent in place of a picture or a frame is one too, for browsers to show. */
  readonly status: 200 | 201 | 204 | 302 | 303 | 308 | 404 | 503;
  readonly body?: unknown;
  /** Replaces `body`: JSON that is encoded already. */
  readonly blocks?: Blocks;
  /** Replaces `body`. */
  readonly stream?: StreamedBody;
  /** Without quotes. Lets clients and caches revalidate the response. A response without an ETag is `no-store`. */
  readonly etag?: string;
  /** Replaces `etag` for an answer that is built from the log: unique within one log only, like a position. */
  readonly logTag?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `Set-Cookie` headers. */
  readonly cookies?: readonly string[];
  /** Everyone gets this answer, whoever asks: a credential does not make it private. */
  readonly isShared?: true;
  /** The body in content codings, for the response cache: it was compressed beforehand. */
  readonly codings?: ReadonlyMap<Coding, Buffer>;
  /** Lets the response cache store the answer. An answer without it is not cached. */
  readonly revalidation?: Revalidation;
}

/**
 * How the response cache revalidates and rebuilds an answer to an anonymous request. Both must be cheap and
 * synchronous.
 */
export interface Revalidation {
  /** Whether the answer would be the same if it were built now. */
  isCurrent(): boolean;
  /** Builds the answer again. */
  rebuild(): Answer;
  /** When the answer ends to hold whatever happens, in milliseconds since 1970; for ever without it. */
  readonly validUntil?: number;
}

export type Answer = Reply | Problem;

/** The documentation of a successful response. */
export interface Success {
  readonly status: Reply['status'];
  readonly description: string;
  /** Default: JSON. */
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Whether the response has an ETag. */
  readonly tagged?: boolean;
  /** Whether the response can have a `Link` to the next page. */
  readonly paged?: boolean;
}

/**
 * Who may use a route. `anyone`: also anonymous callers; what the response contains depends on the caller. `person`: a
 * signed-in user. `leaver`: members of the organisation that the path names, and people who are only in a team without a
 * role there, so that they can leave; the command checks it. A role: callers who have this role or a higher one in the
 * organisation that the path names. If the path names none, the handler or its command checks the role in the
 * organisation that the request changes.
 */
export type RouteAccess = 'anyone' | 'person' | 'leaver' | Role;

export interface Route<P = unknown, Q = unknown, B = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters are written `{name}`, as in OpenAPI. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** Details that the summary leaves out. */
  readonly description?: string;
  readonly access: RouteAccess;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** In place of `body`, for what is not JSON. The handler finds it in `sent`. */
  readonly rawBody?: RawBody;
  /** An example of the body. */
  readonly bodyExample?: unknown;
  readonly success: Success;
  /** Other successful responses. */
  readonly alternatives?: readonly Success[];
  /** The problems of this route, in addition to those of the middleware. */
  readonly problems: readonly ProblemCode[];
  /** Whether the route supports `If-Match`, and `If-None-Match: *`. */
  readonly conditional?: boolean;
  /** Whether the route supports `Last-Event-ID`. */
  readonly resumable?: boolean;
  /** Whether public responses are cached, for as long as their `revalidation` says that they are current. */
  readonly cacheable?: boolean;
  /**
   * An HTML page. Its answer depends on the language and the theme of its `reader`: the server adds both to the tag and
   * to the key of the cache. A page is not counted among the requests of an address, but priced at what it costs.
   */
  readonly page?: true;
  /** A page that others may show in a frame. Its answers say who, by `framedBy`; its problems are shown in none. */
  readonly framed?: true;
  /** Pages load it, so it is not counted either, but priced at what it costs. */
  readonly loadedByPages?: true;
  /** Takes the form of a page of this server: one that a page of another origin sends is refused. */
  readonly form?: true;
  /** Exempt from rate limits: monitoring must not be refused. */
  readonly unlimited?: boolean;
  /** Never refused for its price: everyone gets the same bytes, which are in memory. */
  readonly isFree?: boolean;
  /** Reads nothing of the log, so its refusals are right whatever other servers have recorded. */
  readonly isStatic?: true;
  /**
   * Supports `Idempotency-Key`. A repeat finds the first response by the commit in the log, or in the memory of this
   * process.
   */
  readonly repeatable?: 'log' | 'process';
  handle(request: RouteRequest<P, Q, B>): Answer | Promise<Answer>;
}
