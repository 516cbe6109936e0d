// A map that is bounded by forgetting what was not set for longest.

/**
 * Holds `capacity` entries at the most. What was set is there until at least half as many others were set. In two halves,
 * because a Map that loses its first entry again and again looks for the next one ever longer.
 */
export class RecentMap<V> {
  readonly #half: number;
  /** What is set again moves from the older half to the newer. */
  #newer = new Map<string, V>();
  #older = new Map<string, V>();

  constructor(capacity: number) {
    this.#half = capacity / 2;
  }

  /** How many entries it holds; one that was set again may count twice. */
  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  get(key: string): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: string, value: V): void {
    this.#newer.set(key, value);
    if (this.#newer.size < this.#half) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  delete(key: string): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }
}
