// The time as the server has it: the clock of a reader may be wrong.

/** From here on a difference counts: below it, it is the way of the answer. In milliseconds. */
const TOLERANCE = 5_000;

let ahead = 0;

/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now() + ahead;
}

/** Takes note of what time it is for the server, as it has just said. */
export function learnTime(time: string | null | undefined): void {
  const difference = Date.parse(time ?? '') - Date.now();
  if (Number.isNaN(difference)) return;
  ahead = Math.abs(difference) < TOLERANCE ? 0 : difference;
}
