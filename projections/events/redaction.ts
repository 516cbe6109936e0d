// What happens to an event that is already recorded.
import { z } from 'zod';
import type { EventDefinition } from './event-definition.ts';

export const REDACTION_EVENTS = {
  /**
   * In the stream of the entity whose event was blanked. `remainder` is the hex SHA-256 of the text that is left of it,
   * `shown` names the members of the entity that still showed what was blanked, `updateId` the update that did.
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
