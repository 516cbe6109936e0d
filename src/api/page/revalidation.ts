// Whether what was told of a part of the whole still holds: as long as nothing happened there. What happens elsewhere
// does not count.
import { type EntityKind, entitiesIn } from '../../../projections/entity-kind.ts';
import { KINDS } from '../../../projections/kinds.ts';
import type { Models } from '../../../projections/models.ts';
import { selectScopes } from '../../../projections/selection.ts';
import type { Scope } from '../../../projections/state/collection.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Answer, Reply } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

/** What a reply is made from, the entities of some kinds, and how it is made again. */
interface Made {
  readonly models: ReadModels;
  readonly kinds: readonly EntityKind<Models>[];
  readonly rebuild: () => Answer;
}

/**
 * For a reply that is made now of what the viewer may see of this part. Nothing for a part of which nothing is known:
 * anyone can make up any number of those.
 */
export function revalidationOf(
  { models, kinds, rebuild }: Made,
  viewer: Viewer,
  filter: Filter,
): Pick<Reply, 'revalidation'> {
  // What the viewer may see is asked anew each time: that can change too.
  const scopesOf = (some: readonly EntityKind<Models>[]): readonly Scope<unknown>[] => {
    const { current } = models;
    return some.flatMap((kind) => selectScopes(entitiesIn(kind, current), viewer, filter));
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
