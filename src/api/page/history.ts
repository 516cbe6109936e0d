// The history routes: the changes of one entity, page by page.
import * as z from 'zod';
import { type EntityKind, entitiesIn } from '../../../projections/entity-kind.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { type HistoryEntry, historyEntry } from '../../../projections/history.ts';
import { KINDS } from '../../../projections/kinds.ts';
import type { Models } from '../../../projections/models.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { selectEntity } from '../../../projections/selection.ts';
import { audienceOf } from '../../../projections/viewer/shown-event.ts';
import { inAudience, isAudience, type Viewer } from '../../../projections/viewer/viewer.ts';
import type { Turn } from '../../bounds/turns.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { actorSchema, type NameActors } from '../../http/actor-names.ts';
import { eventType, type IdParams, idParamsOf, time } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { LogPage } from '../../log/page.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { namesOf } from './kind-names.ts';

const historyQuery = z.object({
  after: numberParameter({ min: 0 }).default(0).describe('Only changes after this version'),
  limit: numberParameter({ min: 1, max: 200 }).default(50).describe('Maximum number of changes'),
});
type HistoryQuery = z.output<typeof historyQuery>;

const entrySchema = z.object({
  position: z.int().min(1).describe('Position of the event in the log'),
  version: z.int().min(1).describe('Version of the entity after the event'),
  type: eventType,
  happenedAt: time.describe('When it happened'),
  recordedAt: time.describe('When the server recorded it. Later than `happenedAt` if it was back-dated'),
  actor: actorSchema.exactOptional().describe('Who made the change. Shown to members only'),
  changes: z
    .array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() }))
    .describe(
      'Each changed field before and after. For `updates`, `corrections` and `redactions`: only the added items',
    ),
}) satisfies z.ZodType<HistoryEntry>;

const historySchema = z
  .object({
    entries: z.array(entrySchema),
    next: z.int().nullable().describe('Pass this as `after` to get the next page; null on the last page'),
  })
  .meta({ id: 'History' }) satisfies z.ZodType<Page>;

const exampleHistoryEntry: HistoryEntry = {
  position: 97,
  version: 3,
  type: 'incident.assessed',
  happenedAt: '2026-03-01T10:10:00.000Z',
  recordedAt: '2026-03-01T10:10:00.000Z',
  actor: { kind: 'anonymous' },
  changes: [{ field: 'impact', from: 'minor', to: 'major' }],
};

const exampleHistory = { entries: [exampleHistoryEntry], next: null };

interface Page {
  readonly entries: readonly HistoryEntry[];
  readonly next: number | null;
}

/** A page, and the organisation of the entity. */
interface ReadPage extends Page {
  readonly organizationId: string;
}

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  /** `undefined` on a server without accounts. */
  readonly nameActors?: NameActors | undefined;
}

export function historyRoutes(parts: Parts): Route[] {
  return KINDS.map((kind) => historyRow(parts, kind));
}

function historyRow({ log, models, nameActors }: Parts, kind: EntityKind<Models>): Route<IdParams, HistoryQuery> {
  const { noun, plural, name } = namesOf(kind);
  return {
    method: 'get',
    path: `/api/${plural}/{id}/history`,
    operationId: `get${name}History`,
    tag: plural,
    summary: `List the changes of one ${noun}, in the order they were recorded`,
    description: `Lists only what the events of the ${noun} itself changed. To page, pass \`next\` as \`after\` until \`next\` is null. Members can also read the history of a deleted ${noun}.`,
    access: 'anyone',
    params: idParamsOf(noun),
    query: historyQuery,
    success: { status: 200, description: 'The changes', schema: historySchema, example: exampleHistory, tagged: true },
    problems: ['not-found'],
    async handle({ viewer, params: { id }, query, payer, turn, signal }) {
      // Read both synchronously: the tag must match the events up to `until`.
      const until = log.position;
      const { current } = models;
      const entity = selectEntity(entitiesIn(kind, current), inAudience(viewer, kind.audience), id);
      const isVisible = (organizationId: string) => isAudience(viewer, organizationId, entity ? 'public' : 'members');
      const slices = log.slices({ stream: `${noun}-${id}`, until, signal, turn, payer });
      const page = await readPage(slices, { kind, query, viewer, turn, isVisible });
      if (!page) return { problem: 'not-found', detail: `There is no ${noun} ${id}.` };
      // A redaction is the only event that can still change the history of a deleted entity.
      const logTag = entity ? entity.version : `deleted-${redactedAt(current.redactions, viewer)}`;
      return { status: 200, body: await named(page, nameActors), logTag };
    },
  };
}

/** Adds the current names of the actors: the log does not contain any. */
async function named({ organizationId, ...page }: ReadPage, nameActors: NameActors | undefined): Promise<Page> {
  if (!nameActors) return page;
  const withName = await nameActors(
    organizationId,
    page.entries.flatMap(({ actor }) => actor ?? []),
  );
  const entries = page.entries.map((entry) => (entry.actor ? { ...entry, actor: withName(entry.actor) } : entry));
  return { ...page, entries };
}

interface PageRequest {
  readonly kind: EntityKind<Models>;
  readonly query: HistoryQuery;
  readonly viewer: Viewer;
  readonly turn: Turn;
  /** Whether the viewer may see the history of an entity of this organisation now. */
  isVisible(organizationId: string): boolean;
}

/** Reads one page; `undefined` if the entity does not exist or the viewer may not see it. */
async function readPage(
  slices: AsyncIterable<LogPage<RecordedEvent>>,
  request: PageRequest,
): Promise<ReadPage | undefined> {
  const history = new FoldedHistory(request);
  for await (const { events } of slices) if (await request.turn(() => history.add(events))) break;
  return history.page;
}

/** The changes of one page, folded slice by slice. */
class FoldedHistory {
  readonly #request: PageRequest;
  readonly #entries: HistoryEntry[] = [];
  #state: unknown;
  #organizationId: string | undefined;
  #hasMore = false;

  constructor(request: PageRequest) {
    this.#request = request;
    this.#state = request.kind.projection.initial;
  }

  /** `undefined` if there was no event, or one that the viewer may not see. */
  get page(): ReadPage | undefined {
    if (this.#organizationId === undefined) return undefined;
    const next = this.#hasMore ? (this.#entries.at(-1)?.version ?? null) : null;
    return { entries: this.#entries, next, organizationId: this.#organizationId };
  }

  /** Adds the next events. Returns whether the page is complete. */
  add(events: readonly RecordedEvent[]): boolean {
    return events.some((event) => {
      const isVisible = this.#request.isVisible(event.organizationId);
      this.#organizationId = isVisible ? event.organizationId : undefined;
      // The page is full and there is another event, so there is a next page.
      this.#hasMore = this.#entries.length === this.#request.query.limit;
      if (isVisible && !this.#hasMore) this.#addOne(event);
      return !isVisible || this.#hasMore;
    });
  }

  #addOne(event: RecordedEvent): void {
    const { kind, query, viewer } = this.#request;
    const before = this.#state;
    this.#state = kind.projection.on(before, event);
    const isShown = event.version > query.after && isAudience(viewer, event.organizationId, audienceOf(event));
    if (isShown) this.#entries.push(historyEntry(kind, event, { before, after: this.#state }, viewer));
  }
}
