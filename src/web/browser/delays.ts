// When a page asks its server again: spread, so that many pages do not ask in the same moment.

/** How long a page waits at most once it knows of a change, in milliseconds. */
export const SPREAD = 300;
/** How much later at most than the moment for which the page itself has announced a change. */
export const SPREAD_OF_ALL = 5_000;
/** From one answer to the next question. */
const PAUSE = 500;
/** How often a page asks that hears of no changes. */
export const POLL = 30_000;
/** The longest pause that an overloaded server may ask for. */
const LONGEST_PAUSE = 300_000;
/** A browser cannot wait longer at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** How long to wait before asking: a random part of `spread`, and not before `notBefore`. */
export function waitFor(
  spread: number,
  { now, notBefore, random }: { now: number; notBefore: number; random: number },
): number {
  return Math.max(random * spread, notBefore - now);
}

/** How long to ask nothing after an answer: what `Retry-After` says in seconds, or as a date. */
export function pauseAfter(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return PAUSE;
  const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Math.min(Math.max(asked || PAUSE, PAUSE), LONGEST_PAUSE);
}

/** How long until the moment, as far as a browser can wait. `undefined` if it has passed. */
export function waitUntil(moment: string | undefined, now: number): number | undefined {
  const wait = Date.parse(moment ?? '') - now;
  return wait >= 0 ? Math.min(wait, LONGEST_WAIT) : undefined;
}
