// Between events and the two texts they are stored as. What is recorded here is a storage format: it only ever grows.
import { blankMembers } from '../../projections/events/blank.ts';
import {
  type Actor,
  EVENT_TYPES,
  type EventMeta,
  type EventType,
  type RecordedEvent,
} from '../../projections/events/event-types.ts';
import { upcast } from '../../projections/events/upcasters.ts';
import type { Commit, NewEvent } from './commit.ts';
import { damageAt, type PreparedCommit, type PreparedEvent, type StoredEvent } from './journal.ts';
import { publicText } from './public-text.ts';

/** A commit ready for the journal. Throws a `ZodError` for data that its type's schema refuses: that is a bug of ours. */
export function prepare(commit: Commit, newId: () => string): PreparedCommit {
  const id = newId();
  const size = commit.writes.reduce((sum, { events }) => sum + events.length, 0);
  let index = 0;
  const prepareNext = (event: NewEvent) => prepareEvent(event, newId(), metaOf(commit, { id, index: index++, size }));
  return {
    id,
    writes: commit.writes.map(({ stream, expected, events }) => ({
      stream,
      expected,
      events: events.map(prepareNext),
    })),
    guards: commit.guards ?? [],
    redactions: commit.redactions ?? [],
    ...(commit.key ? { key: commit.key } : {}),
  };
}

function prepareEvent(event: NewEvent, id: string, meta: EventMeta): PreparedEvent {
  const { type, occurredAt, organizationId, tenantId, data } = event;
  const { schema, data: dataSchema } = EVENT_TYPES[type];
  return {
    id,
    type,
    schema,
    ...(occurredAt === undefined ? {} : { occurredAt }),
    organizationId,
    ...(tenantId === undefined ? {} : { tenantId }),
    data: JSON.stringify(dataSchema.parse(data)),
    meta: JSON.stringify(meta),
  };
}

function metaOf({ actor, correlationId, causationId }: Commit, commit: EventMeta['commit']): EventMeta {
  return { actor: opaque(actor), correlationId, ...(causationId === undefined ? {} : { causationId }), commit };
}

/** The actor's kind and id alone, whatever else the object at hand carries. */
function opaque({ kind, id }: Actor): Actor {
  return id === undefined ? { kind } : { kind, id };
}

/**
 * The public bytes of an event, of a type that is known, with the blank where people wrote something, and everything else
 * byte for byte: what is stored may have an older shape than what is read. Throws a `JournalError` as `decode` does.
 */
export function blankedText({ text, position }: StoredEvent): string {
  const { stream, version, data, ...envelope } = parse(text, position);
  const { texts } = EVENT_TYPES[envelope.type as EventType];
  return publicText({ ...envelope, data: JSON.stringify(blankMembers(data, texts)) }, stream, version);
}

/**
 * The event that was stored. The one way by which events come to memory, so that a replay cannot differ from the first time.
 * Throws a `JournalError` for one that cannot be read any more.
 */
export function decode({
  position,
  recordedAt,
  text,
  meta,
  hash,
}: Pick<StoredEvent, 'position' | 'recordedAt' | 'text' | 'meta' | 'hash'>): RecordedEvent {
  // Spread, it would take three times as long, and every replay is made of this.
  const event = parse(text, position);
  event.type = TYPES.get(event.type) ?? event.type;
  event.position = position;
  event.recordedAt = recordedAt;
  event.meta = parse(meta, position);
  event.hash = hash;
  return upcast(event);
}

/** Each type as the program itself names it: folds tell the very same string from others at a glance. */
const TYPES: ReadonlyMap<string, string> = new Map(Object.keys(EVENT_TYPES).map((type) => [type, type]));

function parse(text: string, position: number) {
  const value = parsed(text);
  if (value !== undefined) return value;
  throw damageAt(position);
}

/** `undefined` for what is no JSON. The parser's own words are dropped: they would quote the event. */
function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
