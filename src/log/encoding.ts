// Encodes events as the two texts that are stored, and decodes them. A storage format: changes must stay compatible.

import {
  type Actor,
  EVENT_TYPES,
  type EventMeta,
  type EventType,
  type RecordedEvent,
} from '../../projections/events/event-types.ts';
import { blankAt } from '../../projections/events/texts.ts';
import { upcast } from '../../projections/events/upcasters.ts';
import type { Commit, NewEvent } from './commit.ts';
import { damageAt, type PreparedCommit, type PreparedEvent, type StoredEvent } from './journal.ts';
import { publicText, withoutSalt } from './public-text.ts';

/** What is random in a commit. */
export interface Randomness {
  /** Makes UUIDv7. */
  readonly newId: () => string;
  readonly newSalt: () => string;
}

/**
 * Encodes a commit for the journal. Throws a `ZodError` if data does not match its type's schema: a programming error.
 */
export function prepare(commit: Commit, { newId, newSalt }: Randomness): PreparedCommit {
  const id = newId();
  const size = commit.writes.reduce((sum, { events }) => sum + events.length, 0);
  let index = 0;
  const prepareNext = (event: NewEvent): PreparedEvent => ({
    ...encodeEvent(event),
    id: newId(),
    salt: newSalt(),
    meta: JSON.stringify(metaOf(commit, { id, index: index++, size })),
  });
  return {
    id,
    writes: commit.writes.map(({ stream, expected, events }) => ({
      stream,
      expected,
      events: events.map(prepareNext),
    })),
    guards: commit.guards ?? [],
    redactions: commit.redactions ?? [],
    ...(commit.unseen ? { unseen: commit.unseen } : {}),
    ...(commit.key ? { key: commit.key } : {}),
    ...(commit.lease ? { lease: commit.lease } : {}),
  };
}

function encodeEvent(event: NewEvent): Omit<PreparedEvent, 'id' | 'salt' | 'meta'> {
  const { type, occurredAt, organizationId, tenantId, data } = event;
  const { schema, data: dataSchema } = EVENT_TYPES[type];
  return {
    type,
    schema,
    ...(occurredAt === undefined ? {} : { occurredAt }),
    organizationId,
    ...(tenantId === undefined ? {} : { tenantId }),
    data: JSON.stringify(dataSchema.parse(data)),
  };
}

function metaOf({ actor, correlationId, requestId, causationId }: Commit, commit: EventMeta['commit']): EventMeta {
  return {
    actor: opaque(actor),
    correlationId,
    ...(requestId === undefined ? {} : { requestId }),
    ...(causationId === undefined ? {} : { causationId }),
    commit,
  };
}

/** The actor's kind and id alone, without other members that the object may have. */
function opaque({ kind, id }: Actor): Actor {
  return id === undefined ? { kind } : { kind, id };
}

/**
 * The public text of an event of a known type with its free text blanked, its salt erased and everything else unchanged
 * byte for byte; `undefined` if it has no free text. Uses the stored data, which may have an older schema than the
 * decoded event. Throws a `JournalError` like `decode`.
 */
export function blankedText({ text, position }: StoredEvent): string | undefined {
  const { stream, version, salt, data: original, ...envelope } = parse(text, position);
  const { texts } = EVENT_TYPES[envelope.type as EventType];
  const data = JSON.stringify(blankAt(original, texts));
  if (data === JSON.stringify(original)) return undefined;
  return publicText({ ...envelope, ...(salt === undefined ? {} : { salt: null }), data }, stream, version);
}

/**
 * Decodes a stored event, without its salt. All events in memory come from here, also newly recorded ones, so that a
 * replay gives the same events. Throws a `JournalError` if the event cannot be parsed.
 */
export function decode({
  position,
  recordedAt,
  text,
  meta,
  hash,
}: Pick<StoredEvent, 'position' | 'recordedAt' | 'text' | 'meta' | 'hash'>): RecordedEvent {
  // Mutated instead of spread, which takes three times as long: a replay spends much of its time here.
  const event = parse(withoutSalt(text), position);
  event.type = TYPES.get(event.type) ?? event.type;
  event.position = position;
  event.recordedAt = recordedAt;
  event.meta = parse(meta, position);
  event.hash = hash;
  return upcast(event);
}

/** The program's own string for each type: folds compare identical string objects faster. */
const TYPES: ReadonlyMap<string, string> = new Map(Object.keys(EVENT_TYPES).map((type) => [type, type]));

function parse(text: string, position: number) {
  const value = parsed(text);
  if (value !== undefined) return value;
  throw damageAt(position);
}

/** `undefined` for invalid JSON. The parser's message is dropped, because it would quote the event. */
function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
