// The vocabulary: all event types, and the envelope in which an event is recorded.
import type * as z from 'zod';
import { GROUP_EVENTS } from './group.ts';
import { INCIDENT_EVENTS } from './incident.ts';
import { MAINTENANCE_EVENTS } from './maintenance.ts';
import { ORGANIZATION_EVENTS } from './organization.ts';
import { PAGE_EVENTS } from './page.ts';
import { POSTMORTEM_EVENTS } from './postmortem.ts';
import { REDACTION_EVENTS } from './redaction.ts';
import { SERIES_EVENTS } from './series.ts';
import { SERVICE_EVENTS } from './service.ts';
import { TEMPLATE_EVENTS } from './template.ts';

/** Every event type that was ever recorded. Entries are never edited or removed: the log still holds such events. */
export const EVENT_TYPES = {
  ...SERVICE_EVENTS,
  ...GROUP_EVENTS,
  ...INCIDENT_EVENTS,
  ...MAINTENANCE_EVENTS,
  ...SERIES_EVENTS,
  ...POSTMORTEM_EVENTS,
  ...TEMPLATE_EVENTS,
  ...REDACTION_EVENTS,
  ...ORGANIZATION_EVENTS,
  ...PAGE_EVENTS,
} as const;

export type EventType = keyof typeof EVENT_TYPES;
export type DataOf<T extends EventType> = Readonly<z.infer<(typeof EVENT_TYPES)[T]['data']>>;

/** Who caused the event: opaque ids only. Names and addresses never enter the log, because they must stay erasable. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'anonymous' | 'system';
  readonly id?: string;
}

/** Metadata of the recording, as opposed to the fact; shown to members only. */
export interface EventMeta {
  readonly actor: Actor;
  /** Groups everything that one request led to. The server makes it, so two requests never share one. */
  readonly correlationId: string;
  /** The `X-Request-Id` that the client sent, if it sent one. Clients can send any id, and the same one again. */
  readonly requestId?: string;
  /** Id of the event that led to this one. */
  readonly causationId?: string;
  /** The commit in which the event was recorded: `index` from 0, `size` events in all. */
  readonly commit: { readonly id: string; readonly index: number; readonly size: number };
}

interface Envelope<T extends EventType> {
  /** UUIDv7. */
  readonly id: string;
  readonly type: T;
  /** Version of the payload's schema, from 1. */
  readonly schema: number;
  /** `<aggregate>-<id>`. */
  readonly stream: string;
  /** Place in its stream, from 1 without gaps. */
  readonly version: number;
  /** Place in the log, from 1 without gaps, in commit order. */
  readonly position: number;
  /** RFC 3339 with milliseconds and Z; never decreases with position. */
  readonly recordedAt: string;
  /** When it happened, if not when it was recorded. Same form. */
  readonly occurredAt?: string;
  readonly organizationId: string;
  /** A label within the organisation: it filters and routes, it never grants. */
  readonly tenantId?: string;
  readonly data: DataOf<T>;
  readonly meta: EventMeta;
  /** Hex SHA-256 over the organisation's previous hash, `recordedAt` and the digests of both stored texts. */
  readonly hash: string;
}

/**
 * An event as the log holds it: never edited. A union over the types, so that `switch (event.type)` knows its `data`.
 */
export type RecordedEvent<T extends EventType = EventType> = { [K in T]: Envelope<K> }[T];
