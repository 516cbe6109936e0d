// The past of a page: what ended within the last days, the latest first.
import { type Incident, type IncidentsState, type ShownIncident, showIncident } from '../incidents.ts';
import { type Maintenance, type ShownMaintenance, showMaintenance } from '../maintenance.ts';
import type { MaintenancesState } from '../maintenances.ts';
import { selectEntities } from '../selection.ts';
import type { Filter } from '../viewer/scope.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { inLanguage } from './localized.ts';

/** An incident or a maintenance that is over. */
export type PastEntry =
  | ({ readonly kind: 'incident' } & ShownIncident)
  | ({ readonly kind: 'maintenance' } & ShownMaintenance);

export interface PastAsked {
  readonly filter: Filter;
  /** RFC 3339: only what ended at or after this. */
  readonly from: string;
  readonly language?: string | undefined;
  /** Ids of what the viewer may not see, although its organisation is. */
  readonly hidden?: ReadonlySet<string> | undefined;
}

interface PastModels {
  readonly incidents: IncidentsState;
  readonly maintenances: MaintenancesState;
}

export function selectPast({ incidents, maintenances }: PastModels, viewer: Viewer, asked: PastAsked): PastEntry[] {
  const { filter, from, language, hidden } = asked;
  const ended = <E extends { readonly id: string }>(entities: Iterable<E>, endOf: (entity: E) => string | null) =>
    [...entities].flatMap((entity) => {
      const end = hidden?.has(entity.id) ? null : endOf(entity);
      return end !== null && end >= from ? [{ end, entity }] : [];
    });
  const entries = [
    ...ended(selectEntities(incidents.incidents, viewer, filter), endOfIncident).map(({ end, entity }) => ({
      end,
      entry: { kind: 'incident' as const, ...inLanguage(showIncident(entity), language) },
    })),
    ...ended(selectEntities(maintenances.maintenances, viewer, filter), endOfMaintenance).map(({ end, entity }) => ({
      end,
      entry: { kind: 'maintenance' as const, ...inLanguage(showMaintenance(entity), language) },
    })),
  ];
  return entries.sort((a, b) => Number(a.end < b.end) - Number(a.end > b.end)).map(({ entry }) => entry);
}

function endOfIncident({ status, resolvedAt }: Incident): string | null {
  return status === 'resolved' ? resolvedAt : null;
}

/** One that was cancelled before it began has no end. */
function endOfMaintenance({ endedAt }: Maintenance): string | null {
  return endedAt;
}
