// A budget: how much each key may spend of what is measured while it is spent, such as milliseconds or bytes.
import { RecentMap } from './recent-map.ts';

/** Up to `amount` at once, and as much again in `window` seconds. */
export interface Allowance {
  readonly amount: number;
  readonly window: number;
}

interface Terms {
  readonly now: () => Date;
  /** How many keys are stored at most. */
  readonly capacity: number;
}

/** How many allowances a key can be in debt at most: its wait has an end, also after a clock was set back. */
const MAX_DEBT = 2;

/**
 * A bucket for each key that refills at a constant rate. Unlike a rate limiter it is charged afterwards, because nobody
 * knows before what a piece of work costs: so a key can go into debt by what was under way. A key that is evicted starts
 * anew, which takes charges of at least `capacity / 2` other keys.
 */
export class Budget {
  readonly #allowance: Allowance;
  readonly #now: () => Date;
  /** When the whole allowance of each key is available again, in epoch milliseconds. */
  readonly #fullAt: RecentMap<string, number>;

  constructor(allowance: Allowance, { now, capacity }: Terms) {
    this.#allowance = allowance;
    this.#now = now;
    this.#fullAt = new RecentMap(capacity);
  }

  /** Takes this amount from the key, also if less is left. */
  charge(key: string, amount: number): void {
    const { amount: whole } = this.#allowance;
    this.#fullAt.set(key, this.#now().getTime() + this.#refilling(key) + (amount / whole) * this.#window);
  }

  /** Milliseconds until the key has something left to spend; 0 if it has. */
  wait(key: string): number {
    return Math.max(0, this.#refilling(key) - this.#window);
  }

  /** Milliseconds until the whole allowance of the key is available. */
  #refilling(key: string): number {
    const now = this.#now().getTime();
    return Math.min(Math.max(0, (this.#fullAt.get(key) ?? now) - now), (1 + MAX_DEBT) * this.#window);
  }

  get #window(): number {
    return this.#allowance.window * 1_000;
  }
}
