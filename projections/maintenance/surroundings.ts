// What maintenances show of other streams: the names of their services, the rule of their series, and the time zone of
// their organisation's page.
import { aggregateOf, entityId } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { Local } from '../events/maintenance.ts';
import { BLANK } from '../events/texts.ts';
import { inParts } from '../state/collection.ts';
import { PersistentMap } from '../state/persistent-map.ts';

export interface MaintenanceSurroundings {
  /** The names of services, by id. */
  readonly names: PersistentMap<string>;
  /** The rules of series, by id. */
  readonly rules: PersistentMap<string>;
  /** The time zones of organisations, by their id. */
  readonly zones: PersistentMap<string>;
}

export const NO_SURROUNDINGS: MaintenanceSurroundings = {
  names: PersistentMap.empty(),
  rules: PersistentMap.empty(),
  zones: PersistentMap.empty(),
};

/** The surroundings after an event; the same object if it changes none. */
export function surroundingsAfter(before: MaintenanceSurroundings, event: RecordedEvent): MaintenanceSurroundings {
  switch (event.type) {
    case 'service.created':
      return { ...before, names: before.names.set(entityId(event), event.data.name) };
    case 'service.described':
      return event.data.name === undefined
        ? before
        : { ...before, names: before.names.set(entityId(event), event.data.name) };
    case 'service.deleted':
      return { ...before, names: before.names.delete(entityId(event)) };
    case 'series.planned':
    case 'series.changed':
      return event.data.rrule === undefined
        ? before
        : { ...before, rules: before.rules.set(entityId(event), event.data.rrule) };
    case 'page.configured':
      return event.data.timeZone === undefined
        ? before
        : { ...before, zones: before.zones.set(entityId(event), event.data.timeZone) };
    case 'event.redacted':
      return aggregateOf(event) === 'service' && event.data.shown.includes('/name')
        ? { ...before, names: before.names.set(entityId(event), BLANK) }
        : before;
    default:
      return before;
  }
}

/** The members of a maintenance that follow from its surroundings. */
export interface Derived {
  /** The names of its services. One that was deleted has no name any more. */
  readonly affectedServices: readonly string[];
  /** The rule of its series. */
  readonly recurrence?: string;
  /** The zone of its wall clocks: the planned one, or else that of its organisation. */
  readonly timeZone: string;
}

interface Deriving {
  readonly affectedServiceIds: readonly string[];
  readonly seriesId?: string;
  readonly local?: Local;
  readonly organizationId: string;
}

export function derivedFrom({ names, rules, zones }: MaintenanceSurroundings, maintenance: Deriving): Derived {
  const { affectedServiceIds, seriesId, local, organizationId } = maintenance;
  const recurrence = seriesId === undefined ? undefined : rules.get(seriesId);
  return {
    affectedServices: affectedServiceIds.flatMap((id) => names.get(id) ?? []),
    ...(recurrence === undefined ? {} : { recurrence }),
    timeZone: local?.timeZone ?? zones.get(organizationId) ?? 'UTC',
  };
}

/** The streams from which these members follow. */
export function streamsBehind({ affectedServiceIds, seriesId, organizationId }: Deriving): readonly string[] {
  const services = affectedServiceIds.map((id) => `service-${id}`);
  return [...services, ...(seriesId === undefined ? [] : [`series-${seriesId}`]), `page-${organizationId}`];
}

const MAPS = ['names', 'rules', 'zones'] as const;

/** A part of one of the maps, for a snapshot. */
export interface SurroundingsPart {
  readonly surroundings: (typeof MAPS)[number];
  readonly entries: readonly (readonly [string, string])[];
}

export function* encodeSurroundings(state: MaintenanceSurroundings): Generator<SurroundingsPart> {
  for (const surroundings of MAPS) for (const entries of inParts(state[surroundings])) yield { surroundings, entries };
}

export function decodeSurroundings<S extends MaintenanceSurroundings>(state: S, part: SurroundingsPart): S {
  const { surroundings, entries } = part;
  return { ...state, [surroundings]: state[surroundings].setAll(entries) };
}
