// The descriptor of a kind of entity: all code that works for every kind derives its behaviour from it.
import type { Audience } from './events/event-definition.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { type Collection, type Entity, findEntity } from './state/collection.ts';
import type { FieldChange } from './state/field-changes.ts';
import { fold, type Projection } from './state/projection.ts';

/**
 * A kind of entity: services, incidents. Redactions, histories, REST rows and their caches, room updates and snapshots,
 * and the command line derive their behaviour from it. `M` is the type of the read models that it reads, `S` the state
 * of the read model that holds its entities.
 */
export interface EntityKind<M, E extends Entity = Entity, S = unknown> {
  /** The singular noun, which is the prefix of its streams: `service`. */
  readonly aggregate: string;
  /**
   * Who may see its entities. Those for members are in no room, and for anybody else they are not there: in no list and
   * no history, and in no tag or position.
   */
  readonly audience: Audience;
  /** `false` where rooms hear of others in its place: of the occurrences of a series. */
  readonly isInRooms?: false;
  /** The plural: the name of its lists, as in `/api/services`, and of its read model, unless that holds another kind too. */
  readonly plural: string;
  /** The read model that holds its entities. */
  readonly projection: Projection<S>;
  state(models: M): S;
  collection(state: S): Collection<E, unknown>;
  /** The entity as REST and sockets show it. */
  show(entity: E): object;
  /** Its shown status. */
  status(entity: E): string;
  /** Whether it is over, like a resolved incident: what must stay small may leave the oldest of these out. */
  isSettled(entity: E): boolean;
  /** The time that it covers, if its kind has a time: lists are then asked for by it. */
  span?(entity: E): Span;
  /** Whether it goes on now, like an unresolved incident: lists are filtered by that. */
  isActive(entity: E): boolean;
  /** Ids of entities that an event of another stream may have changed. `before` and `after` are around its commit. */
  touched(commit: { readonly before: M; readonly after: M }, event: RecordedEvent): readonly string[];
  /** All streams that have ever affected what is shown of an entity. */
  streams(models: M, id: string): readonly string[];
  /**
   * The JSON pointer below which the entity shows the texts of an event of its stream: empty, unless they are nested, as
   * those of an update.
   */
  textsUnder(event: RecordedEvent): string;
  /** The shown members that its history leaves out. */
  readonly notInHistory: readonly string[];
  /** What the event adds to the entity's history besides the members that it changes. */
  additions(
    event: RecordedEvent,
    around: { readonly before: E | undefined; readonly after: E | undefined },
  ): readonly FieldChange[];
}

/** From when to when something lasted; `to` is `null` as long as it does. */
export interface Span {
  readonly from: string;
  readonly to: string | null;
}

/** All entities of the kind. */
export function entitiesIn<M, E extends Entity, S>(kind: EntityKind<M, E, S>, models: M): Collection<E, unknown> {
  return kind.collection(kind.state(models));
}

/** The entity with this id, without an access check: for folds, decisions and rooms. */
export function findIn<M, E extends Entity, S>(kind: EntityKind<M, E, S>, models: M, id: string): E | undefined {
  return findEntity(entitiesIn(kind, models), id);
}

/** The entity folded from these events alone, or onto a state that holds what it shows of other streams. */
export function foldEntity<M, E extends Entity, S>(
  { projection, collection }: EntityKind<M, E, S>,
  events: readonly RecordedEvent[],
  id: string,
  from: S = projection.initial,
): E | undefined {
  return findEntity(collection(fold(projection, events, from)), id);
}
