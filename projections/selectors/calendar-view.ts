// The calendar of the maintenance of an organisation, or of one of its services.
import type { MaintenanceStatus } from '../events/severity.ts';
import { isOver, type Maintenance, showMaintenance } from '../maintenance.ts';
import { selectEntities } from '../selection.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { inLanguage } from './localized.ts';
import { namedServices } from './named-services.ts';
import { isAbout, type OneService, type OneServiceAsked, selectOneService } from './one-service.ts';
import { filterOf, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';

export interface CalendarEntry {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly status: MaintenanceStatus;
  /** Names of the affected services. */
  readonly services: readonly string[];
  /** When it is planned to begin and to end. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** How often it was changed. */
  readonly revision: number;
}

export interface CalendarView {
  readonly frame: PageFrame;
  /** The service that it is about; `null` if it is about all. */
  readonly service: OneService | null;
  /** In the order in which they are planned to begin. */
  readonly entries: readonly CalendarEntry[];
  /** When the next one leaves it; `null` if time alone takes none away. */
  readonly validUntil: string | null;
}

/** How many open or cancelled ones it has, the next ones, and how many that were completed, the latest ones. */
const [MAX_OPEN, MAX_COMPLETED] = [200, 50];

/**
 * `undefined` if the organisation has no such service that the viewer may see. One that was cancelled stays until it
 * would have ended, so that calendars that have it learn of it. `now`: RFC 3339.
 */
export function selectCalendarView(
  models: PageModels,
  viewer: Viewer,
  asked: OneServiceAsked,
  now: string,
): CalendarView | undefined {
  const service = selectOneService(models, viewer, asked);
  if (service === undefined) return undefined;
  const all = [...selectEntities(models.maintenances.maintenances, viewer, filterOf(asked))]
    .filter((each) => isAbout(each, asked))
    .sort((a, b) => Number(a.startsAt > b.startsAt) - Number(a.startsAt < b.startsAt));
  const isCancelled = ({ status, endsAt }: Maintenance) => status === 'cancelled' && endsAt > now;
  const open = all.filter((each) => !isOver(each) || isCancelled(each)).slice(0, MAX_OPEN);
  const completed = all.filter(({ status }) => status === 'completed').slice(-MAX_COMPLETED);
  return {
    frame: selectFrame(models, viewer, asked),
    service,
    entries: [...completed, ...open].map((each) => entryOf(models, viewer, asked, each)),
    validUntil:
      all
        .filter(isCancelled)
        .map(({ endsAt }) => endsAt)
        .sort()[0] ?? null,
  };
}

function entryOf(models: PageModels, viewer: Viewer, asked: OneServiceAsked, found: Maintenance): CalendarEntry {
  const shown = inLanguage(showMaintenance(found), asked.language);
  const { id, title, description, status, startsAt, endsAt, createdAt, updatedAt, version } = shown;
  const services = namedServices(models, viewer, asked, found.affectedServiceIds).map(({ name }) => name);
  const revision = version - 1;
  return { id, title, description, status, services, startsAt, endsAt, createdAt, updatedAt, revision };
}
