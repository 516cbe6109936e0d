// The event types of a service.
import { z } from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { SERVICE_STATUSES } from './severity.ts';

export const SERVICE_EVENTS = {
  'service.created': {
    schema: 1,
    audience: 'public',
    texts: ['/name', '/description'],
    data: z.object({
      name: z.string(),
      description: z.string(),
      status: z.enum(SERVICE_STATUSES),
      uptime: z.number().min(0).max(100),
    }),
  },
  'service.described': {
    schema: 1,
    audience: 'public',
    texts: ['/name', '/description'],
    data: z.object({ name: z.string().exactOptional(), description: z.string().exactOptional() }),
  },
  'service.status-reported': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ status: z.enum(SERVICE_STATUSES) }),
  },
  'service.uptime-reported': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ uptime: z.number().min(0).max(100) }),
  },
  /** The status that the service really had from `from` up to, not including, `to`, regardless of the reports. */
  'service.history-corrected': {
    schema: 1,
    audience: 'public',
    texts: ['/reason'],
    data: z.object({
      correctionId: z.uuid(),
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      status: z.enum(SERVICE_STATUSES),
      reason: z.string(),
    }),
  },
  'service.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
