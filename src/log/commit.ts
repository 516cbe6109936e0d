// Commits: the input of an append to the log, and its results.
import type { Actor, DataOf, EventType, RecordedEvent } from '../../projections/events/event-types.ts';

/** The precondition of a write: the stream is at this version, absent, present, or either. */
export type Expected = number | 'no-stream' | 'exists' | 'any';

interface NewEventOf<T extends EventType> {
  readonly type: T;
  /** When it happened, if not now: RFC 3339 with milliseconds and Z. */
  readonly occurredAt?: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  readonly data: DataOf<T>;
}

/** An event that is not recorded yet. */
export type NewEvent<T extends EventType = EventType> = { [K in T]: NewEventOf<K> }[T];

export interface Write {
  /** `<aggregate>-<id>`. */
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
}

/** A precondition on a stream that the commit does not write to. */
export type Guard = Pick<Write, 'stream' | 'expected'>;

/**
 * A precondition on all streams: no event of these types was recorded after this position. For rules that hold between
 * streams, such as that a name is unique.
 */
export interface Unseen {
  readonly types: readonly EventType[];
  readonly after: number;
}

/** Makes a commit happen once: a repeat with the same fingerprint is a duplicate, another fingerprint is refused. */
export interface IdempotencyKey {
  /** Includes the caller, method, path and the key that the client sent. */
  readonly id: string;
  /** Digest of the request. */
  readonly fingerprint: string;
}

/** Blanks the stored text of a recorded event. Its digest stays, and the same commit records an event that says so. */
export interface RedactedText {
  readonly position: number;
  /** The event's public text with the redacted members blanked. */
  readonly text: string;
}

/** A right that one node at a time has, such as to run the reactors. */
export interface Lease {
  readonly name: string;
  /** Counts its holders: a commit of an earlier holder is refused. */
  readonly epoch: number;
}

/** The events of one command: recorded, published and folded atomically. Each stream occurs at most once. */
export interface Commit {
  readonly writes: readonly Write[];
  readonly guards?: readonly Guard[];
  readonly unseen?: Unseen;
  readonly redactions?: readonly RedactedText[];
  readonly key?: IdempotencyKey;
  /** Recorded only while this node holds the lease. */
  readonly lease?: Lease;
  readonly actor: Actor;
  readonly correlationId: string;
  /** The id that the client gave its request. */
  readonly requestId?: string;
  readonly causationId?: string;
}

/** The ids of the request that led to a commit. */
export type RequestIds = Pick<Commit, 'correlationId' | 'requestId'>;

/** These ids alone, without other members that the object may have. */
export function requestIds({ correlationId, requestId }: RequestIds): RequestIds {
  return requestId === undefined ? { correlationId } : { correlationId, requestId };
}

/** The events of one commit, as recorded. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Positions of its first and last event. */
  readonly first: number;
  readonly last: number;
  /**
   * Positions of the events that it blanked. Present only when the commit is first published, not when it is read
   * later.
   */
  readonly redacted?: readonly number[];
}

/**
 * A stream was not at the expected version: `actual` is its version, 0 if it does not exist. For `Unseen`: the type of the
 * event in place of the stream, and positions in place of versions. Nothing was recorded.
 */
export interface Conflict {
  readonly kind: 'conflict';
  readonly stream: string;
  readonly expected: Expected;
  readonly actual: number;
  /** In a log that several nodes share: the position of its last event when the conflict was found. */
  readonly head?: number;
}

/** The result of an append. Only `appended` recorded anything; `duplicate` has the events of the first commit. */
export type Appended =
  | ({ readonly kind: 'appended' | 'duplicate' } & Batch)
  | Conflict
  /** The idempotency key was used before for another request. */
  | { readonly kind: 'key-reused' }
  /** Too many commits are queued; the caller can retry in a moment. */
  | { readonly kind: 'overloaded' }
  /** The journal cannot record now: `reason` is a sentence for operators. */
  | { readonly kind: 'unavailable'; readonly reason: string };
