// The route of /api/events: the events of the log, page by page.
import * as z from 'zod';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { showEvent } from '../../../projections/viewer/shown-event.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { labelField } from '../../commands/fields.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { type AsOf, asOfFields, type When } from '../../http/as-of.ts';
import { eventType } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import { type LogPage, PAGE } from '../../log/page.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { shownPart } from './visible-part.ts';

export const eventsQuery = z.object({
  after: numberParameter({ min: 0 }).default(0).describe('Only events after this position'),
  limit: numberParameter({ min: 1, max: 1_000 }).default(100).describe('Maximum number of events'),
  organizationId: labelField.exactOptional().describe('Only events of this organisation'),
  type: eventType.exactOptional().describe('Only events of this type'),
});
type EventsQuery = z.output<typeof eventsQuery>;

export const eventSchema = z
  .looseObject({
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
  })
  .meta({ id: 'Event' });

const pageSchema = z
  .object({
    events: z.array(eventSchema),
    next: z.int().describe('Pass this as `after` to get the next page'),
    head: z.int().describe('Position of the last event of the log'),
    reset: z
      .literal(true)
      .exactOptional()
      .describe('`after` is ahead of the log, so it is another one: drop what you have, and begin anew'),
  })
  .meta({ id: 'EventPage' });

/** The answer to a client that has positions of another log, perhaps of one before a restore. */
const BEGIN_ANEW = { events: [], next: 0, reset: true } as const;

/** A request ends after this many slices without an event to show: a rare one may be far away. */
const MAX_EMPTY = 10;

export function eventRoutes(log: EventLog, models: ReadModels, asOf: AsOf): Route[] {
  const list: Route<unknown, EventsQuery & When> = {
    method: 'get',
    path: '/api/events',
    operationId: 'listEvents',
    tag: 'events',
    summary: 'List the events of the log, in order',
    description:
      'To page, pass `next` as `after` until `next` reaches `head`. Pages before that can be short or even empty. If ' +
      '`after` is ahead of the log, `reset` is true and `next` is 0.',
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
    async handle({ viewer, query, payer, turn, signal }) {
      const head = await asOf.position(query);
      if (typeof head !== 'number') return head;
      // Only a redaction changes how a recorded event is shown. Looked up before the events are read: a tag may be too
      // old for them, but not too new.
      const redacted = redactedAt(models.current.redactions, viewer, query.organizationId);
      const filter = () => shownPart(viewer, query);
      const { after, limit } = query;
      if (after > log.position) return { status: 200, body: { ...BEGIN_ANEW, head }, logTag: Math.max(head, redacted) };
      const slices = log.slices({ after, until: head, limit, filter, signal, turn, payer });
      const page = new EncodedPage({ viewer, query, head });
      for await (const slice of slices) if (await turn(() => page.add(slice))) break;
      const body = `{"events":[${page.events.join()}],"next":${page.next},"head":${head}}`;
      return { status: 200, body, logTag: Math.max(head, redacted) };
    },
  };
  return [list];
}

interface PageRequest {
  readonly viewer: Viewer;
  readonly query: EventsQuery;
  readonly head: number;
}

/** The events of one answer as JSON, made slice by slice. Bounded by size too. */
class EncodedPage {
  readonly events: string[] = [];
  /** How far it reaches. */
  next: number;
  readonly #request: PageRequest;
  #characters = 0;
  #empty = 0;

  constructor(request: PageRequest) {
    this.#request = request;
    this.next = Math.min(request.query.after, request.head);
  }

  /** Adds what the viewer may see of a slice. Returns whether the page is complete. */
  add({ events, through }: LogPage<RecordedEvent>): boolean {
    const before = this.events.length;
    for (const event of events) {
      this.next = event.position;
      if (this.#addOne(event)) return true;
    }
    this.next = through;
    if (this.events.length === before) this.#empty += 1;
    return this.#empty === MAX_EMPTY;
  }

  #addOne(event: RecordedEvent): boolean {
    const shown = showEvent(event, this.#request.viewer);
    if (!shown) return false;
    const text = JSON.stringify(shown);
    this.events.push(text);
    this.#characters += text.length;
    return this.events.length === this.#request.query.limit || this.#characters >= PAGE.characters;
  }
}
