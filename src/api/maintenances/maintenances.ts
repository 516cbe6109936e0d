// The routes of /api/maintenances.
import * as z from 'zod';
import { aggregateOf } from '../../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { MAINTENANCE_STATUSES } from '../../../projections/events/severity.ts';
import { postedUpdate } from '../../../projections/maintenance/updates.ts';
import type { Maintenance } from '../../../projections/maintenance.ts';
import { findMaintenance, maintenanceKind, withoutMaintenances } from '../../../projections/maintenances.ts';
import {
  deleteMaintenance,
  updateMaintenance,
  updateMaintenanceInput,
} from '../../commands/maintenances/maintenances.ts';
import { plan, planInput } from '../../commands/maintenances/series.ts';
import {
  editMaintenanceUpdate,
  editUpdateInput,
  postMaintenanceUpdate,
  postUpdateInput,
  retractMaintenanceUpdate,
} from '../../commands/maintenances/updates.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from '../page/entity-rows.ts';
import { previewRow } from '../page/preview.ts';
import {
  exampleMaintenance,
  exampleMaintenanceInput,
  exampleMaintenanceUpdate,
  exampleMaintenanceUpdateInput,
  maintenanceSchema,
  maintenanceUpdateSchema,
} from './maintenance-schema.ts';
import { occurrencesAhead } from './occurrences-ahead.ts';

const maintenances: EntityResource<Maintenance> = {
  kind: maintenanceKind,
  filters: {
    status: z.enum(MAINTENANCE_STATUSES).exactOptional().describe('Only maintenances with this status'),
    active: z
      .enum(['true', 'false'])
      .exactOptional()
      .describe('Only maintenances that are in progress or being verified, or only all others'),
  },
  origin: 'planning',
  schema: maintenanceSchema,
  example: exampleMaintenance,
  remove: deleteMaintenance,
  remover: 'member',
  surroundings: ({ maintenances }) => withoutMaintenances(maintenances),
};

const updateParams = z.object({
  ...idParamsOf('maintenance').shape,
  updateId: z
    .uuid()
    .toLowerCase()
    .meta({ examples: [SAMPLE.maintenanceUpdate] }),
});
type UpdateParams = IdParams & { readonly updateId: string };

const WALL_CLOCKS =
  '`startsAt` and `endsAt` have an offset, or are wall-clock times of `timeZone`. A wall-clock time that a change of clocks skips or repeats is refused with both of its readings.';

export function maintenanceRoutes(parts: EntityRowParts): Route[] {
  const { dispatch, preview } = parts;
  const { list, get, remove, one, created } = entityRows(maintenances, parts);
  const shape = { schema: maintenanceSchema, example: exampleMaintenance, tagged: true };
  const updateShape = { schema: maintenanceUpdateSchema, example: exampleMaintenanceUpdate, tagged: true };

  const planning: Route<unknown, unknown, z.output<typeof planInput>> = {
    method: 'post',
    path: '/api/maintenances',
    operationId: 'planMaintenance',
    tag: 'maintenances',
    summary: 'Plan a maintenance, or with a recurrence a series of them',
    description: `${WALL_CLOCKS} A window that is wholly past is recorded as over. With \`recurrence\` the answer is the first occurrence; further ones are planned 90 days ahead.`,
    access: 'member',
    body: planInput,
    bodyExample: exampleMaintenanceInput,
    success: { status: 201, description: 'The new maintenance', ...shape },
    problems: ['limit-reached'],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await dispatch(plan, body, terms), viewer, (events, then) =>
        created(events.filter(isOfMaintenance), then),
      );
    },
  };

  const update: Route<IdParams, unknown, z.output<typeof updateMaintenanceInput>> = {
    method: 'put',
    path: '/api/maintenances/{id}',
    operationId: 'updateMaintenance',
    tag: 'maintenances',
    summary: 'Update a maintenance; omitted fields keep their value',
    description: `${WALL_CLOCKS} Without \`timeZone\` they are of the zone of \`local\`. Once it is over, only its texts and services change.`,
    access: 'member',
    params: idParamsOf('maintenance'),
    body: updateMaintenanceInput,
    bodyExample: { endsAt: '2031-03-07T04:30' },
    success: { status: 200, description: 'The updated maintenance', ...shape },
    problems: ['not-found', 'other-place', 'wrong-state'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateMaintenance, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  const post: Route<IdParams, unknown, z.output<typeof postUpdateInput>> = {
    method: 'post',
    path: '/api/maintenances/{id}/updates',
    operationId: 'postMaintenanceUpdate',
    tag: 'maintenances',
    summary: 'Post an update, with a message, a status or both',
    description: 'The ETag is that of the maintenance.',
    access: 'member',
    params: idParamsOf('maintenance'),
    body: postUpdateInput,
    bodyExample: { message: exampleMaintenanceUpdateInput.message },
    success: { status: 201, description: 'The update', ...updateShape },
    problems: ['not-found', 'wrong-state', 'too-many-updates'],
    conditional: true,
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      return commandAnswer(await dispatch(postMaintenanceUpdate, { ...body, ...params }, terms), viewer, posted);
    },
  };

  const edit: Route<UpdateParams, unknown, z.output<typeof editUpdateInput>> = {
    method: 'put',
    path: '/api/maintenances/{id}/updates/{updateId}',
    operationId: 'editMaintenanceUpdate',
    tag: 'maintenances',
    summary: 'Edit the message of an update; the earlier one stays in the log',
    access: 'member',
    params: updateParams,
    body: editUpdateInput,
    bodyExample: { message: exampleMaintenanceUpdateInput.message },
    success: { status: 200, description: 'The update', ...updateShape },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, body, terms }) {
      const dispatched = await dispatch(editMaintenanceUpdate, { ...body, ...params }, terms);
      return commandAnswer(dispatched, viewer, (_events, { maintenances }): Answer => {
        const maintenance = findMaintenance(maintenances, params.id);
        const edited = maintenance?.updates.find(({ id }) => id === params.updateId);
        // Somebody took it away since it was edited.
        if (!maintenance || !edited) return { problem: 'not-found', detail: `There is no update ${params.updateId}.` };
        return { status: 200, body: edited, etag: entityTag(maintenance) };
      });
    },
  };

  const retract: Route<UpdateParams> = {
    method: 'delete',
    path: '/api/maintenances/{id}/updates/{updateId}',
    operationId: 'retractMaintenanceUpdate',
    tag: 'maintenances',
    summary: 'Retract an update; its events stay in the log, and the status stays as it is',
    access: 'member',
    params: updateParams,
    success: { status: 204, description: 'The update is retracted' },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(retractMaintenanceUpdate, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return [
    list,
    get,
    planning,
    previewRow(planning, plan, preview, occurrencesAhead),
    update,
    post,
    previewRow(post, postMaintenanceUpdate, preview),
    edit,
    retract,
    remove,
  ];
}

function isOfMaintenance(event: RecordedEvent): boolean {
  return aggregateOf(event) === 'maintenance';
}

function posted(events: readonly RecordedEvent[]): Answer {
  const event = events.find(({ type }) => type === 'maintenance.update-posted');
  if (event?.type !== 'maintenance.update-posted') throw new Error('The commit of an update does not contain it.');
  return { status: 201, body: postedUpdate(event), etag: entityTag(event) };
}
