// The event type of a redaction: what happens to an event that is already recorded.
import { z } from 'zod';
import type { EventDefinition } from './event-definition.ts';

export const REDACTION_EVENTS = {
  /**
   * In the stream of the entity whose event was blanked. `remainder` is the hex SHA-256 of the event's remaining text.
   * `shown` names the members of the entity that still showed the blanked text, `updateId` the update that showed it.
   */
  'event.redacted': {
    schema: 1,
    audience: 'public',
    texts: ['reason'],
    data: z.object({
      eventId: z.uuid(),
      remainder: z.string().regex(/^[0-9a-f]{64}$/),
      shown: z.array(z.string()).readonly(),
      updateId: z.uuid().exactOptional(),
      reason: z.string(),
    }),
  },
} as const satisfies Record<string, EventDefinition>;
