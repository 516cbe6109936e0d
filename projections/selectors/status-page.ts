// The whole page of an organisation: what it is called, what is the matter, its services with their days, and what is
// planned and past. Everything that shows a page selects it here, so that no two of them contradict each other.
import type { ServiceStatus } from '../events/severity.ts';
import { type IncidentsState, type ShownIncident, selectIncidents, showIncident } from '../incidents.ts';
import { isActive, isOver, type ShownMaintenance, showMaintenance } from '../maintenance.ts';
import type { MaintenancesState } from '../maintenances.ts';
import { type Ordered, selectOrder } from '../order.ts';
import { findOrganization, type OrganizationsState } from '../organizations.ts';
import { findPage, nameOfPage, type PagesState, type ShownPage, showPage } from '../pages.ts';
import type { PublicHeadsState } from '../public-heads.ts';
import { selectEntities } from '../selection.ts';
import { type Group, type ShownGroup, showGroup } from '../service/group.ts';
import { type Service, type ShownService, showService } from '../service.ts';
import type { ServicesState } from '../services.ts';
import { selectStatus } from '../status.ts';
import { timeOf } from '../uptime/seconds.ts';
import type { UptimeState } from '../uptime/uptime.ts';
import { lastDays } from '../uptime/window.ts';
import { saidOf, type UptimeMoment, uptimeSettings, uptimeTermsOfDays, validUntil } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type DrawDays, type DrawnService, selectDays } from './days.ts';
import { type Headline, selectHeadline } from './headline.ts';
import { inLanguage, textsIn } from './localized.ts';
import { type PastEntry, selectPast } from './past.ts';

/** How many days the strips of services have. */
export const STRIP_DAYS = 90;

export interface PageModels {
  readonly services: ServicesState;
  readonly incidents: IncidentsState;
  readonly maintenances: MaintenancesState;
  readonly organizations: OrganizationsState;
  readonly pages: PagesState;
  readonly publicHeads: PublicHeadsState;
  readonly uptime: UptimeState;
}

export interface PageAsked {
  readonly organizationId: string;
  readonly tenantId?: string | undefined;
  /** The reader's language (BCP 47). */
  readonly language?: string | undefined;
  /** Ids of what the viewer may not see, although its organisation is. */
  readonly hidden?: ReadonlySet<string> | undefined;
}

/** A service on a page. `uptime90` is null where the page shows none, or where there is none. */
export interface PageService extends ShownService, DrawnService {}

export interface SelectedPage {
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string };
  readonly settings: ShownPage & { readonly name: string };
  readonly status: ServiceStatus;
  readonly headline: Headline;
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
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly policy: string;
  /** Of the last public event of the organisation; 0 if there is none. */
  readonly position: number;
  /** The hash of that event; 64 zeros if there is none. */
  readonly hash: string;
  readonly validUntil: string | null;
}

/** As of when the page is, and how the days before today are drawn. */
export interface PageMoment extends UptimeMoment {
  readonly drawPast?: DrawDays;
}

const NO_STRIP: DrawnService = { uptime90: null, days: '', exceptions: [] };

/** The page of an organisation, without an access check. */
export function selectStatusPage(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  { drawPast, ...moment }: PageMoment,
): SelectedPage {
  const { organizationId, language } = asked;
  const settings = settingsIn(models, asked);
  const terms = uptimeTermsOfDays(STRIP_DAYS, uptimeSettings(models, organizationId), moment);
  const { groups, services } = listed(models, viewer, asked);
  const incidents = activeIncidents(models, viewer, asked);
  const maintenances = openMaintenances(models, viewer, asked);
  const filter = filterOf(asked);
  const strip = ({ id }: ShownService) => {
    const time = models.uptime.services.get(id);
    return time ? selectDays(time, terms, drawPast) : NO_STRIP;
  };
  const status = selectStatus(models, viewer, filter).overallStatus;
  const { position = 0, hash = '0'.repeat(64) } = models.publicHeads.get(organizationId) ?? {};
  const begin = timeOf(lastDays(settings.historyDays, terms.window.zone, moment.now).from);
  return {
    organization: organizationIn(models, organizationId),
    settings,
    status,
    headline: headlineOf({ services, incidents, maintenances }),
    groups,
    services: services.map((shown) => ({
      ...shown,
      ...(settings.showUptime && shown.showUptime ? strip(shown) : NO_STRIP),
    })),
    incidents: incidents.toReversed(),
    maintenances,
    past: selectPast(models, viewer, { filter, from: begin, language, hidden: asked.hidden }),
    ...saidOf(terms),
    position,
    hash,
    validUntil: validUntil(terms, status === 'operational'),
  };
}

