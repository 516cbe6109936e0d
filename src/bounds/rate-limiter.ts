// How often is too often: a quota for each key, in bounded memory.
import { RecentMap } from './recent-map.ts';

/** So many in so much time: as many at once, and then as fast as they grow again. */
export interface Quota {
  /** Named in the `RateLimit` headers of what it is counted for. */
  readonly name: string;
  /** At most 1,000 a second. */
  readonly count: number;
  /** Seconds in which `count` grow again. */
  readonly window: number;
}

/** What became of a try. */
export interface Verdict {
  readonly quota: Quota;
  readonly allowed: boolean;
  /** How many more are allowed at this moment. */
  readonly remaining: number;
  /** Seconds until all of the quota is there again. */
  readonly reset: number;
  /** Seconds until one more is allowed; 0 where one is. */
  readonly retryAfter: number;
}

interface Terms {
  readonly now: () => Date;
  /** How many keys are remembered. */
  readonly capacity: number;
}

/**
 * Counts by GCRA (a leaky bucket as one number a key). Written here because the stores of the libraries for this grow with
 * the keys they meet, and anyone can make up a million of those.
 *
 * Of more keys than `capacity` those that were silent longest are forgotten. A client that goes on trying is remembered, also
 * while it is refused: to have one forgotten takes tries under at least half of `capacity` other keys since its own last one.
 * Each of those has a whole quota itself, so whoever commands that many gains nothing by it.
 */
export class RateLimiter {
  readonly #quota: Quota;
  readonly #now: () => Date;
  /** What one takes of the time in which the quota grows, and all of that; in whole milliseconds, so that sums are exact. */
  readonly #cost: number;
  readonly #full: number;
  /** When each key will have all of its quota again, in milliseconds. */
  readonly #wholeAt: RecentMap<string, number>;

  constructor(quota: Quota, { now, capacity }: Terms) {
    this.#quota = quota;
    this.#now = now;
    this.#wholeAt = new RecentMap(capacity);
    this.#cost = Math.max(1, Math.floor((quota.window * 1_000) / quota.count));
    this.#full = this.#cost * quota.count;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#wholeAt.size;
  }

  /** Takes one from what the key has left. A try that is refused costs nothing. */
  take(key: string): Verdict {
    const now = this.#now().getTime();
    const end = now + this.#full;
    // A clock that was set back must not lock anyone out for longer than the window.
    const before = Math.min(Math.max(this.#wholeAt.get(key) ?? now, now), end);
    const after = before + this.#cost;
    const allowed = after <= end;
    const wholeAt = allowed ? after : before;
    this.#wholeAt.set(key, wholeAt);
    return {
      quota: this.#quota,
      allowed,
      remaining: Math.floor((end - wholeAt) / this.#cost),
      reset: Math.ceil((wholeAt - now) / 1_000),
      retryAfter: allowed ? 0 : Math.ceil((after - end) / 1_000),
    };
  }

  /** Gives the key all of its quota back. */
  forgive(key: string): void {
    this.#wholeAt.delete(key);
  }
}
