// Reads the envelope of an event without knowing its payload.
import type { RecordedEvent } from './event-types.ts';

/** The organisation of entities and requests that name none. */
export const DEFAULT_ORGANIZATION = 'default';

/** The last stream that was asked for. All folds ask for the same one, and compare the same string object at once. */
const last = { stream: '', id: '' };

/** The id of the entity that the stream belongs to: `42` for `service-42`. */
export function entityId({ stream }: Pick<RecordedEvent, 'stream'>): string {
  if (stream !== last.stream) {
    last.stream = stream;
    last.id = stream.slice(stream.indexOf('-') + 1);
  }
  return last.id;
}

/** The kind of entity that the stream belongs to: `service` for `service-42`. */
export function aggregateOf({ stream }: Pick<RecordedEvent, 'stream'>): string {
  return stream.slice(0, stream.indexOf('-'));
}

/** When the event happened: the back-dated time if there is one, else the recorded time. */
export function happenedAt({ occurredAt, recordedAt }: Pick<RecordedEvent, 'occurredAt' | 'recordedAt'>): string {
  return occurredAt ?? recordedAt;
}

/** The organisation and tenant of the event's entity. */
export function placeOf({ organizationId, tenantId }: Pick<RecordedEvent, 'organizationId' | 'tenantId'>): {
  organizationId: string;
  tenantId?: string;
} {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}
