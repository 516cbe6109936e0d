// The hash chain: each event's hash covers its organisation's previous hash, so that edits, swaps and gaps are
// detected.

/** Hex SHA-256 of the text's bytes in UTF-8. Whoever computes or checks hashes brings it: Node and browsers have different ones. */
export type Digest = (text: string) => string;

/** The previous hash of an organisation's first event. */
export const CHAIN_START = '0'.repeat(64);

/**
 * An organisation's last event. A log with its end cut off is consistent: only a head stored elsewhere reveals the
 * loss.
 */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** What the hash of an event covers, with digests in place of its texts. */
export interface ChainLink {
  /** Hash of the organisation's previous event. */
  readonly previous: string;
  readonly recordedAt: string;
  readonly textDigest: string;
  readonly metaDigest: string;
}

/**
 * SHA-256 over four lines: the previous hash, `recordedAt`, and the hex digests of both texts. Digests instead of
 * texts, so that the chain can be verified without access to a text, and after it was blanked. The position is left
 * out: one organisation's events can be exported and renumbered elsewhere with their hashes intact.
 */
export function hashOfLink({ previous, recordedAt, textDigest, metaDigest }: ChainLink, digest: Digest): string {
  return digest(`${previous}\n${recordedAt}\n${textDigest}\n${metaDigest}`);
}
