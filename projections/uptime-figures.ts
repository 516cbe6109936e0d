// Figures of uptime: of one service, day by day, and of all services of an organisation.
import type { ServiceStatus } from './events/severity.ts';
import { selectGroups } from './groups.ts';
import { findPage, type PagesState } from './pages.ts';
import { selectEntities } from './selection.ts';
import type { Service } from './service.ts';
import type { ServicesState } from './services.ts';
import { levelOf } from './state/timeline.ts';
import { daysChanged, namedByDay, secondsIn, sumOf, worstOf } from './uptime/counted.ts';
import {
  meanOf,
  millionths,
  percentage,
  policyNamed,
  type SecondsByStatus,
  type UptimePolicy,
  weigh,
} from './uptime/policies.ts';
import { timeOf } from './uptime/seconds.ts';
import { type ServiceTime, shownOf } from './uptime/service-time.ts';
import type { UptimeState } from './uptime/uptime.ts';
import {
  type AskedUptimeWindow,
  lastDays,
  lastFullMinute,
  type TimeSpan,
  type UptimeWindow,
  type WindowError,
  windowOf,
} from './uptime/window.ts';
import { dayOf, startOfDay } from './uptime/zones.ts';
import type { Viewer } from './viewer/viewer.ts';

export interface UptimeModels {
  readonly services: ServicesState;
  readonly uptime: UptimeState;
}

/** How an organisation counts uptime. */
export interface UptimeSettings {
  /** Whose days. */
  readonly zone: string;
  readonly policy: UptimePolicy;
  /** Position of the last event that changed any of it; 0 if nothing ever did. */
  readonly position: number;
}

export function uptimeSettings({ pages }: { readonly pages: PagesState }, organizationId: string): UptimeSettings {
  const { timeZone: zone, uptimePolicy, position } = findPage(pages, organizationId);
  return { zone, policy: policyNamed(uptimePolicy), position };
}

/** As of when figures are given. */
export interface UptimeMoment {
  /** The present second. */
  readonly now: number;
  /** Whether time alone can change the answer: not if it is about what was said in the past. */
  readonly isLive: boolean;
}

/** What a figure is counted over, and how. */
export interface UptimeTerms extends Pick<UptimeSettings, 'policy' | 'position'>, Pick<UptimeMoment, 'isLive'> {
  readonly window: UptimeWindow;
}

/** What is asked for in place of the organisation's own settings. */
export type AskedTerms = AskedUptimeWindow & {
  readonly zone?: string | undefined;
  readonly policy?: UptimePolicy | undefined;
};

export function uptimeTerms(
  asked: AskedTerms,
  settings: UptimeSettings,
  moment: UptimeMoment,
): UptimeTerms | WindowError {
  const { position } = settings;
  const { zone = settings.zone, policy = settings.policy } = asked;
  const window = windowOf(asked, zone, moment.now);
  return 'member' in window ? window : { window, policy, position, isLive: moment.isLive };
}

/** The same for today and the days before, as many in all: nothing can be wrong with that. */
export function uptimeTermsOfDays(
  days: number,
  { zone, policy, position }: UptimeSettings,
  moment: UptimeMoment,
): UptimeTerms {
  return { window: lastDays(days, zone, moment.now), policy, position, isLive: moment.isLive };
}

interface UptimeDay {
  readonly date: string;
  readonly uptime: number | null;
  readonly worst: ServiceStatus | 'none';
  readonly seconds: SecondsByStatus;
  /** Ids of all that named the service within the day, oldest first. */
  readonly incidents: readonly string[];
  readonly maintenances: readonly string[];
}

/** What all answers about uptime say. */
interface UptimeAnswer {
  readonly policy: UptimePolicy;
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  /** Per cent, floored to two decimals; `null` without a counted second. */
  readonly uptime: number | null;
  /** Position of the last event that it depends on. */
  readonly position: number;
  /** Until when it holds if nothing happens; `null` where time alone changes nothing. */
  readonly validUntil: string | null;
}

export interface UptimeOfService extends UptimeAnswer {
  readonly serviceId: string;
  readonly seconds: SecondsByStatus;
  readonly days: readonly UptimeDay[];
}

export interface UptimeOfOrganization extends UptimeAnswer {
  readonly groups: readonly { readonly groupId: string; readonly uptime: number | null }[];
  readonly services: readonly {
    readonly serviceId: string;
    readonly uptime: number | null;
    readonly seconds: SecondsByStatus;
    readonly days: readonly Omit<UptimeDay, 'seconds'>[];
  }[];
}

