// The hash chain: each event's hash covers its organisation's previous hash, so that edits, swaps and gaps are
// detected.
import { createHash } from 'node:crypto';

/** The previous hash of an organisation's first event. */
export const CHAIN_START = '0'.repeat(64);

interface Link {
  /** Hash of the organisation's previous event. */
  readonly previous: string;
  readonly recordedAt: string;
  readonly text: string;
  readonly meta: string;
}

/** A link with digests in place of its texts. */
interface LinkOfDigests extends Pick<Link, 'previous' | 'recordedAt'> {
  readonly textDigest: string;
  readonly metaDigest: string;
}

/** The hash of an event, from its texts. */
export function chainHash({ previous, recordedAt, text, meta }: Link): string {
  return chainHashOfDigests({ previous, recordedAt, textDigest: digest(text), metaDigest: digest(meta) });
}

/**
 * SHA-256 over four lines: the previous hash, `recordedAt`, and the hex digests of both texts. Digests instead of
 * texts, so that the chain can be verified without access to a text, and after it was blanked. The position is left
 * out: one organisation's events can be exported and renumbered elsewhere with their hashes intact.
 */
export function chainHashOfDigests({ previous, recordedAt, textDigest, metaDigest }: LinkOfDigests): string {
  return digest(`${previous}\n${recordedAt}\n${textDigest}\n${metaDigest}`);
}

/** Hex SHA-256. */
export function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
