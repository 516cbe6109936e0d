// The pages of history: what began in each month, three months a page.
import type { IncidentStatus, MaintenanceStatus, ServiceStatus } from '../events/severity.ts';
import { type Incident, showIncident } from '../incidents.ts';
import { type Maintenance, showMaintenance } from '../maintenance.ts';
import { findOrganization } from '../organizations.ts';
import { selectEntities } from '../selection.ts';
import { secondOf } from '../uptime/seconds.ts';
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { courseOfIncident } from './incident-course.ts';
import { inLanguage } from './localized.ts';
import { monthAfter, monthOf, spanOfMonth } from './months.ts';
import { type NamedService, namedServices } from './named-services.ts';
import { filterOf, listServices, type PageAsked, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';

type HistoryKind = 'incidents' | 'maintenance';

export interface HistoryAsked extends PageAsked {
  /** The page ends with the month before this one; without it: with the present one. */
  readonly before?: string | undefined;
  /** Only what affected the service with this id. */
  readonly service?: string | undefined;
  readonly kind?: HistoryKind | undefined;
}

/** What every entry says. */
interface EntryBase {
  readonly id: string;
  readonly title: string;
  /** When it began and ended; `to` is `null` as long as it goes on. */
  readonly from: string;
  readonly to: string | null;
  /** Those that it affected, but those that were deleted. */
  readonly services: readonly NamedService[];
  readonly updates: number;
}

export type HistoryItem =
  | (EntryBase & {
      readonly kind: 'incident';
      readonly status: IncidentStatus;
      /** The worst that it was. */
      readonly worst: ServiceStatus;
      readonly hasPostmortem: boolean;
    })
  | (EntryBase & { readonly kind: 'maintenance'; readonly status: MaintenanceStatus });

export interface HistoryMonth {
  /** `2026-11`. */
  readonly month: string;
  /** How many began in it. */
  readonly incidents: number;
  readonly maintenances: number;
  /** The latest first: some at most. */
  readonly entries: readonly HistoryItem[];
}

export interface HistoryView {
  readonly frame: PageFrame;
  /** The latest first: three, or fewer where the record begins. */
  readonly months: readonly HistoryMonth[];
  /** `before` of the page of the months before, and of those after; `null` without one. */
  readonly older: string | null;
  /** Without a value the newest page. */
  readonly newer: { readonly before: string | null } | null;
  /** When the record begins; `null` while there is nothing in it. */
  readonly begins: string | null;
  /** The services that can be asked for, in the order of the page. */
  readonly services: readonly { readonly id: string; readonly name: string }[];
  readonly asked: {
    readonly before: string | null;
    readonly service: string | null;
    readonly kind: HistoryKind | null;
  };
  readonly validUntil: string | null;
}

const MONTHS = 3;
/** How many entries a month lists. */
const MAX_ENTRIES = 200;

/** `undefined` if there is no such page: it would end after the present month, or before the record begins. */
export function selectHistoryView(
  models: PageModels,
  viewer: Viewer,
  asked: HistoryAsked,
  moment: UptimeMoment,
): HistoryView | undefined {
  const { before = null, service = null, kind = null } = asked;
  const frame = selectFrame(models, viewer, asked);
  const { zone } = frame;
  const all = begunOnes(models, viewer, asked);
  const begins = beginOfRecord(models, viewer, asked, all);
  const present = monthOf(zone, moment.now);
  const first = begins === null ? present : earlier(monthOf(zone, secondOf(begins)), present);
  const end = before === null ? present : monthAfter(before, -1);
  if (end > present || end < first) return undefined;
  const months = Array.from({ length: MONTHS }, (_, count) => monthAfter(end, -count)).filter(
    (month) => month >= first,
  );
  const fitting = all.filter((each) => isAsked(each, asked));
  const next = monthAfter(end, MONTHS);
  return {
    frame,
    months: months.map((month) => monthWith(models, viewer, asked, { zone, month, begun: fitting })),
    older: monthAfter(end, -MONTHS) >= first ? monthAfter(end, 1 - MONTHS) : null,
    newer: end === present ? null : { before: next >= present ? null : monthAfter(next, 1) },
    begins,
    services: listServices(models, viewer, asked).services.map(({ id, name }) => ({ id, name })),
    asked: { before, service, kind },
    validUntil: holdsUntil(zone, [frame.settings.notice?.until], moment),
  };
}

/** An incident or a maintenance, with when it began. */
type Begun = { readonly began: string } & (
  | { readonly kind: 'incident'; readonly entity: Incident }
  | { readonly kind: 'maintenance'; readonly entity: Maintenance }
);

/** All that has begun, the latest first. */
function begunOnes({ incidents, maintenances }: PageModels, viewer: Viewer, asked: PageAsked): Begun[] {
  const begun: Begun[] = [];
  for (const entity of selectEntities(incidents.incidents, viewer, filterOf(asked))) {
    if (!asked.hidden?.has(entity.id)) begun.push({ kind: 'incident', began: entity.startedAt, entity });
  }
  for (const entity of selectEntities(maintenances.maintenances, viewer, filterOf(asked))) {
    const { startedAt: began } = entity;
    if (began !== null && !asked.hidden?.has(entity.id)) begun.push({ kind: 'maintenance', began, entity });
  }
  return begun.sort((a, b) => compare(b.began, a.began));
}

function isAsked({ kind, entity }: Begun, asked: HistoryAsked): boolean {
  const isOfKind = asked.kind === undefined || (asked.kind === 'incidents') === (kind === 'incident');
  return isOfKind && (asked.service === undefined || entity.affectedServiceIds.includes(asked.service));
}

/** The first that is known of the organisation: its creation, a service, or something that began before. */
function beginOfRecord(
  { organizations, services }: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  begun: readonly Begun[],
): string | null {
  const service = selectEntities(services.services, viewer, filterOf(asked)).next().value;
  const moments = [
    findOrganization(organizations, asked.organizationId)?.createdAt,
    service?.createdAt,
    begun.at(-1)?.began,
  ].filter((each) => each !== undefined);
  return moments.sort(compare)[0] ?? null;
}

function monthWith(
  models: PageModels,
  viewer: Viewer,
  asked: PageAsked,
  { zone, month, begun }: { readonly zone: string; readonly month: string; readonly begun: readonly Begun[] },
): HistoryMonth {
  const { from, to } = spanOfMonth(zone, month);
  const own = begun.filter(({ began }) => secondOf(began) >= from && secondOf(began) < to);
  const incidents = own.filter(({ kind }) => kind === 'incident').length;
  return {
    month,
    incidents,
    maintenances: own.length - incidents,
    entries: own.slice(0, MAX_ENTRIES).map((each) => entryOf(models, viewer, asked, each)),
  };
}

function entryOf(models: PageModels, viewer: Viewer, asked: PageAsked, begun: Begun): HistoryItem {
  const { id, affectedServiceIds, updates } = begun.entity;
  const services = namedServices(models, viewer, asked, affectedServiceIds);
  const base = { id, from: begun.began, services, updates: updates.length };
  if (begun.kind === 'maintenance') {
    const { title, status, endedAt } = inLanguage(showMaintenance(begun.entity), asked.language);
    return { kind: 'maintenance', title, status, to: endedAt, ...base };
  }
  const { title, status, resolvedAt, postmortem } = inLanguage(showIncident(begun.entity), asked.language);
  const { worst } = courseOfIncident(begun.entity);
  return { kind: 'incident', title, status, worst, to: resolvedAt, hasPostmortem: postmortem !== undefined, ...base };
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
