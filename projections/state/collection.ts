// Entities of one kind, listed per scope in creation order, with a running tally for each scope.
import { DEFAULT_ORGANIZATION } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import { EVERYTHING, scopesOf } from '../viewer/scope.ts';
import { PersistentMap } from './persistent-map.ts';
import { PersistentSequence } from './persistent-sequence.ts';

/** The fields that every entity has. */
export interface Entity {
  readonly id: string;
  readonly organizationId: string;
  readonly tenantId?: string;
  /** Version of its stream. */
  readonly version: number;
  /** Position of the event that created it: lists are in that order. */
  readonly origin: number;
  /** Position of the last event that changed its shown form. */
  readonly position: number;
}

/** The entities of one scope, and the tally over them, so that a summary costs the same for any number. */
export interface Scope<T> {
  /** Entity ids by origin, that is, in creation order. */
  readonly ids: PersistentSequence<string>;
  readonly tally: T;
  /** Position and recorded time of the last event that touched the scope. */
  readonly position: number;
  readonly lastUpdated: string;
}

/** Entities by id and scopes by key. Persistent maps share structure: an event costs O(log n) for n entities. */
export interface Collection<E, T> {
  readonly entities: PersistentMap<E>;
  /** The scope of all entities, which every change touches; `undefined` before the first entity. */
  readonly everything: Scope<T> | undefined;
  /** All other scopes by key. */
  readonly scopes: PersistentMap<Scope<T>>;
}

/** How entities are counted: the tally of no entities, and how it changes with one entity. */
export interface Counting<E, T> {
  readonly zero: T;
  /** The tally after one entity went from `before` to `after`; the same object if nothing counted changed. */
  recount(tally: T, before: E | undefined, after: E | undefined): T;
}

export function emptyCollection<E, T>(): Collection<E, T> {
  return { entities: PersistentMap.empty(), everything: undefined, scopes: PersistentMap.empty() };
}

/** The collection after one entity went from `before` to `after`; `undefined` means that it does not exist. */
export function replaceEntity<E extends Entity, T>(
  collection: Collection<E, T>,
  event: RecordedEvent,
  { before, after }: { before: E | undefined; after: E | undefined },
  { zero, recount }: Counting<E, T>,
): Collection<E, T> {
  const entity = after ?? before;
  if (!entity) return collection;
  const { position, recordedAt: lastUpdated } = event;
  const touched = ({ ids, tally }: Scope<T> = untouched(zero)): Scope<T> => ({
    ids: before && after ? ids : withEntity(ids, entity, after !== undefined),
    tally: recount(tally, before, after),
    position,
    lastUpdated,
  });
  const { entities, everything } = collection;
  let { scopes } = collection;
  for (const key of scopesOf(entity)) scopes = scopes.set(key, touched(scopes.get(key)));
  return {
    entities: after ? entities.set(after.id, after) : entities.delete(entity.id),
    everything: touched(everything),
    scopes,
  };
}

type Ids = Scope<unknown>['ids'];

function withEntity(ids: Ids, { id, origin }: Entity, isThere: boolean): Ids {
  return isThere ? ids.set(origin, id) : ids.delete(origin);
}

/** A collection in parts: every entity once, in creation order, then what entities do not imply about each scope. */
export type CollectionPart<E> =
  | { readonly entities: readonly E[] }
  | { readonly scope: string; readonly position: number; readonly lastUpdated: string };

/** How many entities are in a part: decoding updates each scope once for all of them. */
const PART_SIZE = 128;

export function* encodeCollection<E, T>(collection: Collection<E, T>): Generator<CollectionPart<E>> {
  const { everything, scopes } = collection;
  if (everything === undefined) return;
  for (const part of inParts(entitiesOf(collection, everything))) yield { entities: part };
  for (const [scope, { position, lastUpdated }] of [[EVERYTHING, everything] as const, ...scopes]) {
    yield { scope, position, lastUpdated };
  }
}

/** The items in arrays of up to `PART_SIZE`. */
export function* inParts<I>(items: Iterable<I>): Generator<readonly I[]> {
  let part: I[] = [];
  for (const item of items) {
    if (part.push(item) < PART_SIZE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** The collection with one more decoded part. */
export function decodeCollection<E extends Entity, T>(
  collection: Collection<E, T>,
  part: CollectionPart<E>,
  counting: Counting<E, T>,
): Collection<E, T> {
  if ('entities' in part) return addEntities(collection, part.entities, counting);
  const { scope: key, ...touched } = part;
  return withScope(collection, key, { ...(findScope(collection, key) ?? untouched(counting.zero)), ...touched });
}

/** The scope with this key; `undefined` if it never had an entity. */
export function findScope<E, T>({ everything, scopes }: Collection<E, T>, key: string): Scope<T> | undefined {
  return key === EVERYTHING ? everything : scopes.get(key);
}

function withScope<E, T>(collection: Collection<E, T>, key: string, scope: Scope<T>): Collection<E, T> {
  if (key === EVERYTHING) return { ...collection, everything: scope };
  return { ...collection, scopes: collection.scopes.set(key, scope) };
}

function addEntities<E extends Entity, T>(
  collection: Collection<E, T>,
  added: readonly E[],
  { zero, recount }: Counting<E, T>,
): Collection<E, T> {
  let next = { ...collection, entities: collection.entities.setAll(added.map((entity) => [entity.id, entity])) };
  for (const [key, own] of byScope(added)) {
    const scope = findScope(next, key) ?? untouched(zero);
    const ids = own.reduce<Ids>((all, entity) => withEntity(all, entity, true), scope.ids);
    const tally = own.reduce((sum, entity) => recount(sum, undefined, entity), scope.tally);
    next = withScope(next, key, { ...scope, ids, tally });
  }
  return next;
}

/** A scope without any entity or event yet. */
function untouched<T>(zero: T): Scope<T> {
  return { ids: PersistentSequence.empty(), tally: zero, position: 0, lastUpdated: '' };
}

function byScope<E extends Entity>(entities: readonly E[]): ReadonlyMap<string, readonly E[]> {
  const scopes = new Map<string, E[]>();
  for (const entity of entities) {
    for (const key of [EVERYTHING, ...scopesOf(entity)]) {
      const own = scopes.get(key);
      if (own) own.push(entity);
      else scopes.set(key, [entity]);
    }
  }
  return scopes;
}

/** The entity with this id, without an access check: for folds and decisions. */
export function findEntity<E extends Entity, T>(collection: Collection<E, T>, id: string): E | undefined {
  return collection.entities.get(id);
}

/** The entities of a scope, in creation order. Lazy: each is looked up when it is iterated. */
export function* entitiesOf<E, T>({ entities }: Collection<E, T>, { ids }: Scope<T>): Generator<E> {
  for (const id of ids) yield entities.get(id) as E;
}

/** The shown organisation and tenant of an entity: the default organisation is left out. */
export function shownPlace({ organizationId, tenantId }: Entity): { organizationId?: string; tenantId?: string } {
  return {
    ...(organizationId === DEFAULT_ORGANIZATION ? {} : { organizationId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}
