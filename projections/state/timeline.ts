// A persistent function of time: a level in each second, what caused it, and how long each level held in any interval.
import { type Balanced, joined, type Kit } from './balanced.ts';

/** Levels are natural numbers below this. */
export const LEVELS = 8;

/** A level and the number of what caused it, as one number. */
export function statement(level: number, cause: number): number {
  return cause * LEVELS + level;
}

export function levelOf(said: number): number {
  return said % LEVELS;
}

export function causeOf(said: number): number {
  return Math.floor(said / LEVELS);
}

/** What is said above a floor; a floor of level 0 adds nothing. */
function above(floor: number, said: number): number {
  return levelOf(floor) === 0 ? said : higher(floor, said);
}

/** The higher level; of two equal ones the one with the lower cause. In this order any order of comparing gives the same. */
function higher(a: number, b: number): number {
  const [levelA, levelB] = [levelOf(a), levelOf(b)];
  if (levelA === levelB) return Math.min(a, b);
  return levelA > levelB ? a : b;
}

/** An interval with one statement: from `from` up to, not including, `to`, in seconds. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly said: number;
}

interface Piece extends Balanced {
  readonly from: number;
  readonly to: number;
}

interface Leaf extends Piece {
  readonly height: 0;
  /** Ascending, from `from` on. Each statement holds until the next start, the last one until `to`. */
  readonly starts: readonly number[];
  readonly said: readonly number[];
}

interface Branch extends Piece {
  /** The seconds of each level. */
  readonly seconds: readonly number[];
  /** What everything below says at least; 0 if there is nothing to add. `seconds` counts it already. */
  readonly floor: number;
  readonly left: Node;
  readonly right: Node;
}

type Node = Leaf | Branch;

/** The most statements of a leaf: a change copies one leaf and the branches above it. */
const LEAF_SIZE = 32;

const kit: Kit<Node> = {
  halves(node) {
    const { left, right, floor } = node as Branch;
    return [raised(left, floor), raised(right, floor)];
  },
  over(left, right) {
    const { from } = left;
    const { to } = right;
    const seconds = noSeconds();
    for (const node of [left, right]) addSeconds(node, { from, to, counts: seconds }, 0);
    const height = Math.max(left.height, right.height) + 1;
    return { height, from, to, seconds, floor: 0, left, right };
  },
  merged(left, right) {
    if (!isLeaf(left) || !isLeaf(right) || left.starts.length + right.starts.length > LEAF_SIZE) return undefined;
    return leafOf(left.starts.concat(right.starts), left.said.concat(right.said), right.to);
  },
};

/**
 * Covers one interval without gaps. A change, and a sum over any interval, cost O(log n) for n statements; what is said
 * at the end costs one leaf.
 */
export class Timeline {
  /** All but the last leaf; `undefined` if that is all. */
  readonly #before: Node | undefined;
  readonly #last: Leaf;

  private constructor(before: Node | undefined, last: Leaf) {
    this.#before = before;
    this.#last = last;
  }

  /** The same statement all the time. */
  static constant({ from, to, said }: Run): Timeline {
    return new Timeline(undefined, leafOf([from], [said], to));
  }

