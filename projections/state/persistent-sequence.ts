// A persistent sequence: values at numbers, iterated in ascending order. A change copies the few nodes on its path.

type Branch<V> = readonly (Branch<V> | V | undefined)[];

/** How many slots a branch has. */
const WIDTH = 16;

/** A radix tree over the digits of the numbers in base `WIDTH`. Numbers are natural; no value is `undefined`. */
export class PersistentSequence<V> implements Iterable<V> {
  readonly size: number;
  /** The lowest number that is too high for the tree: a power of `WIDTH`. */
  readonly #reach: number;
  readonly #root: Branch<V>;

  private constructor(root: Branch<V>, reach: number, size: number) {
    this.#root = root;
    this.#reach = reach;
    this.size = size;
  }

  static empty<V>(): PersistentSequence<V> {
    return EMPTY as PersistentSequence<V>;
  }

  has(number: number): boolean {
    return number < this.#reach && find(this.#root, this.#reach / WIDTH, number) !== undefined;
  }

  set(number: number, value: V): PersistentSequence<V> {
    let [root, reach] = [this.#root, this.#reach];
    while (number >= reach) {
      root = [root];
      reach *= WIDTH;
    }
    const size = this.has(number) ? this.size : this.size + 1;
    return new PersistentSequence(withValue(root, reach / WIDTH, number, value), reach, size);
  }

  /** Returns the same sequence object if there is no value at this number. */
  delete(number: number): PersistentSequence<V> {
    if (!this.has(number)) return this;
    const root = withoutValue(this.#root, this.#reach / WIDTH, number) ?? [];
    return new PersistentSequence(root, this.#reach, this.size - 1);
  }

  [Symbol.iterator](): Generator<V> {
    return this.from(0);
  }

  /** The values at this number and above it. What is below costs nothing. */
  from(number: number): Generator<V> {
    return valuesOf(this.#root, this.#reach / WIDTH, number);
  }
}

const EMPTY: PersistentSequence<unknown> = Reflect.construct(PersistentSequence, [[], WIDTH, 0]);

/** `unit` is how many numbers one slot of the branch covers. */
function find<V>(root: Branch<V>, unit: number, number: number): V | undefined {
  let branch: Branch<V> | undefined = root;
  for (let worth = unit; worth > 1 && branch !== undefined; worth /= WIDTH) {
    branch = branch[digit(number, worth)] as Branch<V> | undefined;
  }
  return branch?.[digit(number, 1)] as V | undefined;
}

function withValue<V>(branch: Branch<V>, unit: number, number: number, value: V): Branch<V> {
  const slot = digit(number, unit);
  const below = branch[slot] as Branch<V> | undefined;
  const copy = branch.slice();
  while (copy.length < slot) copy.push(undefined);
  copy[slot] = unit === 1 ? value : withValue(below ?? [], unit / WIDTH, number, value);
  return copy;
}

/** The branch without the value; `undefined` if it is empty then. */
function withoutValue<V>(branch: Branch<V>, unit: number, number: number): Branch<V> | undefined {
  const slot = digit(number, unit);
  const copy = branch.slice();
  copy[slot] = unit === 1 ? undefined : withoutValue(branch[slot] as Branch<V>, unit / WIDTH, number);
  return copy.some((each) => each !== undefined) ? copy : undefined;
}

/** The values of the branch from the one at `from`, which counts from the first number that the branch covers. */
function* valuesOf<V>(branch: Branch<V>, unit: number, from: number): Generator<V> {
  const first = Math.floor(from / unit);
  for (let slot = first; slot < branch.length; slot += 1) {
    const each = branch[slot];
    if (each === undefined) continue;
    if (unit === 1) yield each as V;
    else yield* valuesOf(each as Branch<V>, unit / WIDTH, slot === first ? from % unit : 0);
  }
}

function digit(number: number, unit: number): number {
  return Math.floor(number / unit) % WIDTH;
}
