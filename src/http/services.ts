// The rows of /api/services.
import type { z } from 'zod';
import { fold } from '../../projections/projection.ts';
import {
  findService,
  type Service,
  selectService,
  selectServices,
  servicesPosition,
  servicesProjection,
  showService,
} from '../../projections/services.ts';
import type { Dispatch } from '../commands/dispatch.ts';
import {
  createService,
  createServiceInput,
  deleteService,
  updateService,
  updateServiceInput,
} from '../commands/services.ts';
import type { ReadModels } from '../log/read-models.ts';
import { commandAnswer } from './command-answer.ts';
import { entityRows, type Kind } from './entity-rows.ts';
import { exampleService, exampleServiceInput } from './examples.ts';
import type { Route } from './route.ts';
import { type IdParams, idParams, serviceSchema } from './schemas.ts';

const kind: Kind<Service> = {
  name: 'Service',
  origin: 'creation',
  schema: serviceSchema,
  example: exampleService,
  remove: deleteService,
  select: ({ services }, viewer, id) => selectService(services, viewer, id),
  list: ({ services }, viewer, filter) => selectServices(services, viewer, filter),
  position: ({ services }, viewer, filter) => servicesPosition(services, viewer, filter),
  fold: (events, id) => findService(fold(servicesProjection, events), id),
  show: showService,
};

export function serviceRoutes(models: ReadModels, dispatch: Dispatch): Route[] {
  const { list, get, remove, one, created } = entityRows(kind, models, dispatch);
  const shape = { schema: serviceSchema, example: exampleService, tagged: true };

  const create: Route<unknown, unknown, z.output<typeof createServiceInput>> = {
    method: 'post',
    path: '/api/services',
    operationId: 'createService',
    tag: 'services',
    summary: 'Create a service',
    access: 'write',
    body: createServiceInput,
    bodyExample: exampleServiceInput,
    success: { status: 201, description: 'The new service', ...shape },
    problems: [],
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
    summary: 'Change what the body names of a service',
    description: '`status` sets what the team reports; what is shown may be worse while an incident says so.',
    access: 'write',
    params: idParams,
    body: updateServiceInput,
    bodyExample: { status: 'degraded', uptime: 98.5 },
    success: { status: 200, description: 'The service as it is now', ...shape },
    problems: ['not-found', 'other-place'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateService, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  return [list, get, create, update, remove];
}
