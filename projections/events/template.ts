// The event types of a template: what is often written of incidents, kept by members for the next one.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from './severity.ts';
import { translations } from './translations.ts';

const status = z.enum(INCIDENT_STATUSES);
const impact = z.enum(INCIDENT_IMPACTS);
const serviceIds = z.array(z.uuid()).readonly();
const impacts = z.record(z.uuid(), z.enum(CLAIMED_STATUSES)).readonly();
/** How long after an update the next one is promised. */
const minutes = z.int().min(1);

const texts = ['/title', '/text', '/translations'];

export const TEMPLATE_EVENTS = {
  'template.created': {
    schema: 1,
    audience: 'members',
    texts,
    data: z.object({
      title: z.string(),
      text: z.string(),
      impact,
      status: status.exactOptional(),
      affectedServiceIds: serviceIds,
      impacts,
      nextUpdateMinutes: minutes.exactOptional(),
      translations: translations.exactOptional(),
      rank: z.string(),
    }),
  },
  /** The members that changed; `null` takes a status or a promise away. */
  'template.changed': {
    schema: 1,
    audience: 'members',
    texts,
    data: z.object({
      title: z.string().exactOptional(),
      text: z.string().exactOptional(),
      impact: impact.exactOptional(),
      status: status.nullable().exactOptional(),
      affectedServiceIds: serviceIds.exactOptional(),
      impacts: impacts.exactOptional(),
      nextUpdateMinutes: minutes.nullable().exactOptional(),
      translations: translations.exactOptional(),
      rank: z.string().exactOptional(),
    }),
  },
  'template.deleted': { schema: 1, audience: 'members', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
