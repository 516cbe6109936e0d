// The whole page of an organisation: what it is called, what is the matter, its services with their days, and what is
// planned and past. Everything that shows a page selects it here, so that no two of them contradict each other.
import type { ShownIncident } from '../incidents.ts';
import type { ShownMaintenance } from '../maintenance.ts';
import type { ShownGroup } from '../service/group.ts';
import type { ShownService } from '../service.ts';
import { atOnce } from '../state/steps.ts';
import { timeOf } from '../uptime/seconds.ts';
import { lastDays } from '../uptime/window.ts';
import { saidOf, type UptimeMoment, uptimeSettings, uptimeTermsOfDays, validUntil } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type DrawDays, type DrawnService, selectDays } from './days.ts';
import { filterOf, frameOf, listPage, type PageAsked, type PageFrame, type PageModels } from './page-frame.ts';
import { type PastEntry, selectPast } from './past.ts';

/** How many days the strips of services have. */
export const STRIP_DAYS = 90;

/** A service on a page. `uptime90` is null where the page shows none, or where there is none. */
export interface PageService extends ShownService, DrawnService {}

export interface SelectedPage extends PageFrame {
  /** In the order of the page, as are their services. */
  readonly groups: readonly (ShownGroup & { readonly services: readonly string[] })[];
  /** In the order of the page: those of groups, then those without. */
  readonly services: readonly PageService[];
  /** The unresolved ones, the latest first. */
  readonly incidents: readonly ShownIncident[];
  /** Those under way and those to come, in the order in which they begin. */
  readonly maintenances: readonly ShownMaintenance[];
  /** The latest first. */
  readonly past: readonly PastEntry[];
  readonly from: string;
  readonly to: string;
  readonly policy: string;
  readonly validUntil: string | null;
}

/** As of when the page is, and how the days before today are drawn. */
export interface PageMoment extends UptimeMoment {
  readonly drawPast?: DrawDays;
}

/** What a page draws of a service whose uptime it does not show. */
export const NO_STRIP: DrawnService = { uptime90: null, days: '', exceptions: [] };

/** How many services are drawn in one step. */
const AT_ONCE = 8;

/** The page of an organisation, without an access check. */
export function selectStatusPage(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  moment: PageMoment,
): SelectedPage {
  return atOnce(selectStatusPageInSteps(models, viewer, asked, moment));
}

/** The same in steps, because there may be very many services whose days have to be drawn. */
export function* selectStatusPageInSteps(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  { drawPast, ...moment }: PageMoment,
): Generator<void, SelectedPage> {
  const { organizationId, language } = asked;
  const listed = listPage(models, viewer, asked);
  const { organization, settings, status, headline, position, hash } = frameOf(models, viewer, asked, listed);
  const terms = uptimeTermsOfDays(STRIP_DAYS, uptimeSettings(models, organizationId), moment);
  const strip = ({ id }: ShownService) => {
    const time = models.uptime.services.get(id);
    return time ? selectDays(time, terms, drawPast) : NO_STRIP;
  };
  const services: PageService[] = [];
  for (const shown of listed.services) {
    if (services.length % AT_ONCE === 0) yield;
    services.push({ ...shown, ...(settings.showUptime && shown.showUptime ? strip(shown) : NO_STRIP) });
  }
  const begin = timeOf(lastDays(settings.historyDays, terms.window.zone, moment.now).from);
  return {
    organization,
    settings,
    status,
    headline,
    groups: listed.groups,
    services,
    incidents: listed.incidents.toReversed(),
    maintenances: listed.maintenances,
    past: selectPast(models, viewer, { filter: filterOf(asked), from: begin, language, hidden: asked.hidden }),
    ...saidOf(terms),
    position,
    hash,
    validUntil: validUntil(terms, status === 'operational'),
  };
}
