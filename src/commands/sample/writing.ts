// How the sample data is written: each entity in a new stream of the default organisation, at times before the start.
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import type { NewEvent, Write } from '../../log/commit.ts';

export const place = { organizationId: DEFAULT_ORGANIZATION };

/** The time so many minutes before the start of the server. */
export type MinutesAgo = (minutes: number) => string;

export const HOUR = 60;
export const DAY = 24 * HOUR;

export function write(stream: string, events: readonly NewEvent[]): Write {
  return { stream, expected: 'no-stream', events };
}
