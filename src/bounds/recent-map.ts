// A map of bounded size: where it is full, the entries that were not set for longest go.

/**
 * Holds entries of `capacity` in all: that many, or as much as `weigh` says that they weigh. An entry stays until others of
 * more than half the capacity were set after it; to be kept longer it is set again. One that weighs more than that half is
 * not kept at all.
 *
 * In two halves, because a Map that loses its first entry again and again looks for the next one ever longer.
 */
export class RecentMap<K, V> {
  readonly #half: number;
  readonly #weigh: (value: V) => number;
  /** What is set again moves from the older half to the newer. */
  #newer = new Map<K, V>();
  #older = new Map<K, V>();
  /** Of the newer half. */
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
    // It cannot be any newer.
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

  /** Removes every entry whose value is gone. */
  prune(isGone: (value: V) => boolean): void {
    for (const half of [this.#older, this.#newer]) {
      for (const [key, value] of half) if (isGone(value)) this.delete(key);
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
