// The explanation of a day of a service: its uptime, and the intervals that it is made of.
import * as z from 'zod';
import { secondsIn } from '../../../projections/uptime/counted.ts';
import { type ExplainedInterval, explainedIntervals } from '../../../projections/uptime/explained.ts';
import { percentage, type SecondsByStatus, type UptimePolicy, weigh } from '../../../projections/uptime/policies.ts';
import { dayWindow } from '../../../projections/uptime/window.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';
import type { Reply } from '../../http/route.ts';
import type { ServiceThen } from './service-then.ts';
import { percentField, policyField, secondsField, shownStatus } from './uptime-schema.ts';

/** How many intervals an explanation lists at most. */
const MAX_INTERVALS = 1_000;

interface ExplainedDay {
  readonly serviceId: string;
  readonly date: string;
  readonly zone: string;
  readonly policy: UptimePolicy;
  readonly rule: string;
  readonly uptime: number | null;
  readonly seconds: SecondsByStatus;
  readonly intervals: readonly ExplainedInterval[];
  readonly total?: number;
  readonly position: number;
}

const RULES: Readonly<Record<UptimePolicy, string>> = {
  'statuspage-1': 'Every second counts once. A major outage weighs 1, a partial one 0.3, and all else nothing.',
  'strict-1':
    'Every second but those of maintenance counts once. Major and partial outages weigh 1, and all else nothing.',
};
const SHOWN =
  'Of what is said of a second the worst is shown: by the report of the team, incidents that are not resolved, and maintenance. The latest correction outranks them all.';

const exampleDay: ExplainedDay = {
  serviceId: SAMPLE.ids.service,
  date: '2026-03-01',
  zone: 'UTC',
  policy: 'statuspage-1',
  rule: `${SHOWN} ${RULES['statuspage-1']}`,
  uptime: 99.68,
  seconds: { operational: 85_500, maintenance: 0, degraded: 0, partial: 900, major: 0, none: 0 },
  intervals: [
    { from: '2026-03-01T00:00:00.000Z', to: '2026-03-01T09:40:00.000Z', status: 'operational', events: [1] },
    { from: '2026-03-01T09:40:00.000Z', to: '2026-03-01T09:55:00.000Z', status: 'partial', events: [5] },
    { from: '2026-03-01T09:55:00.000Z', to: '2026-03-02T00:00:00.000Z', status: 'operational', events: [1] },
  ],
  position: 5,
};

export const explainedDaySchema = z
  .object({
    serviceId: z.uuid(),
    date: z.iso.date(),
    zone: z.string(),
    policy: policyField,
    rule: z.string(),
    uptime: percentField,
    seconds: secondsField,
    intervals: z
      .array(
        z.object({
          from: time,
          to: time,
          status: shownStatus,
          events: z.array(z.int().min(1)).describe('Positions of the events that decided the status'),
        }),
      )
      .describe('Oldest first and without gaps'),
    total: z.int().exactOptional().describe('How many intervals there are, if they are too many to be listed'),
    position: z.int().min(0),
  })
  .meta({ id: 'ExplainedDay', examples: [exampleDay] }) satisfies z.ZodType<ExplainedDay>;

/** The explanation of the day with this date, in the zone and by the policy of the organisation. */
export function explainDay({ service, settings, moment }: ServiceThen, serviceId: string, date: string): Reply {
  const { zone, policy } = settings;
  const window = dayWindow(date, zone, moment.now);
  const seconds = secondsIn(service, window, moment.now);
  const intervals = [...explainedIntervals(service, window)];
  const position = Math.max(service.position, settings.position);
  const explained: ExplainedDay = {
    serviceId,
    date,
    zone,
    policy,
    rule: `${SHOWN} ${RULES[policy]}`,
    uptime: percentage(weigh(seconds, policy)),
    seconds,
    intervals: intervals.slice(0, MAX_INTERVALS),
    ...(intervals.length > MAX_INTERVALS ? { total: intervals.length } : {}),
    position,
  };
  return { status: 200, body: explained, logTag: `${position}-${Math.min(window.to, moment.now)}` };
}
