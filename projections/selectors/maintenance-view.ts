// The page of one maintenance, and those of its series that are still to come.
import { isOver, type Maintenance, type ShownMaintenance, showMaintenance } from '../maintenance.ts';
import { maintenanceKind, occurrencesOf } from '../maintenances.ts';
import { selectEntity } from '../selection.ts';
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { momentsBeforeEdits } from './edits.ts';
import { inLanguage } from './localized.ts';
import { type NamedService, namedServices } from './named-services.ts';
import { type EntityAsked, type PageAsked, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';

/** A maintenance as pages show it. */
export interface ListedMaintenance {
  readonly maintenance: ShownMaintenance;
  /** The affected services, but those that were deleted. */
  readonly services: readonly NamedService[];
  /** When it was cancelled, if it was. */
  readonly cancelledAt: string | null;
  /** The next ones of its series after it, in order. */
  readonly next: readonly { readonly id: string; readonly startsAt: string }[];
}

export interface MaintenanceView extends ListedMaintenance {
  readonly frame: PageFrame;
  /** The positions of its first and of its last event. */
  readonly records: { readonly first: number; readonly last: number };
  /** By the id of an edited update: the last moment before the edit. */
  readonly beforeEdit: Readonly<Record<string, string>>;
  readonly validUntil: string | null;
}

/** How many of a series are named after one of them. */
const MAX_NEXT = 5;

/** `undefined` if the organisation has no such maintenance that the viewer may see. */
export function selectMaintenanceView(
  models: PageModels,
  viewer: Viewer,
  asked: EntityAsked,
  moment: UptimeMoment,
): MaintenanceView | undefined {
  const { id, organizationId, hidden } = asked;
  const found = hidden?.has(id) ? undefined : selectEntity(maintenanceKind.collection(models.maintenances), viewer, id);
  if (found?.organizationId !== organizationId) return undefined;
  const frame = selectFrame(models, viewer, asked);
  const { startsAt, endsAt, updates } = found;
  return {
    frame,
    ...listMaintenance(models, viewer, asked, found),
    records: { first: found.origin, last: found.position },
    beforeEdit: momentsBeforeEdits(updates),
    validUntil: holdsUntil(frame.zone, [startsAt, endsAt, frame.settings.notice?.until], moment),
  };
}

export function listMaintenance(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  found: Maintenance,
): ListedMaintenance {
  return {
    maintenance: inLanguage(showMaintenance(found), asked.language),
    services: namedServices(models, viewer, asked, found.affectedServiceIds),
    cancelledAt: found.status === 'cancelled' ? overAt(found) : null,
    next: nextOf(models, asked, found),
  };
}

/** When it ended or was cancelled. No state has the moment of one that was cancelled before it began: then it is that of its last change. */
export function overAt({ endedAt, updates, updatedAt }: Maintenance): string {
  return endedAt ?? updates.findLast(({ status }) => status === 'cancelled')?.createdAt ?? updatedAt;
}

function nextOf({ maintenances }: PageModels, { hidden }: PageAsked, found: Maintenance): ListedMaintenance['next'] {
  if (found.seriesId === undefined || isOver(found)) return [];
  return occurrencesOf(maintenances, found.seriesId)
    .filter((each) => each.status === 'scheduled' && each.startsAt > found.startsAt && !hidden?.has(each.id))
    .map(({ id, startsAt }) => ({ id, startsAt }))
    .sort((a, b) => Number(a.startsAt > b.startsAt) - Number(a.startsAt < b.startsAt))
    .slice(0, MAX_NEXT);
}
