// Dry runs: for a route that records something, one that takes the same body and says what it would lead to.
import * as z from 'zod';
import { findIn } from '../../../projections/entity-kind.ts';
import { aggregateOf, entityId } from '../../../projections/events/envelope.ts';
import { SERVICE_STATUSES, type ServiceStatus } from '../../../projections/events/severity.ts';
import { serviceKind } from '../../../projections/services.ts';
import { selectStatus } from '../../../projections/status.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import { uptimeOfService, uptimeSettings, uptimeTermsOfDays } from '../../../projections/uptime-figures.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { Slices } from '../../bounds/slices.ts';
import type { Command } from '../../commands/command.ts';
import type { DryRun } from '../../commands/dispatch.ts';
import type { Preview } from '../../commands/preview.ts';
import { failureProblem } from '../../http/command-answer.ts';
import { eventType } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import { pageHeadline, type ShownHeadline } from '../../read-models/page-answer.ts';
import { headlineSchema } from './headline-schema.ts';

/** The days of which the uptime is told, as on pages. */
const DAYS = 90;

const status = z.enum(SERVICE_STATUSES);
const uptime = z.number().min(0).max(100).nullable();

const previewSchema = z
  .object({
    events: z
      .array(z.object({ type: eventType, stream: z.string(), data: z.looseObject({}) }))
      .describe('The events that would be recorded; their ids would be others'),
    status: z.object({ before: status, after: status }).describe('The overall status of the organisation'),
    headline: z.object({ before: headlineSchema, after: headlineSchema }).describe('The headline of its page'),
    services: z
      .array(z.object({ id: z.uuid(), name: z.string(), before: status, after: status }))
      .describe('The services whose shown status would change'),
    uptime: z
      .array(z.object({ serviceId: z.uuid(), before: uptime, after: uptime }))
      .describe(`Uptime of the last ${DAYS} days, in per cent, of each service that the events are about`),
  })
  .meta({ id: 'Preview' }) satisfies z.ZodType<ShownPreview>;

interface Change<T> {
  readonly before: T;
  readonly after: T;
}

interface ShownPreview {
  readonly events: readonly { readonly type: string; readonly stream: string; readonly data: object }[];
  readonly status: Change<ServiceStatus>;
  readonly headline: Change<ShownHeadline>;
  readonly services: readonly (Change<ServiceStatus> & { readonly id: string; readonly name: string })[];
  readonly uptime: readonly (Change<number | null> & { readonly serviceId: string })[];
}

const examplePreview: ShownPreview = {
  events: [],
  status: { before: 'operational', after: 'partial' },
  headline: {
    before: { text: 'Everything works', detail: 'All 6 services are operational.', status: 'operational' },
    after: { text: 'File Storage is partly down', detail: 'The other 5 services work normally.', status: 'partial' },
  },
  services: [],
  uptime: [],
};

/** What the dry run of a route says besides what all of them do. */
export interface PreviewMembers {
  /** The name of the schema that has them. */
  readonly name: string;
  readonly schema: z.ZodRawShape;
  readonly example: object;
  of(previewed: Preview): object;
}

const NO_MEMBERS: PreviewMembers = { name: 'Preview', schema: {}, example: {}, of: () => ({}) };

/** The dry run of this route, whose command takes its body and its parameters. It is checked and authorised like it. */
export function previewRow<P, B>(
  route: Route<P, unknown, B>,
  command: Command<P & B>,
  preview: DryRun,
  members = NO_MEMBERS,
): Route<P, unknown, B> {
  const { repeatable: _records, description: _recorded, ...alike } = route;
  return {
    ...alike,
    path: `${route.path}/preview`,
    operationId: `preview${route.operationId.charAt(0).toUpperCase()}${route.operationId.slice(1)}`,
    summary: `Dry run, records nothing: ${route.summary.charAt(0).toLowerCase()}${route.summary.slice(1)}`,
    success: {
      status: 200,
      description: 'What it would lead to',
      schema: members === NO_MEMBERS ? previewSchema : previewSchema.extend(members.schema).meta({ id: members.name }),
      example: { ...examplePreview, ...members.example },
    },
    async handle({ viewer, params, body, terms, signal }) {
      const previewed = await preview(command, { ...body, ...params }, terms);
      if (previewed.kind !== 'previewed') return failureProblem(previewed, viewer);
      return { status: 200, body: { ...(await shown(previewed, viewer, signal)), ...members.of(previewed) } };
    },
  };
}

async function shown(preview: Preview, viewer: Viewer, signal: AbortSignal): Promise<ShownPreview> {
  const { events, organizationId, before, after, now } = preview;
  const overall = (models: Preview['before']) => selectStatus(models, viewer, { organizationId }).overallStatus;
  const headline = (models: Preview['before']) => pageHeadline(models, viewer, { organizationId }, now);
  const serviceIds = servicesIn(preview);
  return {
    events: events.map(({ type, stream, data }) => ({ type, stream, data })),
    status: { before: overall(before), after: overall(after) },
    headline: { before: headline(before), after: headline(after) },
    services: serviceIds.flatMap((id) => statusChange(preview, id)),
    uptime: await uptimeChanges(preview, serviceIds, signal),
  };
}

/** The services that the events are about, each once. */
function servicesIn({ events, before, after }: Preview): readonly string[] {
  const own = events.filter((event) => aggregateOf(event) === 'service').map(entityId);
  const touched = events.flatMap((event) => serviceKind.touched({ before, after }, event));
  return [...new Set([...own, ...touched])];
}

function statusChange({ before, after }: Preview, id: string): ShownPreview['services'] {
  const [was, is] = [findIn(serviceKind, before, id), findIn(serviceKind, after, id)];
  return was && is && was.status !== is.status ? [{ id, name: is.name, before: was.status, after: is.status }] : [];
}

/** In slices: there can be many services, each with a long history. */
async function uptimeChanges(
  preview: Preview,
  serviceIds: readonly string[],
  signal: AbortSignal,
): Promise<ShownPreview['uptime']> {
  const slices = new Slices(signal);
  const changes: ShownPreview['uptime'][number][] = [];
  for (const id of serviceIds) {
    if (slices.isOver()) await slices.rest();
    changes.push(...uptimeChange(preview, id));
  }
  return changes;
}

function uptimeChange({ organizationId, before, after, now }: Preview, serviceId: string): ShownPreview['uptime'] {
  const terms = uptimeTermsOfDays(DAYS, uptimeSettings(before, organizationId), { now: secondOf(now), isLive: false });
  const [was, is] = [before, after].map((models) => uptimeOfService(models.uptime, serviceId, terms));
  return was && is ? [{ serviceId, before: was.uptime, after: is.uptime }] : [];
}
