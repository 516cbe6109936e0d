// Incidents: what went wrong, how severe it is, and the updates posted since.

import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, happenedAt, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { IncidentImpact } from './events/severity.ts';
import { blankAt } from './events/texts.ts';
import type { Translations } from './events/translations.ts';
import {
  followCourse,
  impactChanges,
  proceed,
  type Standing,
  type Step,
  type StepType,
  standingAfter,
  stepOf,
} from './incident/course.ts';
import { type PublishedPostmortem, postmortemOf } from './incident/postmortem.ts';
import { type IncidentUpdate, isUpdate, withMessage, withoutUpdate, withUpdate } from './incident/updates.ts';
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
import type { FieldChange } from './state/field-changes.ts';
import type { Projection } from './state/projection.ts';
import { shownTranslations, translationsAfter } from './state/translated.ts';
import type { Part } from './viewer/scope.ts';
import type { Viewer } from './viewer/viewer.ts';

interface IncidentFields extends Omit<Standing, 'movedAt' | 'isEndOpen' | 'sources'> {
  readonly title: string;
  readonly description: string;
  /** Names or ids, as the caller gave them. */
  readonly affectedServices: readonly string[];
  /** When it happened, as it was opened with. `startedAt` is what is known of it now. */
  readonly createdAt: string;
  /** When `incident.opened` was recorded. */
  readonly recordedAt: string;
  readonly updatedAt: string;
  /** Oldest first, by the time they happened. */
  readonly updates: readonly IncidentUpdate[];
}

export interface Incident extends Entity, IncidentFields, Standing {
  /** Title and description in other languages; `null` without any. */
  readonly translations: Translations | null;
  /** `null` while none is published. */
  readonly postmortem: PublishedPostmortem | null;
  /** What its events set of its standing, in the order of recording. */
  readonly course: readonly Step[];
}

