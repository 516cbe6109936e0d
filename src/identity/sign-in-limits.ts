// Limits attempts to sign in: enough for a person who mistypes, too few to guess a password.
import { createHash } from 'node:crypto';
import { type Quota, RateLimiter, type Verdict } from '../bounds/rate-limiter.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import { networkOf } from './client-address.ts';

export interface SignInQuotas {
  /** Attempts from one place to one account. */
  readonly pair: Quota;
  /** Attempts from one place to any account; an office behind one address is many people. */
  readonly place: Quota;
  /** Attempts from all places to one account. */
  readonly account: Quota;
  /** For how many pairs, places or accounts each quota counts. */
  readonly counted: number;
  /** How many pairs that have signed in are remembered. */
  readonly known: number;
}

/**
 * Limits attempts to sign in. Attempts are counted by the address that was typed, before the account is looked up, so
 * the result does not reveal whether the account exists. A place is an IPv4 address or an IPv6 /64 network.
 *
 * An attacker could use up the attempts of an account to lock its owner out. Therefore a place from which the owner has
 * signed in before has its own quota for the account.
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

  /**
   * Counts an attempt. Call it before the password is verified. `account`: the normalised e-mail address that was
   * typed.
   */
  allow(address: string, account: string): Verdict {
    const place = this.#places.take(networkOf(address));
    if (!place.allowed) return place;
    const key = pairKey(address, account);
    const pair = this.#pairs.take(key);
    if (!pair.allowed) return pair;
    const all = this.#accounts.take(this.#known.has(key) ? key : digest(account));
    return all.allowed ? pair : all;
  }

  /** Resets the counts of this pair, because the password was right. */
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

/** A key of fixed length, so that long input takes no memory and no e-mail addresses are retained. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
