// The places from which people have signed in before, so that others cannot lock them out there.
import { networkOf } from './client-address.ts';
import type { IdentityStore } from './identity-store.ts';
import { digestOf } from './tokens.ts';

interface Parts {
  readonly store: Pick<IdentityStore, 'addPlace' | 'listPlaces'>;
  readonly now: () => Date;
  /** How many places of one account are stored: those that were used last. */
  readonly maxPlaces: number;
}

/** A place is an IPv4 address or an IPv6 /64 network. The store has a digest of it, not the address. */
export class KnownPlaces {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the account, named by its e-mail address or id, has signed in from there. `false` for an unknown account. */
  async has(address: string, account: string): Promise<boolean> {
    const places = await this.#parts.store.listPlaces(account);
    const [first] = places;
    if (!first) return false;
    const digest = placeDigest(address, first.userId);
    return places.some((place) => place.digest === digest);
  }

  /** Stores that the account has signed in from there. */
  async add(address: string, userId: string): Promise<void> {
    const { store, now, maxPlaces } = this.#parts;
    // The connection closed before its address was known.
    if (address === '') return;
    const digest = placeDigest(address, userId);
    await store.addPlace({ userId, digest, lastUsedAt: now().toISOString() }, maxPlaces);
  }
}

/** With the id of the account: equal places of two accounts have different digests. */
function placeDigest(address: string, userId: string): string {
  return digestOf(`${userId} ${networkOf(address)}`);
}
