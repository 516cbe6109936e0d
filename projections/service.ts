// A service: its entity, and how it is shown.
import type { ServiceStatus } from './events/severity.ts';
import type { SourceEvent } from './events/source-event.ts';
import { type Entity, shownPlace } from './state/collection.ts';

export interface Service extends Entity {
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
    ...shownPlace(service),
    createdAt,
    lastUpdated,
    version,
  };
}