/** The headline of that page alone. */
export function selectPageHeadline(models: PageModels, viewer: Viewer, asked: PageAsked): Headline {
  const { services } = listed(models, viewer, asked);
  const incidents = activeIncidents(models, viewer, asked);
  return headlineOf({ services, incidents, maintenances: openMaintenances(models, viewer, asked) });
}

/** What a headline sums up; incidents in the order in which they began. */
interface Summed {
  readonly services: readonly ShownService[];
  readonly incidents: readonly ShownIncident[];
  readonly maintenances: readonly ShownMaintenance[];
}

function headlineOf({ services, incidents, maintenances }: Summed): Headline {
  return selectHeadline({ services, incidents, maintenances: maintenances.filter(isActive) });
}

function filterOf({ organizationId, tenantId }: PageAsked) {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}

function organizationIn({ organizations }: PageModels, id: string): SelectedPage['organization'] {
  const { name = id, slug = id } = findOrganization(organizations, id) ?? {};
  return { id, name, slug };
}

function settingsIn({ pages, organizations }: PageModels, { organizationId, language }: PageAsked) {
  const page = findPage(pages, organizationId);
  const shown = { ...showPage(page), name: nameOfPage(page, findOrganization(organizations, organizationId)) };
  if (language === undefined) return shown;
  const { notice, ...words } = textsIn(shown, language);
  const translated = shown.notice && notice !== undefined ? { notice: { ...shown.notice, text: notice } } : {};
  return { ...shown, ...words, ...translated };
}

/** What the page lists, in its order: of services that are shown only while they are affected, those that are. */
function listed(models: PageModels, viewer: Viewer, asked: PageAsked) {
  const { tenantId, language, hidden } = asked;
  const isShown = (each: Service | Group) =>
    (tenantId === undefined || each.tenantId === tenantId) && hidden?.has(each.id) !== true;
  const isListed = (service: Service) =>
    isShown(service) && !(service.onlyShowIfAffected && service.status === 'operational');
  const order: Ordered = selectOrder(models.services, viewer, asked.organizationId);
  const groups = order.groups
    .filter(({ group }) => isShown(group))
    .map(({ group, services }) => ({ group, services: services.filter(isListed) }));
  const grouped = new Set(groups.flatMap(({ services }) => services));
  // A service can be in a group that has another label.
  const others = [...order.groups.flatMap(({ services }) => services), ...order.services].filter(
    (service) => isListed(service) && !grouped.has(service),
  );
  const show = (service: Service) => inLanguage(showService(service), language);
  return {
    groups: groups.map(({ group, services }) => ({
      ...inLanguage(showGroup(group), language),
      services: services.map(({ id }) => id),
    })),
    services: [...grouped, ...others].map(show),
  };
}

/** In the order in which they began. */
function activeIncidents({ incidents }: PageModels, viewer: Viewer, asked: PageAsked): ShownIncident[] {
  return selectIncidents(incidents, viewer, filterOf(asked))
    .filter(({ id, status }) => status !== 'resolved' && !asked.hidden?.has(id))
    .map((incident) => inLanguage(showIncident(incident), asked.language))
    .sort((a, b) => compare(a.startedAt, b.startedAt));
}

function openMaintenances({ maintenances }: PageModels, viewer: Viewer, asked: PageAsked): ShownMaintenance[] {
  return [...selectEntities(maintenances.maintenances, viewer, filterOf(asked))]
    .filter((maintenance) => !isOver(maintenance) && !asked.hidden?.has(maintenance.id))
    .map((maintenance) => inLanguage(showMaintenance(maintenance), asked.language))
    .sort((a, b) => compare(a.startsAt, b.startsAt));
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
