// What is added to the log: commits as they are asked for, and what becomes of them.
import type { Actor, DataOf, EventType, RecordedEvent } from '../../projections/events/event-types.ts';

/** What a stream must look like for a write to go through: at this version, absent, present, or either. */
export type Expected = number | 'no-stream' | 'exists' | 'any';

interface NewEventOf<T extends EventType> {
  readonly type: T;
  /** When it happened, RFC 3339 with milliseconds and Z, if that is not now. */
  readonly occurredAt?: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  readonly data: DataOf<T>;
}

/** A fact that is not yet recorded. */
export type NewEvent<T extends EventType = EventType> = { [K in T]: NewEventOf<K> }[T];

export interface Write {
  /** `<aggregate>-<id>`. */
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
}

/** A stream that must be as expected although nothing is written to it. */
export type Guard = Pick<Write, 'stream' | 'expected'>;

/** Makes a commit happen once: the same id and fingerprint again is a duplicate, another fingerprint is refused. */
export interface IdempotencyKey {
  /** Scoped by the caller: who, method, path and what they sent as the key. */
  readonly id: string;
  /** Digest of what was asked. */
  readonly fingerprint: string;
}

/** Blanks the stored text of an event that is already recorded. Its digest stays, and a commit that does so says it in an event. */
export interface RedactedText {
  readonly position: number;
  /** The public bytes without what should never have been published. */
  readonly text: string;
}

/** The events of one command: recorded, published and folded as one, or not at all. Streams are named once each. */
export interface Commit {
  readonly writes: readonly Write[];
  readonly guards?: readonly Guard[];
  readonly redactions?: readonly RedactedText[];
  readonly key?: IdempotencyKey;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId?: string;
}

/** The events of one commit, as recorded. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Positions of its first and last event. */
  readonly first: number;
  readonly last: number;
  /** Positions of the events that it blanked: told when it is recorded, and never again. */
  readonly redacted?: readonly number[];
}

/** A stream was not as expected: `actual` is its version, 0 where there is none. Nothing was recorded. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly stream: string;
  readonly expected: Expected;
  readonly actual: number;
}

/** What became of a commit. Only `appended` recorded anything; `duplicate` carries what the first one recorded. */
export type Appended =
  | ({ readonly kind: 'appended' | 'duplicate' } & Batch)
  | Conflict
  /** The key was used before, for something else. */
  | { readonly kind: 'key-reused' }
  /** Too much is waiting already; it may be asked again in a moment. */
  | { readonly kind: 'overloaded' }
  /** The journal cannot record now: `reason` is a sentence for operators. */
  | { readonly kind: 'unavailable'; readonly reason: string };
