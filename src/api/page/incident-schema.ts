// The shapes of an incident and of its updates, and an example of each.
import { z } from 'zod';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import type { IncidentUpdate, ShownIncident } from '../../../projections/incidents.ts';
import { placeFields } from '../../commands/fields.ts';
import { time } from '../../http/parameters.ts';
import { exampleService } from './service-schema.ts';

export const incidentUpdateSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(INCIDENT_STATUSES),
    message: z.string(),
    createdAt: time.describe('When it happened'),
    recordedAt: time.describe('When it was recorded; later, if it was back-dated'),
  })
  .meta({ id: 'IncidentUpdate' }) satisfies z.ZodType<IncidentUpdate>;

export const exampleUpdateInput = {
  status: 'identified',
  message: 'We have identified the root cause and are implementing a fix.',
};

export const exampleUpdate: IncidentUpdate = {
  id: '0193b5a4-2c40-7e11-8a5d-77c0f1e2d3b4',
  status: 'identified',
  message: exampleUpdateInput.message,
  createdAt: '2026-03-01T10:05:00.000Z',
  recordedAt: '2026-03-01T10:05:00.000Z',
};

export const incidentSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    status: z.enum(INCIDENT_STATUSES),
    impact: z.enum(INCIDENT_IMPACTS),
    affectedServices: z.array(z.string()).describe('Names or ids, as given'),
    affectedServiceIds: z.array(z.string()).describe('The services that those turned out to be'),
    impacts: z.record(z.string(), z.enum(CLAIMED_STATUSES)).describe('What it says of each service, by id'),
    ...placeFields,
    createdAt: time.describe('When it started'),
    recordedAt: time.describe('When its opening was recorded; later, if it was back-dated'),
    updatedAt: time,
    resolvedAt: time.nullable(),
    updates: z.array(incidentUpdateSchema).describe('Oldest first, by when they happened'),
    version: z.int().min(1),
  })
  .meta({ id: 'Incident' }) satisfies z.ZodType<ShownIncident>;

export const exampleIncidentInput = {
  title: 'Database Connection Issues',
  description: 'Users experiencing login problems',
  impact: 'major',
  affectedServices: ['Payment Service'],
  impacts: { [exampleService.id]: 'partial' },
};

export const exampleIncident: ShownIncident = {
  id: '0193b5a2-91d7-7b60-b1c4-52a9e0d7c6f1',
  title: 'Database Connection Issues',
  description: 'Users experiencing login problems',
  status: 'identified',
  impact: 'major',
  affectedServices: ['Payment Service'],
  affectedServiceIds: [exampleService.id],
  impacts: { [exampleService.id]: 'partial' },
  createdAt: '2026-03-01T10:00:00.000Z',
  recordedAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:05:00.000Z',
  resolvedAt: null,
  updates: [exampleUpdate],
  version: 2,
};
