// The routes of corrections: what a service really was in a past interval.
import * as z from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { Models } from '../../../projections/models.ts';
import { correctionOf } from '../../../projections/service/status-history.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { type ServiceTime, withoutCorrection } from '../../../projections/uptime/service-time.ts';
import {
  type ChangedUptime,
  changedUptimes,
  type UptimeSettings,
  uptimeSettings,
} from '../../../projections/uptime-figures.ts';
import type { DryRun } from '../../commands/dispatch.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { correctHistory, correctHistoryInput, withdrawCorrection } from '../../commands/services.ts';
import type { Asking } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import { previewRow } from '../page/preview.ts';
import { correctionSchema, exampleCorrection, exampleCorrectionInput } from '../page/service-schema.ts';
import { ServicesThen } from './service-then.ts';

/** How many days an answer lists at most. */
const MAX_LISTED = 1_000;

interface Parts extends EntityParts {
  readonly preview: DryRun;
  readonly now: () => Date;
}

const correctionParams = idParamsOf('service').extend({
  correctionId: z
    .uuid()
    .toLowerCase()
    .meta({ examples: [SAMPLE.correction] }),
});

export function correctionRoutes({ dispatch, ...parts }: Parts): Route[] {
  const services = new ServicesThen(parts);

  /** The service right after the correction, which later events may have changed since. */
  const correctedBy = async (asking: Asking, id: string, event: Corrected, models: Models) => {
    const service = models.uptime.services.get(id);
    if (service?.position === event.position)
      return { service, settings: uptimeSettings(models, event.organizationId) };
    return services.at(asking, id, { position: event.position });
  };

  const corrected = async (
    asking: Asking,
    id: string,
    events: readonly RecordedEvent[],
    models: Models,
  ): Promise<Answer> => {
    const event = events.find((each) => each.type === 'service.history-corrected');
    if (!event) throw new Error('The commit of a correction does not contain it.');
    const then = await correctedBy(asking, id, event, models);
    if ('problem' in then) return then;
    const days = daysOf(event, then);
    const shown = days.length > MAX_LISTED ? { days: days.slice(0, MAX_LISTED), total: days.length } : { days };
    return { status: 201, body: { ...correctionOf(event), ...shown }, etag: entityTag(event) };
  };

  const correct: Route<IdParams, unknown, z.output<typeof correctHistoryInput>> = {
    method: 'post',
    path: '/api/services/{id}/corrections',
    operationId: 'correctServiceHistory',
    tag: 'services',
    summary: 'Correct the history of a service for a past interval',
    description:
      'The current status does not change. A correction outranks everything that is said of its interval, before or after it, until a later correction. `days` are the days whose uptime it is about. The ETag is that of the service.',
    access: 'member',
    params: idParamsOf('service'),
    body: correctHistoryInput,
    bodyExample: exampleCorrectionInput,
    success: {
      status: 201,
      description: 'The correction',
      schema: correctionSchema,
      example: exampleCorrection,
      tagged: true,
    },
    problems: ['not-found', 'future-time', 'out-of-order'],
    conditional: true,
    repeatable: 'log',
    async handle({ params, body, terms, ...asking }) {
      const dispatched = await dispatch(correctHistory, { ...body, ...params }, terms);
      return commandAnswer(dispatched, asking.viewer, (events, models) => corrected(asking, params.id, events, models));
    },
  };

  const withdraw: Route<z.output<typeof correctionParams>> = {
    method: 'delete',
    path: '/api/services/{id}/corrections/{correctionId}',
    operationId: 'withdrawServiceCorrection',
    tag: 'services',
    summary: 'Withdraw a correction: the service was what was said without it',
    access: 'member',
    params: correctionParams,
    success: { status: 204, description: 'The correction is withdrawn' },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(withdrawCorrection, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return [correct, previewRow(correct, correctHistory, parts.preview), withdraw];
}

type Corrected = RecordedEvent<'service.history-corrected'>;

interface CorrectedService {
  readonly service: ServiceTime;
  readonly settings: UptimeSettings;
}

/** The days that the correction changed, as of then. */
function daysOf({ data, recordedAt }: Corrected, { service, settings }: CorrectedService): readonly ChangedUptime[] {
  const services = { before: withoutCorrection(service, data.correctionId), after: service };
  const span = { from: secondOf(data.from), to: secondOf(data.to) };
  return changedUptimes(services, span, settings, secondOf(recordedAt));
}
