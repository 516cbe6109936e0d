// A persistent map with string keys: a change copies the few nodes on the path to the entry and shares all others.

/** An entry of a map, linked to the other entries with the same hash. */
interface Entry<V> {
  readonly key: string;
  readonly hash: number;
  readonly value: V;
  readonly next: Entry<V> | undefined;
}

/**
 * Child nodes by the next bits of the hash: none, one entry, or a branch of entries that only later bits distinguish.
 */
type Branch<V> = readonly Node<V>[];
type Node<V> = undefined | Entry<V> | Branch<V>;

/** How many bits of a hash one branch distinguishes: five would be as fast, but copy more. */
const BITS = 4;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/**
 * A hash array mapped trie. Iteration has no meaningful order; no value is `undefined`. Written here because folds
 * spend most of their time in it, and Immutable takes more than twice as long to set an entry whose key is an id.
 */
export class PersistentMap<V> implements Iterable<readonly [string, V]> {
  readonly #root: Node<V>;

  private constructor(root: Node<V>) {
    this.#root = root;
  }

  static empty<V>(): PersistentMap<V> {
    return EMPTY as PersistentMap<V>;
  }

  get isEmpty(): boolean {
    return this.#root === undefined;
  }

  get(key: string): V | undefined {
    let rest = hashOf(key);
    let node = this.#root;
    while (isBranch(node)) {
      node = node[rest & MASK];
      rest >>>= BITS;
    }
    return entryOf(node, key)?.value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): PersistentMap<V> {
    const entry = { key, hash: hashOf(key), value, next: undefined };
    return new PersistentMap<V>(withEntry(this.#root, 0, entry));
  }

  setAll(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    let map: PersistentMap<V> = this;
    for (const [key, value] of entries) map = map.set(key, value);
    return map;
  }

  /** Returns the same map object if the key does not exist. */
  delete(key: string): PersistentMap<V> {
    return this.has(key) ? new PersistentMap(withoutKey(this.#root, 0, hashOf(key), key)) : this;
  }

  *[Symbol.iterator](): Generator<readonly [string, V]> {
    const ahead: Node<V>[] = [this.#root];
    while (ahead.length > 0) {
      const node = ahead.pop();
      if (isBranch(node)) ahead.push(...node);
      else for (let entry = node; entry !== undefined; entry = entry.next) yield [entry.key, entry.value];
    }
  }

  *keys(): Generator<string> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of this) yield value;
  }
}

const EMPTY: PersistentMap<unknown> = Reflect.construct(PersistentMap, []);

function isBranch<V>(node: Node<V>): node is Branch<V> {
  return Array.isArray(node);
}

/**
 * Keys that were hashed last, each where its length and its last character put it. Folds use the same few keys several
 * times for an event, one after another: the id of an entity, of its organisation, and its scopes.
 */
const recent = Array.from({ length: 16 }, () => ({ key: '', hash: hashed('') }));

function hashOf(key: string): number {
  const { length } = key;
  const known = recent[(length + (length > 0 ? key.charCodeAt(length - 1) : 0)) & 15] as (typeof recent)[number];
  if (known.key !== key) {
    known.hash = hashed(key);
    known.key = key;
  }
  return known.hash;
}

/** FNV-1a over pairs of UTF-16 code units, mixed at the end, because the trie uses the lowest bits first. */
function hashed(key: string): number {
  const { length } = key;
  let hash = 0x811c9dc5 ^ length;
  let index = 0;
  for (; index + 1 < length; index += 2) {
    hash = Math.imul(hash ^ (key.charCodeAt(index) | (key.charCodeAt(index + 1) << 16)), 0x01000193);
    hash ^= hash >>> 15;
  }
  if (index < length) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** The node with this entry added, or replaced if its key exists. `shift` is how many hash bits lead to the node. */
function withEntry<V>(node: Node<V>, shift: number, entry: Entry<V>): Node<V> {
  if (node === undefined) return entry;
  if (isBranch(node)) {
    const slot = (entry.hash >>> shift) & MASK;
    const branch = node.slice();
    branch[slot] = withEntry(node[slot], shift + BITS, entry);
    return branch;
  }
  if (node.key === entry.key) return node.next === undefined ? entry : { ...entry, next: node.next };
  if (node.hash === entry.hash) return { ...entry, next: chainWithout(node, entry.key) };
  const branch = new Array<Node<V>>(WIDTH).fill(undefined);
  branch[(node.hash >>> shift) & MASK] = node;
  return withEntry(branch, shift, entry);
}

function withoutKey<V>(node: Node<V>, shift: number, hash: number, key: string): Node<V> {
  if (!isBranch(node)) return chainWithout(node, key);
  const slot = (hash >>> shift) & MASK;
  const branch = node.slice();
  branch[slot] = withoutKey(node[slot], shift + BITS, hash, key);
  const [left, ...others] = branch.filter((each) => each !== undefined);
  // A single entry needs no branch.
  return others.length === 0 && !isBranch(left) ? left : branch;
}

/**
 * The chain without this key; the same object if the key is not in it. A loop, because a recursion could exhaust the
 * stack: clients choose keys, and can choose thousands with the same hash.
 */
function chainWithout<V>(chain: Entry<V> | undefined, key: string): Entry<V> | undefined {
  const found = entryOf(chain, key);
  if (found === undefined) return chain;
  const before: Entry<V>[] = [];
  for (let entry = chain; entry !== undefined && entry !== found; entry = entry.next) before.push(entry);
  return before.reduceRight<Entry<V> | undefined>((next, each) => ({ ...each, next }), found.next);
}

function entryOf<V>(chain: Entry<V> | undefined, key: string): Entry<V> | undefined {
  let entry = chain;
  while (entry !== undefined && entry.key !== key) entry = entry.next;
  return entry;
}
