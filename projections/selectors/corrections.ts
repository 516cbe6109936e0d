// The corrections of a service's past, as its page tells them: what counted before, what counts now, and what that changed.
import { SERVICE_STATUSES, type ServiceStatus } from '../events/severity.ts';
import { secondsIn, worstOf } from '../uptime/counted.ts';
import { timeOf } from '../uptime/seconds.ts';
import { type CorrectedInterval, type ServiceTime, withoutCorrection } from '../uptime/service-time.ts';
import { type ChangedUptime, changedUptimes, type UptimeSettings } from '../uptime-figures.ts';

/** A correction that is in force. */
export interface ToldCorrection {
  readonly id: string;
  /** Position of the event that made it. */
  readonly position: number;
  readonly from: string;
  readonly to: string;
  readonly status: ServiceStatus;
  readonly reason: string;
  /** The worst that was shown without it; `none` before the start of the service. */
  readonly before: ServiceStatus | 'none';
  /** The days that have other figures by it, oldest first; empty also if it is about more than a month. */
  readonly days: readonly ChangedUptime[];
}

/** The latest ones, the latest first. */
const MAX_CORRECTIONS = 20;
/** Figures of more than these seconds are not compared. */
const MAX_COMPARED = 31 * 86_400;

export function correctionsOf(service: ServiceTime, settings: UptimeSettings, now: number): ToldCorrection[] {
  return [...service.correctionsById.values()]
    .sort((a, b) => b.by - a.by)
    .slice(0, MAX_CORRECTIONS)
    .map((correction) => told(service, correction, settings, now));
}

function told(
  service: ServiceTime,
  { key: id, by: position, from, to, level, reason }: CorrectedInterval,
  settings: UptimeSettings,
  now: number,
): ToldCorrection {
  const before = withoutCorrection(service, id);
  const span = { from, to };
  return {
    id,
    position,
    from: timeOf(from),
    to: timeOf(to),
    status: SERVICE_STATUSES[level] as ServiceStatus,
    reason,
    before: worstOf(secondsIn(before, span, now)),
    days: to - from > MAX_COMPARED ? [] : changedUptimes({ before, after: service }, span, settings, now),
  };
}
