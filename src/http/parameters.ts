// Fields, path parameters and queries that several resources share.
import { z } from 'zod';
import { EVENT_TYPES, type EventType } from '../../projections/events/event-types.ts';
import { labelField } from '../commands/fields.ts';

export const time = z.iso.datetime().describe('RFC 3339, UTC, milliseconds');

export const eventType = z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]);

export const idParams = z.object({ id: z.uuid().toLowerCase() });
export type IdParams = z.output<typeof idParams>;

export const organizationParams = z.object({ organizationId: labelField });
export type OrganizationParams = z.output<typeof organizationParams>;

export const filterQuery = z.object({
  organizationId: labelField.exactOptional().describe('Only what belongs to this organisation'),
  tenantId: labelField.exactOptional().describe('Only what has this tenant label'),
});
