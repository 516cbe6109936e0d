// A maintenance: what it is, how it is shown, and which of its states are which.
import type { Span } from './entity-kind.ts';
import type { Local } from './events/maintenance.ts';
import type { MaintenanceStatus } from './events/severity.ts';
import type { SourceEvent } from './events/source-event.ts';
import type { Translations } from './events/translations.ts';
import type { Derived } from './maintenance/surroundings.ts';
import type { MaintenanceUpdate } from './maintenance/updates.ts';
import { type Entity, shownPlace } from './state/collection.ts';
import { shownTranslations } from './state/translated.ts';
import { wallClockAt } from './state/zones.ts';

interface MaintenanceFields extends Pick<Derived, 'affectedServices' | 'recurrence'> {
  readonly title: string;
  readonly description: string;
  readonly status: MaintenanceStatus;
  /** When it is planned to begin and to end. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly affectedServiceIds: readonly string[];
  /** Whether the clock begins and ends it at the planned moments. */
  readonly autoStart: boolean;
  readonly autoEnd: boolean;
  /** When it began and ended; `null` until then, and for one that was cancelled before it began. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly seriesId?: string;
  /** Oldest first. */
  readonly updates: readonly MaintenanceUpdate[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Maintenance extends Entity, MaintenanceFields, Derived {
  readonly translations: Translations | null;
  /** Only where wall clocks were planned. */
  readonly local?: Local;
  /** The local date of an occurrence of a series. */
  readonly occurrence?: string;
  /** Whether anybody changed it by hand since it was planned: then its series leaves it alone. */
  readonly isHandMade: boolean;
  /** Whether its series cancelled it. The series may plan it again. */
  readonly isDropped: boolean;
  /** The event that makes each of its services be shown as under maintenance; `null` while none is. */
  readonly sources: Readonly<Record<string, SourceEvent>> | null;
  /** All streams that ever affected what is shown of it. */
  readonly streams: readonly string[];
}

/** A maintenance as REST and sockets show it. */
export interface ShownMaintenance extends MaintenanceFields {
  readonly id: string;
  /** The planned wall clocks, or else those of the planned moments. */
  readonly local: Local;
  readonly translations?: Translations;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly version: number;
}

/** Whether the work goes on: its services are then shown as under maintenance at least. */
export function isActive({ status }: Pick<Maintenance, 'status'>): boolean {
  return status === 'in-progress' || status === 'verifying';
}

/** Whether it is over, one way or the other. */
export function isOver({ status }: Pick<Maintenance, 'status'>): boolean {
  return status === 'completed' || status === 'cancelled';
}

/** From when until when it goes on: as planned until it begins, then as it was. */
export function spanOf({ status, startsAt, endsAt, startedAt, endedAt }: Maintenance): Span {
  if (startedAt === null) return { from: startsAt, to: endsAt };
  return { from: startedAt, to: isActive({ status }) ? null : endedAt };
}

export function showMaintenance(maintenance: Maintenance): ShownMaintenance {
  const {
    organizationId: _organization,
    tenantId: _tenant,
    origin: _origin,
    position: _position,
    local = localOf(maintenance),
    translations,
    timeZone: _timeZone,
    occurrence: _occurrence,
    isHandMade: _isHandMade,
    isDropped: _isDropped,
    sources: _sources,
    streams: _streams,
    ...fields
  } = maintenance;
  return { ...fields, local, ...shownTranslations(translations), ...shownPlace(maintenance) };
}

/** What the clocks of its zone show at the planned moments. */
function localOf({ startsAt, endsAt, timeZone }: Maintenance): Local {
  return { startsAt: wallClockAt(startsAt, timeZone), endsAt: wallClockAt(endsAt, timeZone), timeZone };
}
