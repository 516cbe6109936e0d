// Selects from a collection the entities that a viewer may see.

import { DEFAULT_ORGANIZATION } from './events/envelope.ts';
import { type Collection, type Entity, entitiesOf, findEntity, findScope, type Scope } from './state/collection.ts';
import { type Part, scopeKey } from './viewer/scope.ts';
import { maySee, type Viewer } from './viewer/viewer.ts';

/** The keys of the scopes that together hold what the viewer may see of this part. */
export function visibleScopes(viewer: Viewer, part: Part): readonly string[] {
  if (part === 'unlabelled') return maySee(viewer, DEFAULT_ORGANIZATION) ? [scopeKey(part)] : [];
  const filter = part;
  const { organizationId } = filter;
  if (organizationId !== undefined) return maySee(viewer, organizationId) ? [scopeKey(filter)] : [];
  if (viewer.organizations === 'all') return [scopeKey(filter)];
  return viewer.organizations.map((id) => scopeKey({ ...filter, organizationId: id }));
}

/** The scopes that the viewer may see of this part; a scope that never had an entity is left out. */
export function selectScopes<E, T>(collection: Collection<E, T>, viewer: Viewer, part: Part): readonly Scope<T>[] {
  const { organizations } = viewer;
  const isOfMany = part !== 'unlabelled' && part.organizationId === undefined && organizations !== 'all';
  if (!isOfMany) return findScopes(collection, visibleScopes(viewer, part));
  const { tenantId } = part;
  const selections = selectionsOf(organizations);
  const known = selections.get(collection) as Selection<T> | undefined;
  if (known && known.tenantId === tenantId) return known.scopes;
  const scopes = findScopes(collection, visibleScopes(viewer, part));
  selections.set(collection, { tenantId, scopes });
  return scopes;
}

function findScopes<E, T>(collection: Collection<E, T>, keys: readonly string[]): Scope<T>[] {
  return keys.map((key) => findScope(collection, key)).filter((scope) => scope !== undefined);
}

/** The scopes that were last selected from a collection. */
interface Selection<T> {
  readonly tenantId: string | undefined;
  readonly scopes: readonly Scope<T>[];
}

/** By collection. */
type Selections = WeakMap<object, Selection<unknown>>;

/**
 * By the list of organisations of a viewer. Looking up thousands of scopes takes long, and one request selects several
 * times from the same collection. Lists of organisations and collections never change, so a selection cannot become
 * wrong, and it is released with them.
 */
const selectionsByList = new WeakMap<readonly string[], Selections>();

function selectionsOf(organizations: readonly string[]): Selections {
  const known = selectionsByList.get(organizations);
  if (known) return known;
  const none: Selections = new WeakMap();
  selectionsByList.set(organizations, none);
  return none;
}

/** The entities that the viewer may see of this part, in creation order. Lazy: looked up one by one. */
export function* selectEntities<E, T>(collection: Collection<E, T>, viewer: Viewer, part: Part): Generator<E> {
  for (const scope of selectScopes(collection, viewer, part)) yield* entitiesOf(collection, scope);
}

/** Position of the last event that changed anything that the viewer may see of this part; 0 if there was none. */
export function selectPosition<E, T>(collection: Collection<E, T>, viewer: Viewer, part: Part): number {
  return Math.max(0, ...selectScopes(collection, viewer, part).map(({ position }) => position));
}

/** The entity with this id; `undefined` if it does not exist or the viewer may not see it. */
export function selectEntity<E extends Entity, T>(
  collection: Collection<E, T>,
  viewer: Viewer,
  id: string,
): E | undefined {
  return visibleEntity(findEntity(collection, id), viewer);
}

/** The entity if the viewer may see it, else `undefined`. */
export function visibleEntity<E extends Entity>(entity: E | undefined, viewer: Viewer): E | undefined {
  return entity && maySee(viewer, entity.organizationId) ? entity : undefined;
}
