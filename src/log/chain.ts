// The hash chain: each event's hash covers its organisation's previous one, so that no edit, swap or hole goes unseen.
import { createHash } from 'node:crypto';

/** What the first event of an organisation is chained to. */
export const CHAIN_START = '0'.repeat(64);

interface Link {
  /** Hash of the organisation's previous event. */
  readonly previous: string;
  readonly recordedAt: string;
  readonly text: string;
  readonly meta: string;
}

/** The same to whom a text is not shown. */
interface VeiledLink extends Pick<Link, 'previous' | 'recordedAt'> {
  readonly textDigest: string;
  readonly metaDigest: string;
}

/** The hash of an event whose texts are at hand. */
export function chainHash({ previous, recordedAt, text, meta }: Link): string {
  return chainHashOfDigests({ previous, recordedAt, textDigest: digest(text), metaDigest: digest(meta) });
}

/**
 * SHA-256 over four lines: the previous hash, `recordedAt`, and the hex digests of both texts. Digests rather than the
 * texts, so that who may not see a text, or comes after it was blanked, can still check the chain. The position is left
 * out: one organisation's events can be exported and renumbered elsewhere with their hashes intact.
 */
export function chainHashOfDigests({ previous, recordedAt, textDigest, metaDigest }: VeiledLink): string {
  return digest(`${previous}\n${recordedAt}\n${textDigest}\n${metaDigest}`);
}

/** Hex SHA-256. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
