// The event types of a group of services.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { MAX_RANK } from './rank.ts';
import { translations } from './translations.ts';

/** Whether a page opens the group: always, never, or while one of its services is affected. */
export const GROUP_DISPLAYS = ['expanded', 'collapsed', 'affected'] as const;
export type GroupDisplay = (typeof GROUP_DISPLAYS)[number];

export const GROUP_EVENTS = {
  'group.created': {
    schema: 1,
    audience: 'public',
    texts: ['/name', '/description', '/translations'],
    data: z.object({
      name: z.string(),
      description: z.string(),
      display: z.enum(GROUP_DISPLAYS),
      translations: translations.exactOptional(),
    }),
  },
  /** A text that changes without `translations` drops them. */
  'group.described': {
    schema: 1,
    audience: 'public',
    texts: ['/name', '/description', '/translations'],
    data: z.object({
      name: z.string().exactOptional(),
      description: z.string().exactOptional(),
      display: z.enum(GROUP_DISPLAYS).exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  /** Its place among the groups of its organisation. */
  'group.placed': { schema: 1, audience: 'public', texts: [], data: z.object({ rank: z.string().max(MAX_RANK) }) },
  /** Its services have no group from then on, and no place in the order. */
  'group.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
