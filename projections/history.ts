// The history of an entity: what each event of its own stream changed of what is shown.
import type { EntityKind } from './entity-kind.ts';
import { entityId, happenedAt } from './events/envelope.ts';
import type { Actor, EventType, RecordedEvent } from './events/event-types.ts';
import { type FieldChange, type Fields, fieldChanges } from './field-changes.ts';
import { redactionOf } from './redactions.ts';
import { type Entity, findEntity } from './state/collection.ts';
import { isAudience, type Viewer } from './viewer/viewer.ts';

/** What one event did. */
export interface HistoryEntry {
  readonly position: number;
  /** Of the entity's stream, after the event. */
  readonly version: number;
  readonly type: EventType;
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** For members only. */
  readonly actor?: Actor;
  /** Of `updates`, `corrections` and `redactions` there is only the one that was added. None where all of it is gone: the type says so. */
  readonly changes: readonly FieldChange[];
}

/** What the entry itself says of every change. */
const IN_ENTRY = ['id', 'version', 'createdAt', 'recordedAt', 'updatedAt', 'lastUpdated'];

/** The event as the viewer may see it in the history, between the states that its stream alone makes right before and after it. */
export function historyEntry<M, E extends Entity, S>(
  kind: EntityKind<M, E, S>,
  event: RecordedEvent,
  { before, after }: { readonly before: S; readonly after: S },
  viewer: Viewer,
): HistoryEntry {
  const { position, version, type, recordedAt, organizationId, meta } = event;
  const id = entityId(event);
  return {
    position,
    version,
    type,
    happenedAt: happenedAt(event),
    recordedAt,
    ...(isAudience(viewer, organizationId, 'members') ? { actor: meta.actor } : {}),
    changes: changesOf(kind, event, fieldsIn(kind, before, id), fieldsIn(kind, after, id)),
  };
}

/** The members of the entity that its history tells. */
function fieldsIn<M, E extends Entity, S>(
  { collection, show, notInHistory }: EntityKind<M, E, S>,
  state: S,
  id: string,
): Fields {
  const entity = findEntity(collection(state), id);
  if (!entity) return undefined;
  const omitted = new Set([...IN_ENTRY, ...notInHistory]);
  return Object.fromEntries(Object.entries(show(entity)).filter(([member]) => !omitted.has(member)));
}

function changesOf<M, E extends Entity, S>(
  kind: EntityKind<M, E, S>,
  event: RecordedEvent,
  before: Fields,
  after: Fields,
): FieldChange[] {
  // What a redaction took from view is not to be told by its history.
  if (event.type === 'event.redacted') return [{ field: 'redactions', from: null, to: redactionOf(event) }];
  return [...fieldChanges(before, after), ...kind.additions(event)];
}
