// The event type of the draft of a postmortem. What is published of it is an event of its incident.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { translations } from './translations.ts';

export const POSTMORTEM_EVENTS = {
  /** The stream has the id of the incident. */
  'postmortem.drafted': {
    schema: 1,
    audience: 'members',
    texts: ['/text', '/translations'],
    data: z.object({ text: z.string(), translations: translations.exactOptional() }),
  },
} as const satisfies Record<string, EventDefinition>;
