// The routes of /api/templates.
import * as z from 'zod';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { translations } from '../../../projections/events/translations.ts';
import { type ShownTemplate, type Template, templateKind } from '../../../projections/templates.ts';
import { placeFields } from '../../commands/fields.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import {
  createTemplate,
  createTemplateInput,
  deleteTemplate,
  updateTemplate,
  updateTemplateInput,
} from '../../commands/templates.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf, time } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from '../page/entity-rows.ts';

const templateSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    text: z.string().describe('Whoever composes fills `{{service}}`, `{{group}}` and `{{time}}` in'),
    translations: translations.exactOptional(),
    impact: z.enum(INCIDENT_IMPACTS),
    status: z.enum(INCIDENT_STATUSES).nullable().describe('null: whatever the incident has'),
    services: z.array(z.string()).readonly().describe('Ids of services'),
    impacts: z.record(z.string(), z.enum(CLAIMED_STATUSES)).describe('By service id'),
    nextUpdateMinutes: z.int().min(1).nullable().describe('How long after an update the next one is promised'),
    order: z.string().describe('Its rank among the templates of the organisation, ascending by code units'),
    ...placeFields,
    createdAt: time,
    updatedAt: time,
    version: z.int().min(1),
  })
  .meta({ id: 'Template' }) satisfies z.ZodType<ShownTemplate>;

const exampleTemplateInput = {
  title: '{{service}} is slow',
  text: 'Since {{time}}, {{service}} answers more slowly than usual. We are looking into it.',
  services: [SAMPLE.otherService],
  nextUpdateMinutes: 30,
};

const exampleTemplate: ShownTemplate = {
  id: SAMPLE.ids.template,
  ...exampleTemplateInput,
  impact: 'minor',
  status: null,
  impacts: {},
  order: 'a0',
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};

const templates: EntityResource<Template> = {
  kind: templateKind,
  filters: {},
  origin: 'creation',
  schema: templateSchema,
  example: exampleTemplate,
  remove: deleteTemplate,
  remover: 'member',
};

export function templateRoutes(parts: EntityRowParts): Route[] {
  const { dispatch } = parts;
  const { list, get, remove, one, created } = entityRows(templates, parts);
  const shape = { schema: templateSchema, example: exampleTemplate, tagged: true };

  const create: Route<unknown, unknown, z.output<typeof createTemplateInput>> = {
    method: 'post',
    path: '/api/templates',
    operationId: 'createTemplate',
    tag: 'templates',
    summary: 'Create a template, the last of the organisation',
    description: 'Only members see templates.',
    access: 'member',
    body: createTemplateInput,
    bodyExample: exampleTemplateInput,
    success: { status: 201, description: 'The new template', ...shape },
    problems: ['unknown-service', 'impact-none', 'limit-reached'],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await dispatch(createTemplate, body, terms), viewer, created);
    },
  };

  const update: Route<IdParams, unknown, z.output<typeof updateTemplateInput>> = {
    method: 'put',
    path: '/api/templates/{id}',
    operationId: 'updateTemplate',
    tag: 'templates',
    summary: 'Update a template, or put it elsewhere; omitted fields keep their value',
    access: 'member',
    params: idParamsOf('template'),
    body: updateTemplateInput,
    bodyExample: { nextUpdateMinutes: 60 },
    success: { status: 200, description: 'The updated template', ...shape },
    problems: ['not-found', 'other-place', 'unknown-service', 'impact-none'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateTemplate, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  return [list, get, create, update, remove];
}
