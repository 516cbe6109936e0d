// A moment, as the organisation's clock shows it. The script puts it into the reader's zone.
import type { Reading } from '../reply/reading.ts';

/** How a moment is written: the time of day, with the date, or with the year as well. */
export type MomentFormat = 'time' | 'moment' | 'fullMoment';

interface Props {
  /** RFC 3339. */
  readonly at: string;
  readonly as: MomentFormat;
  readonly reading: Reading;
}

/** A moment with its date has its year too where a reader could take it for one of another year. */
export function Moment({ at, as, reading }: Props) {
  const isFar = as === 'moment' && distanceTo(at, reading) > HALF_A_YEAR;
  const format = isFar ? 'fullMoment' : as;
  return (
    <time datetime={at} data-format={format}>
      {reading.formats[format](at)}
    </time>
  );
}

const DAY = 86_400_000;
const HALF_A_YEAR = 182 * DAY;

/** In milliseconds, from what the page shows. */
function distanceTo(at: string, { now, past }: Reading): number {
  return Math.abs(Date.parse(past?.at ?? now) - Date.parse(at));
}

/** The time alone, where no reader takes it for that of another day: within half a day of what the page shows. */
export function formatOf(at: string, reading: Reading): MomentFormat {
  return distanceTo(at, reading) < DAY / 2 ? 'time' : 'moment';
}
