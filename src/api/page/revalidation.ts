// Revalidation of cached replies: a reply is current as long as nothing in its scopes has changed.
import { type EntityKind, entitiesIn } from '../../../projections/entity-kind.ts';
import { KINDS } from '../../../projections/kinds.ts';
import type { Models } from '../../../projections/models.ts';
import { selectScopes } from '../../../projections/selection.ts';
import type { Scope } from '../../../projections/state/collection.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import { inAudience, type Viewer } from '../../../projections/viewer/viewer.ts';
import type { Answer, Reply } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

/** The kinds of entities that a reply is built from, and how to build it again. */
interface ReplySource {
  readonly models: ReadModels;
  readonly kinds: readonly EntityKind<Models>[];
  readonly rebuild: () => Answer;
}

/**
 * The revalidation of a reply that is built now from what the viewer may see, limited by `filter`. Nothing if the
 * filter matches no known scope: a client could invent any number of such filters and fill the cache.
 */
export function revalidationOf(
  { models, kinds, rebuild }: ReplySource,
  viewer: Viewer,
  filter: Filter,
): Pick<Reply, 'revalidation'> {
  // Select the scopes again at each check: what the viewer may see can change too.
  const scopesOf = (selected: readonly EntityKind<Models>[]): readonly Scope<unknown>[] => {
    const { current } = models;
    return selected.flatMap((kind) =>
      selectScopes(entitiesIn(kind, current), inAudience(viewer, kind.audience), filter),
    );
  };
  const isKnown = Object.keys(filter).length === 0 || scopesOf(KINDS).length > 0;
  if (!isKnown) return {};
  const before = scopesOf(kinds);
  const isCurrent = () => {
    const now = scopesOf(kinds);
    return now.length === before.length && now.every((scope, index) => scope === before[index]);
  };
  return { revalidation: { isCurrent, rebuild } };
}
