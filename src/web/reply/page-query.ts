// The query of a page: in which language, and as of when.
import * as z from 'zod';
import { readingsOf } from '../../../projections/state/zones.ts';
import { parseQueryTime, TIME_RULE } from '../../commands/times.ts';
import { asOfFields, type When } from '../../http/as-of.ts';
import { readerFields } from '../../http/browsers/reader.ts';

/** As a form sends it. */
const WALL_CLOCK = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** A day that its month does not have is none, although `Date` takes it for one of the next month. */
function isWallClock(text: string): boolean {
  if (!WALL_CLOCK.test(text)) return false;
  const instant = Date.parse(`${text}Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/** The query of a page that has a past. `at` can be a wall clock of the organisation: forms know no offsets. */
export const pageQuery = z.object({
  ...readerFields,
  ...asOfFields,
  at: z
    .string()
    .refine((text) => isWallClock(text) || parseQueryTime(text) !== undefined, `${TIME_RULE}, or without one`)
    .exactOptional()
    .describe('Show the page as of this time: RFC 3339, or a wall clock of the organisation'),
});

/** The moment that a page was asked for, where the clocks of its organisation are these. */
export function momentAsked({ at, position }: When, zone: string): When {
  if (at === undefined) return position === undefined ? {} : { position };
  const instant = isWallClock(at) ? readingsOf(at, zone).first.instant : parseQueryTime(at);
  return { at: instant, position };
}
