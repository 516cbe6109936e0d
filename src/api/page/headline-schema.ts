// The schema of the headline of a page.
import * as z from 'zod';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import type { ShownHeadline } from '../../read-models/page-answer.ts';

export const headlineSchema = z
  .object({
    text: z.string().describe('At most 90 characters'),
    detail: z.string().describe('A line below it; can be empty'),
    status: z.enum(SERVICE_STATUSES).describe('The overall status'),
  })
  .meta({ id: 'Headline' }) satisfies z.ZodType<ShownHeadline>;
