// Whole seconds: the unit in which uptime is counted.
import type { RecordedEvent } from '../events/event-types.ts';

/** The first second of the year 0 and of the year 10,000: recorded times are between them. In seconds since 1970. */
export const ORIGIN = -62_167_219_200;
export const HORIZON = 253_402_300_800;

/** The second that a time in RFC 3339 is in, since 1970. */
export function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1_000);
}

/** The beginning of a second in RFC 3339. */
export function timeOf(second: number): string {
  return new Date(second * 1_000).toISOString();
}

/**
 * From when on holds what an event says, in milliseconds since 1970: it is told as of then, over what its stream told of
 * later moments before. Nothing that was recorded comes true only later.
 */
export function momentOf({ occurredAt, recordedAt }: Pick<RecordedEvent, 'occurredAt' | 'recordedAt'>): number {
  return Date.parse(occurredAt !== undefined && occurredAt < recordedAt ? occurredAt : recordedAt);
}
