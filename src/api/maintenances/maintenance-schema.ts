// The schemas of a maintenance and of its updates, and an example of each.
import * as z from 'zod';
import { local } from '../../../projections/events/maintenance.ts';
import { MAINTENANCE_STATUSES } from '../../../projections/events/severity.ts';
import { translations } from '../../../projections/events/translations.ts';
import type { MaintenanceUpdate } from '../../../projections/maintenance/updates.ts';
import type { ShownMaintenance } from '../../../projections/maintenance.ts';
import { placeFields } from '../../commands/fields.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { time } from '../../http/parameters.ts';
import { exampleService } from '../page/service-schema.ts';

export const maintenanceUpdateSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(MAINTENANCE_STATUSES).describe('The status as of the update'),
    message: z.string().exactOptional().describe('Absent from an update that says its status alone'),
    translations: translations.exactOptional(),
    createdAt: time,
    editedAt: time.exactOptional().describe('When its message was last edited'),
  })
  .meta({ id: 'MaintenanceUpdate' }) satisfies z.ZodType<MaintenanceUpdate>;

export const exampleMaintenanceUpdateInput = { status: 'verifying', message: 'The new disks are in; we watch them.' };

export const exampleMaintenanceUpdate: MaintenanceUpdate = {
  id: SAMPLE.maintenanceUpdate,
  status: 'verifying',
  message: exampleMaintenanceUpdateInput.message,
  createdAt: '2026-03-07T03:10:00.000Z',
};

export const maintenanceSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    status: z.enum(MAINTENANCE_STATUSES),
    startsAt: time.describe('When it is planned to begin'),
    endsAt: time.describe('When it is planned to end'),
    local: local.describe(
      'The same as wall clocks of a time zone: those that were planned, or else of the organisation',
    ),
    affectedServices: z.array(z.string()).describe('The present names of the affected services'),
    affectedServiceIds: z.array(z.string()),
    autoStart: z.boolean().describe('Whether it begins by itself'),
    autoEnd: z.boolean().describe('Whether it ends by itself'),
    startedAt: time.nullable().describe('When it began'),
    endedAt: time.nullable().describe('When it was completed, or cancelled after it had begun'),
    recurrence: z.string().exactOptional().describe('The rule of its series (RFC 5545)'),
    seriesId: z.uuid().exactOptional(),
    translations: translations.exactOptional(),
    updates: z.array(maintenanceUpdateSchema).describe('Oldest first'),
    ...placeFields,
    createdAt: time,
    updatedAt: time,
    version: z.int().min(1),
  })
  .meta({ id: 'Maintenance' }) satisfies z.ZodType<ShownMaintenance>;

export const exampleMaintenanceInput = {
  title: 'New disks for File Storage',
  description: 'Uploads wait for up to a minute.',
  startsAt: '2031-03-07T03:00',
  endsAt: '2031-03-07T04:00',
  timeZone: 'Europe/Berlin',
  affectedServices: [exampleService.name],
};

export const exampleMaintenance: ShownMaintenance = {
  id: SAMPLE.ids.maintenance,
  title: exampleMaintenanceInput.title,
  description: exampleMaintenanceInput.description,
  status: 'scheduled',
  startsAt: '2031-03-07T02:00:00.000Z',
  endsAt: '2031-03-07T03:00:00.000Z',
  local: { startsAt: '2031-03-07T03:00:00', endsAt: '2031-03-07T04:00:00', timeZone: 'Europe/Berlin' },
  affectedServices: [exampleService.name],
  affectedServiceIds: [exampleService.id],
  autoStart: true,
  autoEnd: true,
  startedAt: null,
  endedAt: null,
  updates: [],
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};
