// The routes of uptime: of one service, and of all services of an organisation.
import * as z from 'zod';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { type AskedUptimeWindow, lastFullMinute } from '../../../projections/uptime/window.ts';
import {
  type AskedTerms,
  type UptimeTerms,
  uptimeOfOrganization,
  uptimeOfService,
  uptimeSettings,
  uptimeTerms,
  uptimeTermsOfDays,
} from '../../../projections/uptime-figures.ts';
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { labelField, organizationAsked } from '../../commands/fields.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { queryTimeOrDateField } from '../../commands/times.ts';
import { timeZoneField } from '../../commands/wall-clocks.ts';
import { type Asking, type AsOf, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { invalidRequest } from '../../http/validation.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { linkHeaders, pageFields } from '../page/paging.ts';
import { ServicesThen, type ServiceThen } from './service-then.ts';
import {
  daysParameter,
  exampleOrganizationUptime,
  exampleServiceUptime,
  organizationUptimeSchema,
  policyField,
  serviceUptimeSchema,
} from './uptime-schema.ts';

const DEFAULT_DAYS = 90;
/** How many services a page has at most, and if the request does not say. */
const MAX_SERVICES = 100;

const serviceQuery = z
  .object({
    days: daysParameter.exactOptional(),
    from: queryTimeOrDateField.exactOptional().describe('Begin here instead: a time, or a date of the zone'),
    to: queryTimeOrDateField
      .exactOptional()
      .describe('End here, not included: a time, or a date of the zone. Default: the last full minute'),
    zone: timeZoneField.exactOptional().describe('The time zone of the days. Default: that of the page'),
    policy: policyField.exactOptional().describe('How seconds count. Default: the policy of the page'),
    ...asOfFields,
  })
  .refine(({ days, from }) => days === undefined || from === undefined, {
    path: ['days'],
    error: 'cannot be combined with from',
  })
  .refine(({ from, to }) => to === undefined || from !== undefined, { path: ['to'], error: 'requires from' });
type ServiceQuery = z.output<typeof serviceQuery>;

const organizationQuery = z.object({
  organizationId: labelField
    .exactOptional()
    .describe('The organisation that is meant. Default: the one of the API key, else "default"'),
  days: daysParameter.exactOptional(),
  limit: numberParameter({ min: 1, max: MAX_SERVICES })
    .default(MAX_SERVICES)
    .describe('How many services the page lists at most'),
  cursor: pageFields.cursor,
  ...asOfFields,
});
type OrganizationQuery = z.output<typeof organizationQuery>;

interface Parts {
  readonly models: ReadModels;
  readonly asOf: AsOf;
  readonly now: () => Date;
}

export function uptimeRoutes(parts: Parts): Route[] {
  return [serviceRoute(parts), organizationRoute(parts)];
}

function serviceRoute({ models, ...parts }: Parts): Route<IdParams, ServiceQuery> {
  const services = new ServicesThen({ models, ...parts });

  const shown = ({ state, settings, moment }: ServiceThen, id: string, query: ServiceQuery): Answer => {
    const terms = uptimeTerms(askedTerms(query), settings, moment);
    if ('member' in terms) return invalidRequest([{ in: 'query', pointer: `/${terms.member}`, detail: terms.detail }]);
    const uptime = uptimeOfService(state, id, terms);
    if (!uptime) return { problem: 'not-found', detail: `There is no service ${id}.` };
    return { status: 200, body: uptime, logTag: tagOf(uptime.position, endOf(terms)) };
  };

  const answerNow = (viewer: Viewer, id: string, query: ServiceQuery): Answer => {
    const found = services.now(viewer, id);
    if (!found) return { problem: 'not-found', detail: `There is no service ${id}.` };
    const answer = shown(found, id, query);
    // The windows and zones that clients can ask for are too many to be kept.
    if ('problem' in answer || query.from !== undefined || query.zone !== undefined) return answer;
    const isCurrent = () => {
      const now = services.now(viewer, id);
      return now?.service === found.service && now.settings.position === found.settings.position;
    };
    return { ...answer, ...kept(answer, isCurrent, () => answerNow(viewer, id, query)) };
  };

  return {
    method: 'get',
    path: '/api/services/{id}/uptime',
    operationId: 'getServiceUptime',
    tag: 'services',
    summary: 'Get the uptime of a service, day by day, computed from what was shown',
    description:
      'Every second counts once, as what was shown of it: the worst of the report and of what incidents and maintenance say, or the latest correction. `from` and `to` are times or dates; nothing after now is counted.',
    access: 'anyone',
    params: idParamsOf('service'),
    query: serviceQuery,
    success: {
      status: 200,
      description: 'The uptime',
      schema: serviceUptimeSchema,
      example: exampleServiceUptime,
      tagged: true,
    },
    problems: ['not-found'],
    cacheable: true,
    async handle({ params: { id }, query, ...asking }) {
      if (!isPast(query)) return answerNow(asking.viewer, id, query);
      const found = await services.at(asking, id, query);
      return 'problem' in found ? found : asking.turn(() => shown(found, id, query));
    },
  };
}

function askedTerms({ days = DEFAULT_DAYS, from, to, zone, policy }: ServiceQuery): AskedTerms {
  const window: AskedUptimeWindow = from === undefined ? { days } : { from, to };
  return { ...window, zone, policy };
}

function organizationRoute({ models, asOf, now }: Parts): Route<unknown, OrganizationQuery> {
  const answerNow = (
    viewer: Viewer,
    query: OrganizationQuery,
    moment = momentOf(now().toISOString(), true),
  ): Answer => {
    const { current } = models;
    const organizationId = organizationAsked(viewer, query);
    if (!maySee(viewer, organizationId)) {
      return { problem: 'not-found', detail: `There is no organisation ${organizationId}.` };
    }
    const settings = uptimeSettings(current, organizationId);
    const terms = uptimeTermsOfDays(query.days ?? DEFAULT_DAYS, settings, moment);
    const page = { organizationId, limit: query.limit, after: query.cursor?.origin };
    const { answer, next } = uptimeOfOrganization(current, viewer, page, terms);
    const reply = {
      status: 200,
      body: answer,
      logTag: tagOf(answer.position, endOf(terms)),
      headers: linkHeaders(query, next),
    } as const;
    // Other pages, and organisations that a client invents, are too many to be kept.
    const isFirst = query.cursor === undefined && query.limit === MAX_SERVICES && answer.services.length > 0;
    if (!moment.isLive || !isFirst) return reply;
    const known = current.uptime.positions.get(organizationId);
    const isCurrent = () => {
      const then = models.current;
      const isSame = then.uptime.positions.get(organizationId) === known;
      return (
        isSame && uptimeSettings(then, organizationId).position === settings.position && maySee(viewer, organizationId)
      );
    };
    return { ...reply, ...kept(reply, isCurrent, () => answerNow(viewer, query)) };
  };

  const answerThen = async (asking: Asking, query: OrganizationQuery & When): Promise<Answer> => {
    const moment = await asOf.moment(query);
    if ('problem' in moment) return moment;
    const { days = DEFAULT_DAYS, limit, cursor } = query;
    const organizationId = organizationAsked(asking.viewer, query);
    const subject = { organizationId, days, limit, after: cursor?.origin, time: moment.time };
    const past = await asOf.ask({ uptime: subject }, { position: moment.position }, asking);
    if (past === 'present') return asking.turn(() => answerNow(asking.viewer, query, momentOf(moment.time, false)));
    if ('problem' in past) return past;
    const logTag = tagOf(past.position, lastFullMinute(secondOf(moment.time)));
    return { status: 200, body: past.bytes, logTag, headers: linkHeaders(query, past.next) };
  };

  return {
    method: 'get',
    path: '/api/uptime',
    operationId: 'getUptime',
    tag: 'status',
    summary: 'Get the uptimes of the services of an organisation, of its groups, and of all together',
    description:
      'The figures of groups and of the organisation are means of the unrounded figures of their services, also of those on other pages. The `Link` header leads to the next page; the last page has none.',
    access: 'anyone',
    query: organizationQuery,
    success: {
      status: 200,
      description: 'The uptimes',
      schema: organizationUptimeSchema,
      example: exampleOrganizationUptime,
      tagged: true,
      paged: true,
    },
    problems: ['not-found', 'overloaded'],
    cacheable: true,
    handle({ query, ...asking }) {
      const { viewer } = asking;
      if (isPast(query) && maySee(viewer, organizationAsked(viewer, query))) return answerThen(asking, query);
      return answerNow(viewer, query);
    },
  };
}

function momentOf(time: string, isLive: boolean) {
  return { now: secondOf(time), isLive };
}

/** Tells answers apart that time alone has made different. */
function tagOf(position: number, end: number): string {
  return `${position}-${end}`;
}

/** The second up to which the answer counts. */
function endOf({ window: { to, now } }: UptimeTerms): number {
  return Math.min(to, now);
}

/** Lets the response cache keep the answer for as long as it says itself. */
function kept(answer: Reply, isCurrent: () => boolean, rebuild: () => Answer): Pick<Reply, 'revalidation'> {
  const { validUntil } = answer.body as { readonly validUntil: string | null };
  return {
    revalidation: { isCurrent, rebuild, ...(validUntil === null ? {} : { validUntil: Date.parse(validUntil) }) },
  };
}
