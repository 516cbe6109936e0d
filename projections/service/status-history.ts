// The reported status of a service over time, with the corrections that its team made later.
import { happenedAt } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { ServiceStatus } from '../events/severity.ts';

/** A later correction of a past interval: from `from` up to, not including, `to`. */
export interface Correction {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly status: ServiceStatus;
  readonly reason: string;
  readonly recordedAt: string;
}

/** An interval in which a service had one status: from `from` up to, not including, `to`. */
export interface StatusInterval {
  readonly from: string;
  /** `null` for the current interval. */
  readonly to: string | null;
  readonly status: ServiceStatus;
  /** The status that was reported; only in a corrected interval. */
  readonly recordedStatus?: ServiceStatus;
  readonly corrected: boolean;
}

/** The correction that this event made. */
export function correctionOf(event: RecordedEvent<'service.history-corrected'>): Correction {
  const { correctionId, from, to, status, reason } = event.data;
  return { id: correctionId, from, to, status, reason, recordedAt: event.recordedAt };
}

/**
 * The intervals of a service, oldest first and without gaps, from its creation until now or its deletion. `events` are
 * the events of its own stream in order; without `service.created` the result is empty. A report applies from when it
 * happened until the next one. A correction always overrides reports; of overlapping corrections the one recorded last
 * wins, and one that was withdrawn never was. The claims of incidents are left out.
 */
export function statusHistory(events: Iterable<RecordedEvent>): StatusInterval[] {
  let reports: StatusInterval[] = [];
  let corrections: Correction[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'service.created':
        reports = [{ from: happenedAt(event), to: null, status: event.data.status, corrected: false }];
        break;
      case 'service.status-reported':
        reports = overwritten(reports, happenedAt(event), null, () => ({ status: event.data.status }));
        break;
      case 'service.history-corrected':
        corrections = [...corrections, correctionOf(event)];
        break;
      case 'service.correction-withdrawn':
        corrections = corrections.filter(({ id }) => id !== event.data.correctionId);
        break;
      case 'service.deleted':
        reports = reports.flatMap((interval) => clipped(interval, interval.from, happenedAt(event)));
        break;
    }
  }
  return merged(corrections.reduce(corrected, reports));
}

function corrected(intervals: StatusInterval[], { from, to, status }: Correction): StatusInterval[] {
  return overwritten(intervals, from, to, (interval) => ({
    status,
    recordedStatus: interval.recordedStatus ?? interval.status,
    corrected: true,
  }));
}

/** The intervals, changed between the two times. An interval that crosses one of the times is split there. */
function overwritten(
  intervals: readonly StatusInterval[],
  from: string,
  to: string | null,
  change: (interval: StatusInterval) => Partial<StatusInterval>,
): StatusInterval[] {
  return intervals.flatMap((interval) => [
    ...clipped(interval, interval.from, from),
    ...clipped(interval, from, to).map((part) => ({ ...part, ...change(interval) })),
    ...(to === null ? [] : clipped(interval, to, interval.to)),
  ]);
}

/** The part of the interval between the two times; empty if they do not overlap. */
function clipped(interval: StatusInterval, from: string, to: string | null): StatusInterval[] {
  const start = from > interval.from ? from : interval.from;
  const end = earlier(to, interval.to);
  return end === null || start < end ? [{ ...interval, from: start, to: end }] : [];
}

/** The earlier time; `null` means never. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** Merges adjacent intervals that have the same status. */
function merged(intervals: readonly StatusInterval[]): StatusInterval[] {
  const result: StatusInterval[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last && haveSameStatus(last, interval)) result.splice(-1, 1, { ...last, to: interval.to });
    else result.push(interval);
  }
  return result;
}

function haveSameStatus(a: StatusInterval, b: StatusInterval): boolean {
  return a.status === b.status && a.recordedStatus === b.recordedStatus && a.corrected === b.corrected;
}
