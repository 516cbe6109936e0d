// How often someone may try to sign in: enough for a person who mistypes, too little to guess a password.
import { createHash } from 'node:crypto';
import { type Quota, RateLimiter, type Verdict } from '../bounds/rate-limiter.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import { networkOf } from './client-address.ts';

export interface SignInQuotas {
  /** Of one place for one account. */
  readonly pair: Quota;
  /** Of one place for any accounts; an office behind one address is many people. */
  readonly place: Quota;
  /** Of all places for one account. */
  readonly account: Quota;
  /** For how many pairs, places and accounts attempts are counted. */
  readonly counted: number;
  /** How many pairs are remembered that signed in. */
  readonly known: number;
}

/**
 * Limits tries to sign in. They are counted by what was typed, before anything is looked up: nothing here depends on whether
 * there is such an account. A place is an address, or a network of IPv6.
 *
 * Strangers could use up an account's tries to keep its owner out. A place from which the owner has signed in before
 * therefore has as many tries of its own.
 */
export class SignInLimits {
  readonly #pairs: RateLimiter;
  readonly #places: RateLimiter;
  readonly #accounts: RateLimiter;
  readonly #known: RecentMap<string, true>;

  constructor({ pair, place, account, counted, known }: SignInQuotas, now: () => Date) {
    const terms = { now, capacity: counted };
    this.#pairs = new RateLimiter(pair, terms);
    this.#places = new RateLimiter(place, terms);
    this.#accounts = new RateLimiter(account, terms);
    this.#known = new RecentMap(known);
  }

  /** Counts a try; to be asked before the password is. `account`: the name that was typed, in the form in which it is looked up. */
  allow(address: string, account: string): Verdict {
    const place = this.#places.take(networkOf(address));
    if (!place.allowed) return place;
    const key = pairKey(address, account);
    const pair = this.#pairs.take(key);
    if (!pair.allowed) return pair;
    const all = this.#accounts.take(this.#known.has(key) ? key : digest(account));
    return all.allowed ? pair : all;
  }

  /** Takes the tries of this pair back: it was the right password after all. */
  succeeded(address: string, account: string): void {
    const key = pairKey(address, account);
    this.#pairs.forgive(key);
    this.#accounts.forgive(key);
    this.#known.set(key, true);
  }
}

function pairKey(address: string, account: string): string {
  return digest(`${networkOf(address)} ${account}`);
}

/** Short however much was typed, and no list of names in memory. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
