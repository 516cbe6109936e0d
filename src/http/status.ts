// The row of /api/status.
import type { Filter } from '../../projections/scope.ts';
import { selectStatus, statusPosition } from '../../projections/status.ts';
import { type AsOf, asOfFields, type When } from './as-of.ts';
import { exampleStatus } from './examples.ts';
import type { Route } from './route.ts';
import { filterQuery, statusSchema } from './schemas.ts';

export function statusRoutes(asOf: AsOf): Route[] {
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
    async handle({ viewer, query: { at, position, ...filter } }) {
      const then = await asOf.models({ at, position });
      if ('problem' in then) return then;
      return {
        status: 200,
        body: selectStatus(then, viewer, filter),
        logTag: statusPosition(then, viewer, filter),
      };
    },
  };
  return [get];
}
