// Maintenance: work that is planned for a time, on services that are shown as under maintenance meanwhile.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, happenedAt, placeOf } from './events/envelope.ts';
import type { EventType, RecordedEvent } from './events/event-types.ts';
import { sourceOf } from './events/source-event.ts';
import { blankAt } from './events/texts.ts';
import {
  decodeSurroundings,
  derivedFrom,
  encodeSurroundings,
  type MaintenanceSurroundings,
  NO_SURROUNDINGS,
  type SurroundingsPart,
  streamsBehind,
  surroundingsAfter,
} from './maintenance/surroundings.ts';
import { changeOfUpdates, isAboutUpdate, updatesAfter } from './maintenance/updates.ts';
import { isActive, isOver, type Maintenance, showMaintenance, spanOf } from './maintenance.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  emptyCollection,
  encodeCollection,
  findEntity,
  inParts,
  replaceEntity,
} from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';
import { translationsAfter } from './state/translated.ts';

export interface MaintenanceTally {
  /** Scheduled. */
  readonly upcoming: number;
  /** In progress, or being verified. */
  readonly active: number;
}

type Maintenances = Collection<Maintenance, MaintenanceTally>;

export interface MaintenancesState extends MaintenanceSurroundings {
  readonly maintenances: Maintenances;
  /** By stream of a service or a series: the ids of the maintenances that show something of it. */
  readonly dependents: PersistentMap<PersistentMap<true>>;
  /** The streams of deleted maintenances by their id, so that their past can be told. */
  readonly deleted: PersistentMap<readonly string[]>;
}

const counting: Counting<Maintenance, MaintenanceTally> = {
  zero: { upcoming: 0, active: 0 },
  recount(tally, before, after) {
    if (before?.status === after?.status) return tally;
    return {
      upcoming: tally.upcoming + countOf(after, isUpcoming) - countOf(before, isUpcoming),
      active: tally.active + countOf(after, isActive) - countOf(before, isActive),
    };
  },
};

function isUpcoming({ status }: Maintenance): boolean {
  return status === 'scheduled';
}

function countOf(maintenance: Maintenance | undefined, fits: (maintenance: Maintenance) => boolean): number {
  return Number(maintenance !== undefined && fits(maintenance));
}

export const maintenancesProjection: Projection<MaintenancesState> = {
  name: 'maintenances',
  version: 1,
  initial: {
    maintenances: emptyCollection(),
    ...NO_SURROUNDINGS,
    dependents: PersistentMap.empty(),
    deleted: PersistentMap.empty(),
  },
  on(state, event) {
    switch (event.type) {
      case 'maintenance.planned':
        return replaced(state, event, findMaintenance(state, entityId(event)), planned(state, event));
      case 'maintenance.described':
        return changed(state, event, (maintenance) => described(maintenance, event));
      case 'maintenance.services-changed':
      case 'maintenance.automation-changed':
        return changed(state, event, () => withoutOrigin(event.data));
      case 'maintenance.moved':
        return changed(state, event, () => ({ local: undefined, ...withoutOrigin(event.data) }));
      case 'maintenance.started':
        return changed(state, event, ({ startedAt }) => ({
          status: 'in-progress',
          startedAt: startedAt ?? happenedAt(event),
        }));
      case 'maintenance.verification-begun':
        return changed(state, event, () => ({ status: 'verifying' }));
      case 'maintenance.completed':
        return changed(state, event, () => ({ status: 'completed', endedAt: happenedAt(event) }));
      case 'maintenance.cancelled':
        return changed(state, event, ({ startedAt }) => ({
          status: 'cancelled',
          endedAt: startedAt === null ? null : happenedAt(event),
          isDropped: event.data.bySeries === true,
        }));
      case 'maintenance.update-posted':
      case 'maintenance.update-edited':
      case 'maintenance.update-retracted':
        return changed(state, event, ({ updates }) => ({ updates: updatesAfter(updates, event) }));
      case 'maintenance.deleted':
        return replaced(state, event, findMaintenance(state, entityId(event)), undefined);
      case 'event.redacted':
        return aggregateOf(event) === 'maintenance'
          ? changed(state, event, (maintenance) => ({
              ...blankAt(maintenance, event.data.shown),
              isHandMade: maintenance.isHandMade,
            }))
          : withSurroundings(state, event);
      default:
        return withSurroundings(state, event);
    }
  },
  *encode({ maintenances, deleted, ...surroundings }) {
    yield* encodeSurroundings(surroundings);
    for (const part of inParts(deleted)) yield { deleted: part };
    yield* encodeCollection(maintenances);
  },
  decode(state, part) {
    const decoded = part as StatePart;
    if ('surroundings' in decoded) return decodeSurroundings(state, decoded);
    if ('deleted' in decoded) return { ...state, deleted: state.deleted.setAll(decoded.deleted) };
    const added = 'entities' in decoded ? decoded.entities : [];
    return {
      ...state,
      maintenances: decodeCollection(state.maintenances, decoded, counting),
      dependents: added.reduce(withDependent, state.dependents),
    };
  },
};

