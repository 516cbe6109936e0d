// The event types of a series of maintenance.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { local } from './maintenance.ts';
import { translations } from './translations.ts';

const members = {
  /** A rule of RFC 5545, without `RRULE:`. */
  rrule: z.string(),
  /** Wall clocks of the first occurrence. All others have the same times of day. */
  local,
  /** Local dates of occurrences that do not take place. */
  exceptions: z.array(z.iso.date()).readonly(),
  title: z.string(),
  description: z.string(),
  affectedServiceIds: z.array(z.uuid()).readonly(),
  autoStart: z.boolean(),
  autoEnd: z.boolean(),
};

const texts = ['/title', '/description', '/translations'];

export const SERIES_EVENTS = {
  /** What each occurrence takes over, and when there is one. */
  'series.planned': {
    schema: 1,
    audience: 'public',
    texts,
    data: z.object({ ...members, translations: translations.exactOptional() }),
  },
  /** Those that changed. Occurrences are brought into line by events of their own, in the same commit. */
  'series.changed': {
    schema: 1,
    audience: 'public',
    texts,
    data: z.object({
      rrule: members.rrule.exactOptional(),
      local: local.exactOptional(),
      exceptions: members.exceptions.exactOptional(),
      title: members.title.exactOptional(),
      description: members.description.exactOptional(),
      affectedServiceIds: members.affectedServiceIds.exactOptional(),
      autoStart: members.autoStart.exactOptional(),
      autoEnd: members.autoEnd.exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  /** There are no further occurrences. Those that were scheduled are cancelled in the same commit. */
  'series.ended': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
