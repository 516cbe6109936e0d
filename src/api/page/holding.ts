// Whether what was told of a part of the whole still holds: as long as nothing happened there. What happens elsewhere does not count.
import { type Collection, type Scope, selectScopes } from '../../../projections/state/collection.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Answer, Reply } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

type ListedModel = 'services' | 'incidents';

/** What a reply is made from: these of the read models, by `renewed`. */
interface Made {
  readonly models: ReadModels;
  readonly names: readonly ListedModel[];
  readonly renewed: () => Answer;
}

/**
 * For a reply that is made now of what the viewer may see of this part. Nothing for a part of which nothing is known: anyone can
 * make up any number of those.
 */
export function holding({ models, names, renewed }: Made, viewer: Viewer, filter: Filter): Pick<Reply, 'lasting'> {
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
  return { lasting: { still, renewed } };
}
