// The schemas of a service and of a correction to its history, and an example of each.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { translations } from '../../../projections/events/translations.ts';
import type { Correction } from '../../../projections/service/status-history.ts';
import type { ShownService } from '../../../projections/service.ts';
import { placeFields } from '../../commands/fields.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';
import { rank } from './rank-schema.ts';

export const serviceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    status: z
      .enum(SERVICE_STATUSES)
      .describe('The shown status: the worst of the reported status and the impacts of unresolved incidents'),
    reportedStatus: z.enum(SERVICE_STATUSES).describe('The status that the team reported last'),
    reportedSince: time.describe('When the reported status began, according to the team'),
    reportedAt: time.describe('When the server recorded that report'),
    uptime: z.number().min(0).max(100).describe('Per cent, reported by the team'),
    groupId: z.uuid().nullable().describe('The group that it is in'),
    order: rank.describe('Its rank among the services of its group, or among those without one'),
    showUptime: z.boolean().describe('Whether pages show its uptime'),
    onlyShowIfAffected: z.boolean().describe('Whether pages show it only while it is not operational'),
    startDate: time.describe('From when on it counts'),
    translations: translations.exactOptional().describe('Its texts in other languages'),
    ...placeFields,
    createdAt: time,
    lastUpdated: time,
    version: z.int().min(1),
  })
  .meta({ id: 'Service' }) satisfies z.ZodType<ShownService>;

export const exampleServiceInput = {
  name: 'Payment Service',
  description: 'Payment processing and billing',
  status: 'operational',
};

export const exampleService: ShownService = {
  id: SAMPLE.ids.service,
  name: 'File Storage',
  description: 'Upload, download and keeping of files',
  status: 'partial',
  reportedStatus: 'degraded',
  reportedSince: '2026-03-01T09:30:00.000Z',
  reportedAt: '2026-03-01T09:30:00.000Z',
  uptime: 98.5,
  groupId: null,
  order: null,
  showUptime: true,
  onlyShowIfAffected: false,
  startDate: '2026-01-05T08:00:00.000Z',
  createdAt: '2026-01-05T08:00:00.000Z',
  lastUpdated: '2026-03-01T10:00:00.000Z',
  version: 2,
};

const percent = z.number().min(0).max(100).nullable();

export const correctionSchema = z
  .object({
    id: z.uuid(),
    from: time,
    to: time.describe('End of the interval (exclusive)'),
    status: z.enum(SERVICE_STATUSES),
    reason: z.string(),
    recordedAt: time,
    days: z
      .array(z.object({ date: z.iso.date(), before: percent, after: percent }))
      .describe('The uptime of each day whose seconds the correction changed, oldest first'),
    total: z.int().exactOptional().describe('How many days these are, if they are too many to be listed'),
  })
  .meta({ id: 'Correction' }) satisfies z.ZodType<Correction>;

export const exampleCorrectionInput = {
  from: '2026-03-01T09:40:00Z',
  to: '2026-03-01T09:55:00Z',
  status: 'partial',
  reason: 'Uploads failed; our probes did not notice.',
};

export const exampleCorrection: z.output<typeof correctionSchema> = {
  id: '0193b5c1-7a10-7c9e-8f42-1d3e5a7b9c0f',
  from: '2026-03-01T09:40:00.000Z',
  to: '2026-03-01T09:55:00.000Z',
  status: 'partial',
  reason: exampleCorrectionInput.reason,
  recordedAt: '2026-03-02T08:00:00.000Z',
  days: [{ date: '2026-03-01', before: 100, after: 99.68 }],
};
