// A moment, as the organisation's clock shows it. The script puts it into the reader's zone.
import type { Reading } from '../reply/reading.ts';

/** How a moment is written: the time of day, or the date and the time. */
export type MomentFormat = 'time' | 'moment';

interface Props {
  /** RFC 3339. */
  readonly at: string;
  readonly as: MomentFormat;
  readonly reading: Reading;
}

export function Moment({ at, as, reading: { formats } }: Props) {
  return (
    <time datetime={at} data-format={as}>
      {formats[as](at)}
    </time>
  );
}

const DAY = 86_400_000;

/** The time alone, where no reader takes it for that of another day: within half a day of what the page shows. */
export function formatOf(at: string, { now, past }: Reading): MomentFormat {
  return Math.abs(Date.parse(past?.at ?? now) - Date.parse(at)) < DAY / 2 ? 'time' : 'moment';
}
