// Incidents: what went wrong, how severe it is, and the updates posted since.

import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, happenedAt, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ClaimedStatus, IncidentImpact, IncidentStatus } from './events/severity.ts';
import { blankAt } from './events/texts.ts';
import { type IncidentSources, sourcesAfter } from './incident-sources.ts';
import { selectEntities, selectEntity } from './selection.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  type Entity,
  emptyCollection,
  encodeCollection,
  findEntity,
  replaceEntity,
  shownPlace,
} from './state/collection.ts';
import type { Projection } from './state/projection.ts';
import type { Part } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

export interface IncidentUpdate {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly message: string;
  /** When it happened. */
  readonly createdAt: string;
  readonly recordedAt: string;
}

interface IncidentFields {
  readonly title: string;
  readonly description: string;
  readonly status: IncidentStatus;
  readonly impact: IncidentImpact;
  /** Names or ids, as the caller gave them. */
  readonly affectedServices: readonly string[];
  /** The services of the same organisation that those names or ids matched, and those in `impacts`. */
  readonly affectedServiceIds: readonly string[];
  /** By service id: the status that the incident gives to the service while it is unresolved. */
  readonly impacts: Readonly<Record<string, ClaimedStatus>>;
  /** When it happened. */
  readonly createdAt: string;
  /** When `incident.opened` was recorded. */
  readonly recordedAt: string;
  readonly updatedAt: string;
  /**
   * When it ended; `null` unless it is resolved. If it was opened as resolved: the time that the first resolved update
   * names, until then when it began.
   */
  readonly resolvedAt: string | null;
  /** Oldest first, by the time they happened. */
  readonly updates: readonly IncidentUpdate[];
}

export interface Incident extends Entity, IncidentFields {
  /** When its current status began: when it opened, or at the latest status change. */
  readonly movedAt: string;
  /** Whether it was opened as resolved, and no resolved update has named a time since. */
  readonly isEndOpen: boolean;
  /** The events that set its impact and impacts; `null` while it is resolved. */
  readonly sources: IncidentSources | null;
}

/** An incident as REST and sockets show it. */
export interface ShownIncident extends IncidentFields {
  readonly id: string;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly version: number;
}

/** Unresolved incidents by impact. */
export type IncidentTally = Readonly<Record<IncidentImpact, number>>;

type Incidents = Collection<Incident, IncidentTally>;

export interface IncidentsState {
  readonly incidents: Incidents;
}

const counting: Counting<Incident, IncidentTally> = {
  zero: { minor: 0, major: 0, critical: 0 },
  recount(tally, before, after) {
    const [was, is] = [countedImpact(before), countedImpact(after)];
    if (was === is) return tally;
    const next = { ...tally };
    if (was) next[was] -= 1;
    if (is) next[is] += 1;
    return next;
  },
};

function countedImpact(incident: Incident | undefined): IncidentImpact | undefined {
  return incident?.status === 'resolved' ? undefined : incident?.impact;
}

export const incidentsProjection: Projection<IncidentsState> = {
  name: 'incidents',
  version: 7,
  initial: { incidents: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'incident.opened':
        return replaced(state, event, undefined, opened(event));
      case 'incident.described':
      case 'incident.assessed':
        return changed(state, event, () => event.data);
      case 'incident.status-changed':
        return changed(state, event, (incident) => moved(incident, event));
      case 'incident.update-posted':
        return changed(state, event, (incident) => ({
          ...moved(incident, event),
          ...posted(incident, event),
          ...endNamed(incident, event),
        }));
      case 'incident.update-backfilled':
        return changed(state, event, (incident) => ({ ...posted(incident, event), ...endNamed(incident, event) }));
      case 'incident.deleted':
        return replaced(state, event, findIncident(state, entityId(event)), undefined);
      case 'event.redacted':
        return aggregateOf(event) === 'incident'
          ? changed(state, event, (incident) => blankAt(incident, event.data.shown))
          : state;
      default:
        return state;
    }
  },
  encode: ({ incidents }) => encodeCollection(incidents),
  decode: ({ incidents }, part) => ({
    incidents: decodeCollection(incidents, part as CollectionPart<Incident>, counting),
  }),
};

function opened(event: RecordedEvent<'incident.opened'>): Incident {
  return {
    id: entityId(event),
    ...event.data,
    ...placeOf(event),
    createdAt: happenedAt(event),
    recordedAt: event.recordedAt,
    updatedAt: event.recordedAt,
    movedAt: happenedAt(event),
    resolvedAt: event.data.status === 'resolved' ? happenedAt(event) : null,
    isEndOpen: event.data.status === 'resolved',
    updates: [],
    sources: sourcesAfter(undefined, event.data, event),
    version: event.version,
    origin: event.position,
    position: event.position,
  };
}

