// A service: its entity, and how it is shown.
import type { Ranked } from './events/rank.ts';
import type { ServiceStatus } from './events/severity.ts';
import type { SourceEvent } from './events/source-event.ts';
import type { Translations } from './events/translations.ts';
import { type Entity, shownPlace } from './state/collection.ts';
import { shownTranslations } from './state/translated.ts';

export interface Service extends Entity, Ranked {
  readonly name: string;
  readonly description: string;
  /** The status that the team reports. */
  readonly reportedStatus: ServiceStatus;
  /** When that status began, according to the team. */
  readonly reportedSince: string;
  /** When that report was recorded. */
  readonly reportedAt: string;
  /** The event that set that status: a report that repeats the status leaves it as it is. */
  readonly reportedBy: SourceEvent;
  /** The shown status: the worst of the reported status and the claims of unresolved incidents. */
  readonly status: ServiceStatus;
  /** Per cent, 0 to 100, as the team reports it. */
  readonly uptime: number;
  /** Whether the team has reported it since the creation: until then it is what the service was created with. */
  readonly isUptimeReported: boolean;
  /** The group that it is in, if any. Its rank is among the services of that group, or of none. */
  readonly groupId: string | null;
  /** Whether pages show its uptime. */
  readonly showUptime: boolean;
  /** Whether pages show it only while it is not operational. */
  readonly onlyShowIfAffected: boolean;
  /** From when on it counts. */
  readonly startDate: string;
  readonly translations: Translations | null;
  readonly createdAt: string;
  readonly lastUpdated: string;
}

/** A service as REST and sockets show it. */
export interface ShownService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ServiceStatus;
  readonly reportedStatus: ServiceStatus;
  readonly reportedSince: string;
  readonly reportedAt: string;
  readonly uptime: number;
  readonly groupId: string | null;
  /** Its rank among the services of its group, or of those without one; `null` if nobody has placed it. */
  readonly order: string | null;
  readonly showUptime: boolean;
  readonly onlyShowIfAffected: boolean;
  readonly startDate: string;
  readonly translations?: Translations;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly createdAt: string;
  readonly lastUpdated: string;
  readonly version: number;
}

/** A mutable copy, until it becomes the new state. */
export type ServiceDraft = { -readonly [K in keyof Service]: Service[K] };

/**
 * Copies member by member, always in the same order. A spread takes several times as long, and it gets slower with each
 * object shape that it meets.
 */
export function draftOf(service: Service): ServiceDraft {
  const { id, name, description, reportedStatus, reportedSince, reportedAt, reportedBy, status, uptime } = service;
  const { isUptimeReported, groupId, rank, showUptime, onlyShowIfAffected, startDate, translations } = service;
  const { organizationId, tenantId, createdAt, lastUpdated, version, origin, position } = service;
  const draft: ServiceDraft = {
    id,
    name,
    description,
    reportedStatus,
    reportedSince,
    reportedAt,
    reportedBy,
    status,
    uptime,
    isUptimeReported,
    groupId,
    rank,
    showUptime,
    onlyShowIfAffected,
    startDate,
    translations,
    organizationId,
    createdAt,
    lastUpdated,
    version,
    origin,
    position,
  };
  if (tenantId !== undefined) draft.tenantId = tenantId;
  return draft;
}

export function showService(service: Service): ShownService {
  const { id, name, description, status, reportedStatus, reportedSince, reportedAt, uptime } = service;
  const { groupId, rank, showUptime, onlyShowIfAffected, startDate, translations } = service;
  const { createdAt, lastUpdated, version } = service;
  return {
    id,
    name,
    description,
    status,
    reportedStatus,
    reportedSince,
    reportedAt,
    uptime,
    groupId,
    order: rank,
    showUptime,
    onlyShowIfAffected,
    startDate,
    ...shownTranslations(translations),
    ...shownPlace(service),
    createdAt,
    lastUpdated,
    version,
  };
}
