// What a row of the route table says. Everything that is served is such a row; Express, OpenAPI and the authorisation tests are made from them.
import type { z } from 'zod';
import type { Role } from '../../projections/events/roles.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { CommandRequest } from '../commands/dispatch.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** What a handler is given: parsed, authorised. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly viewer: Viewer;
  /** What a command goes out with. The correlation id is the request's id. */
  readonly terms: CommandRequest;
  /** The position that `Last-Event-ID` names. */
  readonly lastEventId?: number;
  /** The client's IP address. */
  readonly address: string;
  /** What the client says it is. */
  readonly agent?: string | undefined;
}

export interface StreamedBody {
  /** Asked for the next one when the client has read the last. `signal` aborts when nobody waits for any more. */
  chunks(signal: AbortSignal): AsyncIterable<string>;
  /** Of a stream that does not end by itself: what keeps it open, every `interval` milliseconds. It ends with the server. */
  readonly live?: { readonly beat: string; readonly interval: number };
  /** Calls `end` when whoever asked is no longer who they were. What it returns stops that. Added to what a row answers. */
  readonly whenEnded?: (end: () => void) => () => void;
}

/** A successful answer. `body`: an object is sent as JSON; text and bytes as they are, as JSON too unless the headers name their type. */
export interface Reply {
  readonly status: 200 | 201 | 204 | 302 | 503;
  readonly body?: unknown;
  /** Text that is made while it is sent, in place of a body. */
  readonly stream?: StreamedBody;
  /** Without quotes. Makes the answer revalidable; one without it is never kept by a cache. */
  readonly etag?: string;
  /** In place of a tag, for an answer that is made from the log: what tells it from others of the same log, as a position does. */
  readonly logTag?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What lets the answer be kept in front of its row; one without it is not. */
  readonly revalidation?: Revalidation;
}

/** An answer to one whom nobody knows that can be looked at again, and made again, as long as it is kept. Both cost little. */
export interface Revalidation {
  /** Whether the answer would be the same, were it made now. */
  isCurrent(): boolean;
  /** The answer made now. */
  rebuild(): Answer;
}

export type Answer = Reply | Problem;

/** What a row documents of its success. */
export interface Success {
  readonly status: Reply['status'];
  readonly description: string;
  /** JSON unless told. */
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Whether it carries an ETag. */
  readonly tagged?: boolean;
}

/**
 * Who may use a row. `anyone`: what they see depends on who they are. `person`: whoever is signed in. A role: who has it, or one that
 * may more, in the organisation that the path names, or else in the one that the change turns out to be for.
 */
export type RouteAccess = 'anyone' | 'person' | Role;

export interface Route<P = unknown, Q = unknown, B = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With `{name}` for parameters, as OpenAPI writes them. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** What the summary leaves open. */
  readonly description?: string;
  readonly access: RouteAccess;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** An example of the body. */
  readonly bodyExample?: unknown;
  readonly success: Success;
  /** Other answers that are no problems. */
  readonly alternatives?: readonly Success[];
  /** What can go wrong beyond what the table's machinery itself answers. */
  readonly problems: readonly ProblemCode[];
  /** Takes `If-Match`. */
  readonly conditional?: boolean;
  /** Takes `Last-Event-ID`. */
  readonly resumable?: boolean;
  /** Whether answers that anyone gets are kept in front of the row, as long as they say that they still hold. */
  readonly cacheable?: boolean;
  /** Answers however often it is asked: whoever watches over the server must not be refused. */
  readonly unlimited?: boolean;
  /** Where a repeat with the same `Idempotency-Key` finds the first answer: with the commit in the log, or in this process. */
  readonly repeatable?: 'log' | 'process';
  handle(request: RouteRequest<P, Q, B>): Answer | Promise<Answer>;
}
