// The event types of a service.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { MAX_RANK } from './rank.ts';
import { SERVICE_STATUSES } from './severity.ts';
import { translations } from './translations.ts';

export const SERVICE_EVENTS = {
  'service.created': {
    schema: 2,
    audience: 'public',
    texts: ['/name', '/description', '/translations'],
    data: z.object({
      name: z.string(),
      description: z.string(),
      status: z.enum(SERVICE_STATUSES),
      uptime: z.number().min(0).max(100),
      /** From when on the service counts; its creation if it is absent. */
      startDate: z.iso.datetime().exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  /** A text that changes without `translations` drops them. */
  'service.described': {
    schema: 2,
    audience: 'public',
    texts: ['/name', '/description', '/translations'],
    data: z.object({
      name: z.string().exactOptional(),
      description: z.string().exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  'service.start-moved': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ startDate: z.iso.datetime() }),
  },
  /** Its group, and its place among the services of that group or, without one, among those without a group. */
  'service.placed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ groupId: z.uuid().nullable(), rank: z.string().max(MAX_RANK).nullable() }),
  },
  /** What a page shows of the service. */
  'service.display-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ showUptime: z.boolean().exactOptional(), onlyShowIfAffected: z.boolean().exactOptional() }),
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
  /** The correction was wrong itself: what was shown of its interval without it is shown again. */
  'service.correction-withdrawn': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ correctionId: z.uuid() }),
  },
  'service.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