type StatePart =
  | CollectionPart<Maintenance>
  | SurroundingsPart
  | { readonly deleted: readonly (readonly [string, readonly string[]])[] };

/** An occurrence that was dropped and is planned again keeps its place and its updates. */
function planned(state: MaintenancesState, event: RecordedEvent<'maintenance.planned'>): Maintenance {
  const id = entityId(event);
  const before = findMaintenance(state, id);
  return {
    id,
    ...event.data,
    ...placeOf(event),
    ...derivedFrom(state, { ...event.data, ...placeOf(event) }),
    translations: translationsAfter(null, { sent: event.data.translations, isRetold: true }),
    status: 'scheduled',
    startedAt: null,
    endedAt: null,
    updates: before?.updates ?? [],
    createdAt: before?.createdAt ?? happenedAt(event),
    updatedAt: event.recordedAt,
    isHandMade: false,
    isDropped: false,
    sources: null,
    streams: streamsWith(before?.streams ?? [event.stream], { ...event.data, ...placeOf(event) }),
    version: event.version,
    origin: before?.origin ?? event.position,
    position: event.position,
  };
}

type Change = { readonly [K in keyof Maintenance]?: Maintenance[K] | undefined };

function changed(
  state: MaintenancesState,
  event: RecordedEvent,
  change: (before: Maintenance) => Change,
): MaintenancesState {
  const before = findMaintenance(state, entityId(event));
  if (!before) return state;
  const isHandMade = before.isHandMade || !('bySeries' in event.data);
  const after = defined({ ...before, isHandMade, ...change(before), updatedAt: event.recordedAt });
  return replaced(state, event, before, {
    ...after,
    ...derivedFrom(state, after),
    sources: sourcesAfter(before, after, event),
    streams: streamsWith(before.streams, after),
    version: event.version,
    position: event.position,
  });
}

/** Without the members that are `undefined`. */
function defined(change: Change): Maintenance {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as unknown as Maintenance;
}

function withoutOrigin<T extends { readonly bySeries?: true }>({ bySeries: _bySeries, ...data }: T) {
  return data;
}

/** A text that changes without its translations loses them. */
function described({ translations }: Maintenance, { data }: RecordedEvent<'maintenance.described'>): Change {
  const isRetold = data.title !== undefined || data.description !== undefined;
  return {
    ...withoutOrigin(data),
    translations: translationsAfter(translations, { sent: data.translations, isRetold }),
  };
}

/** What its services were set to be shown by: all of it anew once the work begins, and each service that it adds. */
function sourcesAfter(before: Maintenance, after: Maintenance, event: RecordedEvent): Maintenance['sources'] {
  if (!isActive(after)) return null;
  if (before.sources && before.affectedServiceIds === after.affectedServiceIds) return before.sources;
  const source = sourceOf(event);
  return Object.fromEntries(after.affectedServiceIds.map((id) => [id, before.sources?.[id] ?? source]));
}

function streamsWith(streams: readonly string[], maintenance: Parameters<typeof streamsBehind>[0]): readonly string[] {
  const all = new Set([...streams, ...streamsBehind(maintenance)]);
  return all.size === streams.length ? streams : [...all];
}

function replaced(
  state: MaintenancesState,
  event: RecordedEvent,
  before: Maintenance | undefined,
  after: Maintenance | undefined,
): MaintenancesState {
  const maintenances = replaceEntity(state.maintenances, event, { before, after }, counting);
  if (after) {
    const isSame = after.streams === before?.streams;
    return { ...state, maintenances, dependents: isSame ? state.dependents : withDependent(state.dependents, after) };
  }
  if (!before) return state;
  const deleted = state.deleted.set(before.id, before.streams);
  return { ...state, maintenances, dependents: withoutDependent(state.dependents, before), deleted };
}

