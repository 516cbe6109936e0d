// What an inspection of a chain reads: events as they are stored or exported, and what the log itself says of its end.
import type { ChainHead } from './chain.ts';
import type { ChainProblem } from './problems.ts';

/** Where an event belongs. */
export interface EventPlace {
  readonly organizationId: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
}

/** One stored event: its two texts, and the columns by which it can be found. */
export interface StoredEvidence extends EventPlace {
  readonly position: number;
  readonly recordedAt: string;
  /** The public text: id, type, schema, stream, version, occurredAt, organisation, tenant, salt, data. JSON. */
  readonly text: string;
  /** If the text was blanked: the hex SHA-256 of the original text, which the hash chain covers. Otherwise `null`. */
  readonly textDigest: string | null;
  /** The meta text: actor, correlation, causation, commit. JSON. */
  readonly meta: string;
  /** Hex SHA-256; see `chain.ts`. */
  readonly hash: string;
}

/** What an export has of every event. */
interface Hashed {
  readonly position: number;
  readonly recordedAt: string;
  readonly hash: string;
}

/** The text names the organisation, and so the hash chain; without the text it is given separately. */
interface Text {
  readonly text: string;
}
interface Organization {
  readonly organizationId: string;
}

/**
 * Blanked, and nothing that its original words could be guessed from: neither digest, because the hash and one of them
 * give the other away.
 */
type Withheld = { readonly withheld: true } & (Text | Organization);

/** An exported event with both texts or their digests. A `textDigest` next to the text means that it was blanked. */
export type CheckableEvidence = Hashed &
  ((Text & { readonly textDigest?: string }) | (Organization & { readonly textDigest: string })) &
  ({ readonly meta: string } | { readonly metaDigest: string });

/** An event exactly as stored, with digests in place of the texts that the reader may not see. */
export type ExportedEvidence = CheckableEvidence | (Hashed & Withheld);

/** In place of the next event: it cannot be read. */
export interface Unreadable {
  readonly unreadable: ChainProblem;
}

/** The log's own record of its last events: comes before the events of a stored log, and again after them. */
export interface RecordedHeads {
  /** The last event of each organisation. */
  readonly chainHeads: ReadonlyMap<string, ChainHead>;
}

export type Evidence = StoredEvidence | ExportedEvidence | Unreadable | RecordedHeads;

/** The recorded state before the first event to inspect. */
export interface Before {
  /** Position and time of the last event; 0 and '' for an empty log. */
  head(): { readonly position: number; readonly recordedAt: string };
  /** Version of a stream; 0 if it does not exist. */
  version(stream: string): number;
  /** Hash of the organisation's last event. */
  chainHead(organizationId: string): string | undefined;
}
