// A map of bounded size: when it is full, it evicts the entries that were set least recently.

/**
 * Holds entries with a total weight of `capacity`; by default every entry weighs 1. An entry stays at least until
 * entries of more than half the capacity were set after it. Setting it again makes it recent. An entry that weighs more
 * than half the capacity is not stored.  Split into two halves, because repeatedly deleting the first entry of a Map
 * gets slower and slower.
 */
export class RecentMap<K, V> {
  readonly #half: number;
  readonly #weigh: (value: V) => number;
  /** An entry that is set again moves from the older half to the newer. */
  #newer = new Map<K, V>();
  #older = new Map<K, V>();
  /** Total weight of the newer half. */
  #weight = 0;

  constructor(capacity: number, weigh: (value: V) => number = () => 1) {
    this.#half = capacity / 2;
    this.#weigh = weigh;
  }

  /** How many entries it holds. */
  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  has(key: K): boolean {
    return this.#newer.has(key) || this.#older.has(key);
  }

  get(key: K): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: K, value: V): void {
    // Already in the newer half with this value.
    if (this.#newer.get(key) === value) return;
    this.delete(key);
    const weight = this.#weigh(value);
    if (weight > this.#half) return;
    if (this.#weight + weight > this.#half) this.#startHalf();
    this.#newer.set(key, value);
    this.#weight += weight;
  }

  delete(key: K): void {
    const value = this.#newer.get(key);
    if (value !== undefined) this.#weight -= this.#weigh(value);
    this.#newer.delete(key);
    this.#older.delete(key);
  }

  /** Removes every entry whose value is obsolete. */
  prune(isObsolete: (value: V) => boolean): void {
    for (const half of [this.#older, this.#newer]) {
      for (const [key, value] of half) if (isObsolete(value)) this.delete(key);
    }
  }

  clear(): void {
    this.#startHalf();
    this.#older.clear();
  }

  *values(): Generator<V> {
    yield* this.#older.values();
    yield* this.#newer.values();
  }

  #startHalf(): void {
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#weight = 0;
  }
}
