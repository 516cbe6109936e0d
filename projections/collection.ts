// Entities of one kind, listed per scope in the order of their creation, with a running tally of each scope.
import { Map as ImmutableMap, OrderedMap } from 'immutable';
import { DEFAULT_ORGANIZATION } from './envelope.ts';
import type { RecordedEvent } from './events.ts';
import { EVERYTHING, type Part, scopesOf, visibleScopes } from './scope.ts';
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

/** A collection in parts: every entity once, in the order of creation, then of each scope what its entities do not tell. */
export type CollectionPart<E> =
  | { readonly entities: readonly E[] }
  | { readonly scope: string; readonly position: number; readonly lastUpdated: string };

/** How many entities make a part: persistent maps take in many at once for less. */
const PART_SIZE = 128;

export function* encodeCollection<E, T>(collection: Collection<E, T>): Generator<CollectionPart<E>> {
  for (const entities of inParts(collection.get(EVERYTHING)?.entities.values() ?? [])) yield { entities };
  for (const [scope, { position, lastUpdated }] of collection) yield { scope, position, lastUpdated };
}

/** What is given, so many at a time. */
export function* inParts<I>(items: Iterable<I>): Generator<readonly I[]> {
  let part: I[] = [];
  for (const item of items) {
    if (part.push(item) < PART_SIZE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** The collection with one more of its parts. */
export function decodeCollection<E extends Entity, T>(
  collection: Collection<E, T>,
  part: CollectionPart<E>,
  counting: { zero: T; count: Count<E, T> },
): Collection<E, T> {
  if ('entities' in part) return addEntities(collection, part.entities, counting);
  const { scope, ...touched } = part;
  return collection.set(scope, { ...(collection.get(scope) ?? untouched(counting.zero)), ...touched });
}

function addEntities<E extends Entity, T>(
  collection: Collection<E, T>,
  added: readonly E[],
  { zero, count }: { zero: T; count: Count<E, T> },
): Collection<E, T> {
  return collection.withMutations((scopes) => {
    for (const [key, own] of byScope(added)) {
      const scope = scopes.get(key) ?? untouched<E, T>(zero);
      scopes.set(key, {
        ...scope,
        entities: scope.entities.withMutations((entities) => {
          for (const entity of own) entities.set(entity.id, entity);
        }),
        tally: own.reduce((tally, entity) => count(tally, entity, 1), scope.tally),
      });
    }
  });
}

/** A scope before anything is known of it. */
function untouched<E, T>(zero: T): Scope<E, T> {
  return { entities: OrderedMap(), tally: zero, position: 0, lastUpdated: '' };
}

function byScope<E extends Entity>(entities: readonly E[]): ReadonlyMap<string, readonly E[]> {
  const scopes = new Map<string, E[]>();
  for (const entity of entities) {
    for (const key of scopesOf(entity)) {
      const own = scopes.get(key);
      if (own) own.push(entity);
      else scopes.set(key, [entity]);
    }
  }
  return scopes;
}

/** The scopes that the viewer may see of this part; one that holds nothing yet is left out. */
export function selectScopes<E, T>(collection: Collection<E, T>, viewer: Viewer, part: Part): Scope<E, T>[] {
  return visibleScopes(viewer, part).flatMap((key) => collection.get(key) ?? []);
}

/** Position of the last event that touched what the viewer may see of this part; 0 before there is any. */
export function selectPosition<E, T>(collection: Collection<E, T>, viewer: Viewer, part: Part): number {
  return Math.max(0, ...selectScopes(collection, viewer, part).map(({ position }) => position));
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
