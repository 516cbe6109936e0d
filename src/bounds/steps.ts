// Work in steps: between two of them the event loop does what else is due.
import type { Turn } from './turns.ts';

/** Runs the steps, each when it is the turn of the request's payer. */
export async function inSteps<T>(steps: Iterator<void, T>, turn: Turn): Promise<T> {
  for (;;) {
    const step = await turn(() => steps.next());
    if (step.done) return step.value;
  }
}
