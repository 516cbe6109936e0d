// The routes of /api/groups, with the schema of a group and an example.
import * as z from 'zod';
import { GROUP_DISPLAYS } from '../../../projections/events/group.ts';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { translations } from '../../../projections/events/translations.ts';
import { groupKind } from '../../../projections/groups.ts';
import type { Group, ShownGroup } from '../../../projections/service/group.ts';
import { placeFields } from '../../commands/fields.ts';
import { createGroup, createGroupInput, deleteGroup, updateGroup, updateGroupInput } from '../../commands/groups.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf, time } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from './entity-rows.ts';
import { rank } from './rank-schema.ts';

export const groupSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().describe('Empty if it has none'),
    display: z.enum(GROUP_DISPLAYS),
    status: z.enum(SERVICE_STATUSES).describe('The worst shown status of its services; operational without any'),
    translations: translations.exactOptional().describe('Its texts in other languages'),
    order: rank.describe('Its rank among the groups of its organisation'),
    ...placeFields,
    createdAt: time,
    lastUpdated: time,
    version: z.int().min(1),
  })
  .meta({ id: 'Group' }) satisfies z.ZodType<ShownGroup>;

export const exampleGroup: ShownGroup = {
  id: SAMPLE.ids.group,
  name: 'Infrastructure',
  description: 'What everything else stands on',
  display: 'expanded',
  status: 'degraded',
  order: 'a0',
  createdAt: '2026-01-05T08:00:00.000Z',
  lastUpdated: '2026-03-01T10:00:00.000Z',
  version: 2,
};

const groups: EntityResource<Group> = {
  kind: groupKind,
  filters: { status: z.enum(SERVICE_STATUSES).exactOptional().describe('Only groups with this status') },
  origin: 'creation',
  schema: groupSchema,
  example: exampleGroup,
  remove: deleteGroup,
  remover: 'admin',
};

export function groupRoutes(parts: EntityRowParts): Route[] {
  const { dispatch } = parts;
  const { list, get, remove, one, created } = entityRows(groups, parts);
  const shape = { schema: groupSchema, example: exampleGroup, tagged: true };

  const create: Route<unknown, unknown, z.output<typeof createGroupInput>> = {
    method: 'post',
    path: '/api/groups',
    operationId: 'createGroup',
    tag: 'groups',
    summary: 'Create a group of services',
    description: 'It is empty: services are put into it with `groupId`, or with the order of the page.',
    access: 'admin',
    body: createGroupInput,
    bodyExample: { name: 'Regions', display: 'affected' },
    success: { status: 201, description: 'The new group', ...shape },
    problems: [],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await dispatch(createGroup, body, terms), viewer, created);
    },
  };

  const update: Route<IdParams, unknown, z.output<typeof updateGroupInput>> = {
    method: 'put',
    path: '/api/groups/{id}',
    operationId: 'updateGroup',
    tag: 'groups',
    summary: 'Update a group; omitted fields keep their value',
    description: 'A text that changes without `translations` drops them.',
    access: 'admin',
    params: idParamsOf('group'),
    body: updateGroupInput,
    bodyExample: { display: 'collapsed' },
    success: { status: 200, description: 'The updated group', ...shape },
    problems: ['not-found', 'other-place'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateGroup, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  return [list, get, create, update, remove];
}