/** Which services of an organisation to list, in the order of creation. */
export interface UptimePage {
  readonly organizationId: string;
  /** Only services created after this position. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** The uptime of a service, without an access check; `undefined` if there is none. */
export function uptimeOfService(
  state: UptimeState,
  serviceId: string,
  terms: UptimeTerms,
): UptimeOfService | undefined {
  const service = state.services.get(serviceId);
  if (!service) return undefined;
  const days = daysOfService(service, terms);
  const seconds = sumOf(days.map((day) => day.seconds));
  return {
    serviceId,
    ...saidOf(terms),
    uptime: percentage(weigh(seconds, terms.policy)),
    seconds,
    days,
    position: Math.max(service.position, terms.position),
    validUntil: validUntil(terms, isOperational(service, terms)),
  };
}

/** A page of the uptimes of an organisation's services, and the mean of all of them. `next` is after which
 * service the next page begins. */
export function uptimeOfOrganization(
  models: UptimeModels,
  viewer: Viewer,
  { organizationId, after = 0, limit }: UptimePage,
  terms: UptimeTerms,
): { readonly answer: UptimeOfOrganization; readonly next: { readonly origin: number } | undefined } {
  const { services, uptime } = models;
  const all = timesOf(models, viewer, organizationId).map((each) => ({
    ...each,
    value: exactUptime(each.service, terms),
  }));
  const rest = all.filter(({ entity }) => entity.origin > after);
  const listed = rest.slice(0, limit);
  const answer = {
    ...saidOf(terms),
    uptime: meanOf(all.map(({ value }) => value)),
    groups: selectGroups(services, viewer, { organizationId }).map(({ id }) => ({
      groupId: id,
      uptime: meanOf(all.filter(({ entity }) => entity.groupId === id).map(({ value }) => value)),
    })),
    services: listed.map(({ entity, service }) => {
      const days = daysOfService(service, terms);
      const seconds = sumOf(days.map((day) => day.seconds));
      const shownDays = days.map(({ seconds: _, ...day }) => day);
      return { serviceId: entity.id, uptime: percentage(weigh(seconds, terms.policy)), seconds, days: shownDays };
    }),
    position: Math.max(uptime.positions.get(organizationId) ?? 0, terms.position),
    validUntil: validUntil(
      terms,
      all.every(({ service }) => isOperational(service, terms)),
    ),
  };
  const last = listed.at(-1)?.entity;
  return { answer, next: rest.length > limit && last ? { origin: last.origin } : undefined };
}

/** Figures alone: of all services of an organisation that the viewer may see, of its groups, and of all together. */
export interface UptimeFigures {
  readonly uptime: number | null;
  readonly groups: ReadonlyMap<string, number | null>;
  readonly services: ReadonlyMap<string, number | null>;
}

export function uptimeFigures(
  models: UptimeModels,
  viewer: Viewer,
  organizationId: string,
  terms: UptimeTerms,
): UptimeFigures {
  const all = timesOf(models, viewer, organizationId).map(({ entity, service }) => ({
    entity,
    weighed: weigh(secondsIn(service, terms.window, terms.window.now), terms.policy),
  }));
  const byGroup = new Map<string, (number | null)[]>();
  for (const { entity, weighed } of all) {
    if (entity.groupId === null) continue;
    const own = byGroup.get(entity.groupId);
    if (own) own.push(millionths(weighed));
    else byGroup.set(entity.groupId, [millionths(weighed)]);
  }
  return {
    uptime: meanOf(all.map(({ weighed }) => millionths(weighed))),
    groups: new Map([...byGroup].map(([id, values]) => [id, meanOf(values)])),
    services: new Map(all.map(({ entity, weighed }) => [entity.id, percentage(weighed)])),
  };
}

interface TimedService {
  readonly entity: Service;
  readonly service: ServiceTime;
}

/** The services of an organisation that the viewer may see, in the order of creation. */
function timesOf({ services, uptime }: UptimeModels, viewer: Viewer, organizationId: string): TimedService[] {
  return [...selectEntities(services.services, viewer, { organizationId })].flatMap((entity) => {
    const service = uptime.services.get(entity.id);
    return service ? [{ entity, service }] : [];
  });
}

/** The unrounded uptime of a service in the whole window, in millionths of a per cent. */
function exactUptime(service: ServiceTime, { window, policy }: UptimeTerms): number | null {
  return millionths(weigh(secondsIn(service, window, window.now), policy));
}

/** The figures of each day of a service in the window. */
export function daysOfService(service: ServiceTime, { window, policy }: UptimeTerms): readonly UptimeDay[] {
  const named = namedByDay(service, window);
  return window.days.map((day, index) => {
    const seconds = secondsIn(service, day, window.now);
    return {
      date: day.date,
      uptime: percentage(weigh(seconds, policy)),
      worst: worstOf(seconds),
      seconds,
      incidents: named[index]?.incident ?? [],
      maintenances: named[index]?.maintenance ?? [],
    };
  });
}

/** What an answer says of its terms. */
export function saidOf({ window, policy }: UptimeTerms): Pick<UptimeAnswer, 'policy' | 'zone' | 'from' | 'to'> {
  return { policy, zone: window.zone, from: timeOf(window.from), to: timeOf(window.to) };
}

function isOperational(service: ServiceTime, { window }: UptimeTerms): boolean {
  return levelOf(shownOf(service).at(window.now)) === 0;
}

/** The next midnight of the zone, an hour at most; one minute while anything is not operational. On a full minute. */
export function validUntil({ window: { now, zone, isOpen }, isLive }: UptimeTerms, isCalm: boolean): string | null {
  if (!isLive || !isOpen) return null;
  const minute = lastFullMinute(now);
  const midnight = lastFullMinute(startOfDay(zone, dayOf(zone, now) + 1));
  return timeOf(isCalm ? Math.max(minute + 60, Math.min(minute + 3_600, midnight)) : minute + 60);
}

/** The uptime of a day before and after a change. */
export interface ChangedUptime {
  readonly date: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** The days that have other seconds after a change within a span, oldest first, also where the percentage stays. */
export function changedUptimes(
  services: { readonly before: ServiceTime; readonly after: ServiceTime },
  span: TimeSpan,
  { zone, policy }: UptimeSettings,
  now: number,
): readonly ChangedUptime[] {
  return daysChanged(services, span, zone, now).map(({ date, before, after }) => ({
    date,
    before: percentage(weigh(before, policy)),
    after: percentage(weigh(after, policy)),
  }));
}
