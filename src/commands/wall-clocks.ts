// Moments as people plan them: an instant with an offset, or a wall-clock time of a time zone. The only parser of these.
import * as z from 'zod';
import { readingsOf } from '../../projections/state/zones.ts';
import { type Rejection, reject } from './command.ts';
import { parseTime, TIME_RULE } from './times.ts';

/** A moment as it was sent: in UTC with milliseconds, or what clocks of a zone that stands elsewhere show. */
export type PlannedMoment = { readonly instant: string } | { readonly wallClock: string };

const WALL_CLOCK = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/;

/** What is right: the answer to everything that is no moment. */
const MOMENT_RULE = `${TIME_RULE}, or a wall-clock time like 2026-03-01T10:00 together with timeZone`;

/** The wall clock as it is recorded: with seconds, and a fraction only if there is one. `undefined` if it is none. */
function parseWallClock(text: string): string | undefined {
  const [, date, minutes, seconds = '00', fraction = ''] = WALL_CLOCK.exec(text) ?? [];
  const milliseconds = fraction.padEnd(3, '0');
  const written = `${date}T${minutes}:${seconds}.${milliseconds}Z`;
  // A date that does not exist is another one once it is parsed.
  if (Number.isNaN(Date.parse(written)) || new Date(written).toISOString() !== written) return undefined;
  return written.replace(/(\.000)?Z$/, '');
}

/** A moment in a body. */
export const momentField = z
  .unknown()
  .meta({ type: 'string' })
  .transform((sent, { addIssue }): PlannedMoment => {
    const text = typeof sent === 'string' ? sent : '';
    const instant = parseTime(text);
    if (instant !== undefined) return { instant };
    const wallClock = parseWallClock(text);
    if (wallClock !== undefined) return { wallClock };
    addIssue({ code: 'custom', message: MOMENT_RULE });
    return z.NEVER;
  });

/** The name of a time zone (IANA). */
export const timeZoneField = z.string().max(64).refine(isZone, 'must be a time zone, like Europe/Berlin');

function isZone(timeZone: string): boolean {
  try {
    // What is no name, like +01:00, has no changes of clocks, and not every browser takes it.
    return /^[A-Z]/i.test(timeZone) && new Intl.DateTimeFormat('en', { timeZone }).format(0) !== '';
  } catch {
    return false;
  }
}

/**
 * The instant of a moment. A wall clock without a zone is rejected, and so is one that a change of clocks skips or
 * repeats: only who sent it knows which instant is meant.
 */
export function instantOf(moment: PlannedMoment, zone: string | undefined, pointer: string): string | Rejection {
  if ('instant' in moment) return moment.instant;
  const { wallClock } = moment;
  if (zone === undefined) {
    return reject('invalid-request', `${wallClock} has no offset: add one, or send timeZone.`, pointer);
  }
  const { kind, first, second } = readingsOf(wallClock, zone);
  // An offset can lead out of the four-digit years, where times no longer compare as strings.
  if (!/^\d{4}-/.test(first.instant)) return reject('invalid-request', `${wallClock} is too far away.`, pointer);
  if (second === undefined) return first.instant;
  const choice = `send ${wallClock}${first.offset} or ${wallClock}${second.offset}`;
  const verb = kind === 'skipped' ? 'skip' : 'repeat';
  return reject('invalid-request', `The clocks of ${zone} ${verb} ${wallClock}: ${choice}.`, pointer);
}
