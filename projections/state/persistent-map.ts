// A persistent map from strings: a change copies the few nodes that lead to it and shares the rest, whatever the size of the map.

/** An entry of a map, and those with the very same hash behind it. */
interface Entry<V> {
  readonly key: string;
  readonly hash: number;
  readonly value: V;
  readonly next: Entry<V> | undefined;
}

/** By the next bits of their hashes, what entries there are: none, one, or those that only later bits tell apart. */
type Branch<V> = readonly Node<V>[];
type Node<V> = undefined | Entry<V> | Branch<V>;

/** How many bits of a hash one branch tells apart: five would be as fast, and copy more. */
const BITS = 4;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/**
 * A hash array mapped trie, in no order of meaning; no value is `undefined`. Written here because folds spend most of their
 * time in it, and Immutable takes more than twice as long to set what has an id for a key.
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

  /** The very same map where there is no such key. */
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

/** Folds ask for the same key several times in a row: they look something up, and put what became of it in its place. */
const last = { key: '', hash: hashed('') };

function hashOf(key: string): number {
  if (key !== last.key) {
    last.hash = hashed(key);
    last.key = key;
  }
  return last.hash;
}

/** FNV-1a over pairs of UTF-16 code units, mixed at the end, because the lowest bits decide first. */
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

/** The node with this entry in place of one with its key. `shift` is how many bits of the hash lead to the node. */
function withEntry<V>(node: Node<V>, shift: number, entry: Entry<V>): Node<V> {
  if (node === undefined) return entry;
  if (isBranch(node)) {
    const slot = (entry.hash >>> shift) & MASK;
    const branch = node.slice();
    branch[slot] = withEntry(node[slot], shift + BITS, entry);
    return branch;
  }
  if (node.key === entry.key) return { ...entry, next: node.next };
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
  // One that is alone needs no branch.
  return others.length === 0 && !isBranch(left) ? left : branch;
}

/**
 * The chain without this key; the very same one where it is not there. A loop, because a recursion would exhaust the stack:
 * clients choose keys, and can choose thousands with the same hash.
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
