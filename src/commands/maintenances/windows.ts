// The window of a maintenance: from when until when it is planned, and by which wall clocks.
import type { Local } from '../../../projections/events/maintenance.ts';
import { readingsOf, wallClockAt } from '../../../projections/state/zones.ts';
import { type Rejection, reject } from '../command.ts';
import { instantOf, type PlannedMoment } from '../wall-clocks.ts';

export interface Window {
  readonly startsAt: string;
  readonly endsAt: string;
  /** Only where wall clocks were planned: they decide where zone data change. */
  readonly local?: Local;
}

/** What a request says about the window. */
export interface AskedWindow {
  readonly startsAt?: PlannedMoment | undefined;
  readonly endsAt?: PlannedMoment | undefined;
  readonly timeZone?: string | undefined;
}

/** The window between two moments. With a zone, the wall clocks of both are recorded. */
export function plannedWindow(start: PlannedMoment, end: PlannedMoment, zone: string | undefined): Window | Rejection {
  const startsAt = instantOf(start, zone, '/startsAt');
  if (typeof startsAt !== 'string') return startsAt;
  const endsAt = instantOf(end, zone, '/endsAt');
  if (typeof endsAt !== 'string') return endsAt;
  if (endsAt <= startsAt) {
    return reject('invalid-request', `The end, ${endsAt}, must be after the start, ${startsAt}.`, '/endsAt');
  }
  if (zone === undefined) return { startsAt, endsAt };
  const clockOf = (moment: PlannedMoment, instant: string) =>
    'wallClock' in moment ? moment.wallClock : wallClockAt(instant, zone);
  const local = { startsAt: clockOf(start, startsAt), endsAt: clockOf(end, endsAt), timeZone: zone };
  return { startsAt, endsAt, local };
}

/**
 * The window with what a request changes of it. A wall clock without a zone is one of `shownZone`, the one in which the
 * window is shown.
 */
export function changedWindow(
  current: Window,
  { startsAt, endsAt, timeZone }: AskedWindow,
  shownZone: string,
): Window | Rejection {
  const sent = [startsAt, endsAt].filter((moment) => moment !== undefined);
  if (sent.length === 0) return timeZone === undefined ? sameWindow(current) : ZONE_ALONE;
  // Two instants replace the wall clocks; one leaves the wall clock of the other.
  const keptZone = sent.length === 1 ? current.local?.timeZone : undefined;
  const ownZone = sent.some((moment) => 'wallClock' in moment) ? shownZone : keptZone;
  const start = startsAt ?? { instant: current.startsAt };
  const end = endsAt ?? { instant: current.endsAt };
  return plannedWindow(start, end, timeZone ?? ownZone);
}

const ZONE_ALONE = reject('invalid-request', 'timeZone goes with startsAt or endsAt.', '/timeZone');

/** The window alone, of what has one. */
export function sameWindow({ startsAt, endsAt, local }: Window): Window {
  return { startsAt, endsAt, ...(local ? { local } : {}) };
}

/**
 * The window that these wall clocks are. Skipped ones have the offset before the change, repeated ones are the first; where
 * that leaves no time, the window ends after its planned length.
 */
export function windowAt(local: Local): Window & { readonly local: Local } {
  const { startsAt: start, endsAt: end, timeZone } = local;
  const startsAt = readingsOf(start, timeZone).first.instant;
  const endsAt = readingsOf(end, timeZone).first.instant;
  return { startsAt, endsAt: endsAt > startsAt ? endsAt : later(startsAt, lengthOf(local)), local };
}

/** How long it lasts where no change of clocks is within, in milliseconds. */
export function lengthOf({ startsAt, endsAt }: Local): number {
  return Date.parse(`${endsAt}Z`) - Date.parse(`${startsAt}Z`);
}

function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}

/**
 * The window as its wall clocks have it by the zone data of today, if these say otherwise than those by which it was
 * planned. Either reading of a repeated wall clock may have been meant.
 */
export function correctedWindow({ startsAt, endsAt, local }: Window): Window | undefined {
  if (!local) return undefined;
  const today = windowAt(local);
  const shows = (instant: string, wallClock: string) => wallClockAt(instant, local.timeZone) === wallClock;
  const corrected = {
    startsAt: shows(startsAt, local.startsAt) ? startsAt : today.startsAt,
    endsAt: shows(endsAt, local.endsAt) ? endsAt : today.endsAt,
  };
  return corrected.startsAt === startsAt && corrected.endsAt === endsAt ? undefined : { ...corrected, local };
}
