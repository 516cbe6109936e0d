// Balanced binary trees with all content in their leaves: joins two of them, whatever their heights.

/** A node of such a tree. A leaf has the height 0. */
export interface Balanced {
  readonly height: number;
}

/** How the nodes of one kind of tree are taken apart and put together. */
export interface Kit<N extends Balanced> {
  /** The subtrees of a node that is no leaf. */
  halves(node: N): readonly [left: N, right: N];
  /** A node over two others, which stay as they are. */
  over(left: N, right: N): N;
  /** Two leaves as one; `undefined` if that would be too large. */
  merged(left: N, right: N): N | undefined;
}

/** One tree with the content of both, in O(difference of their heights). `undefined` is the empty tree. */
export function joined<N extends Balanced>(kit: Kit<N>, left: N | undefined, right: N | undefined): N | undefined {
  return left && right ? together(kit, left, right) : (left ?? right);
}

function together<N extends Balanced>(kit: Kit<N>, left: N, right: N): N {
  if (left.height === 0 && right.height === 0) return kit.merged(left, right) ?? kit.over(left, right);
  // A leaf goes down to the other tree's outermost leaf, so that small leaves become one.
  if (right.height === 0 || left.height > right.height + 1) {
    const [first, second] = kit.halves(left);
    return balanced(kit, first, together(kit, second, right));
  }
  if (left.height === 0 || right.height > left.height + 1) {
    const [first, second] = kit.halves(right);
    return balanced(kit, together(kit, left, first), second);
  }
  return kit.over(left, right);
}

/** A node over two others whose heights differ by two at most, rotated so that they differ by one at most. */
function balanced<N extends Balanced>(kit: Kit<N>, left: N, right: N): N {
  if (left.height > right.height + 1) {
    const [outer, inner] = kit.halves(left);
    if (outer.height >= inner.height) return kit.over(outer, kit.over(inner, right));
    const [first, second] = kit.halves(inner);
    return kit.over(kit.over(outer, first), kit.over(second, right));
  }
  if (right.height > left.height + 1) {
    const [inner, outer] = kit.halves(right);
    if (outer.height >= inner.height) return kit.over(kit.over(left, inner), outer);
    const [first, second] = kit.halves(inner);
    return kit.over(kit.over(left, first), kit.over(second, outer));
  }
  return kit.over(left, right);
}
