// Ranks: where services and groups stand among their siblings.

/** The most characters that a rank has. What would need more ranks its siblings anew. */
export const MAX_RANK = 100;

/** What is ranked: `rank` is a fractional index, or null if nobody has placed it. */
export interface Ranked {
  readonly rank: string | null;
  /** Position of the event that created it. */
  readonly origin: number;
}

/**
 * The order among siblings: by rank, ascending by code units, then what nobody has placed; equal ranks, as parallel moves
 * can make them, by creation.
 */
export function byRank(a: Ranked, b: Ranked): number {
  if (a.rank === b.rank) return a.origin - b.origin;
  if (a.rank === null || b.rank === null) return a.rank === null ? 1 : -1;
  return a.rank < b.rank ? -1 : 1;
}
