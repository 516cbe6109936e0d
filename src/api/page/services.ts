// The routes of /api/services.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import type { Service } from '../../../projections/service.ts';
import { serviceKind } from '../../../projections/services.ts';
import {
  createService,
  createServiceInput,
  deleteService,
  updateService,
  updateServiceInput,
} from '../../commands/services.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from './entity-rows.ts';
import { exampleService, exampleServiceInput, serviceSchema } from './service-schema.ts';

const services: EntityResource<Service> = {
  kind: serviceKind,
  filters: { status: z.enum(SERVICE_STATUSES).exactOptional().describe('Only services with this shown status') },
  origin: 'creation',
  schema: serviceSchema,
  example: exampleService,
  remove: deleteService,
  remover: 'admin',
};

export function serviceRoutes(parts: EntityRowParts): Route[] {
  const { dispatch } = parts;
  const { list, get, remove, one, created } = entityRows(services, parts);
  const shape = { schema: serviceSchema, example: exampleService, tagged: true };

  const create: Route<unknown, unknown, z.output<typeof createServiceInput>> = {
    method: 'post',
    path: '/api/services',
    operationId: 'createService',
    tag: 'services',
    summary: 'Create a service',
    access: 'admin',
    body: createServiceInput,
    bodyExample: exampleServiceInput,
    success: { status: 201, description: 'The new service', ...shape },
    problems: ['unknown-group', 'future-time'],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await dispatch(createService, body, terms), viewer, created);
    },
  };

  const update: Route<IdParams, unknown, z.output<typeof updateServiceInput>> = {
    method: 'put',
    path: '/api/services/{id}',
    operationId: 'updateService',
    tag: 'services',
    summary: 'Update a service; omitted fields keep their value',
    description:
      '`status` sets the reported status. The shown status can be worse while an incident affects the service. ' +
      '`at` is when the status began, if not now. It cannot be earlier than the latest report: post a correction for that. ' +
      'Everything but `status` and `uptime` takes the role admin. A text that changes without `translations` drops them.',
    access: 'member',
    params: idParamsOf('service'),
    body: updateServiceInput,
    bodyExample: { status: 'partial', uptime: 97.25 },
    success: { status: 200, description: 'The updated service', ...shape },
    problems: ['not-found', 'other-place', 'unknown-group', 'future-time', 'out-of-order'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateService, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  return [list, get, create, update, remove];
}
