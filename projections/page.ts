// Pages of the entities that a viewer may see, over all organisations: in the order of their creation, or in that in which
// they began. Pure.
import { type EntityKind, entitiesIn, type Span } from './entity-kind.ts';
import { selectScopes } from './selection.ts';
import type { Collection, Entity, Scope } from './state/collection.ts';
import type { Filter } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

export type Order = 'recorded' | 'began';

/**
 * The last entity of the page before. Origins are positions in the log: no two entities share one, and they say where to
 * go on even when that entity was deleted or the viewer joined or left an organisation.
 */
export interface Place {
  readonly origin: number;
  /** When it began; only in that order. */
  readonly began?: string;
}

/** What is asked of a page. */
export interface PageQuery {
  /** Only entities with this shown status. */
  readonly status?: string | undefined;
  /** Only entities that are active, or only those that are not. */
  readonly active?: boolean | undefined;
  /** Only entities whose span overlaps the time from here on. */
  readonly from?: string | undefined;
  /** Only entities whose span overlaps the time before this. */
  readonly to?: string | undefined;
  /** `recorded` unless it says otherwise. */
  readonly order?: Order | undefined;
  readonly after?: Place | undefined;
  /** How many entities a page has at most. */
  readonly limit: number;
}

export interface Page<E> {
  readonly entities: readonly E[];
  /** `after` of the next page; `undefined` on the last page. */
  readonly next: Place | undefined;
}

/** How many entities are looked at between two pauses. */
const STEP = 1_000;

/**
 * The entities that the query asks for. In the order of creation it looks at no more of them than it needs to fill the
 * page. It yields now and then, so that the caller can pause: a filter may match few of many.
 */
export function* selectPage<M, E extends Entity>(
  kind: EntityKind<M, E>,
  models: M,
  viewer: Viewer,
  query: PageQuery & { readonly filter: Filter },
): Generator<void, Page<E>> {
  const { filter, order, after, limit } = query;
  const collection = entitiesIn(kind, models);
  const scopes = selectScopes(collection, viewer, filter);
  const first = new FirstEntities<E>(limit, order === 'began' ? (entity) => placeByBegin(kind, entity) : placeByOrigin);
  const from = order === 'began' ? 0 : (after?.origin ?? 0);
  let looked = 0;
  for (const entity of inOrder(scopes.map((scope) => entitiesAfter(collection, scope, from)))) {
    looked += 1;
    if (looked % STEP === 0) yield;
    if (isAsked(kind, entity, query)) first.add(entity, after);
    if (order !== 'began' && first.isFull) break;
  }
  return first.page;
}

function isAsked<M, E extends Entity>(kind: EntityKind<M, E>, entity: E, query: PageQuery): boolean {
  const { status, active, from, to } = query;
  return (
    (status === undefined || kind.status(entity) === status) &&
    (active === undefined || kind.isActive(entity) === active) &&
    ((from === undefined && to === undefined) || overlaps(kind.span?.(entity), query))
  );
}

/** What lasts no time at all counts as in the time in which it began. */
function overlaps(span: Span | undefined, { from, to }: PageQuery): boolean {
  if (!span) return false;
  const isBefore = from !== undefined && span.to !== null && span.to <= from && span.from < from;
  return !isBefore && (to === undefined || span.from < to);
}

function placeByOrigin({ origin }: Entity): Place {
  return { origin };
}

function placeByBegin<M, E extends Entity>(kind: EntityKind<M, E>, entity: E): Place {
  return { origin: entity.origin, began: kind.span?.(entity).from ?? '' };
}

function isLater(a: Place, b: Place): boolean {
  const [left = '', right = ''] = [a.began, b.began];
  return left === right ? a.origin > b.origin : left > right;
}

/** The first entities after a place, and whether there are more than the page holds. */
class FirstEntities<E> {
  readonly #limit: number;
  readonly #placeOf: (entity: E) => Place;
  /** In order. One more than the page holds. */
  readonly #found: { readonly entity: E; readonly place: Place }[] = [];

  constructor(limit: number, placeOf: (entity: E) => Place) {
    this.#limit = limit;
    this.#placeOf = placeOf;
  }

  get isFull(): boolean {
    return this.#found.length > this.#limit;
  }

  get page(): Page<E> {
    const shown = this.#found.slice(0, this.#limit);
    return { entities: shown.map(({ entity }) => entity), next: this.isFull ? shown.at(-1)?.place : undefined };
  }

  add(entity: E, after: Place | undefined): void {
    const place = this.#placeOf(entity);
    const last = this.#found.at(-1);
    if ((after && !isLater(place, after)) || (this.isFull && last && isLater(place, last.place))) return;
    const index = this.#found.findLastIndex((other) => isLater(place, other.place)) + 1;
    this.#found.splice(index, 0, { entity, place });
    if (this.#found.length > this.#limit + 1) this.#found.pop();
  }
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
    if (!done) heads.splice(indexOf(entity.origin, heads), 0, { entity, rest });
  };
  for (const source of sources) advance(source);
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.entity;
    advance(head.rest);
  }
}

/** Where a head with this origin belongs, by binary search. */
function indexOf(origin: number, heads: readonly Head<Entity>[]): number {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heads[middle] as Head<Entity>).entity.origin > origin) low = middle + 1;
    else high = middle;
  }
  return low;
}
