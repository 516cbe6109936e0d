// The history of an entity: what each event of its own stream changed of what is shown.
import { entityId, happenedAt } from './events/envelope.ts';
import type { Actor, EventType, RecordedEvent } from './events/event-types.ts';
import { findIncident, type IncidentsState, incidentsProjection, showIncident, updateOf } from './incidents.ts';
import { redactionOf } from './redactions.ts';
import { findService, type ServicesState, servicesProjection, showService } from './services.ts';
import type { Projection } from './state/projection.ts';
import { correctionOf } from './status-history.ts';
import { isAudience, type Viewer } from './viewer/viewer.ts';

/** One field, before and after; `null` is not there. Of `updates`, `corrections` and `redactions` there is only the one that was added. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What one event did. */
export interface HistoryEntry {
  readonly position: number;
  /** Of the entity's stream, after the event. */
  readonly version: number;
  readonly type: EventType;
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** For members only. */
  readonly actor?: Actor;
  /** None where all of it is gone: the type says so. */
  readonly changes: readonly FieldChange[];
}

/** How a kind of entity is folded from its own events alone, and which of its fields have a history. */
export interface Told<S> {
  readonly projection: Projection<S>;
  fields(state: S, id: string): Readonly<Record<string, unknown>> | undefined;
}

export const toldServices: Told<ServicesState> = {
  projection: servicesProjection,
  fields(state, id) {
    const service = findService(state, id);
    if (!service) return undefined;
    // What is shown as `status` depends on incidents as well, which its own stream knows nothing of.
    const { status: _shown, ...fields } = showService(service);
    return { ...fields, ...UNTOLD };
  },
};

export const toldIncidents: Told<IncidentsState> = {
  projection: incidentsProjection,
  fields(state, id) {
    const incident = findIncident(state, id);
    return incident && { ...showIncident(incident), ...UNTOLD };
  },
};

/** What the entry itself says of every change, and the updates, of which only the new one is told. */
const UNTOLD = {
  id: undefined,
  version: undefined,
  createdAt: undefined,
  recordedAt: undefined,
  updatedAt: undefined,
  lastUpdated: undefined,
  reportedSince: undefined,
  reportedAt: undefined,
  updates: undefined,
};

/** The event as the viewer may see it in the history, between the states right before and after it. */
export function historyEntry<S>(
  { fields }: Told<S>,
  event: RecordedEvent,
  { before, after }: { readonly before: S; readonly after: S },
  viewer: Viewer,
): HistoryEntry {
  const { position, version, type, recordedAt, organizationId, meta } = event;
  const id = entityId(event);
  return {
    position,
    version,
    type,
    happenedAt: happenedAt(event),
    recordedAt,
    ...(isAudience(viewer, organizationId, 'members') ? { actor: meta.actor } : {}),
    changes: changesOf(event, fields(before, id), fields(after, id)),
  };
}

type Fields = Readonly<Record<string, unknown>> | undefined;

function changesOf(event: RecordedEvent, before: Fields, after: Fields): FieldChange[] {
  // What a redaction took from view is not to be told by its history.
  if (event.type === 'event.redacted') return [{ field: 'redactions', from: null, to: redactionOf(event) }];
  return [...fieldChanges(before, after), ...additions(event)];
}

/** The fields that differ; none where all of it is gone. */
export function fieldChanges(before: Fields = {}, after: Fields): FieldChange[] {
  if (!after) return [];
  return Object.keys({ ...before, ...after })
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

function additions(event: RecordedEvent): FieldChange[] {
  switch (event.type) {
    case 'incident.update-posted':
    case 'incident.update-backfilled':
      return [{ field: 'updates', from: null, to: updateOf(event) }];
    case 'service.history-corrected':
      return [{ field: 'corrections', from: null, to: correctionOf(event) }];
    default:
      return [];
  }
}
