// Whether what was told of a part of the whole still holds: as long as nothing happened there. What happens elsewhere does not count.
import { type Collection, type Scope, selectScopes } from '../../projections/collection.ts';
import type { Filter } from '../../projections/scope.ts';
import type { Viewer } from '../../projections/viewer.ts';
import type { ReadModels } from '../log/read-models.ts';
import type { Answer, Reply } from './route.ts';

type ListedModel = 'services' | 'incidents';

/**
 * For a reply that is made from these read models now, by `make`. Nothing for a part of which nothing is known: anyone can
 * make up any number of those.
 */
export function holding(
  models: ReadModels,
  viewer: Viewer,
  filter: Filter,
  names: readonly ListedModel[],
  make: () => Answer,
): Pick<Reply, 'lasting'> {
  // What the viewer may see is asked anew each time: that can change too.
  const scopesOf = (some: readonly ListedModel[]): readonly Scope<unknown>[] => {
    const { services, incidents } = models.current;
    const collections: Record<ListedModel, Collection<unknown, unknown>> = {
      services: services.services,
      incidents: incidents.incidents,
    };
    return some.flatMap((name) => selectScopes(collections[name], viewer, filter));
  };
  const isKnown = Object.keys(filter).length === 0 || scopesOf(['services', 'incidents']).length > 0;
  if (!isKnown) return {};
  const before = scopesOf(names);
  const still = () => {
    const now = scopesOf(names);
    return now.length === before.length && now.every((scope, index) => scope === before[index]);
  };
  return { lasting: { still, renewed: make } };
}
