// Pages of the entities that a viewer may see, in the order of their creation over all organisations. Pure.
import { type EntityKind, entitiesIn } from './entity-kind.ts';
import { selectScopes } from './selection.ts';
import type { Collection, Entity, Scope } from './state/collection.ts';
import type { Filter } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

/** What is asked of a page. */
export interface PageQuery {
  /** Only entities with this shown status. */
  readonly status?: string | undefined;
  /** Only entities that are settled, or only those that are not. */
  readonly active?: boolean | undefined;
  /**
   * The origin of the last entity of the page before. Origins are positions in the log: no two entities share one, and
   * it says where to go on even when that entity was deleted or the viewer joined or left an organisation.
   */
  readonly after?: number | undefined;
  /** How many entities a page has at most. */
  readonly limit: number;
}

export interface Page<E> {
  readonly entities: readonly E[];
  /** `after` of the next page; `undefined` on the last page. */
  readonly next: number | undefined;
}

/** How many entities are looked at between two pauses. */
const STEP = 1_000;

/**
 * The entities that the query asks for. Looks at no more of them than it needs to fill the page, and yields now and then,
 * so that the caller can pause: a filter may match few of many.
 */
export function* selectPage<M, E extends Entity>(
  kind: EntityKind<M, E>,
  models: M,
  viewer: Viewer,
  query: PageQuery & { readonly filter: Filter },
): Generator<void, Page<E>> {
  const { filter, status, active, after = 0, limit } = query;
  const isAsked = (entity: E) =>
    (status === undefined || kind.status(entity) === status) &&
    (active === undefined || kind.isSettled(entity) !== active);
  const collection = entitiesIn(kind, models);
  const scopes = selectScopes(collection, viewer, filter);
  const entities: E[] = [];
  let looked = 0;
  for (const entity of inOrder(scopes.map((scope) => entitiesAfter(collection, scope, after)))) {
    looked += 1;
    if (looked % STEP === 0) yield;
    if (!isAsked(entity)) continue;
    // There is one more than the page holds.
    if (entities.length === limit) return { entities, next: entities.at(-1)?.origin };
    entities.push(entity);
  }
  return { entities, next: undefined };
}

function* entitiesAfter<E>({ entities }: Collection<E, unknown>, { ids }: Scope<unknown>, after: number): Generator<E> {
  for (const id of ids.from(after + 1)) yield entities.get(id) as E;
}

interface Head<E> {
  readonly entity: E;
  readonly rest: Iterator<E>;
}

/** Merges iterations in the order of origins into one that is in this order. */
function* inOrder<E extends Entity>(sources: readonly Iterator<E>[]): Generator<E> {
  /** What each source gives next, the lowest origin last. */
  const heads: Head<E>[] = [];
  const advance = (rest: Iterator<E>) => {
    const { value: entity, done } = rest.next();
    if (!done) heads.splice(placeOf(entity.origin, heads), 0, { entity, rest });
  };
  for (const source of sources) advance(source);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.entity;
    advance(head.rest);
  }
}

/** Where a head with this origin belongs, by binary search. */
function placeOf(origin: number, heads: readonly Head<Entity>[]): number {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heads[middle] as Head<Entity>).entity.origin > origin) low = middle + 1;
    else high = middle;
  }
  return low;
}
