// The routes of the updates of an incident: post, edit, retract.
import * as z from 'zod';
import { entityId } from '../../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { isUpdate } from '../../../projections/incident/updates.ts';
import { findIncident, type Incident, incidentsProjection } from '../../../projections/incidents.ts';
import type { Models } from '../../../projections/models.ts';
import {
  editUpdate,
  editUpdateInput,
  postUpdate,
  postUpdateInput,
  retractUpdate,
} from '../../commands/incidents/updates.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Answer, Route, RouteRequest } from '../../http/route.ts';
import type { EntityRowParts } from '../page/entity-rows.ts';
import { previewRow } from '../page/preview.ts';
import { exampleUpdate, exampleUpdateInput, incidentUpdateSchema } from './incident-schema.ts';

const updateParams = idParamsOf('incident').extend({
  updateId: z
    .uuid()
    .toLowerCase()
    .meta({ examples: [SAMPLE.update] }),
});
type UpdateParams = IdParams & { readonly updateId: string };

export function updateRoutes({ dispatch, preview, asOf }: EntityRowParts): Route[] {
  const shape = { schema: incidentUpdateSchema, example: exampleUpdate, tagged: true };

  /** The update right after its commit, so that a repeat gets the same answer whatever has changed since. */
  const posted = async (
    events: readonly RecordedEvent[],
    then: Models,
    { payer, turn, signal }: Pick<RouteRequest, 'payer' | 'turn' | 'signal'>,
  ): Promise<Answer> => {
    const event = events.find(isUpdate);
    if (!event) throw new Error('The commit of an update does not contain it.');
    const id = entityId(event);
    const current = findIncident(then.incidents, id);
    const moment = { position: events.at(-1)?.position ?? event.position, payer, turn, signal };
    const past =
      current?.version === event.version
        ? { state: then.incidents }
        : await asOf.fold(incidentsProjection, () => [event.stream], moment);
    if ('problem' in past) return past;
    return shown(findIncident(past.state, id), event.data.updateId, 201);
  };

  const post: Route<IdParams, unknown, z.output<typeof postUpdateInput>> = {
    method: 'post',
    path: '/api/incidents/{id}/updates',
    operationId: 'postIncidentUpdate',
    tag: 'incidents',
    summary: 'Post an update, which sets the status of the incident',
    description:
      'The ETag is that of the incident. `impacts`, if present, replaces the impacts of the incident; `{}` takes all back. ' +
      '`at` is when the update happened, if not now. An update from before the latest change of status is added to the list and does not change the status.',
    access: 'member',
    params: idParamsOf('incident'),
    body: postUpdateInput,
    bodyExample: exampleUpdateInput,
    success: { status: 201, description: 'The update', ...shape },
    problems: [
      'not-found',
      'unknown-service',
      'impact-none',
      'too-many-updates',
      'future-time',
      'past-time',
      'out-of-order',
    ],
    conditional: true,
    repeatable: 'log',
    async handle({ viewer, params, body, terms, ...request }) {
      const dispatched = await dispatch(postUpdate, { ...body, ...params }, terms);
      return commandAnswer(dispatched, viewer, (events, then) => posted(events, then, request));
    },
  };

  const edit: Route<UpdateParams, unknown, z.output<typeof editUpdateInput>> = {
    method: 'put',
    path: '/api/incidents/{id}/updates/{updateId}',
    operationId: 'editIncidentUpdate',
    tag: 'incidents',
    summary: 'Edit the message of an update',
    description:
      'The ETag is that of the incident. Status and impacts stay. Translations of the earlier message are dropped unless new ones are sent. ' +
      'The public history keeps the earlier message: redact its event if it must not be read.',
    access: 'member',
    params: updateParams,
    body: editUpdateInput,
    bodyExample: { message: exampleUpdateInput.message },
    success: { status: 200, description: 'The update', ...shape },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, body, terms }) {
      const dispatched = await dispatch(editUpdate, { ...body, ...params }, terms);
      return commandAnswer(dispatched, viewer, (_events, { incidents }) =>
        shown(findIncident(incidents, params.id), params.updateId, 200),
      );
    },
  };

  const retract: Route<UpdateParams> = {
    method: 'delete',
    path: '/api/incidents/{id}/updates/{updateId}',
    operationId: 'retractIncidentUpdate',
    tag: 'incidents',
    summary: 'Retract an update',
    description:
      'Status and impacts of the incident become those that its other events make. ' +
      'The public history keeps the message: redact its event if it must not be read.',
    access: 'member',
    params: updateParams,
    success: { status: 204, description: 'The update is retracted' },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(retractUpdate, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return [post, previewRow(post, postUpdate, preview), edit, retract];
}

/** The update, with the tag of its incident. */
function shown(incident: Incident | undefined, updateId: string, status: 200 | 201): Answer {
  const update = incident?.updates.find(({ id }) => id === updateId);
  if (!incident || !update) return { problem: 'not-found', detail: `The incident has no update ${updateId}.` };
  return { status, body: update, etag: entityTag(incident) };
}
