// The routes of what is written about an incident afterwards: its timeline, and its postmortem.
import * as z from 'zod';
import { translations } from '../../../projections/events/translations.ts';
import type { PublishedPostmortem } from '../../../projections/incident/postmortem.ts';
import { type Incident, selectIncident } from '../../../projections/incidents.ts';
import type { Models } from '../../../projections/models.ts';
import { findPostmortem, type Postmortem } from '../../../projections/postmortems.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { findService } from '../../../projections/services.ts';
import { shownTranslations } from '../../../projections/state/translated.ts';
import { statusPosition } from '../../../projections/status.ts';
import { selectTimeline, type TimelineEntry } from '../../../projections/timeline.ts';
import { inAudience } from '../../../projections/viewer/viewer.ts';
import { changePostmortem, changePostmortemInput } from '../../commands/incidents/postmortems.ts';
import { type Asking, asOfFields, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import { type IdParams, idParamsOf, time } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, Route } from '../../http/route.ts';
import type { EntityRowParts } from '../page/entity-rows.ts';
import { exampleIncident, publishedPostmortemSchema } from './incident-schema.ts';

/** The incident as of now or then, as the viewer may see it. */
export type IncidentAt = (asking: Asking, id: string, when: When) => Promise<Incident | Problem>;

/** The draft, and what is published of it. */
interface ShownPostmortem {
  readonly text: string;
  readonly translations?: z.output<typeof translations>;
  readonly status: 'draft' | 'published';
  readonly updatedAt: string;
  readonly published: PublishedPostmortem | null;
}

const postmortemSchema = z
  .object({
    text: z.string().describe('The draft'),
    translations: translations.exactOptional(),
    status: z
      .enum(['draft', 'published'])
      .describe('Whether a postmortem is published, which can differ from the draft'),
    updatedAt: time.describe('When the draft was last changed'),
    published: publishedPostmortemSchema.nullable().describe('What is public; null if nothing is'),
  })
  .meta({ id: 'Postmortem' }) satisfies z.ZodType<ShownPostmortem>;

const examplePostmortem: ShownPostmortem = {
  text: 'A storage node had run full. **We watch its disk now.**',
  status: 'draft',
  updatedAt: '2026-03-02T10:00:00.000Z',
  published: null,
};

const timelineSchema = z
  .array(
    z.object({
      at: time.describe('When it happened'),
      position: z.int().min(1).describe('Position of the event in the log'),
      kind: z.enum(['started', 'update', 'status', 'impact']),
      text: z.string(),
    }),
  )
  .meta({ id: 'Timeline' }) satisfies z.ZodType<readonly TimelineEntry[]>;

const exampleTimeline: readonly TimelineEntry[] = [
  { at: exampleIncident.startedAt, position: 7, kind: 'started', text: exampleIncident.title },
  { at: '2026-03-01T10:05:00.000Z', position: 8, kind: 'status', text: 'identified' },
];

export function postmortemRoutes({ models, dispatch }: EntityRowParts, incidentAt: IncidentAt): Route[] {
  const shape = { schema: postmortemSchema, example: examplePostmortem, tagged: true };

  const get: Route<IdParams> = {
    method: 'get',
    path: '/api/incidents/{id}/postmortem',
    operationId: 'getPostmortem',
    tag: 'incidents',
    summary: 'Get the draft of the postmortem of an incident, and what is published of it',
    description: 'For members. Everybody else reads what is published in the incident.',
    access: 'viewer',
    params: idParamsOf('incident'),
    success: { status: 200, description: 'The postmortem', ...shape },
    problems: ['not-found'],
    handle: ({ viewer, params: { id } }) => {
      const incident = selectIncident(models.current.incidents, inAudience(viewer, 'members'), id);
      if (!incident) return { problem: 'not-found', detail: `There is no incident ${id}.` };
      return answerOf(models.current, incident);
    },
  };

  const put: Route<IdParams, unknown, z.output<typeof changePostmortemInput>> = {
    method: 'put',
    path: '/api/incidents/{id}/postmortem',
    operationId: 'changePostmortem',
    tag: 'incidents',
    summary: 'Draft, publish or unpublish the postmortem of an incident',
    description:
      'A `text` alone changes the draft; what is published stays until it is published again. ' +
      'The public log keeps what was published, also after it is unpublished: redact its event if it must not be read. ' +
      'The ETag is that of the draft.',
    access: 'member',
    params: idParamsOf('incident'),
    body: changePostmortemInput,
    bodyExample: { text: examplePostmortem.text },
    success: { status: 200, description: 'The postmortem', ...shape },
    problems: ['not-found', 'no-postmortem'],
    conditional: true,
    async handle({ viewer, params: { id }, body, terms }) {
      const dispatched = await dispatch(changePostmortem, { ...body, id }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => {
        const incident = selectIncident(then.incidents, viewer, id);
        return incident ? answerOf(then, incident) : { problem: 'not-found', detail: `There is no incident ${id}.` };
      });
    },
  };

  const timeline: Route<IdParams, When> = {
    method: 'get',
    path: '/api/incidents/{id}/timeline',
    operationId: 'getIncidentTimeline',
    tag: 'incidents',
    summary: 'Get the timeline of an incident, to begin a postmortem with',
    description: 'In the order in which it happened. Services have the names that they have now.',
    access: 'anyone',
    params: idParamsOf('incident'),
    query: z.object(asOfFields),
    success: {
      status: 200,
      description: 'The timeline',
      schema: timelineSchema,
      example: exampleTimeline,
      tagged: true,
    },
    problems: ['not-found'],
    async handle({ params: { id }, query, ...request }) {
      const incident = await incidentAt(request, id, query);
      if ('problem' in incident) return incident;
      const { current } = models;
      const { viewer } = request;
      const scope = { organizationId: incident.organizationId };
      return {
        status: 200,
        body: selectTimeline(incident, nameIn(current)),
        logTag: Math.max(
          statusPosition(current, viewer, scope),
          redactedAt(current.redactions, viewer, incident.organizationId),
        ),
      };
    },
  };

  return [put, get, timeline];
}

function nameIn({ services }: Models): (serviceId: string) => string {
  return (id) => findService(services, id)?.name ?? id;
}

function answerOf({ postmortems }: Models, incident: Incident): Answer {
  const draft = findPostmortem(postmortems, incident.id);
  if (!draft) return { problem: 'not-found', detail: `The incident ${incident.id} has no postmortem.` };
  const position = Math.max(draft.position, incident.position);
  return { status: 200, body: show(draft, incident.postmortem), etag: entityTag({ ...draft, position }) };
}

function show(
  { text, translations: texts, updatedAt }: Postmortem,
  published: PublishedPostmortem | null,
): ShownPostmortem {
  const status = published ? 'published' : 'draft';
  return { text, ...shownTranslations(texts), status, updatedAt, published };
}
