// The route of /api/events: the events of the log, page by page.
import { z } from 'zod';
import type { EventType } from '../../../projections/events/event-types.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { type ShownEvent, showEvent } from '../../../projections/viewer/shown-event.ts';
import { labelField } from '../../commands/fields.ts';
import { type AsOf, asOfFields, type When } from '../../http/as-of.ts';
import { eventType } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

export const eventsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Only events after this position'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Maximum number of events'),
  organizationId: labelField.exactOptional().describe('Only events of this organisation'),
  type: eventType.exactOptional().describe('Only events of this type'),
});
type EventsQuery = z.output<typeof eventsQuery>;

export const eventSchema = z.looseObject({
  id: z.uuid(),
  type: eventType,
  schema: z.int().min(1),
  stream: z.string(),
  version: z.int().min(1),
  position: z.int().min(1),
  recordedAt: z.iso.datetime(),
  occurredAt: z.iso.datetime().exactOptional(),
  organizationId: z.string(),
  tenantId: z.string().exactOptional(),
  data: z.looseObject({}),
  hash: z.string(),
});

const pageSchema = z.object({
  events: z.array(eventSchema),
  next: z.int().describe('Pass this as `after` to get the next page'),
  head: z.int().describe('Position of the last event of the log'),
});

/** How many events one request may scan: a filter that matches few events must not read the whole log. */
const MAX_SCANNED = 10_000;

export function eventRoutes(log: EventLog, models: ReadModels, asOf: AsOf): Route[] {
  const list: Route<unknown, EventsQuery & When> = {
    method: 'get',
    path: '/api/events',
    operationId: 'listEvents',
    tag: 'events',
    summary: 'List the events of the log, in order',
    description:
      'To page, pass `next` as `after` until `next` reaches `head`. Pages before that can be short or even empty.',
    access: 'anyone',
    query: eventsQuery.extend(asOfFields),
    success: {
      status: 200,
      description: 'A page of events',
      schema: pageSchema,
      example: { events: [], next: 0, head: 0 },
      tagged: true,
    },
    problems: [],
    async handle({ viewer, query }) {
      const head = await asOf.position(query);
      if (typeof head !== 'number') return head;
      const events: ShownEvent[] = [];
      let next = Math.min(query.after, head);
      for await (const event of log.read({ after: query.after, until: Math.min(head, query.after + MAX_SCANNED) })) {
        next = event.position;
        const shown = matchesFilter(event, query) ? showEvent(event, viewer) : undefined;
        if (shown) events.push(shown);
        if (events.length === query.limit) break;
      }
      // Only a redaction changes how a recorded event is shown.
      const redacted = redactedAt(models.current.redactions, viewer, query.organizationId);
      return { status: 200, body: { events, next, head }, logTag: Math.max(head, redacted) };
    },
  };
  return [list];
}

/** Whether the event matches the filters of the query. */
export function matchesFilter(
  event: { organizationId: string; type: EventType },
  { organizationId, type }: Pick<EventsQuery, 'organizationId' | 'type'>,
): boolean {
  return (
    (organizationId === undefined || event.organizationId === organizationId) &&
    (type === undefined || event.type === type)
  );
}
