// The schema of a series of maintenance, and an example.
import * as z from 'zod';
import { local } from '../../../projections/events/maintenance.ts';
import { translations } from '../../../projections/events/translations.ts';
import type { ShownSeries } from '../../../projections/series.ts';
import { placeFields } from '../../commands/fields.ts';
import { time } from '../../http/parameters.ts';
import { exampleMaintenance } from './maintenance-schema.ts';

export const seriesSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    recurrence: z.string().describe('The rule (RFC 5545)'),
    local: local.describe('The wall clocks of the first occurrence'),
    exceptions: z.array(z.iso.date()).readonly().describe('Local dates on which there is no occurrence'),
    affectedServiceIds: z.array(z.string()).readonly(),
    autoStart: z.boolean(),
    autoEnd: z.boolean(),
    translations: translations.exactOptional(),
    ...placeFields,
    createdAt: time,
    updatedAt: time,
    version: z.int().min(1),
  })
  .meta({ id: 'MaintenanceSeries' }) satisfies z.ZodType<ShownSeries>;

const { title, description, affectedServiceIds, autoStart, autoEnd, createdAt, updatedAt } = exampleMaintenance;

export const exampleSeries: ShownSeries = {
  id: '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3a5',
  title,
  description,
  recurrence: 'FREQ=WEEKLY;BYDAY=FR',
  local: exampleMaintenance.local,
  exceptions: ['2031-03-14'],
  affectedServiceIds,
  autoStart,
  autoEnd,
  createdAt,
  updatedAt,
  version: 1,
};
