// The row of /api/status.
import type { Models } from '../../../projections/models.ts';
import { selectStatus, statusPosition } from '../../../projections/status.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { type AsOf, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { exampleStatus } from '../../http/examples.ts';
import type { Reply, Route } from '../../http/route.ts';
import { filterQuery, statusSchema } from '../../http/schemas.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { holding } from './holding.ts';

export function statusRoutes(models: ReadModels, asOf: AsOf): Route[] {
  const statusNow = (viewer: Viewer, filter: Filter): Reply => ({
    ...answer(models.current, viewer, filter),
    ...holding({ models, names: ['services', 'incidents'], renewed: () => statusNow(viewer, filter) }, viewer, filter),
  });

  const get: Route<unknown, Filter & When> = {
    method: 'get',
    path: '/api/status',
    operationId: 'getStatus',
    tag: 'status',
    summary: 'The overall status, derived from services and incidents',
    access: 'anyone',
    query: filterQuery.extend(asOfFields),
    success: { status: 200, description: 'The status', schema: statusSchema, example: exampleStatus, tagged: true },
    problems: ['overloaded'],
    cacheable: true,
    async handle({ viewer, query: { at, position, ...filter } }) {
      const when = { at, position };
      if (!isPast(when)) return statusNow(viewer, filter);
      const then = await asOf.models(when);
      return 'problem' in then ? then : answer(then, viewer, filter);
    },
  };
  return [get];
}

function answer(then: Models, viewer: Viewer, filter: Filter): Reply {
  return {
    status: 200,
    body: selectStatus(then, viewer, filter),
    logTag: statusPosition(then, viewer, filter),
  };
}
