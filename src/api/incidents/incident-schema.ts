// The schemas of an incident and of its updates, and an example of each.
import * as z from 'zod';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../../projections/events/severity.ts';
import { translations } from '../../../projections/events/translations.ts';
import type { PublishedPostmortem } from '../../../projections/incident/postmortem.ts';
import type { IncidentUpdate } from '../../../projections/incident/updates.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { placeFields } from '../../commands/fields.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';
import { exampleService } from '../page/service-schema.ts';

export const incidentUpdateSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(INCIDENT_STATUSES),
    message: z.string(),
    translations: translations.exactOptional(),
    changes: z
      .array(
        z.object({
          serviceId: z.uuid(),
          from: z.enum(CLAIMED_STATUSES).nullable(),
          to: z.enum(CLAIMED_STATUSES).nullable(),
        }),
      )
      .readonly()
      .describe('What the update changed of the statuses that the incident gives to services; null for none'),
    nextUpdateBy: time.exactOptional().describe('When the update promised the next one'),
    createdAt: time.describe('When the update happened'),
    recordedAt: time.describe('When the server recorded the update. Later than `createdAt` if it was back-dated'),
    editedAt: time.exactOptional().describe('When its message was last edited. Earlier messages are in the history'),
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
  changes: [],
  createdAt: '2026-03-01T10:05:00.000Z',
  recordedAt: '2026-03-01T10:05:00.000Z',
};

export const publishedPostmortemSchema = z
  .object({ text: z.string(), translations: translations.exactOptional(), publishedAt: time })
  .meta({ id: 'PublishedPostmortem' }) satisfies z.ZodType<PublishedPostmortem>;

export const incidentSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    translations: translations.exactOptional(),
    status: z.enum(INCIDENT_STATUSES),
    impact: z.enum(INCIDENT_IMPACTS),
    affectedServices: z.array(z.string()).describe('Names or ids of services, as the client sent them'),
    affectedServiceIds: z.array(z.string()).describe('Ids of the services that `affectedServices` matched'),
    impacts: z.record(z.string(), z.enum(CLAIMED_STATUSES)).describe('Status of each affected service, by service id'),
    ...placeFields,
    startedAt: time.describe('When the incident started, as it is known now'),
    createdAt: time.describe('When the incident started, as it was known when it was opened'),
    recordedAt: time.describe('When the server recorded the opening. Later than `createdAt` if it was back-dated'),
    updatedAt: time,
    resolvedAt: time
      .nullable()
      .describe(
        'When the incident ended; null unless it is resolved. Of an incident that was opened as resolved: the time that the first resolved update names, until then when it began',
      ),
    nextUpdateBy: time
      .nullable()
      .describe(
        'When the latest update promised the next one; null without a promise, and once the incident is resolved',
      ),
    updates: z.array(incidentUpdateSchema).describe('Oldest first, ordered by `createdAt`'),
    postmortem: publishedPostmortemSchema.exactOptional().describe('Once it is published'),
    version: z.int().min(1),
  })
  .meta({ id: 'Incident' }) satisfies z.ZodType<ShownIncident>;

export const exampleIncidentInput = {
  title: 'Database Connection Issues',
  description: 'Users experiencing login problems',
  impact: 'major',
  affectedServices: ['Database Cluster'],
  impacts: { [SAMPLE.otherService]: 'partial' },
};

export const exampleIncident: ShownIncident = {
  id: SAMPLE.ids.incident,
  title: 'File Storage Performance Issues',
  description: 'Uploads and downloads of large files are slower than usual.',
  status: 'identified',
  impact: 'major',
  affectedServices: [exampleService.name],
  affectedServiceIds: [exampleService.id],
  impacts: { [exampleService.id]: 'partial' },
  startedAt: '2026-03-01T10:00:00.000Z',
  createdAt: '2026-03-01T10:00:00.000Z',
  recordedAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:05:00.000Z',
  resolvedAt: null,
  nextUpdateBy: null,
  updates: [exampleUpdate],
  version: 2,
};
