// The event types of an incident.
import { z } from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from './severity.ts';

const impacts = z.record(z.uuid(), z.enum(CLAIMED_STATUSES)).readonly();
const strings = z.array(z.string()).readonly();

export const INCIDENT_EVENTS = {
  'incident.opened': {
    schema: 1,
    audience: 'public',
    texts: ['/title', '/description', '/affectedServices'],
    data: z.object({
      title: z.string(),
      description: z.string(),
      status: z.enum(INCIDENT_STATUSES),
      impact: z.enum(INCIDENT_IMPACTS),
      affectedServices: strings,
      affectedServiceIds: strings,
      impacts,
    }),
  },
  'incident.described': {
    schema: 1,
    audience: 'public',
    texts: ['/title', '/description'],
    data: z.object({ title: z.string().exactOptional(), description: z.string().exactOptional() }),
  },
  'incident.assessed': {
    schema: 1,
    audience: 'public',
    texts: ['/affectedServices'],
    data: z.object({
      impact: z.enum(INCIDENT_IMPACTS).exactOptional(),
      affectedServices: strings.exactOptional(),
      affectedServiceIds: strings.exactOptional(),
      impacts: impacts.exactOptional(),
    }),
  },
  'incident.status-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ status: z.enum(INCIDENT_STATUSES) }),
  },
  'incident.update-posted': {
    schema: 1,
    audience: 'public',
    texts: ['/message'],
    data: z.object({ updateId: z.uuid(), status: z.enum(INCIDENT_STATUSES), message: z.string() }),
  },
  /** An update dated before the incident's latest status change: it changes no status. */
  'incident.update-backfilled': {
    schema: 1,
    audience: 'public',
    texts: ['/message'],
    data: z.object({ updateId: z.uuid(), status: z.enum(INCIDENT_STATUSES), message: z.string() }),
  },
  'incident.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
