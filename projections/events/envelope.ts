// What any event's envelope says, read without knowing its payload.
import type { RecordedEvent } from './event-types.ts';

/** The organisation of what names none. */
export const DEFAULT_ORGANIZATION = 'default';

/** The id of the entity whose stream this is: `service-42` is of `42`. */
export function entityId({ stream }: Pick<RecordedEvent, 'stream'>): string {
  return stream.slice(stream.indexOf('-') + 1);
}

/** What kind of entity the stream is of: `service-42` is of a `service`. */
export function aggregateOf({ stream }: Pick<RecordedEvent, 'stream'>): string {
  return stream.slice(0, stream.indexOf('-'));
}

/** When it happened: the back-dated time where there is one, else the recorded one. */
export function happenedAt({ occurredAt, recordedAt }: Pick<RecordedEvent, 'occurredAt' | 'recordedAt'>): string {
  return occurredAt ?? recordedAt;
}

/** Where the entity of this event belongs. */
export function placeOf({ organizationId, tenantId }: Pick<RecordedEvent, 'organizationId' | 'tenantId'>): {
  organizationId: string;
  tenantId?: string;
} {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}
