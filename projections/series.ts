// Series of maintenance: what each of its occurrences takes over, and the rule that says when there is one. The occurrences
// are maintenances of their own.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { Local } from './events/maintenance.ts';
import { blankAt } from './events/texts.ts';
import type { Translations } from './events/translations.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  type Entity,
  emptyCollection,
  encodeCollection,
  findEntity,
  findScope,
  replaceEntity,
  shownPlace,
} from './state/collection.ts';
import type { Projection } from './state/projection.ts';
import { shownTranslations, translationsAfter } from './state/translated.ts';
import { scopeKey } from './viewer/scope.ts';

interface SeriesFields {
  readonly title: string;
  readonly description: string;
  /** The wall clocks of the first occurrence. */
  readonly local: Local;
  /** Local dates on which there is none. */
  readonly exceptions: readonly string[];
  readonly affectedServiceIds: readonly string[];
  readonly autoStart: boolean;
  readonly autoEnd: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One that has not ended. */
export interface Series extends Entity, SeriesFields {
  /** A rule of RFC 5545. */
  readonly rrule: string;
  readonly translations: Translations | null;
}

/** A series as REST shows it. */
export interface ShownSeries extends SeriesFields {
  readonly id: string;
  readonly recurrence: string;
  readonly translations?: Translations;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly version: number;
}

export interface SeriesState {
  readonly series: Collection<Series, null>;
}

const counting: Counting<Series, null> = { zero: null, recount: (tally) => tally };

export const seriesProjection: Projection<SeriesState> = {
  name: 'maintenance-series',
  version: 1,
  initial: { series: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'series.planned':
        return replaced(state, event, {
          id: entityId(event),
          ...event.data,
          translations: translationsAfter(null, { sent: event.data.translations, isRetold: true }),
          ...placeOf(event),
          createdAt: event.recordedAt,
          ...touchedBy(event),
          origin: event.position,
        });
      case 'series.changed':
        return changed(state, event, (series) => described(series, event));
      case 'series.ended':
        return replaced(state, event, undefined);
      case 'event.redacted':
        return aggregateOf(event) === 'series'
          ? changed(state, event, (series) => blankAt(series, event.data.shown))
          : state;
      default:
        return state;
    }
  },
  encode: ({ series }) => encodeCollection(series),
  decode: ({ series }, part) => ({ series: decodeCollection(series, part as CollectionPart<Series>, counting) }),
};

function touchedBy({ recordedAt, version, position }: RecordedEvent) {
  return { updatedAt: recordedAt, version, position };
}

/** A text that changes without its translations loses them. */
function described(series: Series, { data }: RecordedEvent<'series.changed'>): Series {
  const isRetold = data.title !== undefined || data.description !== undefined;
  const translations = translationsAfter(series.translations, { sent: data.translations, isRetold });
  return { ...series, ...data, translations };
}

function changed(state: SeriesState, event: RecordedEvent, change: (series: Series) => Series): SeriesState {
  const before = findSeries(state, entityId(event));
  return before ? replaced(state, event, { ...change(before), ...touchedBy(event) }) : state;
}

function replaced({ series }: SeriesState, event: RecordedEvent, after: Series | undefined): SeriesState {
  const before = findEntity(series, entityId(event));
  return { series: replaceEntity(series, event, { before, after }, counting) };
}

/** The series with this id, without an access check: for folds and decisions. */
export function findSeries({ series }: SeriesState, id: string): Series | undefined {
  return findEntity(series, id);
}

/** How many there are in an organisation. */
export function countSeries({ series }: SeriesState, organizationId: string): number {
  return findScope(series, scopeKey({ organizationId }))?.ids.size ?? 0;
}

export function showSeries(series: Series): ShownSeries {
  const {
    organizationId: _organization,
    tenantId: _tenant,
    origin: _origin,
    position: _position,
    rrule: recurrence,
    translations,
    ...fields
  } = series;
  return { ...fields, recurrence, ...shownTranslations(translations), ...shownPlace(series) };
}

export const seriesKind = {
  aggregate: 'series',
  audience: 'public',
  isInRooms: false,
  plural: 'maintenance-series',
  projection: seriesProjection,
  state: (models) => models['maintenance-series'],
  collection: ({ series }) => series,
  show: showSeries,
  status: () => '',
  isSettled: () => false,
  isActive: () => true,
  touched: () => [],
  streams: (_models, id) => [`series-${id}`],
  textsUnder: () => '',
  notInHistory: [],
  additions: () => [],
} as const satisfies EntityKind<{ readonly 'maintenance-series': SeriesState }, Series, SeriesState>;
