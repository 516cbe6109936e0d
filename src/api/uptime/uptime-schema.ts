// The schemas of answers about uptime, and an example of each.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { UPTIME_POLICIES } from '../../../projections/uptime/policies.ts';
import { MAX_DAYS } from '../../../projections/uptime/window.ts';
import type { UptimeOfOrganization, UptimeOfService } from '../../../projections/uptime-figures.ts';
import { numberParameter } from '../../commands/numbers.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';

export const percentField = z
  .number()
  .min(0)
  .max(100)
  .nullable()
  .describe('Per cent, floored to two decimals: 100 only if nothing weighs; null without a counted second');

const count = z.int().min(0);

export const secondsField = z
  .object({
    operational: count,
    maintenance: count,
    degraded: count,
    partial: count,
    major: count,
    none: count.describe('Before the `startDate` of the service, and what is still to come'),
  })
  .describe('How many seconds each status was shown');

export const daysParameter = numberParameter({ min: 1, max: MAX_DAYS }).describe(
  'Today and the days before, as many in all, up to the last full minute. Default: 90',
);

export const shownStatus = z.enum([...SERVICE_STATUSES, 'none']);

const day = {
  date: z.iso.date(),
  uptime: percentField,
  worst: shownStatus.describe('The worst status of the day; none for a day without data'),
};

const named = {
  incidents: z.array(z.uuid()).describe('All incidents that named the service within the day, oldest first'),
  maintenances: z.array(z.uuid()).describe('The same of maintenances'),
};

export const policyField = z.enum(UPTIME_POLICIES);

const said = {
  policy: policyField.describe(
    'How seconds count. `statuspage-1`: major 1, partial 0.3, others 0. `strict-1`: major and partial 1, maintenance is not counted',
  ),
  zone: z.string().describe('The time zone of the days'),
  from: time,
  to: time,
  uptime: percentField,
};

const validity = {
  position: count.describe('Position of the last event that the answer depends on'),
  validUntil: time.nullable().describe('Until when it holds if nothing happens; null if time alone changes nothing'),
};

export const serviceUptimeSchema = z
  .object({
    serviceId: z.uuid(),
    ...said,
    seconds: secondsField,
    days: z.array(z.object({ ...day, seconds: secondsField, ...named })),
    ...validity,
  })
  .meta({ id: 'ServiceUptime' }) satisfies z.ZodType<UptimeOfService>;

export const organizationUptimeSchema = z
  .object({
    ...said,
    groups: z
      .array(z.object({ groupId: z.uuid(), uptime: percentField }))
      .describe('The mean of the services of each group'),
    services: z.array(
      z.object({
        serviceId: z.uuid(),
        uptime: percentField,
        seconds: secondsField,
        days: z.array(z.object({ ...day, ...named })),
      }),
    ),
    ...validity,
  })
  .meta({ id: 'OrganizationUptime' }) satisfies z.ZodType<UptimeOfOrganization>;

const exampleSeconds = { operational: 66_740, maintenance: 0, degraded: 0, partial: 900, major: 0, none: 18_760 };
const exampleTerms = {
  policy: 'statuspage-1',
  zone: 'UTC',
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
} as const;
const exampleDay = {
  date: '2026-03-01',
  uptime: 99.6,
  worst: 'partial',
  incidents: [SAMPLE.ids.incident],
  maintenances: [],
} as const;

export const exampleServiceUptime: UptimeOfService = {
  serviceId: SAMPLE.ids.service,
  ...exampleTerms,
  uptime: 99.6,
  seconds: exampleSeconds,
  days: [{ ...exampleDay, seconds: exampleSeconds }],
  position: 4_182,
  validUntil: null,
};

export const exampleOrganizationUptime: UptimeOfOrganization = {
  ...exampleTerms,
  uptime: 99.6,
  groups: [],
  services: [{ serviceId: SAMPLE.ids.service, uptime: 99.6, seconds: exampleSeconds, days: [exampleDay] }],
  position: 4_182,
  validUntil: null,
};
