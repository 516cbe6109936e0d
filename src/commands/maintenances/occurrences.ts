// The occurrences of a series: planned when they come near, and brought into line when the series changes.
import { isDeepStrictEqual } from 'node:util';
import { v5 } from 'uuid';
import { placeOf } from '../../../projections/events/envelope.ts';
import type { Translations } from '../../../projections/events/translations.ts';
import type { Maintenance } from '../../../projections/maintenance.ts';
import { findMaintenance, type MaintenancesState, occurrencesOf } from '../../../projections/maintenances.ts';
import { isDeletedOrganization } from '../../../projections/organizations.ts';
import { findSeries, type Series } from '../../../projections/series.ts';
import type { NewEvent, Write } from '../../log/commit.ts';
import type { Change, Command } from '../command.ts';
import { changedMembers } from '../fields.ts';
import { datesIn, type Occurrence, occurrenceOn, planningOf } from './recurrence.ts';
import { begunBy } from './states.ts';
import { maintenanceStream, seriesStream, unknownSeries } from './streams.ts';

/** What a series says of each of its occurrences, and where it belongs. */
export type Planned = Pick<
  Series,
  | 'id'
  | 'organizationId'
  | 'tenantId'
  | 'title'
  | 'description'
  | 'affectedServiceIds'
  | 'autoStart'
  | 'autoEnd'
  | 'rrule'
  | 'local'
  | 'exceptions'
> & { readonly translations?: Translations | null };

/** The id of an occurrence follows from its series and its date, so that nobody plans a date twice. */
function occurrenceId(seriesId: string, date: string): string {
  return v5(date, seriesId);
}

/** The events that plan an occurrence for the first time, or again after the series had dropped it. */
export function planOccurrence(series: Planned, occurrence: Occurrence, now: string, version?: number): Write {
  const { title, description, affectedServiceIds, autoStart, autoEnd, translations } = series;
  const data = {
    title,
    description,
    ...occurrence,
    affectedServiceIds,
    autoStart,
    autoEnd,
    seriesId: series.id,
    ...(translations ? { translations } : {}),
  };
  return {
    stream: maintenanceStream(occurrenceId(series.id, occurrence.occurrence)),
    expected: version ?? 'no-stream',
    events: inPlace(series, [{ type: 'maintenance.planned', data }, ...begunBy(data, now)]),
  };
}

function inPlace(series: Planned, changes: readonly Change[]): NewEvent[] {
  return changes.map((change) => ({ ...placeOf(series), ...change }));
}

/** Plans what has come near. A series of a deleted organisation stays as it is. */
export const planOccurrences: Command<{ id: string }> = {
  stream: ({ id }) => seriesStream(id),
  decide({ id }, { maintenances, organizations, ...models }, { now }) {
    const series = findSeries(models['maintenance-series'], id);
    if (!series || isDeletedOrganization(organizations, series.organizationId)) {
      return unknownSeries(id);
    }
    const [first, ...also] = planningOf(series, now).occurrences.flatMap((occurrence) =>
      missing(maintenances, series, occurrence, now),
    );
    const { stream, events } = first ?? { stream: seriesStream(id), events: [] };
    return {
      kind: 'accepted',
      stream,
      expected: first && typeof first.expected === 'number' ? first.expected : 'no-stream',
      events,
      also,
      organizationId: series.organizationId,
      role: 'anyone',
      guards: [{ stream: seriesStream(id), expected: series.version }],
    };
  },
};

/** The occurrence, unless it is planned. What somebody deleted or cancelled is not planned again. */
function missing(maintenances: MaintenancesState, series: Series, occurrence: Occurrence, now: string): Write[] {
  const id = occurrenceId(series.id, occurrence.occurrence);
  if (maintenances.deleted.has(id)) return [];
  const planned = findMaintenance(maintenances, id);
  if (planned && !planned.isDropped) return [];
  return [planOccurrence(series, occurrence, now, planned?.version)];
}

/** The events that bring all scheduled occurrences that nobody changed by hand into line; `undefined` cancels them. */
export function alignOccurrences(
  maintenances: MaintenancesState,
  seriesId: string,
  after: Planned | undefined,
): readonly Write[] {
  const scheduled = occurrencesOf(maintenances, seriesId).filter(
    ({ status, isHandMade }) => status === 'scheduled' && !isHandMade,
  );
  const days = scheduled.map(({ occurrence = '' }) => occurrence).sort();
  const dates = new Set(after ? datesIn(after, days[0] ?? '', days.at(-1) ?? '') : []);
  return scheduled.flatMap((maintenance) => {
    const { id, version, occurrence = '' } = maintenance;
    const changes: readonly Change[] =
      after && dates.has(occurrence)
        ? aligned(maintenance, after)
        : [{ type: 'maintenance.cancelled', data: { bySeries: true } }];
    if (changes.length === 0) return [];
    const events = changes.map((change) => ({ ...placeOf(maintenance), ...change }));
    return [{ stream: maintenanceStream(id), expected: version, events }];
  });
}

/** What it takes until the occurrence is what its series says. */
function aligned(maintenance: Maintenance, series: Planned): readonly Change[] {
  const bySeries = { bySeries: true } as const;
  const { startsAt, endsAt, local } = occurrenceOn(series, maintenance.occurrence ?? '');
  const texts = changedMembers(
    { title: maintenance.title, description: maintenance.description },
    { title: series.title, description: series.description },
  );
  const isTranslated = !isDeepStrictEqual(maintenance.translations ?? {}, series.translations ?? {});
  const translations = texts || isTranslated ? { translations: series.translations ?? {} } : {};
  const automation = changedMembers(
    { autoStart: maintenance.autoStart, autoEnd: maintenance.autoEnd },
    { autoStart: series.autoStart, autoEnd: series.autoEnd },
  );
  const { affectedServiceIds } = series;
  const isMoved =
    startsAt !== maintenance.startsAt || endsAt !== maintenance.endsAt || !isDeepStrictEqual(local, maintenance.local);
  return [
    ...(texts || isTranslated
      ? [{ type: 'maintenance.described', data: { ...texts, ...translations, ...bySeries } } as const]
      : []),
    ...(isDeepStrictEqual(affectedServiceIds, maintenance.affectedServiceIds)
      ? []
      : [{ type: 'maintenance.services-changed', data: { affectedServiceIds, ...bySeries } } as const]),
    ...(automation ? [{ type: 'maintenance.automation-changed', data: { ...automation, ...bySeries } } as const] : []),
    ...(isMoved ? [{ type: 'maintenance.moved', data: { startsAt, endsAt, local, ...bySeries } } as const] : []),
  ];
}
