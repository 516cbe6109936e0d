// The times at which a service was not operational, day by day: the table that says in words what its strip draws.
import type { ServiceStatus } from '../events/severity.ts';
import { LEVELS, levelOf } from '../state/timeline.ts';
import { secondsIn } from '../uptime/counted.ts';
import { percentage, type UptimePolicy, weigh } from '../uptime/policies.ts';
import { secondOf } from '../uptime/seconds.ts';
import { type ServiceTime, shownOf } from '../uptime/service-time.ts';
import { lastFullMinute, type TimeSpan } from '../uptime/window.ts';
import { dateOf, dayOf, startOfDay } from '../uptime/zones.ts';
import { spansOf } from './days.ts';

/** A time within one day at which a service had one status other than operational. */
export interface TroubleRow {
  /** A day of the zone. */
  readonly date: string;
  readonly from: string;
  /** `null` while it goes on. */
  readonly to: string | null;
  readonly status: ServiceStatus;
  /** How long it took, in seconds; `null` while it goes on. */
  readonly seconds: number | null;
  /** Of the whole day; of the present one up to the last full minute, as everywhere. */
  readonly uptime: number | null;
  /** Ids of what named the service meanwhile, oldest first: some at most. */
  readonly incidents: readonly string[];
  readonly maintenances: readonly string[];
}

export interface TroubleAsked {
  readonly zone: string;
  readonly policy: UptimePolicy;
  /** The present second. */
  readonly now: number;
  /** The seconds within which rows are asked for. */
  readonly within: TimeSpan;
  readonly limit: number;
}

/** How many incidents, and how many maintenances, a row names. */
const MAX_NAMED = 10;

/** The latest first. `isCut` says that there are more than `limit`. A calm time costs no more than a short one. */
export function troubleOf(
  service: ServiceTime,
  { zone, policy, now, within, limit }: TroubleAsked,
): { readonly rows: readonly TroubleRow[]; readonly isCut: boolean } {
  const begin = Math.max(within.from, service.startsAt);
  const rows: TroubleRow[] = [];
  for (let end = Math.min(within.to, now); end > begin && rows.length <= limit; ) {
    const calmSince = beginOfLevel(service, 0, { from: begin, to: end });
    if (calmSince <= begin) break;
    const number = dayOf(zone, calmSince - 1);
    const day = { from: startOfDay(zone, number), to: startOfDay(zone, number + 1) };
    const uptime = percentage(weigh(secondsIn(service, day, lastFullMinute(now)), policy));
    const spans = spansOf(service, { from: Math.max(day.from, begin), to: Math.min(day.to, end) }, now);
    for (const [from, to, status] of spans.toReversed()) {
      const isOpen = secondOf(to) === now;
      rows.push({
        date: dateOf(number),
        from,
        to: isOpen ? null : to,
        status,
        seconds: isOpen ? null : secondOf(to) - secondOf(from),
        uptime,
        ...namedWithin(service, { from: secondOf(from), to: secondOf(to) }),
      });
    }
    end = day.from;
  }
  return { rows: rows.slice(0, limit), isCut: rows.length > limit };
}

/** When the status began that the service has now, in seconds. It began with the service at the earliest. */
export function statusSince(service: ServiceTime, now: number): number {
  const level = levelOf(shownOf(service).at(now));
  return beginOfLevel(service, level, { from: Math.min(service.startsAt, now), to: now + 1 });
}

/** The first second from which on the service has this level until the end of the span. */
function beginOfLevel(service: ServiceTime, level: number, { from, to }: TimeSpan): number {
  const shown = shownOf(service);
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const counts = new Array<number>(LEVELS).fill(0);
    shown.addSeconds(middle, to, counts);
    if (counts[level] === to - middle) high = middle;
    else low = middle + 1;
  }
  return low;
}

function namedWithin({ claims }: ServiceTime, { from, to }: TimeSpan): Pick<TroubleRow, 'incidents' | 'maintenances'> {
  const ids = { incident: new Set<string>(), maintenance: new Set<string>() };
  for (const { noun, key } of claims.overlapping(from, to)) if (noun !== null) ids[noun].add(key);
  const some = (named: ReadonlySet<string>) => [...named].slice(0, MAX_NAMED);
  return { incidents: some(ids.incident), maintenances: some(ids.maintenance) };
}
