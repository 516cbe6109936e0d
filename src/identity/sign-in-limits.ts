// Limits attempts to sign in: enough for a person who mistypes, too few to guess a password.
import { createHash } from 'node:crypto';
import { FairLine, type FairLineLimits, LINE_FULL } from '../bounds/fair-line.ts';
import { type Quota, RateLimiter, type Verdict } from '../bounds/rate-limiter.ts';
import { networkOf, widerNetworkOf } from './client-address.ts';
import type { KnownPlaces } from './known-places.ts';
import { PasswordsBusy } from './passwords.ts';

export interface SignInQuotas {
  /** Attempts from one place to one account. */
  readonly pair: Quota;
  /** Attempts from one place to any account; an office behind one address is many people. */
  readonly place: Quota;
  /** Attempts from one wider network to any account: it is many places. */
  readonly network: Quota;
  /** Attempts from one wider network to one account: a part of what all places together have. */
  readonly share: Quota;
  /** Attempts from all places to one account. */
  readonly account: Quota;
  /** How many attempts run at a time: each hashes a password or looks up a token. The others wait. */
  readonly line: FairLineLimits;
  /** For how many pairs, places, networks or accounts each quota counts. */
  readonly counted: number;
}

/**
 * Limits attempts to sign in. Attempts are counted by the address that was typed, before the account is looked up, so
 * the result does not reveal whether the account exists. A place is an IPv4 address or an IPv6 /64 network; its wider
 * network is the IPv4 /24 or IPv6 /48 around it.
 *
 * An attacker could use up the attempts of an account to lock its owner out. Therefore a place from which the owner has
 * signed in before has its own quota for the account, and one wider network, however many places it is, gets only a
 * share of the attempts of an account.
 */
export class SignInLimits {
  readonly #pairs: RateLimiter;
  readonly #places: RateLimiter;
  readonly #accounts: RateLimiter;
  readonly #networks: RateLimiter;
  readonly #shares: RateLimiter;
  readonly #knownPlaces: Pick<KnownPlaces, 'has'>;
  readonly #line: FairLine;

  constructor(quotas: SignInQuotas, knownPlaces: Pick<KnownPlaces, 'has'>, now: () => Date) {
    const { pair, place, network, share, account, line, counted } = quotas;
    const terms = { now, capacity: counted };
    this.#knownPlaces = knownPlaces;
    this.#line = new FairLine(line);
    this.#pairs = new RateLimiter(pair, terms);
    this.#places = new RateLimiter(place, terms);
    this.#networks = new RateLimiter(network, terms);
    this.#shares = new RateLimiter(share, terms);
    this.#accounts = new RateLimiter(account, terms);
  }

  /**
   * Counts an attempt. Call it before the password is verified. `account`: the normalised e-mail address that was
   * typed, or the id of the account.
   */
  async allow(address: string, account: string): Promise<Verdict> {
    const place = this.#places.take(networkOf(address));
    if (!place.allowed) return place;
    const key = pairKey(address, account);
    const pair = this.#pairs.take(key);
    if (!pair.allowed) return pair;
    const all = (await this.#knownPlaces.has(address, account))
      ? this.#accounts.take(key)
      : this.#takeFromUnknownPlace(address, account);
    return all.allowed ? pair : all;
  }

  /**
   * Runs an attempt when it is its turn. Those from places from which the account has signed in before come first, and
   * the networks of all others take turns, so that a crowd that guesses does not keep people out. Rejects with
   * `PasswordsBusy` if too many wait.
   */
  async inTurn<T>(address: string, account: string, attempt: () => Promise<T>): Promise<T> {
    const isStranger = !(await this.#knownPlaces.has(address, account));
    const result = await this.#line.run({ key: widerNetworkOf(address), isStranger }, attempt);
    if (result === LINE_FULL) throw new PasswordsBusy('Too many wait.');
    return result;
  }

  #takeFromUnknownPlace(address: string, account: string): Verdict {
    const network = widerNetworkOf(address);
    const attempts = this.#networks.take(network);
    if (!attempts.allowed) return attempts;
    const share = this.#shares.take(digest(`${network} ${account}`));
    return share.allowed ? this.#accounts.take(digest(account)) : share;
  }

  /** Resets the counts of this pair, because the password was right. */
  succeeded(address: string, account: string): void {
    const key = pairKey(address, account);
    this.#pairs.forgive(key);
    this.#accounts.forgive(key);
  }
}

function pairKey(address: string, account: string): string {
  return digest(`${networkOf(address)} ${account}`);
}

/** A key of fixed length, so that long input takes no memory and no e-mail addresses are retained. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
