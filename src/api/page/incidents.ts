// The routes of /api/incidents.
import { z } from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { type Incident, incidentKind, isUpdate, updateOf } from '../../../projections/incidents.ts';
import {
  deleteIncident,
  openIncident,
  openIncidentInput,
  postUpdate,
  postUpdateInput,
  updateIncident,
  updateIncidentInput,
} from '../../commands/incidents/incidents.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from './entity-rows.ts';
import {
  exampleIncident,
  exampleIncidentInput,
  exampleUpdate,
  exampleUpdateInput,
  incidentSchema,
  incidentUpdateSchema,
} from './incident-schema.ts';

const incidents: EntityResource<Incident> = {
  kind: incidentKind,
  filters: {
    status: z.enum(INCIDENT_STATUSES).exactOptional().describe('Only incidents with this status'),
    active: z.enum(['true', 'false']).exactOptional().describe('Only unresolved incidents, or only resolved ones'),
  },
  origin: 'opening',
  schema: incidentSchema,
  example: exampleIncident,
  remove: deleteIncident,
  remover: 'member',
};

export function incidentRoutes(parts: EntityRowParts): Route[] {
  const { dispatch } = parts;
  const { list, get, remove, one, created } = entityRows(incidents, parts);
  const shape = { schema: incidentSchema, example: exampleIncident, tagged: true };

  const open: Route<unknown, unknown, z.output<typeof openIncidentInput>> = {
    method: 'post',
    path: '/api/incidents',
    operationId: 'openIncident',
    tag: 'incidents',
    summary: 'Open an incident',
    description:
      '`impacts` gives the status of affected services, by service id. Until the incident is resolved, they are shown no better than that. `startedAt` is when the incident started, if not now.',
    access: 'member',
    body: openIncidentInput,
    bodyExample: exampleIncidentInput,
    success: { status: 201, description: 'The new incident', ...shape },
    problems: ['unknown-service', 'future-time'],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await dispatch(openIncident, body, terms), viewer, created);
    },
  };

  const update: Route<IdParams, unknown, z.output<typeof updateIncidentInput>> = {
    method: 'put',
    path: '/api/incidents/{id}',
    operationId: 'updateIncident',
    tag: 'incidents',
    summary: 'Update an incident; omitted fields keep their value',
    description:
      '`affectedServices` and `impacts` replace the previous values. Send `{}` as `impacts` to remove every impact.',
    access: 'member',
    params: idParamsOf('incident'),
    body: updateIncidentInput,
    bodyExample: { impact: 'critical' },
    success: { status: 200, description: 'The updated incident', ...shape },
    problems: ['not-found', 'other-place', 'unknown-service'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateIncident, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  const post: Route<IdParams, unknown, z.output<typeof postUpdateInput>> = {
    method: 'post',
    path: '/api/incidents/{id}/updates',
    operationId: 'postIncidentUpdate',
    tag: 'incidents',
    summary: 'Post an update, which sets the status of the incident',
    description:
      'The ETag is that of the incident. `impacts`, if present, replaces the impacts of the incident. ' +
      '`at` is when the update happened, if not now. An update from before the latest change of status is added to the list and does not change the status.',
    access: 'member',
    params: idParamsOf('incident'),
    body: postUpdateInput,
    bodyExample: exampleUpdateInput,
    success: {
      status: 201,
      description: 'The update',
      schema: incidentUpdateSchema,
      example: exampleUpdate,
      tagged: true,
    },
    problems: ['not-found', 'unknown-service', 'too-many-updates', 'future-time', 'out-of-order'],
    conditional: true,
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      return commandAnswer(await dispatch(postUpdate, { ...body, ...params }, terms), viewer, posted);
    },
  };

  return [list, get, open, update, post, remove];
}

function posted(events: readonly RecordedEvent[]): Answer {
  const event = events.find(isUpdate);
  if (!event) throw new Error('The commit of an update does not contain it.');
  return { status: 201, body: updateOf(event), etag: entityTag(event) };
}
