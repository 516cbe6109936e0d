// The route of /api/explain: the rule behind a status, its inputs, and the events that set them.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import {
  type ExplainedInput,
  type Explanation,
  explainService,
  explainStatus,
  MAX_INPUTS,
  type TracedInput,
} from '../../../projections/explain.ts';
import type { Models } from '../../../projections/models.ts';
import { selectService } from '../../../projections/services.ts';
import { statusPosition } from '../../../projections/status.ts';
import { audienceOfType } from '../../../projections/viewer/shown-event.ts';
import { isAudience, type Viewer } from '../../../projections/viewer/viewer.ts';
import { labelField } from '../../commands/fields.ts';
import { dateField } from '../../commands/times.ts';
import { type AsOf, asOfFields, isPast } from '../../http/as-of.ts';
import { eventType, time } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { exampleIncident } from '../incidents/incident-schema.ts';
import { explainDay, explainedDaySchema } from '../uptime/explain-day.ts';
import { ServicesThen } from '../uptime/service-then.ts';
import { exampleService } from './service-schema.ts';

const explainQuery = z
  .object({
    serviceId: z.uuid().toLowerCase().exactOptional().describe('Explain the status of this service'),
    organizationId: labelField.exactOptional().describe('Explain the status of this organisation'),
    date: dateField.exactOptional().describe('Explain the uptime of the service on this day of the page instead'),
    at: asOfFields.at.describe('Explain the day as it was known at this time'),
    position: asOfFields.position.describe('Explain the day as it was known at this position of the log'),
  })
  .refine(({ serviceId, organizationId }) => serviceId === undefined || organizationId === undefined, {
    path: ['organizationId'],
    error: 'cannot be combined with serviceId',
  })
  .refine(({ date, serviceId }) => date === undefined || serviceId !== undefined, {
    path: ['date'],
    error: 'requires serviceId',
  })
  .refine((query) => query.date !== undefined || !isPast(query), {
    path: ['date'],
    error: 'is missing: only days are explained as of then',
  });
type ExplainQuery = z.output<typeof explainQuery>;

const sourceEventSchema = z
  .object({
    position: z.int().min(1),
    type: eventType,
    happenedAt: time,
    recordedAt: time,
  })
  .nullable()
  .describe('The event that set the status; null if the caller may not see that event');

type Explained = ExplainedInput & { readonly event: z.output<typeof sourceEventSchema> };

const explanationSchema = z
  .object({
    rule: z.string(),
    result: z.enum(SERVICE_STATUSES),
    inputs: z
      .array(
        z.object({
          kind: z.enum(['report', 'service', 'incident', 'maintenance']),
          id: z.uuid(),
          name: z.string().describe('Name of the service, or title of the incident or maintenance'),
          status: z.enum(SERVICE_STATUSES).describe('The status that this input contributes'),
          decides: z.boolean().describe('Whether this input determines the result'),
          event: sourceEventSchema,
        }),
      )
      .describe(`The first ${MAX_INPUTS} inputs; empty if everything is operational`),
    total: z.int().min(0).describe('Total number of inputs'),
    considered: z
      .object({ services: z.int().min(0), incidents: z.int().min(0), maintenances: z.int().min(0) })
      .describe('Number of services, unresolved incidents and maintenances in progress that the rule was applied to'),
  })
  .meta({ id: 'Explanation' }) satisfies z.ZodType<Explanation<Explained>>;

const exampleExplanation = {
  rule: 'A service is shown as the worst of what its team reports, of what unresolved incidents say of it, and of maintenance while that is in progress, from harmless to worst: operational, maintenance, degraded, partial, major.',
  result: 'partial',
  inputs: [
    {
      kind: 'report',
      id: exampleService.id,
      name: exampleService.name,
      status: 'degraded',
      decides: false,
      event: {
        position: 1,
        type: 'service.created',
        happenedAt: '2026-03-01T09:30:00.000Z',
        recordedAt: '2026-03-01T09:30:00.000Z',
      },
    },
    {
      kind: 'incident',
      id: exampleIncident.id,
      name: exampleIncident.title,
      status: 'partial',
      decides: true,
      event: {
        position: 2,
        type: 'incident.opened',
        happenedAt: '2026-03-01T10:00:00.000Z',
        recordedAt: '2026-03-01T10:00:00.000Z',
      },
    },
  ],
  total: 2,
  considered: { services: 1, incidents: 1, maintenances: 0 },
};

interface Parts {
  readonly models: ReadModels;
  readonly asOf: AsOf;
  readonly now: () => Date;
}

export function explainRoutes({ models, ...parts }: Parts): Route[] {
  const services = new ServicesThen({ models, ...parts });

  /** The explanation of the status as it is now. */
  const statusNow = (viewer: Viewer, query: ExplainQuery): Answer => {
    const { current } = models;
    const explained = explain(current, viewer, query);
    if (!explained) return { problem: 'not-found', detail: `There is no service ${query.serviceId}.` };
    const { explanation, organizationId } = explained;
    const scope = organizationId === undefined ? {} : { organizationId };
    const inputs = explanation.inputs.map((input) => withEvent(input, viewer));
    return { status: 200, body: { ...explanation, inputs }, logTag: statusPosition(current, viewer, scope) };
  };

  const get: Route<unknown, ExplainQuery> = {
    method: 'get',
    path: '/api/explain',
    operationId: 'explainStatus',
    tag: 'status',
    summary: 'Explain a status: the rule, its inputs and the events behind them',
    description:
      'Explains the status of a service or of an organisation. Without either parameter: of everything that the caller may see. With `date`: the uptime of a service on a day, interval by interval.',
    access: 'anyone',
    query: explainQuery,
    success: {
      status: 200,
      description: 'The explanation',
      schema: z.union([explanationSchema, explainedDaySchema]).meta({ id: 'Explained' }),
      example: exampleExplanation,
      tagged: true,
    },
    problems: ['not-found'],
    async handle({ query, ...asking }) {
      const { serviceId, date } = query;
      if (serviceId === undefined || date === undefined) return statusNow(asking.viewer, query);
      const found = await services.at(asking, serviceId, query);
      return 'problem' in found ? found : asking.turn(() => explainDay(found, serviceId, date));
    },
  };
  return [get];
}

/**
 * The requested explanation, and its organisation if it depends on one organisation only. `undefined` if there is no
 * such service.
 */
function explain(
  models: Models,
  viewer: Viewer,
  { serviceId, organizationId }: ExplainQuery,
): { readonly explanation: Explanation; readonly organizationId?: string } | undefined {
  const filter = organizationId === undefined ? {} : { organizationId };
  if (serviceId === undefined) return { explanation: explainStatus(models, viewer, filter), ...filter };
  const service = selectService(models.services, viewer, serviceId);
  if (!service) return undefined;
  return { explanation: explainService(models, viewer, service), organizationId: service.organizationId };
}

/** The input with the event that set it; `null` if the viewer may not see that event. */
export function withEvent({ source, organizationId, ...input }: TracedInput, viewer: Viewer): Explained {
  const isShown = source !== undefined && isAudience(viewer, organizationId, audienceOfType(source.type));
  return { ...input, event: isShown ? source : null };
}
