// The route of /api/events/histogram: when how much was recorded, and how bad it was.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { showEvent } from '../../../projections/viewer/shown-event.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import type { NoPlace, Places } from '../../bounds/places.ts';
import { labelField, organizationAsked } from '../../commands/fields.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { queryTimeField } from '../../commands/times.ts';
import { time } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import { invalidRequest } from '../../http/validation.ts';
import { digest } from '../../log/chain.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import { type BucketRange, Buckets } from './buckets.ts';
import { shownPart } from './visible-part.ts';

const DAY = 86_400_000;
const DAYS = 90;

const histogramQuery = z.object({
  organizationId: labelField
    .exactOptional()
    .describe('The organisation. Default: the one of the API key, else "default"'),
  from: queryTimeField.exactOptional().describe(`Start of the first bucket. Default: ${DAYS} days before \`to\``),
  to: queryTimeField
    .exactOptional()
    .describe('End of the last bucket (exclusive). Default: the end of this day in UTC'),
  buckets: numberParameter({ min: 1, max: 400 }).default(DAYS).describe('How many buckets of the same length'),
});
type HistogramQuery = z.output<typeof histogramQuery>;

const histogramSchema = z
  .object({
    from: time,
    to: time,
    buckets: z.array(
      z.object({
        from: time,
        to: time.describe('Not included'),
        events: z.int().min(0).describe('How many events that the caller may see were recorded'),
        worst: z
          .enum(SERVICE_STATUSES)
          .nullable()
          .describe('The worst overall status; null before the first event, and for what is to come'),
      }),
    ),
  })
  .meta({ id: 'EventHistogram' });

const exampleHistogram = {
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  buckets: [{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', events: 12, worst: 'partial' }],
};

/** Each histogram folds a state of its own, which nobody shares: many at once would fill the memory. */
const NO_PLACE: Readonly<Record<NoPlace, Problem>> = {
  payer: {
    problem: 'too-costly',
    detail: 'As many histograms are counted for this address or credential as may be at once; wait for one of them.',
    headers: { 'Retry-After': '10' },
  },
  all: {
    problem: 'overloaded',
    detail: 'Too many histograms are counted; try again in a moment.',
    headers: { 'Retry-After': '10' },
  },
};

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly places: Places;
  readonly now: () => Date;
}

export function histogramRoutes({ log, models, places, now }: Parts): Route[] {
  const get: Route<unknown, HistogramQuery> = {
    method: 'get',
    path: '/api/events/histogram',
    operationId: 'getEventHistogram',
    tag: 'events',
    summary: 'Count the events of an organisation in buckets of time, with the worst status in each',
    description: 'By the recorded time. The status is the overall one as it was shown then.',
    access: 'anyone',
    query: histogramQuery,
    success: {
      status: 200,
      description: 'The buckets',
      schema: histogramSchema,
      example: exampleHistogram,
      tagged: true,
    },
    problems: ['not-found'],
    async handle({ viewer, query, payer, turn, signal }) {
      const organizationId = organizationAsked(viewer, query);
      if (!maySee(viewer, organizationId)) {
        return { problem: 'not-found', detail: `There is no organisation ${organizationId}.` };
      }
      const present = now().getTime();
      const range = rangeOf(query, present);
      if (range.from >= range.to) {
        return invalidRequest([{ in: 'query', pointer: '/to', detail: 'must be later than from' }]);
      }
      const place = places.take(payer);
      if (typeof place === 'string') return NO_PLACE[place];
      try {
        const buckets = new Buckets(range, (model, event) => models.hasFolded(model, event));
        const filter = () => shownPart(viewer, { organizationId });
        for await (const { events } of log.slices({ filter, signal, turn, payer })) {
          const shown = events.filter((event) => showEvent(event, viewer));
          if (!(await turn(() => shown.every((event) => buckets.add(event))))) break;
        }
        const [from, to] = [range.from, range.to].map((moment) => new Date(moment).toISOString());
        const body = JSON.stringify({ from, to, buckets: await turn(() => buckets.at(present)) });
        return { status: 200, body, etag: digest(body) };
      } finally {
        place();
      }
    },
  };
  return [get];
}

function rangeOf({ from, to, buckets }: HistogramQuery, now: number): BucketRange {
  const end = to === undefined ? (Math.floor(now / DAY) + 1) * DAY : Date.parse(to);
  return { from: from === undefined ? end - DAYS * DAY : Date.parse(from), to: end, buckets };
}
