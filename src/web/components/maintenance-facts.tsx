// What is said of a maintenance in every place: its window, how far it is, how it ended, and when it comes again.
import { Fragment } from 'preact';
import { isActive, isOver } from '../../../projections/maintenance.ts';
import type { ListedMaintenance } from '../../../projections/selectors/maintenance-view.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { Filled } from './filled.tsx';
import { formatOf, Moment } from './moment.tsx';

interface Props {
  readonly listed: ListedMaintenance;
  readonly reading: Reading;
}

/** "Thu 3 Dec, 23:00–01:00 (2 h)", by the clock of the organisation; once it is over, as it was. */
export function windowOf({ maintenance }: ListedMaintenance, { formats }: Reading): string {
  const { startsAt, endsAt, startedAt, endedAt } = maintenance;
  return formats.range(startedAt ?? startsAt, endedAt ?? endsAt);
}

/** How far it is, or how it ended; nothing while it is to come. */
export function MaintenanceProgress({ listed, reading }: Props) {
  const { maintenance, cancelledAt } = listed;
  const { words, formats } = reading;
  if (cancelledAt !== null) {
    return (
      <p class="outcome">
        <Filled template={words.maintenance.cancelledOn} with={{ date: formats.shortDate(cancelledAt) }} />
      </p>
    );
  }
  if (isOver(maintenance)) return <p class="outcome">{completedIn(listed, reading)}</p>;
  return isActive(maintenance) ? <Elapsed listed={listed} reading={reading} /> : null;
}

function completedIn({ maintenance }: ListedMaintenance, { words, formats }: Reading): string {
  const { startsAt, endsAt, startedAt, endedAt } = maintenance;
  const lasted = secondsBetween(startedAt ?? startsAt, endedAt ?? endsAt);
  return words.maintenance.completedIn(formats.duration(lasted), formats.duration(secondsBetween(startsAt, endsAt)));
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

/** The script moves the bar: without it there is none. */
function Elapsed({ listed: { maintenance }, reading }: Props) {
  const { words, now, past } = reading;
  const { startsAt, endsAt, startedAt } = maintenance;
  if (endsAt <= (past?.at ?? now)) {
    return (
      <p class="outcome">
        <Filled
          template={words.maintenance.overrun}
          with={{ time: <Moment at={endsAt} as={formatOf(endsAt, reading)} reading={reading} /> }}
        />
      </p>
    );
  }
  const [from, total] = [startedAt ?? startsAt, secondsBetween(startedAt ?? startsAt, endsAt)];
  const elapsed = Math.max(0, secondsBetween(from, past?.at ?? now));
  return (
    <progress
      aria-label={words.maintenance.elapsedTime}
      {...(past ? {} : { 'data-from': from, 'data-to': endsAt })}
      max={total}
      value={Math.min(elapsed, total)}
    />
  );
}

/** The next ones of its series. */
export function Repeats({ listed: { maintenance, next }, reading }: Props) {
  if (maintenance.recurrence === undefined || isOver(maintenance)) return null;
  const { words, formats } = reading;
  const [before = '', after = ''] = words.maintenance.repeats(next.length === 0 ? [] : [SLOT]).split(SLOT);
  return (
    <p class="repeats">
      {before}
      {next.map(({ id, startsAt }, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <a href={entityPage(reading, 'maintenance', id)}>{formats.shortDate(startsAt)}</a>
        </Fragment>
      ))}
      {after}
    </p>
  );
}

/** Stands for the links within the sentence. */
const SLOT = '\u0000';
