// The event type of a redaction: what happens to an event that is already recorded.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';

export const REDACTION_EVENTS = {
  /**
   * In the stream of the entity whose event was blanked. `remainder` is the hex SHA-256 of the event's remaining text.
   * `shown` holds JSON pointers to what of the entity still showed the blanked text: `/title`,
   * `/updates/<id>/message`, `/translations/de/title`.
   */
  'event.redacted': {
    schema: 2,
    audience: 'public',
    texts: ['/reason'],
    data: z.object({
      eventId: z.uuid(),
      remainder: z.string().regex(/^[0-9a-f]{64}$/),
      shown: z.array(z.string()).readonly(),
      reason: z.string(),
    }),
  },
} as const satisfies Record<string, EventDefinition>;
