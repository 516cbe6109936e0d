// Waits in tests, each with an end: a test that waits in vain says so, and not that it took too long.
import { setTimeout } from 'node:timers/promises';

/** How often a condition is looked at, and after how long it is given up, in milliseconds. */
const WAIT = { between: 10, atMost: 60_000 };

/** Aborts after a minute: for what a test follows to its end. */
export function inAMinute(): AbortSignal {
  return AbortSignal.timeout(WAIT.atMost);
}

/** Resolves when the condition holds. Rejects if it does not for a minute. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT.atMost;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`For ${WAIT.atMost / 1_000} seconds this did not become true: ${isSo}`);
    await setTimeout(WAIT.between);
  }
}
