// The routes of /api/incidents.
import * as z from 'zod';
import { INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { type Incident, incidentKind } from '../../../projections/incidents.ts';
import {
  deleteIncident,
  openIncident,
  openIncidentInput,
  retractIncident,
  retractIncidentInput,
  updateIncident,
  updateIncidentInput,
} from '../../commands/incidents/incidents.ts';
import { commandAnswer } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { type EntityResource, type EntityRowParts, entityRows } from '../page/entity-rows.ts';
import { previewRow } from '../page/preview.ts';
import { exampleIncident, exampleIncidentInput, incidentSchema } from './incident-schema.ts';
import { postmortemRoutes } from './postmortems.ts';
import { updateRoutes } from './updates.ts';

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
  const { dispatch, preview } = parts;
  const { list, get, remove, one, created, entityAt } = entityRows(incidents, parts);
  const shape = { schema: incidentSchema, example: exampleIncident, tagged: true };

  const open: Route<unknown, unknown, z.output<typeof openIncidentInput>> = {
    method: 'post',
    path: '/api/incidents',
    operationId: 'openIncident',
    tag: 'incidents',
    summary: 'Open an incident',
    description:
      '`impacts` gives the status of affected services, by service id. Until the incident is resolved, they are shown no better than that. With impact `none` the incident tells something and counts for nothing. ' +
      '`startedAt` is when the incident started, if not now; with `resolvedAt` it is an incident of the past.',
    access: 'member',
    body: openIncidentInput,
    bodyExample: exampleIncidentInput,
    success: { status: 201, description: 'The new incident', ...shape },
    problems: ['unknown-service', 'impact-none', 'future-time', 'past-time'],
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
      '`affectedServices` and `impacts` replace the previous values. Send `{}` as `impacts` to remove every impact; impact `none` removes them too. `startedAt` revises the start; it cannot be later than the first update or change of status.',
    access: 'member',
    params: idParamsOf('incident'),
    body: updateIncidentInput,
    bodyExample: { impact: 'critical' },
    success: { status: 200, description: 'The updated incident', ...shape },
    problems: ['not-found', 'other-place', 'unknown-service', 'impact-none', 'future-time', 'out-of-order'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(updateIncident, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => one(then, viewer, id));
    },
  };

  const retract: Route<IdParams, unknown, z.output<typeof retractIncidentInput>> = {
    method: 'post',
    path: '/api/incidents/{id}/retraction',
    operationId: 'retractIncident',
    tag: 'incidents',
    summary:
      'Retract an incident that was a mistake: it is answered as a deleted one, and the past is as if it had not been',
    description: 'Its events stay in the public log, with their words. Redact those that must not be read.',
    access: 'member',
    params: idParamsOf('incident'),
    body: retractIncidentInput,
    bodyExample: { reason: 'A false alarm of our monitoring.' },
    success: { status: 204, description: 'The incident is retracted' },
    problems: ['not-found'],
    conditional: true,
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      const dispatched = await dispatch(retractIncident, { ...body, ...params }, terms);
      return commandAnswer(dispatched, viewer, () => ({ status: 204 }));
    },
  };

  return [
    list,
    get,
    open,
    previewRow(open, openIncident, preview),
    update,
    ...updateRoutes(parts),
    ...postmortemRoutes(parts, entityAt),
    retract,
    remove,
  ];
}
