// What every page of an organisation shows around its content: whose page it is, how it is set up, and its headline.
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
import type { UptimeState } from '../uptime/uptime.ts';
import type { Filter } from '../viewer/scope.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type Headline, selectHeadline } from './headline.ts';
import { inLanguage, textsIn } from './localized.ts';

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

/** What is asked of the page of one entity. */
export interface EntityAsked extends PageAsked {
  readonly id: string;
}

export interface PageFrame {
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string };
  readonly settings: ShownPage & { readonly name: string };
  readonly status: ServiceStatus;
  readonly headline: Headline;
  /** Of the last public event of the organisation; 0 if there is none. */
  readonly position: number;
  /** The hash of that event; 64 zeros if there is none. */
  readonly hash: string;
  /** Whose days and clocks the page shows. */
  readonly zone: string;
}

/** The frame of each page of an organisation, without an access check. */
export function selectFrame(models: PageModels, viewer: Viewer, asked: PageAsked): PageFrame {
  return frameOf(models, viewer, asked, listPage(models, viewer, asked));
}

/** The headline alone. */
export function selectPageHeadline(models: PageModels, viewer: Viewer, asked: PageAsked): Headline {
  return headlineOf(listPage(models, viewer, asked));
}

/** What a page lists, in the reader's language. */
export interface ListedPage {
  /** In the order of the page, as are their services. */
  readonly groups: readonly (ShownGroup & { readonly services: readonly string[] })[];
  /** In the order of the page: those of groups, then those without. */
  readonly services: readonly ShownService[];
  /** The unresolved ones, in the order in which they began. */
  readonly incidents: readonly ShownIncident[];
  /** Those under way and those to come, in the order in which they begin. */
  readonly maintenances: readonly ShownMaintenance[];
}

export function listPage(models: PageModels, viewer: Viewer, asked: PageAsked): ListedPage {
  return {
    ...listServices(models, viewer, asked),
    incidents: activeIncidents(models, viewer, asked),
    maintenances: openMaintenances(models, viewer, asked),
  };
}

/** The frame of a page that lists this. */
export function frameOf(models: PageModels, viewer: Viewer, asked: PageAsked, listed: ListedPage): PageFrame {
  const { organizationId } = asked;
  const { position = 0, hash = '0'.repeat(64) } = models.publicHeads.get(organizationId) ?? {};
  const settings = settingsIn(models, asked);
  return {
    organization: organizationIn(models, organizationId),
    settings,
    status: selectStatus(models, viewer, filterOf(asked)).overallStatus,
    headline: headlineOf(listed),
    position,
    hash,
    zone: settings.timeZone,
  };
}

function headlineOf({ services, incidents, maintenances }: ListedPage): Headline {
  return selectHeadline({ services, incidents, maintenances: maintenances.filter(isActive) });
}

export function filterOf({ organizationId, tenantId }: PageAsked): Filter & { readonly organizationId: string } {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}

function organizationIn({ organizations }: PageModels, id: string): PageFrame['organization'] {
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

/** The services and groups of the page, in its order: of services that are shown only while they are affected, those that are. */
export function listServices(
  models: Pick<PageModels, 'services'>,
  viewer: Viewer,
  asked: PageAsked,
): Pick<ListedPage, 'groups' | 'services'> {
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
