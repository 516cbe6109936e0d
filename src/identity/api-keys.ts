// API keys: proves that a key is the one it says it is. What it may do is in the log.
import { timingSafeEqual } from 'node:crypto';
import { RecentMap } from '../bounds/recent-map.ts';
import { newSecret, readApiKey, writeApiKey } from './api-key-text.ts';
import type { IdentityStore, StoredKey } from './identity-store.ts';
import { digestOf } from './tokens.ts';

/** What a key turned out to be. */
export type ProvenKey = Pick<StoredKey, 'id' | 'organizationId'>;

interface Parts {
  readonly store: IdentityStore;
  readonly now: () => Date;
  /** How many keys are known without asking the store; half of that at least. */
  readonly maxKnown: number;
}

export class ApiKeys {
  readonly #parts: Parts;
  readonly #known: RecentMap<string, StoredKey>;
  #uses = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#known = new RecentMap(parts.maxKnown);
  }

  /** Resolves with the key as it is to be sent, which nobody can read again; `undefined` where it has a secret already. */
  async issue({ id, organizationId }: ProvenKey): Promise<string | undefined> {
    const secret = newSecret();
    const isNew = await this.#parts.store.addKey({ id, organizationId, digest: digestOf(secret) });
    return isNew ? writeApiKey({ id, secret }) : undefined;
  }

  /** What this key is; `undefined` for none of ours. */
  async prove(text: string): Promise<ProvenKey | undefined> {
    const parts = readApiKey(text);
    if (!parts) return undefined;
    const key = this.#known.get(parts.id) ?? (await this.#parts.store.findKey(parts.id));
    if (!key || !isSameDigest(key.digest, digestOf(parts.secret))) return undefined;
    this.#known.set(key.id, key);
    return key;
  }

  used({ id }: ProvenKey): void {
    this.#uses.set(id, this.#parts.now().toISOString());
  }

  /** When each was last used, by id. */
  async lastUses(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const uses = this.#uses;
    const stored = await this.#parts.store.keyUses(ids);
    const recent = [...uses].filter(([id]) => ids.includes(id));
    return new Map([...stored, ...recent]);
  }

  /** Those that were used of late. */
  get known(): Iterable<ProvenKey> {
    return this.#known.values();
  }

  /** These will not be asked for any more. */
  forget(ids: readonly string[]): void {
    this.#known.prune(({ id }) => ids.includes(id));
  }

  /** Removes the secrets of these. */
  async remove(ids: readonly string[]): Promise<void> {
    this.forget(ids);
    for (const id of ids) this.#uses.delete(id);
    await this.#parts.store.removeKeys(ids);
  }

  /** Which were used since this was asked last. */
  takeUses(): readonly (readonly [id: string, at: string])[] {
    const uses = this.#uses;
    this.#uses = new Map();
    return [...uses];
  }
}

function isSameDigest(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
