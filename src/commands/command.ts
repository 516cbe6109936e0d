// What a command is: a pure decision over the read models, answered with events or a refusal.

import { placeOf } from '../../projections/events/envelope.ts';
import type { EventType } from '../../projections/events/event-types.ts';
import type { Role } from '../../projections/events/roles.ts';
import type { Models } from '../../projections/models.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Expected, Guard, NewEvent, RedactedText } from '../log/commit.ts';

/** What a decision may know of the world besides the read models. */
export interface Context {
  readonly viewer: Viewer;
  /** RFC 3339 with milliseconds and Z. */
  readonly now: string;
  /** A new UUIDv7. */
  newId(): string;
}

/** A refusal by the rules: `message` is a sentence that a person can act on, `pointer` the member of the body it is about. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly code:
    | 'not-found'
    | 'forbidden'
    | 'other-place'
    | 'unknown-service'
    | 'too-many-updates'
    | 'future-time'
    | 'past-time'
    | 'out-of-order'
    | 'slug-taken'
    | 'last-owner'
    | 'invitation-expired'
    | 'nothing-to-redact';
  readonly message: string;
  readonly pointer?: string;
}

/** Events for one stream, which must be as expected. No events: it is so already. */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly stream: string;
  readonly expected: Exclude<Expected, 'any' | 'exists'>;
  readonly organizationId: string;
  /** What the viewer must be in the organisation, at the least; `anyone` where the decision itself found that they may. */
  readonly role: Role | 'anyone';
  readonly events: readonly NewEvent[];
  /** Events whose text is blanked with it. */
  readonly redactions?: readonly RedactedText[];
  /** Other streams that were looked at: if one has moved meanwhile, the decision is taken again. */
  readonly guards?: readonly Guard[];
}

export type Decision = Acceptance | Rejection;

export interface Command<I> {
  /** The stream, or whatever else they contend for, whose commands must run one after another; none for what starts a new stream. */
  stream(input: I): string | undefined;
  /** Pure. */
  decide(input: I, models: Models, context: Context): Decision;
}

export function reject(code: Rejection['code'], message: string, pointer?: string): Rejection {
  return { kind: 'rejected', code, message, ...(pointer === undefined ? {} : { pointer }) };
}

/** What happened to an entity that exists already: where it belongs is known. */
export type Change = { [K in EventType]: Pick<NewEvent<K>, 'type' | 'data' | 'occurredAt'> }[EventType];

/** The changes as events of the entity's stream, recorded only if nothing else happened to it meanwhile. */
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
