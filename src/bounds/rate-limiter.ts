// A rate limiter: a quota for each key, in bounded memory.
import { RecentMap } from './recent-map.ts';

/** `count` requests per `window`: up to `count` in a burst, then at the rate at which the quota is replenished. */
export interface Quota {
  /** Appears in the `RateLimit` headers. */
  readonly name: string;
  /** At most 1,000 per second of the window. */
  readonly count: number;
  /** Seconds in which the whole quota is replenished. */
  readonly window: number;
}

/** The result of an attempt. */
export interface Verdict {
  readonly quota: Quota;
  readonly allowed: boolean;
  /** How many more attempts are allowed at this moment. */
  readonly remaining: number;
  /** Seconds until the whole quota is available again. */
  readonly reset: number;
  /** Seconds until the next attempt is allowed; 0 if this one was. */
  readonly retryAfter: number;
}

interface Terms {
  readonly now: () => Date;
  /** How many keys are stored at most. */
  readonly capacity: number;
}

/**
 * Implements GCRA: a leaky bucket stored as one number per key. Written here because the stores of common libraries
 * grow with the number of keys, and a client can make up a million keys.  Above `capacity` the least recently used keys
 * are evicted. A client that continues its attempts stays stored, even while it is refused: evicting its key takes
 * attempts under at least `capacity / 2` other keys since its last attempt. Each of those keys has a whole quota
 * itself, so an attacker with that many keys gains nothing from the eviction.
 */
export class RateLimiter {
  readonly #quota: Quota;
  readonly #now: () => Date;
  /** The time to replenish one attempt, and the whole quota; in whole milliseconds, so that sums are exact. */
  readonly #cost: number;
  readonly #full: number;
  /** When the whole quota of each key is available again, in epoch milliseconds. */
  readonly #fullAt: RecentMap<string, number>;

  constructor(quota: Quota, { now, capacity }: Terms) {
    this.#quota = quota;
    this.#now = now;
    this.#fullAt = new RecentMap(capacity);
    this.#cost = Math.max(1, Math.floor((quota.window * 1_000) / quota.count));
    this.#full = this.#cost * quota.count;
  }

  /** How many keys are stored. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes one attempt from the key's quota, or one that counts as `weight` of them. A refused attempt costs nothing. */
  take(key: string, weight = 1): Verdict {
    const now = this.#now().getTime();
    const end = now + this.#full;
    // A clock that was set back must not lock a client out for longer than the window.
    const before = Math.min(Math.max(this.#fullAt.get(key) ?? now, now), end);
    const after = before + Math.ceil(this.#cost * weight);
    const allowed = after <= end;
    const fullAt = allowed ? after : before;
    this.#fullAt.set(key, fullAt);
    return {
      quota: this.#quota,
      allowed,
      remaining: Math.floor((end - fullAt) / this.#cost),
      reset: Math.ceil((fullAt - now) / 1_000),
      retryAfter: allowed ? 0 : Math.ceil((after - end) / 1_000),
    };
  }

  /** Restores the whole quota of the key. */
  forgive(key: string): void {
    this.#fullAt.delete(key);
  }
}
