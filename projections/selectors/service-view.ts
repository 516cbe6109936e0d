// The page of one service: its status and since when, its uptime, its strip, and the days with trouble as a table.
import { findGroup } from '../groups.ts';
import { findIncident, showIncident } from '../incidents.ts';
import { showMaintenance } from '../maintenance.ts';
import { findMaintenance } from '../maintenances.ts';
import { showGroup } from '../service/group.ts';
import { type ShownService, showService } from '../service.ts';
import { selectService } from '../services.ts';
import { secondsIn } from '../uptime/counted.ts';
import { percentage, weigh } from '../uptime/policies.ts';
import { timeOf } from '../uptime/seconds.ts';
import type { ServiceTime } from '../uptime/service-time.ts';
import { lastDays, type TimeSpan } from '../uptime/window.ts';
import { type UptimeMoment, uptimeSettings, uptimeTermsOfDays, validUntil } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { correctionsOf, type ToldCorrection } from './corrections.ts';
import { type DrawnService, selectDays } from './days.ts';
import { inLanguage } from './localized.ts';
import { monthAfter, monthOf, spanOfMonth } from './months.ts';
import { type EntityAsked, type PageFrame, type PageModels, selectFrame } from './page-frame.ts';
import { NO_STRIP, type PageMoment, STRIP_DAYS } from './status-page.ts';
import { statusSince, type TroubleRow, troubleOf } from './trouble.ts';

export interface ServiceAsked extends EntityAsked {
  /** The month of whose days with trouble the page tells, as `2026-08`; without it: the latest ones. */
  readonly month?: string | undefined;
}

/** The windows of the figures, in days. */
export const FIGURE_DAYS = [90, 30, 365] as const;

/** An incident or a maintenance, by what pages link it with. */
export interface Cause {
  readonly kind: 'incident' | 'maintenance';
  readonly title: string;
}

export interface ServiceView extends DrawnService {
  readonly frame: PageFrame;
  readonly service: ShownService;
  readonly group: { readonly id: string; readonly name: string } | null;
  /** Since when it has its status. */
  readonly since: string;
  /** In the order of `FIGURE_DAYS`; empty where the page or the service shows no uptime. */
  readonly figures: readonly { readonly days: number; readonly uptime: number | null }[];
  /** The uptime that the team reported since the creation, in per cent; `null` if it reported none, or none is shown. */
  readonly reportedUptime: number | null;
  /** The latest first. */
  readonly rows: readonly TroubleRow[];
  /** What the rows and the days of the strip name, by id. */
  readonly causes: Readonly<Record<string, Cause>>;
  /** The month of the rows; `null` if they are the latest ones. */
  readonly month: string | null;
  /** The months that have the rows before and after those of the page; `null` without any. */
  readonly older: string | null;
  readonly newer: string | null;
  /** The corrections in force, the latest first: some at most. */
  readonly corrections: readonly ToldCorrection[];
  /** Of the strip. */
  readonly from: string;
  readonly to: string;
  readonly policy: string;
  readonly validUntil: string | null;
}

/** How many rows the page has, and how many that of a month has. */
const [MAX_ROWS, MAX_ROWS_OF_MONTH] = [100, 1_000];

/**
 * `undefined` if the organisation has no such service that the viewer may see, or if the month is none of those in which
 * there was the service.
 */