  static #of(root: Node): Timeline {
    const { from } = lastLeaf(root);
    const [before, last] = split(root, from);
    return new Timeline(before, last as Leaf);
  }

  get from(): number {
    return (this.#before ?? this.#last).from;
  }

  get to(): number {
    return this.#last.to;
  }

  /** From when on the last statement holds. */
  get lastStart(): number {
    return this.#last.starts.at(-1) as number;
  }

  /** The statement at this second. */
  at(second: number): number {
    let floor = 0;
    let node = second < this.#last.from ? (this.#before as Node) : this.#last;
    while (!isLeaf(node)) {
      floor = higher(floor, node.floor);
      node = second < node.right.from ? node.left : node.right;
    }
    return above(floor, node.said[placeIn(node, second)] as number);
  }

  /** Adds to `counts` how many seconds of the interval have each level. */
  addSeconds(from: number, to: number, counts: number[]): void {
    if (this.#before) addSeconds(this.#before, { from, to, counts }, 0);
    addSeconds(this.#last, { from, to, counts }, 0);
  }

  /** The part between two times within the timeline; `from` is before `to`. */
  part(from: number, to: number): Timeline {
    if (from > this.#last.from && to === this.to) return new Timeline(undefined, splitLeaf(this.#last, from)[1]);
    const [, rest] = split(this.#root, from);
    const [part] = rest ? split(rest, to) : [];
    if (!part) throw new RangeError(`There is nothing between ${from} and ${to}.`);
    return Timeline.#of(part);
  }

  /** The timeline with this statement from a second on. */
  saidFrom(from: number, said: number): Timeline {
    const { starts, said: before, to } = this.#last;
    if (from <= this.#last.from) return this.replaced(Timeline.constant({ from, to, said }));
    const count = placeIn(this.#last, from - 1) + 1;
    if (count === LEAF_SIZE) {
      const full = joined(kit, this.#before, leafOf(starts, before, from));
      return new Timeline(full, leafOf([from], [said], to));
    }
    return new Timeline(this.#before, leafOf(firstAnd(starts, count, from), firstAnd(before, count, said), to));
  }

  /** The timeline with this part, which lies within it, in place of its own. */
  replaced(part: Timeline): Timeline {
    const [before] = split(this.#root, part.from);
    const [, after] = split(this.#root, part.to);
    return Timeline.#of(joined(kit, joined(kit, before, part.#root), after) as Node);
  }

  /** The timeline in which this run is said where something lower was. */
  raised({ from, to, said }: Run): Timeline {
    if (levelOf(said) === 0) return this;
    return this.replaced(Timeline.#of(raised(this.part(from, to).#root, said)));
  }

  /** All statements in order, those that follow each other and are the same as one. */
  *[Symbol.iterator](): Generator<Run> {
    yield* this.runs(this.from, this.to);
  }

  /** The same within an interval. */
  *runs(from: number, to: number): Generator<Run> {
    let last: Run | undefined;
    for (const node of this.#before ? [this.#before, this.#last] : [this.#last]) {
      for (const run of runsOf(node, { from, to }, 0)) {
        if (last && last.said !== run.said) yield last;
        last = last?.said === run.said ? { ...last, to: run.to } : run;
      }
    }
    if (last) yield last;
  }

  get #root(): Node {
    return joined(kit, this.#before, this.#last) as Node;
  }
}

function lastLeaf(node: Node): Leaf {
  return isLeaf(node) ? node : lastLeaf(node.right);
}

function isLeaf(node: Node): node is Leaf {
  return node.height === 0;
}

function leafOf(starts: readonly number[], said: readonly number[], to: number): Leaf {
  return { height: 0, from: starts[0] as number, to, starts, said };
}

/** The first ones and one more. A loop, because `slice` and `push` allocate twice: reports are folded all the time. */
function firstAnd(values: readonly number[], count: number, one: number): readonly number[] {
  const copy = new Array<number>(count + 1);
  for (let index = 0; index < count; index += 1) copy[index] = values[index] as number;
  copy[count] = one;
  return copy;
}

/** The index of the last start that is not after this second. */
function placeIn({ starts }: Leaf, second: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= second) low = middle;
    else high = middle - 1;
  }
  return low;
}

function raised(node: Node, floor: number): Node {
  if (levelOf(floor) === 0) return node;
  if (isLeaf(node)) return raisedLeaf(node, floor);
  const least = higher(node.floor, floor);
  return least === node.floor ? node : { ...node, floor: least, seconds: raisedSeconds(node.seconds, levelOf(floor)) };
}

function raisedLeaf(leaf: Leaf, floor: number): Leaf {
  const [starts, said]: [number[], number[]] = [[], []];
  for (const [index, each] of leaf.said.entries()) {
    const is = higher(each, floor);
    if (said.at(-1) === is) continue;
    starts.push(leaf.starts[index] as number);
    said.push(is);
  }
  return leafOf(starts, said, leaf.to);
}

function raisedSeconds(seconds: readonly number[], floor: number): readonly number[] {
  const counts = noSeconds();
  addAll(seconds, floor, counts);
  return counts;
}

function noSeconds(): number[] {
  return new Array<number>(LEVELS).fill(0);
}

/** Adds the seconds of each level, those below the floor to the floor. */
function addAll(seconds: readonly number[], floor: number, counts: number[]): void {
  for (let level = 0; level < LEVELS; level += 1) {
    const place = Math.max(level, floor);
    counts[place] = (counts[place] as number) + (seconds[level] as number);
  }
}

interface Sum {
  readonly from: number;
  readonly to: number;
  readonly counts: number[];
}

function addSeconds(node: Node, sum: Sum, floor: number): void {
  const { from, to, counts } = sum;
  if (to <= node.from || from >= node.to) return;
  if (isLeaf(node)) addFromLeaf(node, sum, floor);
  else if (from <= node.from && node.to <= to) addAll(node.seconds, floor, counts);
  else {
    const least = Math.max(floor, levelOf(node.floor));
    addSeconds(node.left, sum, least);
    addSeconds(node.right, sum, least);
  }
}

function addFromLeaf(node: Leaf, { from, to, counts }: Sum, floor: number): void {
  for (let index = placeIn(node, from); index < node.starts.length; index += 1) {
    const start = Math.max(from, node.starts[index] as number);
    if (start >= to) return;
    const place = Math.max(floor, levelOf(node.said[index] as number));
    counts[place] = (counts[place] as number) + Math.min(to, node.starts[index + 1] ?? node.to) - start;
  }
}

/** What is before this second, and the rest. */
function split(node: Node, at: number): readonly [Node | undefined, Node | undefined] {
  if (at <= node.from) return [undefined, node];
  if (at >= node.to) return [node, undefined];
  if (isLeaf(node)) return splitLeaf(node, at);
  const [left, right] = kit.halves(node);
  if (at < right.from) {
    const [before, rest] = split(left, at);
    return [before, joined(kit, rest, right)];
  }
  const [part, after] = split(right, at);
  return [joined(kit, left, part), after];
}

/** Splits a leaf at a second after its start. */
function splitLeaf(leaf: Leaf, at: number): readonly [Leaf, Leaf] {
  const { starts, said, to } = leaf;
  const place = placeIn(leaf, at - 1);
  const next = placeIn(leaf, at);
  return [
    leafOf(starts.slice(0, place + 1), said.slice(0, place + 1), at),
    leafOf([at].concat(starts.slice(next + 1)), said.slice(next), to),
  ];
}

function* runsOf(node: Node, within: { readonly from: number; readonly to: number }, floor: number): Generator<Run> {
  const { from, to } = within;
  if (to <= node.from || from >= node.to) return;
  if (!isLeaf(node)) {
    const least = higher(floor, node.floor);
    yield* runsOf(node.left, within, least);
    yield* runsOf(node.right, within, least);
    return;
  }
  for (let index = placeIn(node, from); index < node.starts.length; index += 1) {
    const start = Math.max(from, node.starts[index] as number);
    if (start >= to) return;
    const said = above(floor, node.said[index] as number);
    yield { from: start, to: Math.min(to, node.starts[index + 1] ?? node.to), said };
  }
}
