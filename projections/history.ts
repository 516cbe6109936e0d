// The history of an entity: which shown fields each event of its own stream changed.
import type { EntityKind } from './entity-kind.ts';
import { entityId, happenedAt } from './events/envelope.ts';
import type { Actor, EventType, RecordedEvent } from './events/event-types.ts';
import { redactionOf } from './redactions.ts';
import { type Entity, findEntity } from './state/collection.ts';
import { type FieldChange, type Fields, fieldChanges } from './state/field-changes.ts';
import { isAudience, type Viewer } from './viewer/viewer.ts';

/** The changes that one event made. */
export interface HistoryEntry {
  readonly position: number;
  /** Version of the entity's stream after the event. */
  readonly version: number;
  readonly type: EventType;
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** For members only. */
  readonly actor?: Actor;
  /** `updates`, `corrections` and `redactions` list only the added item. Empty for a deletion, which the type shows. */
  readonly changes: readonly FieldChange[];
}

/** Fields that are left out of the changes, because the entry itself carries that information. */
const IN_ENTRY = ['id', 'version', 'createdAt', 'recordedAt', 'updatedAt', 'lastUpdated'];

/**
 * The history entry of an event, as the viewer may see it. `before` and `after` are the states right before and after
 * the event, folded from the entity's own stream alone.
 */
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
    changes: changesOf(kind, event, {
      before: findEntity(kind.collection(before), id),
      after: findEntity(kind.collection(after), id),
    }),
  };
}

/** The shown members of the entity that its history covers. */
function fieldsOf<M, E extends Entity, S>({ show, notInHistory }: EntityKind<M, E, S>, entity: E | undefined): Fields {
  if (!entity) return undefined;
  const omitted = new Set([...IN_ENTRY, ...notInHistory]);
  return Object.fromEntries(Object.entries(show(entity)).filter(([member]) => !omitted.has(member)));
}

function changesOf<M, E extends Entity, S>(
  kind: EntityKind<M, E, S>,
  event: RecordedEvent,
  around: { readonly before: E | undefined; readonly after: E | undefined },
): FieldChange[] {
  // A field change would reveal the redacted text in `from`, so only the redaction itself is listed.
  if (event.type === 'event.redacted') return [{ field: 'redactions', from: null, to: redactionOf(event) }];
  const fields = fieldChanges(fieldsOf(kind, around.before), fieldsOf(kind, around.after));
  return [...fields, ...kind.additions(event, around)];
}
