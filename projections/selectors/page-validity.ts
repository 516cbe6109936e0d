// Until when a page stays as it is if nothing happens: what it says of moments to come changes when they have come.
import { secondOf, timeOf } from '../uptime/seconds.ts';
import { lastFullMinute } from '../uptime/window.ts';
import { dayOf, startOfDay } from '../uptime/zones.ts';
import type { UptimeMoment } from '../uptime-figures.ts';

/** The moments that a page names; what it does not name is left out, or null. */
type Named = readonly (string | null | undefined)[];

/**
 * The earliest of the moments to come that the page names, and the next midnight of its zone: another day changes which
 * dates are left out. `null` where the page is about the past.
 */
export function holdsUntil(zone: string, named: Named, { now, isLive }: UptimeMoment): string | null {
  if (!isLive) return null;
  const midnight = lastFullMinute(startOfDay(zone, dayOf(zone, now) + 1));
  const coming = named.flatMap((time) => (time ? secondOf(time) : [])).filter((second) => second > now);
  return timeOf(Math.min(midnight, ...coming));
}
