// A persistent set of intervals, in which those that overlap another interval are found quickly.
import { type Balanced, joined, type Kit } from './balanced.ts';

/** From `from` up to, not including, `to`. An interval without length counts as overlapping at its start. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  /** Tells intervals apart that begin and end together. */
  readonly key: string;
}

interface Stretch<I> extends Balanced {
  readonly first: I;
  /** The latest end of any interval. */
  readonly end: number;
}

interface Leaf<I> extends Stretch<I> {
  readonly height: 0;
  /** In order. */
  readonly items: readonly I[];
}

interface Branch<I> extends Stretch<I> {
  readonly left: Node<I>;
  readonly right: Node<I>;
}

type Node<I> = Leaf<I> | Branch<I>;

const LEAF_SIZE = 16;

const kit: Kit<Node<Interval>> = {
  halves: (node) => [(node as Branch<Interval>).left, (node as Branch<Interval>).right],
  over: (left, right) => ({
    height: Math.max(left.height, right.height) + 1,
    first: left.first,
    end: Math.max(left.end, right.end),
    left,
    right,
  }),
  merged(left, right) {
    if (!isLeaf(left) || !isLeaf(right) || left.items.length + right.items.length > LEAF_SIZE) return undefined;
    return leafOf([...left.items, ...right.items]);
  },
};

/** In the order of starts, then of ends, then of keys. Adding, removing and finding the first overlap cost O(log n). */
export class IntervalTree<I extends Interval> implements Iterable<I> {
  readonly #root: Node<I> | undefined;

  private constructor(root: Node<I> | undefined) {
    this.#root = root;
  }

  static empty<I extends Interval>(): IntervalTree<I> {
    return EMPTY as unknown as IntervalTree<I>;
  }

  get isEmpty(): boolean {
    return this.#root === undefined;
  }

  /** The set with this interval. One with the same start, end and key is replaced. */
  with(item: I): IntervalTree<I> {
    const [before, , after] = this.#around(item);
    return new IntervalTree(both(both(before, leafOf([item])), after));
  }

  without(item: I): IntervalTree<I> {
    const [before, found, after] = this.#around(item);
    return found ? new IntervalTree(both(before, after)) : this;
  }

  /** The intervals that overlap this one, in order. */
  overlapping(from: number, to: number): readonly I[] {
    const found: I[] = [];
    addOverlapping(this.#root, { from, to, found });
    return found;
  }

  [Symbol.iterator](): Iterator<I> {
    return this.overlapping(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)[Symbol.iterator]();
  }

  #around(item: I): readonly [Node<I> | undefined, Node<I> | undefined, Node<I> | undefined] {
    const [before, rest] = split(this.#root, (each) => compare(each, item) < 0);
    const [found, after] = split(rest, (each) => compare(each, item) === 0);
    return [before, found, after];
  }
}

const EMPTY: IntervalTree<Interval> = Reflect.construct(IntervalTree, [undefined]);

function isLeaf<I>(node: Node<I>): node is Leaf<I> {
  return node.height === 0;
}

function leafOf<I extends Interval>(items: readonly I[]): Leaf<I> {
  return {
    height: 0,
    first: items[0] as I,
    end: items.reduce((end, { to }) => Math.max(end, to), Number.NEGATIVE_INFINITY),
    items,
  };
}

function both<I extends Interval>(left: Node<I> | undefined, right: Node<I> | undefined): Node<I> | undefined {
  return joined(kit as unknown as Kit<Node<I>>, left, right);
}

function compare(a: Interval, b: Interval): number {
  if (a.from !== b.from) return a.from - b.from;
  if (a.to !== b.to) return a.to - b.to;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Those at the start that fit, and the rest. All that fit come before all others. */
function split<I extends Interval>(
  node: Node<I> | undefined,
  fits: (item: I) => boolean,
): readonly [Node<I> | undefined, Node<I> | undefined] {
  if (!node) return [undefined, undefined];
  if (isLeaf(node)) {
    const found = node.items.findIndex((item) => !fits(item));
    const place = found === -1 ? node.items.length : found;
    return [partOf(node, 0, place), partOf(node, place, node.items.length)];
  }
  if (fits(node.right.first)) {
    const [part, after] = split(node.right, fits);
    return [both(node.left, part), after];
  }
  const [before, part] = split(node.left, fits);
  return [before, both(part, node.right)];
}

function partOf<I extends Interval>({ items }: Leaf<I>, from: number, to: number): Leaf<I> | undefined {
  return from === to ? undefined : leafOf(items.slice(from, to));
}

interface Search<I> {
  readonly from: number;
  readonly to: number;
  readonly found: I[];
}

function addOverlapping<I extends Interval>(node: Node<I> | undefined, search: Search<I>): void {
  const { from, to, found } = search;
  if (!node || node.end < from || node.first.from >= to) return;
  if (!isLeaf(node)) {
    addOverlapping(node.left, search);
    addOverlapping(node.right, search);
    return;
  }
  for (const item of node.items) {
    if (item.from < to && (item.to > from || (item.to === item.from && item.from >= from))) found.push(item);
  }
}
