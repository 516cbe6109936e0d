// Refuses reads for their price: the payer has spent its budget, or too much work waits already.
import type { Concurrency } from '../bounds/concurrency.ts';
import type { Payer, Turns } from '../bounds/turns.ts';
import type { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** Whether requests to this route pay for what they cost. Changes are limited by their number instead. */
export function isPriced({ method, unlimited, isFree }: Route): boolean {
  return method === 'get' && !unlimited && !isFree;
}

/**
 * Whether requests to this route are counted among those that an address may send in a minute. Pages and what they load
 * are not: a thousand readers can be behind one address.
 */
export function isCounted({ page, loadedByPages }: Pick<Route, 'page' | 'loadedByPages'>): boolean {
  return !page && !loadedByPages;
}

/** Returns a problem if the payer has spent its budget. */
export function refuseSpent({ wait }: Payer): Problem | undefined {
  return wait > 0 ? tooCostly(Math.ceil(wait / 1_000)) : undefined;
}

/**
 * Returns a problem if the payer cannot have new work done now. What is refused costs nothing. `reads`: those of its
 * group, strangers or all others.
 */
export function refuseWork(payer: Payer, turns: Turns, reads: Concurrency): Problem | undefined {
  return refuseSpent(payer) ?? (turns.areFullFor(payer) || reads.isFull ? TOO_MUCH_WAITS : undefined);
}

function tooCostly(seconds: number): Problem {
  return {
    problem: 'too-costly',
    detail: `The reads of this address, network, credential or organisation cost more than is allowed; wait ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  };
}

const TOO_MUCH_WAITS: Problem = {
  problem: 'overloaded',
  detail: 'Too many reads are waiting; try again in a moment.',
  headers: { 'Retry-After': '2' },
};
