// The routes of /api/maintenance-series. A series is planned by POST /api/maintenances with a recurrence.
import type * as z from 'zod';
import { type Series, seriesKind } from '../../../projections/series.ts';
import { endSeries, updateSeries, updateSeriesInput } from '../../commands/maintenances/series.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from '../page/entity-rows.ts';
import { exampleSeries, seriesSchema } from './series-schema.ts';

const series: EntityResource<Series> = {
  kind: seriesKind,
  filters: {},
  origin: 'planning',
  schema: seriesSchema,
  example: exampleSeries,
  remove: endSeries,
  remover: 'member',
};

export function seriesRoutes(parts: EntityRowParts): Route[] {
  const { dispatch } = parts;
  const { get, remove, one } = entityRows(series, parts);

  const update: Route<IdParams, unknown, z.output<typeof updateSeriesInput>> = {
    method: 'put',
    path: '/api/maintenance-series/{id}',
    operationId: 'updateSeries',
    tag: 'maintenance-series',
    summary: 'Update a series; omitted fields keep their value',
    description:
      'Every scheduled occurrence that nobody changed by hand is brought into line. `startsAt` is that of the first occurrence, which the rule must hit.',
    access: 'member',
    params: idParamsOf('series'),
    body: updateSeriesInput,
    bodyExample: { exceptions: ['2031-03-14', '2031-03-21'] },
    success: {
      status: 200,
      description: 'The updated series',
      schema: seriesSchema,
      example: exampleSeries,
      tagged: true,
    },
    problems: ['not-found', 'other-place'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateSeries, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  const end: Route<IdParams> = {
    ...remove,
    operationId: 'endSeries',
    summary: 'End a series, and cancel its scheduled occurrences that nobody changed by hand',
    success: { status: 204, description: 'The series has ended' },
  };

  return [get, update, end];
}
