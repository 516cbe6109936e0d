// The route of /api/status.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { incidentKind } from '../../../projections/incidents.ts';
import { maintenanceKind } from '../../../projections/maintenances.ts';
import { serviceKind } from '../../../projections/services.ts';
import { type OverallStatus, selectStatus, statusPosition } from '../../../projections/status.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { type Asking, type AsOf, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { filterQuery, time } from '../../http/parameters.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { revalidationOf } from './revalidation.ts';

const services = z.int().min(0);

const statusSchema = z
  .object({
    overallStatus: z.enum(SERVICE_STATUSES),
    totalServices: services,
    operationalServices: services,
    degradedServices: services,
    downServices: services.describe('Services with status partial or major'),
    maintenanceServices: services,
    activeIncidents: z.int().min(0),
    activeMaintenances: z.int().min(0).describe('Maintenances in progress or being verified'),
    upcomingMaintenances: z.int().min(0).describe('Scheduled maintenances'),
    averageUptime: z.number().min(0).max(100).describe('Per cent, two decimals; 100 if there are no services'),
    lastUpdated: time.nullable().describe('Time of the last event that changed any of this'),
    ...filterQuery.shape,
  })
  .meta({ id: 'OverallStatus' }) satisfies z.ZodType<OverallStatus>;

const exampleStatus: OverallStatus = {
  overallStatus: 'partial',
  totalServices: 1,
  operationalServices: 0,
  degradedServices: 0,
  downServices: 1,
  maintenanceServices: 0,
  activeIncidents: 1,
  activeMaintenances: 0,
  upcomingMaintenances: 0,
  averageUptime: 100,
  lastUpdated: '2026-03-01T10:05:00.000Z',
};

export function statusRoutes(models: ReadModels, asOf: AsOf): Route[] {
  const statusNow = (viewer: Viewer, filter: Filter): Reply => ({
    status: 200,
    body: selectStatus(models.current, viewer, filter),
    logTag: statusPosition(models.current, viewer, filter),
    ...revalidationOf(
      { models, kinds: [serviceKind, incidentKind, maintenanceKind], rebuild: () => statusNow(viewer, filter) },
      viewer,
      filter,
    ),
  });

  const statusThen = async (asking: Asking, filter: Filter, when: When): Promise<Answer> => {
    const past = await asOf.ask({ status: filter }, when, asking);
    if (past === 'present') return asking.turn(() => statusNow(asking.viewer, filter));
    return 'problem' in past ? past : { status: 200, body: past.bytes, logTag: past.position };
  };

  const get: Route<unknown, Filter & When> = {
    method: 'get',
    path: '/api/status',
    operationId: 'getStatus',
    tag: 'status',
    summary: 'Get the overall status, derived from services, incidents and maintenances',
    access: 'anyone',
    query: filterQuery.extend(asOfFields),
    success: { status: 200, description: 'The status', schema: statusSchema, example: exampleStatus, tagged: true },
    problems: ['overloaded'],
    cacheable: true,
    handle({ query: { at, position, ...filter }, ...request }) {
      const when = { at, position };
      return isPast(when) ? statusThen(request, filter, when) : statusNow(request.viewer, filter);
    },
  };
  return [get];
}
