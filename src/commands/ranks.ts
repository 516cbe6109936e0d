// Ranks: the fewest new ones that give siblings a wanted order.
import { generateNKeysBetween } from 'fractional-indexing';
import { byRank, MAX_RANK, type Ranked } from '../../projections/events/rank.ts';

/** One of the siblings in the wanted order. */
export interface Sibling extends Ranked {
  readonly id: string;
  /** Whether it comes from elsewhere: then it needs a rank among its new siblings. */
  readonly arrives: boolean;
}

/**
 * The ranks, by id, that must be set so that the siblings come in this order: as few as possible. All of them are ranked
 * anew where something must come between equal ranks, or a rank would become too long.
 */
export function ranksFor(wanted: readonly Sibling[]): ReadonlyMap<string, string> {
  const placed = wanted.slice(0, startOfUnplaced(wanted));
  return ranksBetween(placed, longestInOrder(placed)) ?? ranksAnew(placed);
}

/** Where the last siblings begin that can stay without a rank: they are in the order of their creation already. */
function startOfUnplaced(wanted: readonly Sibling[]): number {
  let start = wanted.length;
  let next: Sibling | undefined;
  for (let sibling = wanted[start - 1]; sibling && canStayUnplaced(sibling, next); sibling = wanted[start - 1]) {
    next = sibling;
    start -= 1;
  }
  return start;
}

function canStayUnplaced({ rank, arrives, origin }: Sibling, next: Sibling | undefined): boolean {
  return rank === null && !arrives && (next === undefined || origin < next.origin);
}

/** The ranks of all that are not in `kept`, between those that are; `undefined` if there is no room. */
function ranksBetween(placed: readonly Sibling[], kept: ReadonlySet<Sibling>): ReadonlyMap<string, string> | undefined {
  const ranks = new Map<string, string>();
  let moved: Sibling[] = [];
  let last: string | null = null;
  for (const sibling of [...placed, undefined]) {
    if (sibling && !kept.has(sibling)) {
      moved.push(sibling);
      continue;
    }
    const next = sibling?.rank ?? null;
    const keys = keysBetween(last, next, moved.length);
    if (!keys) return undefined;
    for (const [index, { id }] of moved.entries()) ranks.set(id, keys[index] as string);
    [moved, last] = [[], next];
  }
  return ranks;
}

function ranksAnew(placed: readonly Sibling[]): ReadonlyMap<string, string> {
  const keys = generateNKeysBetween(null, null, placed.length);
  const changed = placed.flatMap(({ id, rank, arrives }, index): [string, string][] => {
    const key = keys[index] as string;
    return rank === key && !arrives ? [] : [[id, key]];
  });
  return new Map(changed);
}

/** So many ranks between these two; `undefined` if they are equal, or not of this library, or there is no short one. */
function keysBetween(after: string | null, before: string | null, count: number): readonly string[] | undefined {
  if (count === 0) return [];
  if (after !== null && after === before) return undefined;
  try {
    const keys = generateNKeysBetween(after, before, count);
    return keys.every(({ length }) => length <= MAX_RANK) ? keys : undefined;
  } catch {
    return undefined;
  }
}

/** The longest selection of the ranked siblings that is in the order of its ranks already (patience sorting). */
function longestInOrder(siblings: readonly Sibling[]): ReadonlySet<Sibling> {
  /** By length: the end of the best selection of that length, linked to what comes before it. */
  const ends: Link[] = [];
  for (const sibling of siblings) {
    if (sibling.rank === null || sibling.arrives) continue;
    const place = firstNotBefore(ends, sibling);
    ends[place] = { sibling, before: ends[place - 1] };
  }
  const kept = new Set<Sibling>();
  for (let link = ends.at(-1); link; link = link.before) kept.add(link.sibling);
  return kept;
}

interface Link {
  readonly sibling: Sibling;
  readonly before: Link | undefined;
}

/** The first end that does not come before the sibling, by binary search. */
function firstNotBefore(ends: readonly Link[], sibling: Sibling): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byRank((ends[middle] as Link).sibling, sibling) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