/** An incident as REST and sockets show it. */
export interface ShownIncident extends IncidentFields {
  readonly id: string;
  readonly translations?: Translations;
  readonly postmortem?: PublishedPostmortem;
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
  zero: { none: 0, minor: 0, major: 0, critical: 0 },
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
  version: 8,
  initial: { incidents: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'incident.opened':
        return replaced(state, event, undefined, opened(event));
      case 'incident.described':
        return changed(state, event, (incident) => describe(incident, event));
      case 'incident.assessed':
        return changed(state, event, (incident, before) => {
          incident.affectedServices = event.data.affectedServices ?? before.affectedServices;
          goOn(incident, before, event);
        });
      case 'incident.start-moved':
      case 'incident.status-changed':
        return changed(state, event, (incident, before) => goOn(incident, before, event));
      case 'incident.update-posted':
      case 'incident.update-backfilled':
        return changed(state, event, (incident, before) => {
          goOn(incident, before, event);
          incident.updates = withUpdate(before.updates, event, impactChanges(before, incident));
        });
      case 'incident.update-edited':
        return changed(state, event, (incident) => {
          incident.updates = withMessage(incident.updates, event);
        });
      case 'incident.update-retracted':
        return changed(state, event, (incident) => withdraw(incident, event.data.updateId));
      case 'incident.postmortem-published':
        return changed(state, event, (incident) => {
          incident.postmortem = postmortemOf(event);
        });
      case 'incident.postmortem-unpublished':
        return changed(state, event, (incident) => {
          incident.postmortem = null;
        });
      case 'incident.deleted':
      case 'incident.retracted':
        return replaced(state, event, findIncident(state, entityId(event)), undefined);
      case 'event.redacted':
        return aggregateOf(event) === 'incident'
          ? changed(state, event, (incident) => Object.assign(incident, blankAt(incident, event.data.shown)))
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
  const { title, description, translations, affectedServices } = event.data;
  const first = stepOf(event);
  return {
    id: entityId(event),
    title,
    description,
    translations: translationsAfter(null, { sent: translations, isRetold: true }),
    affectedServices,
    course: [first],
    createdAt: happenedAt(event),
    recordedAt: event.recordedAt,
    updatedAt: event.recordedAt,
    updates: [],
    postmortem: null,
    version: event.version,
    origin: event.position,
    position: event.position,
    // Last: to add a member to a spread takes many times as long as to spread into what is complete.
    ...standingAfter(undefined, first),
    ...placeOf(event),
  };
}

/** A copy that may be changed until it becomes the new state. */
type IncidentDraft = { -readonly [K in keyof Incident]: Incident[K] };

function changed(
  state: IncidentsState,
  event: RecordedEvent,
  change: (draft: IncidentDraft, before: Incident) => void,
): IncidentsState {
  const before = findIncident(state, entityId(event));
  if (!before) return state;
  const draft: IncidentDraft = { ...before };
  change(draft, before);
  draft.updatedAt = event.recordedAt;
  draft.version = event.version;
  draft.position = event.position;
  return replaced(state, event, before, draft);
}

function describe(incident: IncidentDraft, { data }: RecordedEvent<'incident.described'>): void {
  const { title = incident.title, description = incident.description, translations: sent } = data;
  const isRetold = data.title !== undefined || data.description !== undefined;
  incident.title = title;
  incident.description = description;
  incident.translations = translationsAfter(incident.translations, { sent, isRetold });
}

/** Takes the incident one step further on its course. */
function goOn(incident: IncidentDraft, before: Incident, event: RecordedEvent<StepType>): void {
  const step = stepOf(event);
  proceed(incident, before, step);
  incident.course = [...before.course, step];
}

/** Makes the incident what its other events make it. */
function withdraw(incident: IncidentDraft, updateId: string): void {
  const course = incident.course.filter((step) => step.updateId !== updateId);
  const { standing, changesOf } = followCourse(course);
  Object.assign(incident, standing, { course, updates: withoutUpdate(incident.updates, updateId, changesOf) });
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
  return {
    id: incident.id,
    title: incident.title,
    description: incident.description,
    ...shownTranslations(incident.translations),
    status: incident.status,
    impact: incident.impact,
    affectedServices: incident.affectedServices,
    affectedServiceIds: incident.affectedServiceIds,
    impacts: incident.impacts,
    ...shownPlace(incident),
    startedAt: incident.startedAt,
    createdAt: incident.createdAt,
    recordedAt: incident.recordedAt,
    updatedAt: incident.updatedAt,
    resolvedAt: incident.resolvedAt,
    nextUpdateBy: incident.nextUpdateBy,
    updates: incident.updates,
    ...(incident.postmortem ? { postmortem: incident.postmortem } : {}),
    version: incident.version,
  };
}

export const incidentKind = {
  aggregate: 'incident',
  audience: 'public',
  plural: 'incidents',
  projection: incidentsProjection,
  state: ({ incidents }) => incidents,
  collection: ({ incidents }) => incidents,
  show: showIncident,
  status: ({ status }) => status,
  isSettled: ({ status }) => status === 'resolved',
  span: ({ startedAt, resolvedAt }) => ({ from: startedAt, to: resolvedAt }),
  isActive: ({ status }) => status !== 'resolved',
  touched: () => [],
  streams: (_models, id) => [`incident-${id}`],
  textsUnder: pointerTo,
  // `additions` lists the update alone, and the start where it moved: first it is when the incident happened.
  notInHistory: ['updates', 'startedAt'],
  additions: (event, { before, after }) =>
    event.type === 'incident.start-moved'
      ? [{ field: 'startedAt', from: before?.startedAt ?? null, to: event.data.startedAt }]
      : changesOfUpdates(event, before?.updates, after?.updates),
} as const satisfies EntityKind<{ readonly incidents: IncidentsState }, Incident, IncidentsState>;

/** To what of the incident the event says something. */
function pointerTo({ type, data }: RecordedEvent): string {
  if (type === 'incident.postmortem-published') return '/postmortem';
  return 'updateId' in data ? `/updates/${data.updateId}` : '';
}

/** The update that the event posted, edited or took back, before and after. */
function changesOfUpdates(
  event: RecordedEvent,
  before: readonly IncidentUpdate[] = [],
  after: readonly IncidentUpdate[] = [],
): FieldChange[] {
  if (!isUpdate(event) && event.type !== 'incident.update-edited' && event.type !== 'incident.update-retracted') {
    return [];
  }
  const { updateId } = event.data;
  const [from = null, to = null] = [before, after].map((updates) => updates.find(({ id }) => id === updateId));
  return [{ field: 'updates', from, to }];
}
