// Commands: pure decisions over the read models that result in events or a rejection.

import { placeOf } from '../../projections/events/envelope.ts';
import type { EventType } from '../../projections/events/event-types.ts';
import type { Role } from '../../projections/events/roles.ts';
import type { Models } from '../../projections/models.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Expected, Guard, NewEvent, RedactedText, Write } from '../log/commit.ts';

/** The inputs of a decision besides the command's input and the read models. */
export interface Context {
  readonly viewer: Viewer;
  /** RFC 3339 with milliseconds and Z. */
  readonly now: string;
  /** A new UUIDv7. */
  newId(): string;
}

/** A rejection by a rule: `message` is a sentence that a person can act on, `pointer` a JSON pointer into the body. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly code:
    | 'invalid-request'
    | 'not-found'
    | 'forbidden'
    | 'keys-make-no-credentials'
    | 'other-place'
    | 'unknown-service'
    | 'unknown-group'
    | 'impact-none'
    | 'no-postmortem'
    | 'too-many-updates'
    | 'future-time'
    | 'past-time'
    | 'out-of-order'
    | 'wrong-state'
    | 'slug-taken'
    | 'slug-too-long'
    | 'limit-reached'
    | 'last-owner'
    | 'invitation-expired'
    | 'nothing-to-redact'
    | 'faint-colour';
  readonly message: string;
  readonly pointer?: string;
}

/**
 * Events for one stream, which must be at the expected version, and for `also`. No events at all if the requested state
 * is already reached.
 */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly stream: string;
  readonly expected: Exclude<Expected, 'any' | 'exists'>;
  readonly organizationId: string;
  /**
   * The least role that the viewer needs in the organisation; `anyone` if the decision itself checked the permission.
   */
  readonly role: Role | 'anyone';
  readonly events: readonly NewEvent[];
  /** Events for other streams of the same organisation, recorded in the same commit. */
  readonly also?: readonly Write[];
  /** Recorded events whose text is blanked in the same commit. */
  readonly redactions?: readonly RedactedText[];
  /** Other streams that the decision depends on: if one has changed meanwhile, the command is decided again. */
  readonly guards?: readonly Guard[];
  /** Types of events, in whatever stream, that the decision depends on: if one was recorded meanwhile, likewise. */
  readonly unseen?: readonly EventType[];
}

export type Decision = Acceptance | Rejection;

export interface Command<I> {
  /**
   * The stream, or other contended resource, whose commands must run one after another; `undefined` for a command that
   * starts a new stream.
   */
  stream(input: I): string | undefined;
  /** Pure. */
  decide(input: I, models: Models, context: Context): Decision;
}

export function reject(code: Rejection['code'], message: string, pointer?: string): Rejection {
  return { kind: 'rejected', code, message, ...(pointer === undefined ? {} : { pointer }) };
}

/** A new event of an existing entity, without its organisation and tenant, which the entity determines. */
export type Change = { [K in EventType]: Pick<NewEvent<K>, 'type' | 'data' | 'occurredAt'> }[EventType];

/** Accepts the changes as events of the entity's stream, recorded only if the stream has not changed meanwhile. */
export function acceptChanges(
  entity: Omit<Entity, 'origin'>,
  { stream, role, guards = [] }: Pick<Acceptance, 'stream' | 'role' | 'guards'>,
  changes: readonly Change[],
): Acceptance {
  return {
    guards,
    role,
    kind: 'accepted',
    stream,
    expected: entity.version,
    organizationId: entity.organizationId,
    events: changes.map((change) => ({ ...placeOf(entity), ...change })),
  };
}
