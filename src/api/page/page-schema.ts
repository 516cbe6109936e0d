// The schema of a whole page, and an example of one.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { labelField } from '../../commands/fields.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';
import type { PageAnswer } from '../../read-models/page-answer.ts';
import { exampleIncident, incidentSchema } from '../incidents/incident-schema.ts';
import { exampleMaintenance, maintenanceSchema } from '../maintenances/maintenance-schema.ts';
import { percentField, policyField, secondsField } from '../uptime/uptime-schema.ts';
import { exampleGroup, groupSchema } from './groups.ts';
import { headlineSchema } from './headline-schema.ts';
import { exampleSettings, pageSettingsSchema } from './page-settings-schema.ts';
import { exampleService, serviceSchema } from './service-schema.ts';

const status = z.enum(SERVICE_STATUSES);

const exceptionSchema = z
  .object({
    date: z.iso.date(),
    uptime: percentField,
    seconds: secondsField,
    incidents: z.array(z.uuid()).describe('All incidents that named the service within the day, oldest first'),
    maintenances: z.array(z.uuid()).describe('The same of maintenances'),
    spans: z
      .array(z.tuple([time, time, status]))
      .describe('When the service was not operational: from, to and the status, oldest first, at most 48'),
  })
  .meta({ id: 'PageDay' });

const strip = {
  uptime90: percentField,
  days: z.string().describe('A letter for the worst status of each day, oldest first; empty if the page shows none'),
  exceptions: z
    .array(exceptionSchema)
    .describe('The days on which something was not operational, or something was told of the service'),
};

export const pageSchema = z
  .object({
    organization: z.object({ id: labelField, name: z.string(), slug: z.string() }),
    settings: pageSettingsSchema,
    status: status.describe('The overall status'),
    headline: headlineSchema,
    groups: z.array(groupSchema.extend({ services: z.array(z.uuid()) }).meta({ id: 'PageGroup' })),
    services: z
      .array(serviceSchema.extend(strip).meta({ id: 'PageService' }))
      .describe('Those of groups, then those without. One with `onlyShowIfAffected` is listed while it is affected'),
    incidents: z.array(incidentSchema).describe('The unresolved ones, the latest first'),
    maintenances: z.array(maintenanceSchema).describe('Those under way and those to come'),
    past: z
      .array(
        z.discriminatedUnion('kind', [
          incidentSchema.extend({ kind: z.literal('incident') }).meta({ id: 'PastIncident' }),
          maintenanceSchema.extend({ kind: z.literal('maintenance') }).meta({ id: 'PastMaintenance' }),
        ]),
      )
      .describe('What ended within `historyDays`, the latest first'),
    policy: policyField,
    zone: z.string().describe('The time zone of the days'),
    from: time.describe('Begin of the first day'),
    to: time.describe('The last full minute'),
    position: z.int().min(0).describe('Position of the last public event of the organisation; 0 if there is none'),
    hash: z.string().describe('The hash of that event'),
    validUntil: time.nullable().describe('Until when it holds if nothing happens; null if time alone changes nothing'),
  })
  .meta({ id: 'Page' }) satisfies z.ZodType<PageAnswer>;

const exampleSeconds = { operational: 85_500, maintenance: 0, degraded: 0, partial: 900, major: 0, none: 0 };

export const examplePage: PageAnswer = {
  organization: { id: 'default', name: 'Status', slug: 'default' },
  settings: exampleSettings,
  status: 'partial',
  headline: { text: 'File Storage is partly down', detail: 'Uploads fail.', status: 'partial' },
  groups: [{ ...exampleGroup, services: [SAMPLE.ids.service] }],
  services: [
    {
      ...exampleService,
      uptime90: 99.99,
      days: `${'o'.repeat(89)}p`,
      exceptions: [
        {
          date: '2026-03-01',
          uptime: 99.68,
          seconds: exampleSeconds,
          incidents: [SAMPLE.ids.incident],
          maintenances: [],
          spans: [['2026-03-01T10:00:00.000Z', '2026-03-01T10:15:00.000Z', 'partial']],
        },
      ],
    },
  ],
  incidents: [exampleIncident],
  maintenances: [exampleMaintenance],
  past: [],
  policy: 'statuspage-1',
  zone: 'UTC',
  from: '2025-12-02T00:00:00.000Z',
  to: '2026-03-01T10:15:00.000Z',
  position: 97,
  hash: 'c1a5298f939e87e8f962a5edfc206918a6e0c8d8a7d9b1d3d5b0f6f2a4c8e0d1',
  validUntil: '2026-03-01T10:16:00.000Z',
};