export function selectServiceView(
  models: PageModels,
  viewer: Viewer,
  asked: ServiceAsked,
  { drawPast, ...moment }: PageMoment,
): ServiceView | undefined {
  const { id, organizationId, language, hidden, month = null } = asked;
  const found = hidden?.has(id) ? undefined : selectService(models.services, viewer, id);
  const time = models.uptime.services.get(id);
  if (found?.organizationId !== organizationId || !time) return undefined;
  const frame = selectFrame(models, viewer, asked);
  const settings = uptimeSettings(models, organizationId);
  if (month !== null && !isWithin(month, time, settings.zone, moment.now)) return undefined;
  const terms = uptimeTermsOfDays(STRIP_DAYS, settings, moment);
  const showsUptime = frame.settings.showUptime && found.showUptime;
  const table = tableOf(time, { ...settings, now: moment.now, month });
  const drawn = showsUptime ? selectDays(time, terms, drawPast) : NO_STRIP;
  return {
    frame,
    service: inLanguage(showService(found), language),
    group: groupOf(models, asked, found.groupId),
    since: timeOf(statusSince(time, moment.now)),
    figures: showsUptime ? FIGURE_DAYS.map((days) => figureOf(time, days, settings, moment)) : [],
    reportedUptime: showsUptime && found.isUptimeReported ? found.uptime : null,
    ...drawn,
    ...table,
    causes: causesOf(models, asked, [...table.rows, ...drawn.exceptions]),
    month,
    corrections: correctionsOf(time, settings, moment.now),
    from: timeOf(terms.window.from),
    to: timeOf(terms.window.to),
    policy: terms.policy,
    validUntil: validUntil(terms, found.status === 'operational'),
  };
}

function isWithin(month: string, { startsAt }: ServiceTime, zone: string, now: number): boolean {
  return month >= monthOf(zone, Math.min(startsAt, now)) && month <= monthOf(zone, now);
}

type Settings = ReturnType<typeof uptimeSettings>;

function figureOf(time: ServiceTime, days: number, { zone, policy }: Settings, { now }: UptimeMoment) {
  return { days, uptime: percentage(weigh(secondsIn(time, lastDays(days, zone, now), now), policy)) };
}

type TableTerms = Settings & { readonly now: number; readonly month: string | null };

/** The rows of a month, or the latest ones, and the months beside them. */
function tableOf(time: ServiceTime, { zone, policy, now, month }: TableTerms) {
  const all = { from: time.startsAt, to: now };
  const within = month === null ? all : spanOfMonth(zone, month);
  const limit = month === null ? MAX_ROWS : MAX_ROWS_OF_MONTH;
  const { rows, isCut } = troubleOf(time, { zone, policy, now, within, limit });
  const isEarlier = (span: TimeSpan) => troubleOf(time, { zone, policy, now, within: span, limit: 1 }).rows[0];
  const last = rows.at(-1);
  // Where the latest rows end within a month, the page of that month has all of it.
  if (month === null) return { rows, older: isCut && last ? last.date.slice(0, 7) : null, newer: null };
  const older = isEarlier({ from: time.startsAt, to: within.from })?.date.slice(0, 7) ?? null;
  return { rows, older, newer: month < monthOf(zone, now) ? monthAfter(month, 1) : null };
}

function groupOf({ services }: PageModels, { language, hidden }: ServiceAsked, groupId: string | null) {
  const group = groupId === null || hidden?.has(groupId) ? undefined : findGroup(services, groupId);
  return group ? { id: group.id, name: inLanguage(showGroup(group), language).name } : null;
}

/** The viewer may see them, as those of the service's organisation, unless they are hidden. */
function causesOf(
  models: PageModels,
  { language, hidden }: ServiceAsked,
  named: readonly Pick<TroubleRow, 'incidents' | 'maintenances'>[],
): Readonly<Record<string, Cause>> {
  const causes: Record<string, Cause> = {};
  const add = (kind: Cause['kind'], id: string, titleOf: (id: string) => string | undefined) => {
    const title = hidden?.has(id) || causes[id] ? undefined : titleOf(id);
    if (title !== undefined) causes[id] = { kind, title };
  };
  const ofIncident = (id: string) => {
    const incident = findIncident(models.incidents, id);
    return incident && inLanguage(showIncident(incident), language).title;
  };
  const ofMaintenance = (id: string) => {
    const maintenance = findMaintenance(models.maintenances, id);
    return maintenance && inLanguage(showMaintenance(maintenance), language).title;
  };
  for (const { incidents, maintenances } of named) {
    for (const id of incidents) add('incident', id, ofIncident);
    for (const id of maintenances) add('maintenance', id, ofMaintenance);
  }
  return causes;
}
