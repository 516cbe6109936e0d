// Entities of one kind, listed per scope in the order of their creation, with a running tally of each scope.
import { Map as ImmutableMap, OrderedMap } from 'immutable';
import { DEFAULT_ORGANIZATION } from './envelope.ts';
import type { RecordedEvent } from './events.ts';
import { EVERYTHING, type Filter, scopesOf, visibleScopes } from './scope.ts';
import { maySee, type Viewer } from './viewer.ts';

/** What every entity carries besides its own fields. */
export interface Entity {
  readonly id: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  /** Version of its stream. */
  readonly version: number;
  /** Position of the last event that changed what is shown of it. */
  readonly position: number;
}

/** One part of the whole: its entities and what was counted over them, so that a summary costs the same for ten or a million. */
export interface Scope<E, T> {
  readonly entities: OrderedMap<string, E>;
  readonly tally: T;
  /** Position and recorded time of the last event that touched the scope. */
  readonly position: number;
  readonly lastUpdated: string;
}

/** Scopes by key. Persistent maps share structure: one event costs O(log n), whatever the number of entities. */
export type Collection<E, T> = ImmutableMap<string, Scope<E, T>>;

/** Counts an entity in (`by` 1) or out (`by` -1). */
export type Count<E, T> = (tally: T, entity: E, by: 1 | -1) => T;

export function emptyCollection<E, T>(): Collection<E, T> {
  return ImmutableMap();
}

/** The collection after one entity went from `before` to `after`; `undefined` is not there. */
export function replaceEntity<E extends Entity, T>(
  collection: Collection<E, T>,
  event: RecordedEvent,
  { before, after }: { before: E | undefined; after: E | undefined },
  { zero, count }: { zero: T; count: Count<E, T> },
): Collection<E, T> {
  const entity = after ?? before;
  if (!entity) return collection;
  return collection.withMutations((scopes) => {
    for (const key of scopesOf(entity)) {
      const scope = scopes.get(key);
      const entities = scope?.entities ?? OrderedMap<string, E>();
      let tally = scope?.tally ?? zero;
      if (before) tally = count(tally, before, -1);
      if (after) tally = count(tally, after, 1);
      scopes.set(key, {
        entities: after ? entities.set(after.id, after) : entities.delete(entity.id),
        tally,
        position: event.position,
        lastUpdated: event.recordedAt,
      });
    }
  });
}

/** The scopes that the viewer may see under the filter; one that holds nothing yet is left out. */
export function selectScopes<E, T>(collection: Collection<E, T>, viewer: Viewer, filter: Filter): Scope<E, T>[] {
  return visibleScopes(viewer, filter).flatMap((key) => collection.get(key) ?? []);
}

/** Position of the last event that touched what the viewer may see under the filter; 0 before there is any. */
export function selectPosition<E, T>(collection: Collection<E, T>, viewer: Viewer, filter: Filter): number {
  return Math.max(0, ...selectScopes(collection, viewer, filter).map(({ position }) => position));
}

/** The entity with this id, or `undefined` where there is none or it is not the viewer's to see. */
export function selectEntity<E extends Entity, T>(
  collection: Collection<E, T>,
  viewer: Viewer,
  id: string,
): E | undefined {
  const entity = findEntity(collection, id);
  return entity && maySee(viewer, entity.organizationId) ? entity : undefined;
}

/** The entity with this id, whoever asks: for folds and decisions. */
export function findEntity<E extends Entity, T>(collection: Collection<E, T>, id: string): E | undefined {
  return collection.get(EVERYTHING)?.entities.get(id);
}

/** How an entity's place is shown: the default organisation goes without saying. */
export function shownPlace({ organizationId, tenantId }: Entity): { organizationId?: string; tenantId?: string } {
  return {
    ...(organizationId === DEFAULT_ORGANIZATION ? {} : { organizationId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}
