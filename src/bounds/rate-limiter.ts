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

/** A quota, with the times to replenish one attempt and all of it: in whole milliseconds, so that sums are exact. */
export interface Replenishment {
  readonly quota: Quota;
  readonly one: number;
  readonly all: number;
}

export function replenishmentOf(quota: Quota): Replenishment {
  const one = Math.max(1, Math.floor((quota.window * 1_000) / quota.count));
  return { quota, one, all: one * quota.count };
}

/**
 * The result of an attempt that counts as `weight`, and in how many milliseconds the whole quota is available after it,
 * if that was `untilWhole` before. A refused attempt costs nothing.
 */
export function attempt(
  { quota, one, all }: Replenishment,
  untilWhole: number,
  weight = 1,
): { readonly verdict: Verdict; readonly untilWhole: number } {
  // A clock that was set back must not lock a client out for longer than the window.
  const before = Math.min(Math.max(untilWhole, 0), all);
  const after = before + Math.ceil(one * weight);
  const allowed = after <= all;
  const until = allowed ? after : before;
  const verdict: Verdict = {
    quota,
    allowed,
    remaining: Math.floor((all - until) / one),
    reset: Math.ceil(until / 1_000),
    retryAfter: allowed ? 0 : Math.ceil((after - all) / 1_000),
  };
  return { verdict, untilWhole: until };
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
  readonly #replenishment: Replenishment;
  readonly #now: () => Date;
  /** When the whole quota of each key is available again, in epoch milliseconds. */
  readonly #fullAt: RecentMap<string, number>;

  constructor(quota: Quota, { now, capacity }: Terms) {
    this.#replenishment = replenishmentOf(quota);
    this.#now = now;
    this.#fullAt = new RecentMap(capacity);
  }

  /** How many keys are stored. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes one attempt from the key's quota, or one that counts as `weight` of them. A refused attempt costs nothing. */
  take(key: string, weight = 1): Verdict {
    const now = this.#now().getTime();
    const { verdict, untilWhole } = attempt(this.#replenishment, (this.#fullAt.get(key) ?? now) - now, weight);
    this.#fullAt.set(key, now + untilWhole);
    return verdict;
  }

  /** Restores the whole quota of the key. */
  forgive(key: string): void {
    this.#fullAt.delete(key);
  }
}