type Dependents = MaintenancesState['dependents'];

function withDependent(dependents: Dependents, { id, streams }: Maintenance): Dependents {
  return streams.reduce(
    (all, stream) => all.set(stream, (all.get(stream) ?? PersistentMap.empty<true>()).set(id, true)),
    dependents,
  );
}

function withoutDependent(dependents: Dependents, { id, streams }: Maintenance): Dependents {
  return streams.reduce((all, stream) => {
    const ids = all.get(stream)?.delete(id);
    return ids === undefined || ids.isEmpty ? all.delete(stream) : all.set(stream, ids);
  }, dependents);
}

/** The state after an event of another stream, with whatever maintenances show of it. */
function withSurroundings(state: MaintenancesState, event: RecordedEvent): MaintenancesState {
  const surroundings = surroundingsAfter(state, event);
  if (surroundings === state) return state;
  return dependentsOf(state, event).reduce((all, id) => rederived(all, event, id), { ...state, ...surroundings });
}

function rederived(state: MaintenancesState, event: RecordedEvent, id: string): MaintenancesState {
  const before = findMaintenance(state, id);
  if (!before) return state;
  const derived = derivedFrom(state, before);
  // An event of a service is about its name. Names are not compared: a redaction makes different ones equal, and a replay
  // must come to the same position.
  const isSame =
    aggregateOf(event) !== 'service' &&
    before.recurrence === derived.recurrence &&
    before.timeZone === derived.timeZone;
  if (isSame) return state;
  return replaced(state, event, before, {
    ...before,
    ...derived,
    updatedAt: event.recordedAt,
    position: event.position,
  });
}

function dependentsOf({ dependents }: MaintenancesState, { stream }: RecordedEvent): string[] {
  return [...(dependents.get(stream)?.keys() ?? [])];
}

/** The state without any maintenance, onto which the first events of one can be folded to show it as it was planned. */
export function withoutMaintenances({ names, rules, zones }: MaintenancesState): MaintenancesState {
  return { ...maintenancesProjection.initial, names, rules, zones };
}

/** The occurrences of a series, without an access check: for decisions. */
export function occurrencesOf(state: MaintenancesState, seriesId: string): readonly Maintenance[] {
  return [...(state.dependents.get(`series-${seriesId}`)?.keys() ?? [])].flatMap(
    (id) => findMaintenance(state, id) ?? [],
  );
}

/** The maintenance with this id, without an access check: for folds and decisions. */
export function findMaintenance({ maintenances }: MaintenancesState, id: string): Maintenance | undefined {
  return findEntity(maintenances, id);
}

/** The types of events of other streams that may change what is shown of a maintenance. */
const FROM_OUTSIDE: ReadonlySet<EventType> = new Set([
  'service.described',
  'service.deleted',
  'series.changed',
  'page.configured',
  'event.redacted',
]);

export const maintenanceKind = {
  aggregate: 'maintenance',
  audience: 'public',
  plural: 'maintenances',
  projection: maintenancesProjection,
  state: ({ maintenances }) => maintenances,
  collection: ({ maintenances }) => maintenances,
  show: showMaintenance,
  status: ({ status }) => status,
  isSettled: (maintenance) => isOver(maintenance),
  isActive: (maintenance) => isActive(maintenance),
  span: spanOf,
  touched: ({ before, after }, event) =>
    FROM_OUTSIDE.has(event.type)
      ? [...dependentsOf(before.maintenances, event), ...dependentsOf(after.maintenances, event)]
      : [],
  streams: ({ maintenances }, id) =>
    findMaintenance(maintenances, id)?.streams ?? maintenances.deleted.get(id) ?? [`maintenance-${id}`],
  textsUnder: (event) => (isAboutUpdate(event) ? `/updates/${event.data.updateId}` : ''),
  // Names of services and the rule come from other streams; `additions` lists the one update alone.
  notInHistory: ['affectedServices', 'recurrence', 'local', 'updates'],
  additions: (event, { before, after }) => changeOfUpdates(event, before?.updates, after?.updates),
} as const satisfies EntityKind<{ readonly maintenances: MaintenancesState }, Maintenance, MaintenancesState>;
