// The hash chain of new events, with Node's SHA-256.
import { createHash } from 'node:crypto';
import { type ChainLink, hashOfLink } from '../../projections/chain/chain.ts';

/** A link with its texts. */
interface LinkOfTexts extends Pick<ChainLink, 'previous' | 'recordedAt'> {
  readonly text: string;
  readonly meta: string;
}

/** The hash of an event, from its texts. */
export function chainHash({ previous, recordedAt, text, meta }: LinkOfTexts): string {
  return hashOfLink({ previous, recordedAt, textDigest: digest(text), metaDigest: digest(meta) }, digest);
}

/** Hex SHA-256. */
export function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