function changed(
  state: IncidentsState,
  event: RecordedEvent,
  change: (before: Incident) => Partial<Incident>,
): IncidentsState {
  const before = findIncident(state, entityId(event));
  if (!before) return state;
  const after = {
    ...before,
    ...change(before),
    updatedAt: event.recordedAt,
    version: event.version,
    position: event.position,
  };
  after.sources = sourcesAfter(before, after, event);
  return replaced(state, event, before, after);
}

/** The fields that a status change sets. `resolvedAt` stays the same while the incident stays resolved. */
function moved(
  { resolvedAt, isEndOpen }: Incident,
  event: RecordedEvent<'incident.status-changed' | 'incident.update-posted'>,
): Pick<Incident, 'status' | 'resolvedAt' | 'isEndOpen' | 'movedAt'> {
  const { status } = event.data;
  const movedAt = happenedAt(event);
  if (status !== 'resolved') return { status, movedAt, resolvedAt: null, isEndOpen: false };
  return { status, movedAt, resolvedAt: resolvedAt ?? movedAt, isEndOpen };
}

/** The end of an incident that was opened as resolved, if this update is the first resolved one that names a time. */
function endNamed(
  { isEndOpen }: Incident,
  { data: { status }, occurredAt }: UpdateEvent,
): Partial<Pick<Incident, 'resolvedAt' | 'isEndOpen'>> {
  const names = isEndOpen && status === 'resolved' && occurredAt !== undefined;
  return names ? { resolvedAt: occurredAt, isEndOpen: false } : {};
}

/** The events that carry an update. */
export type UpdateEvent = RecordedEvent<'incident.update-posted' | 'incident.update-backfilled'>;

/** Whether the event carries an update. */
export function isUpdate(event: RecordedEvent): event is UpdateEvent {
  return event.type === 'incident.update-posted' || event.type === 'incident.update-backfilled';
}

/** The updates with the event's one inserted by the time it happened, not the time it was recorded. */
function posted({ updates }: Incident, event: UpdateEvent): Pick<Incident, 'updates'> {
  const update = updateOf(event);
  const place = updates.findLastIndex(({ createdAt }) => createdAt <= update.createdAt) + 1;
  return { updates: updates.toSpliced(place, 0, update) };
}

/** The update that this event carries. */
export function updateOf(event: UpdateEvent): IncidentUpdate {
  const { updateId, status, message } = event.data;
  return { id: updateId, status, message, createdAt: happenedAt(event), recordedAt: event.recordedAt };
}

function replaced(
  state: IncidentsState,
  event: RecordedEvent,
  before: Incident | undefined,
  after: Incident | undefined,
): IncidentsState {
  return { incidents: replaceEntity(state.incidents, event, { before, after }, counting) };
}

/** The incident with this id, without an access check: for folds and decisions. */
export function findIncident(state: IncidentsState, id: string): Incident | undefined {
  return findEntity(state.incidents, id);
}

export function selectIncident(state: IncidentsState, viewer: Viewer, id: string): Incident | undefined {
  return selectEntity(state.incidents, viewer, id);
}

/** The incidents that the viewer may see, in the order in which they were opened. */
export function selectIncidents(state: IncidentsState, viewer: Viewer, part: Part): Incident[] {
  return [...selectEntities(state.incidents, viewer, part)];
}

export function showIncident(incident: Incident): ShownIncident {
  const {
    organizationId: _organization,
    tenantId: _tenant,
    origin: _origin,
    position: _position,
    movedAt: _moved,
    isEndOpen: _open,
    sources: _sources,
    ...fields
  } = incident;
  return { ...fields, ...shownPlace(incident) };
}

export const incidentKind = {
  aggregate: 'incident',
  plural: 'incidents',
  projection: incidentsProjection,
  state: ({ incidents }) => incidents,
  collection: ({ incidents }) => incidents,
  show: showIncident,
  status: ({ status }) => status,
  isSettled: ({ status }) => status === 'resolved',
  touched: () => [],
  streams: (_models, id) => [`incident-${id}`],
  textsUnder: (event) => (isUpdate(event) ? `/updates/${event.data.updateId}` : ''),
  // `additions` lists the new update alone.
  notInHistory: ['updates'],
  additions: (event) => (isUpdate(event) ? [{ field: 'updates', from: null, to: updateOf(event) }] : []),
} as const satisfies EntityKind<{ readonly incidents: IncidentsState }, Incident, IncidentsState>;
