// Fields, path parameters and queries that several resources share.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { EVENT_TYPES, type EventType } from '../../projections/events/event-types.ts';
import { labelField } from '../commands/fields.ts';
import { SAMPLE } from '../commands/sample-data.ts';

export const time = z.iso.datetime().describe('RFC 3339, UTC, milliseconds');

export const eventType = z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]);

const idParams = z.object({ id: z.uuid().toLowerCase() });
export type IdParams = z.output<typeof idParams>;

const sampleIds: ReadonlyMap<string, string> = new Map(Object.entries(SAMPLE.ids));

/** A page has the id of its organisation. */
const pageParams = z.object({ id: labelField.meta({ examples: [DEFAULT_ORGANIZATION] }) });

/** The same for a kind of entity, with the id of one in the sample data as an example. */
export function idParamsOf(noun: string): z.ZodObject {
  if (noun === 'page') return pageParams;
  const id = sampleIds.get(noun);
  return id === undefined ? idParams : z.object({ id: idParams.shape.id.meta({ examples: [id] }) });
}

export const organizationParams = z.object({ organizationId: labelField.meta({ examples: [SAMPLE.organization] }) });
export type OrganizationParams = z.output<typeof organizationParams>;

export const filterQuery = z.object({
  organizationId: labelField.exactOptional().describe('Only what belongs to this organisation'),
  tenantId: labelField.exactOptional().describe('Only what has this tenant label'),
});
