// The row of /api/status.
import type { Filter } from '../../projections/scope.ts';
import { selectStatus, statusPosition } from '../../projections/status.ts';
import type { ReadModels } from '../log/read-models.ts';
import { exampleStatus } from './examples.ts';
import type { Route } from './route.ts';
import { filterQuery, statusSchema } from './schemas.ts';

export function statusRoutes(models: ReadModels): Route[] {
  const get: Route<unknown, Filter> = {
    method: 'get',
    path: '/api/status',
    operationId: 'getStatus',
    tag: 'status',
    summary: 'The overall status, derived from services and incidents',
    access: 'read',
    query: filterQuery,
    success: { status: 200, description: 'The status', schema: statusSchema, example: exampleStatus, tagged: true },
    problems: [],
    handle({ viewer, query }) {
      const { current } = models;
      return {
        status: 200,
        body: selectStatus(current, viewer, query),
        etag: String(statusPosition(current, viewer, query)),
      };
    },
  };
  return [get];
}
