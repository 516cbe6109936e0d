// From when until when, by the clock of the organisation. The script puts it into the reader's zone.
import type { ShownMaintenance } from '../../../projections/maintenance.ts';
import type { Reading } from '../reply/reading.ts';
import { Filled } from './filled.tsx';

interface WindowProps {
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly reading: Reading;
}

/** "Thu 3 Dec, 23:00–01:00 (2 h)". */
export function Window({ from, to, reading: { formats } }: WindowProps) {
  return (
    <time datetime={from} data-to={to} data-format="range">
      {formats.range(from, to)}
    </time>
  );
}

interface Props {
  readonly maintenance: ShownMaintenance;
  readonly reading: Reading;
}

/** The window of a maintenance: as planned until it is over, then as it was. One that ends by hand ends about then. */
export function MaintenanceWindow({ maintenance, reading }: Props) {
  const { startsAt, endsAt, startedAt, endedAt, autoEnd } = maintenance;
  const range = <Window from={startedAt ?? startsAt} to={endedAt ?? endsAt} reading={reading} />;
  if (autoEnd || endedAt !== null) return range;
  return <Filled template={reading.words.maintenance.about} with={{ range }} />;
}
