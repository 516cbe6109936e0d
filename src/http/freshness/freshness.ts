// Freshness: an answer is not older than what its client has seen, and a refusal not older than its request.
import type { Places } from '../../bounds/places.ts';
import type { Payer } from '../../bounds/turns.ts';
import type { Problem } from '../problem.ts';
import type { ServedLog } from './served-log.ts';

/**
 * How far the log reaches. `reached`: this server has read that position. `beyond`: the log ends before it, so it is of
 * another log. `unknown`: this server cannot say at the moment.
 */
export type Reached = 'reached' | 'beyond' | 'unknown';

/**
 * Waits for what other servers have recorded. A log that is not shared is always read as a whole, so nothing waits and
 * nothing is done twice.
 */
export class Freshness {
  readonly #log: Pick<ServedLog, 'position' | 'freshen'>;
  readonly #places: Places;

  /** `places` bounds how many requests wait at once. */
  constructor(log: Pick<ServedLog, 'position' | 'freshen'>, places: Places) {
    this.#log = log;
    this.#places = places;
  }

  /** Whether this server has read all that was recorded before this call. It does not wait where too many do. */
  async freshen(payer: Payer): Promise<boolean> {
    const release = this.#places.take(payer);
    if (typeof release !== 'function') return false;
    try {
      return await this.#log.freshen();
    } finally {
      release();
    }
  }

  /** Waits until this server has read up to this position, which a client names. */
  async reach(position: number, payer: Payer): Promise<Reached> {
    if (position <= this.#log.position) return 'reached';
    const isFresh = await this.freshen(payer);
    if (position <= this.#log.position) return 'reached';
    return isFresh ? 'beyond' : 'unknown';
  }

  /**
   * The result of an attempt, unless it refuses: what it lacks may have been recorded on another server. If that has
   * recorded something, the attempt is repeated once. A problem if this server cannot say at the moment.
   */
  async decide<T>(
    attempt: () => T | Promise<T>,
    { isRefusal, payer }: { readonly isRefusal: (result: NoInfer<T>) => boolean; readonly payer: Payer },
  ): Promise<T | Problem> {
    const { position } = this.#log;
    const result = await attempt();
    if (!isRefusal(result)) return result;
    if (!(await this.freshen(payer))) return NOT_READ;
    return this.#log.position === position ? result : attempt();
  }
}

/** The problem of a request whose answer depends on what this server cannot read at the moment. */
export const NOT_READ: Problem = {
  problem: 'behind',
  detail: 'This server cannot say at the moment whether others have recorded what this depends on; try again shortly.',
  headers: { 'Retry-After': '1' },
};

/** The problem of a request that has seen a position which this server has not read. */
export function notReached(position: number): Problem {
  return {
    problem: 'behind',
    detail: `This server has not read the log up to position ${position}; try again shortly.`,
    headers: { 'Retry-After': '1' },
  };
}
