// A persistent map that iterates in the order of its entries' origins: the positions of the events that added them.
import { PersistentMap } from './persistent-map.ts';
import { PersistentSequence } from './persistent-sequence.ts';

interface Entry<V> {
  readonly origin: number;
  readonly value: V;
}

/** No two entries have the same origin, and no value is `undefined`. */
export class OrderedMap<V> implements Iterable<readonly [string, V]> {
  readonly #entries: PersistentMap<Entry<V>>;
  /** By origin. */
  readonly #keys: PersistentSequence<string>;

  private constructor(entries: PersistentMap<Entry<V>>, keys: PersistentSequence<string>) {
    this.#entries = entries;
    this.#keys = keys;
  }

  static empty<V>(): OrderedMap<V> {
    return EMPTY as OrderedMap<V>;
  }

  get size(): number {
    return this.#keys.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** An existing key keeps its place: then `origin` is ignored. */
  set(key: string, value: V, origin: number): OrderedMap<V> {
    const before = this.#entries.get(key);
    const entry = { origin: before?.origin ?? origin, value };
    return new OrderedMap(this.#entries.set(key, entry), before ? this.#keys : this.#keys.set(origin, key));
  }

  /** The map with the value replaced by `change(value)`; the same map object if the key does not exist. */
  update(key: string, change: (value: V) => V): OrderedMap<V> {
    const entry = this.#entries.get(key);
    return entry ? this.set(key, change(entry.value), entry.origin) : this;
  }

  /** Returns the same map object if the key does not exist. A key that is set again later comes last. */
  delete(key: string): OrderedMap<V> {
    const entry = this.#entries.get(key);
    return entry ? new OrderedMap(this.#entries.delete(key), this.#keys.delete(entry.origin)) : this;
  }

  *[Symbol.iterator](): Generator<readonly [string, V]> {
    for (const [key, value] of this.entries()) yield [key, value];
  }

  /** Keys and values with their origins: all that is needed to rebuild the map. */
  *entries(): Generator<readonly [key: string, value: V, origin: number]> {
    for (const key of this.#keys) {
      const { value, origin } = this.#entries.get(key) as Entry<V>;
      yield [key, value, origin];
    }
  }

  keys(): Iterable<string> {
    return this.#keys;
  }

  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value;
  }
}

const EMPTY: OrderedMap<unknown> = Reflect.construct(OrderedMap, [PersistentMap.empty(), PersistentSequence.empty()]);
