// Limits attempts to sign in: enough for a person who mistypes, too few to guess a password.
import { createHash } from 'node:crypto';
import { FairLine, type FairLineLimits, LINE_FULL } from '../bounds/fair-line.ts';
import { type Quota, RateLimiter, type Verdict } from '../bounds/rate-limiter.ts';
import { networkOf, widerNetworkOf } from './client-address.ts';
import type { CountedAttempt, SharedIdentity } from './identity-store.ts';
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

type Counted = 'pair' | 'place' | 'network' | 'share' | 'account';

interface LocalAttempt extends CountedAttempt {
  readonly name: Counted;
}

type LocalAttempts = readonly [LocalAttempt, ...LocalAttempt[]];

type SharedAttempts = Pick<SharedIdentity, 'takeAttempts' | 'forgiveAttempts'>;

interface Parts {
  readonly knownPlaces: Pick<KnownPlaces, 'has'>;
  /** What several nodes count together; each of them counts for itself besides. */
  readonly shared?: SharedAttempts | undefined;
  readonly now: () => Date;
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
  readonly #quotas: SignInQuotas;
  readonly #limiters: Readonly<Record<Counted, RateLimiter>>;
  readonly #knownPlaces: Pick<KnownPlaces, 'has'>;
  readonly #shared: SharedAttempts | undefined;
  readonly #line: FairLine;

  constructor(quotas: SignInQuotas, { knownPlaces, shared, now }: Parts) {
    const { pair, place, network, share, account, line, counted } = quotas;
    const limiter = (quota: Quota) => new RateLimiter(quota, { now, capacity: counted });
    this.#quotas = quotas;
    this.#knownPlaces = knownPlaces;
    this.#shared = shared;
    this.#line = new FairLine(line);
    this.#limiters = {
      pair: limiter(pair),
      place: limiter(place),
      network: limiter(network),
      share: limiter(share),
      account: limiter(account),
    };
  }

  /**
   * Counts an attempt. Call it before the password is verified. `account`: the normalised e-mail address that was
   * typed, or the id of the account.
   */
  async allow(address: string, account: string): Promise<Verdict> {
    const key = pairKey(address, account);
    const ofPlace: LocalAttempts = [this.#counted('place', networkOf(address)), this.#counted('pair', key)];
    const attempt = this.#takeAll(ofPlace);
    if (!attempt.allowed) return attempt;
    const isKnown = await this.#knownPlaces.has(address, account);
    const ofAccount: LocalAttempts = isKnown
      ? [this.#counted('account', key)]
      : this.#countedOfStranger(address, account);
    const all = this.#takeAll(ofAccount);
    if (!all.allowed) return all;
    // Last, so that a flood at one node does not reach the database.
    return (await this.#shared?.takeAttempts([...ofPlace, ...ofAccount])) ?? attempt;
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

  #countedOfStranger(address: string, account: string): LocalAttempts {
    const network = widerNetworkOf(address);
    return [
      this.#counted('network', network),
      this.#counted('share', digest(`${network} ${account}`)),
      this.#counted('account', digest(account)),
    ];
  }

  #counted(name: Counted, key: string): LocalAttempt {
    return { name, quota: this.#quotas[name], key };
  }

  /** Takes from one quota after the other. The verdict of the last one, or of the first that is used up. */
  #takeAll([first, ...others]: LocalAttempts): Verdict {
    const verdict = this.#limiters[first.name].take(first.key);
    const [next, ...rest] = others;
    return verdict.allowed && next ? this.#takeAll([next, ...rest]) : verdict;
  }

  /** Resets the counts of this pair, because the password was right. */
  async succeeded(address: string, account: string): Promise<void> {
    const key = pairKey(address, account);
    this.#limiters.pair.forgive(key);
    this.#limiters.account.forgive(key);
    // If the database is away, time restores them.
    await this.#shared?.forgiveAttempts([this.#counted('pair', key), this.#counted('account', key)]).catch(() => {});
  }
}

function pairKey(address: string, account: string): string {
  return digest(`${networkOf(address)} ${account}`);
}

/** A key of fixed length, so that long input takes no memory and no e-mail addresses are retained. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
