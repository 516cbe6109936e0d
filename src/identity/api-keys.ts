// API keys: issues their secrets and verifies them. The rights of a key are recorded in the log.
import { timingSafeEqual } from 'node:crypto';
import { RecentMap } from '../bounds/recent-map.ts';
import { newSecret, readApiKey, writeApiKey } from './api-key-text.ts';
import type { IdentityStore, StoredKey } from './identity-store.ts';
import { digestOf } from './tokens.ts';

/** A key whose secret was verified. */
export type ProvenKey = Pick<StoredKey, 'id' | 'organizationId'>;

interface Parts {
  readonly store: IdentityStore;
  readonly now: () => Date;
  /** Size of the cache of keys; it retains at least half as many. */
  readonly maxCached: number;
}

export class ApiKeys {
  readonly #parts: Parts;
  readonly #cache: RecentMap<string, StoredKey>;
  #uses = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cache = new RecentMap(parts.maxCached);
  }

  /**
   * Makes the secret of a key. Resolves with the text that clients send, which is not stored; `undefined` if the key
   * already has a secret.
   */
  async issue({ id, organizationId }: ProvenKey): Promise<string | undefined> {
    const secret = newSecret();
    const isNew = await this.#parts.store.addKey({ id, organizationId, digest: digestOf(secret) });
    return isNew ? writeApiKey({ id, secret }) : undefined;
  }

  /** Verifies the secret of a key. Resolves with `undefined` if it is wrong or the key is unknown. */
  async prove(text: string): Promise<ProvenKey | undefined> {
    const parts = readApiKey(text);
    if (!parts) return undefined;
    const key = this.#cache.get(parts.id) ?? (await this.#parts.store.findKey(parts.id));
    if (!key || !isSameDigest(key.digest, digestOf(parts.secret))) return undefined;
    this.#cache.set(key.id, key);
    return key;
  }

  used({ id }: ProvenKey): void {
    this.#uses.set(id, this.#parts.now().toISOString());
  }

  /** The times when these keys were last used, by id. */
  async lastUses(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const uses = this.#uses;
    const stored = await this.#parts.store.keyUses(ids);
    const recent = [...uses].filter(([id]) => ids.includes(id));
    return new Map([...stored, ...recent]);
  }

  /** The keys that were used recently. */
  get cached(): Iterable<ProvenKey> {
    return this.#cache.values();
  }

  /** Drops these keys from the cache. */
  forget(ids: readonly string[]): void {
    this.#cache.prune(({ id }) => ids.includes(id));
  }

  /** Removes the secrets of these keys. */
  async remove(ids: readonly string[]): Promise<void> {
    this.forget(ids);
    for (const id of ids) this.#uses.delete(id);
    await this.#parts.store.removeKeys(ids);
  }

  /** The keys that were used since the last call, with the times. */
  takeUses(): readonly (readonly [id: string, at: string])[] {
    const uses = this.#uses;
    this.#uses = new Map();
    return [...uses];
  }
}

function isSameDigest(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
