// How a service was reported over time, corrected where its team found out later that it really was otherwise.
import { happenedAt } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { ServiceStatus } from './events/severity.ts';

/** What was said later about a past interval: from `from` up to, not including, `to`. */
export interface Correction {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly status: ServiceStatus;
  readonly reason: string;
  readonly recordedAt: string;
}

/** A time in which a service had one status: from `from` up to, not including, `to`. */
export interface StatusInterval {
  readonly from: string;
  /** `null` while it lasts. */
  readonly to: string | null;
  readonly status: ServiceStatus;
  /** What was reported instead; only where it was corrected. */
  readonly recordedStatus?: ServiceStatus;
  readonly corrected: boolean;
}

/** The correction that this event made. */
export function correctionOf(event: RecordedEvent<'service.history-corrected'>): Correction {
  const { correctionId, from, to, status, reason } = event.data;
  return { id: correctionId, from, to, status, reason, recordedAt: event.recordedAt };
}

/**
 * The intervals of a service, oldest first and without a gap, from its creation until now or its deletion. `events` are
 * those of its own stream in their order; of no service, or without its creation, there are none. A report holds from when
 * it happened until the next one. Where corrections overlap, the one that was recorded last wins; over reports they win
 * always. What incidents say of the service is not in it.
 */
export function statusHistory(events: Iterable<RecordedEvent>): StatusInterval[] {
  let reports: StatusInterval[] = [];
  const corrections: Correction[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'service.created':
        reports = [{ from: happenedAt(event), to: null, status: event.data.status, corrected: false }];
        break;
      case 'service.status-reported':
        reports = painted(reports, happenedAt(event), null, () => ({ status: event.data.status }));
        break;
      case 'service.history-corrected':
        corrections.push(correctionOf(event));
        break;
      case 'service.deleted':
        reports = reports.flatMap((interval) => clipped(interval, interval.from, happenedAt(event)));
        break;
    }
  }
  return joined(corrections.reduce(corrected, reports));
}

function corrected(intervals: StatusInterval[], { from, to, status }: Correction): StatusInterval[] {
  return painted(intervals, from, to, (interval) => ({
    status,
    recordedStatus: interval.recordedStatus ?? interval.status,
    corrected: true,
  }));
}

/** The intervals with what lies between the two times changed; those that reach across are cut there. */
function painted(
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

/** The part of the interval that lies between the two times, if there is any. */
function clipped(interval: StatusInterval, from: string, to: string | null): StatusInterval[] {
  const start = from > interval.from ? from : interval.from;
  const end = earlier(to, interval.to);
  return end === null || start < end ? [{ ...interval, from: start, to: end }] : [];
}

/** `null` is never. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** Neighbours that say the same, as one. */
function joined(intervals: readonly StatusInterval[]): StatusInterval[] {
  const result: StatusInterval[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last && saysTheSame(last, interval)) result.splice(-1, 1, { ...last, to: interval.to });
    else result.push(interval);
  }
  return result;
}

function saysTheSame(a: StatusInterval, b: StatusInterval): boolean {
  return a.status === b.status && a.recordedStatus === b.recordedStatus && a.corrected === b.corrected;
}
