// A persistent map whose entries are told in the order of their origins: the positions of the events that added them.
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

  /** A key that is there keeps its place: then `origin` is not used. */
  set(key: string, value: V, origin: number): OrderedMap<V> {
    const before = this.#entries.get(key);
    const entry = { origin: before?.origin ?? origin, value };
    return new OrderedMap(this.#entries.set(key, entry), before ? this.#keys : this.#keys.set(origin, key));
  }

  /** The map with what `change` makes of the value; the very same map where there is no such key. */
  update(key: string, change: (value: V) => V): OrderedMap<V> {
    const entry = this.#entries.get(key);
    return entry ? this.set(key, change(entry.value), entry.origin) : this;
  }

  /** The very same map where there is no such key. A key that is set again later comes last. */
  delete(key: string): OrderedMap<V> {
    const entry = this.#entries.get(key);
    return entry ? new OrderedMap(this.#entries.delete(key), this.#keys.delete(entry.origin)) : this;
  }

  *[Symbol.iterator](): Generator<readonly [string, V]> {
    for (const [key, value] of this.entries()) yield [key, value];
  }

  /** Keys and values with their origins: all that it takes to put the map together again. */
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
