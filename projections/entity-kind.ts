// What a kind of entity is: one descriptor, from which everything derives that is made for every kind alike.
import type { RecordedEvent } from './events/event-types.ts';
import type { FieldChange } from './field-changes.ts';
import { type Collection, type Entity, findEntity } from './state/collection.ts';
import { fold, type Projection } from './state/projection.ts';

/**
 * A kind of entity: services, incidents. Redactions, histories, the rows of REST, their caches, the updates and snapshots
 * of rooms, and the command line derive what they do for it from this. `M` are the read models that it looks at, `S` is
 * the state of the one that holds its entities.
 */
export interface EntityKind<M, E extends Entity = Entity, S = unknown> {
  /** Its noun, with which its streams begin: `service`. */
  readonly aggregate: string;
  /** The plural: the name of its read model and of its lists, as in `/api/services`. */
  readonly plural: string;
  /** The read model that holds its entities. */
  readonly projection: Projection<S>;
  state(models: M): S;
  collection(state: S): Collection<E, unknown>;
  /** The entity as REST and sockets show it. */
  show(entity: E): object;
  /** Ids of the entities that an event of another stream may have changed; `before` and `after` its commit. */
  touched(commit: { readonly before: M; readonly after: M }, event: RecordedEvent): readonly string[];
  /** The streams that decide what is shown of an entity, at any time. */
  streams(models: M, id: string): readonly string[];
  /** The shown members that its history leaves out. */
  readonly notInHistory: readonly string[];
  /** What the event adds to the entity's history besides the members that it changes. */
  additions(event: RecordedEvent): readonly FieldChange[];
}

/** All entities of the kind. */
export function entitiesIn<M, E extends Entity, S>(kind: EntityKind<M, E, S>, models: M): Collection<E, unknown> {
  return kind.collection(kind.state(models));
}

/** The entity with this id, whoever asks: for folds, decisions and rooms. */
export function findIn<M, E extends Entity, S>(kind: EntityKind<M, E, S>, models: M, id: string): E | undefined {
  return findEntity(entitiesIn(kind, models), id);
}

/** The entity as these events alone make it. */
export function foldEntity<M, E extends Entity, S>(
  { projection, collection }: EntityKind<M, E, S>,
  events: readonly RecordedEvent[],
  id: string,
): E | undefined {
  return findEntity(collection(fold(projection, events)), id);
}
