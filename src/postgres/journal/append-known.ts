// Appends commits in one round trip, as long as nobody but this node writes: what they rest on is taken from what the node
// knows, and checked where it is recorded.
import type { PreparedCommit } from '../../log/journal.ts';
import { type Ledger, type Sequenced, sequence } from '../../log/sequence.ts';
import { DATA_VERSION } from '../migrations.ts';
import type { KnownEnd } from './known-end.ts';
import type { LogParts } from './log-parts.ts';
import { recordValues } from './record.ts';

/** By how much the clock of this node may differ from the server's, in milliseconds. */
const TOLERANCE = 25;

const RECORD_AFTER = `select plive.record_after(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as "isRecorded"`;

/** A statement that records commits if the node knows what they rest on, and the outcomes that they have then. */
export interface KnownAppend {
  readonly sequenced: Sequenced;
  readonly sql: string;
  readonly values: unknown[];
}

/** `undefined` if the node does not know enough, or nothing would be recorded. */
export function knownAppend(parts: LogParts, commits: readonly PreparedCommit[]): KnownAppend | undefined {
  const { continuity, clockLead, end, node, now } = parts;
  const { last } = end;
  const versions = expectedVersions(commits);
  if (continuity.trouble !== undefined || !last || !versions || !isKnown(commits, end)) return undefined;
  const time = now?.() ?? new Date(Date.now() + clockLead.milliseconds);
  const sequenced = sequence(ledgerOf(end, versions), commits, time.toISOString());
  if (sequenced.events.length === 0) return undefined;
  const replaced = (organizationId: string) => end.chainHead(organizationId);
  const values = [
    ...[last.position, last.hash, continuity.epoch, DATA_VERSION],
    ...[now ? null : time.getTime(), TOLERANCE],
    ...[[...versions.keys()], [...versions.values()]],
    ...recordValues({ commits, sequenced, node, now: time, replaced }),
  ];
  return { sequenced, sql: RECORD_AFTER, values };
}

/** Whether the end of the log that this node knows says all but versions and keys. */
function isKnown(commits: readonly PreparedCommit[], end: KnownEnd): boolean {
  const position = end.last?.position ?? 0;
  return commits.every(
    ({ writes, lease, redactions, unseen }) =>
      lease === undefined &&
      redactions.length === 0 &&
      (unseen === undefined || unseen.after >= position) &&
      writes.every(({ events }) => events.every(({ organizationId }) => end.chainHead(organizationId))),
  );
}

/** The version that each stream must have before the first of the commits; `undefined` if one of them leaves it open. */
function expectedVersions(commits: readonly PreparedCommit[]): ReadonlyMap<string, number> | undefined {
  const versions = new Map<string, number>();
  for (const { stream, expected } of commits.flatMap(({ writes, guards }) => [...writes, ...guards])) {
    if (versions.has(stream)) continue;
    if (expected === 'any' || expected === 'exists') return undefined;
    versions.set(stream, expected === 'no-stream' ? 0 : expected);
  }
  return versions;
}

/** The log without keys and leases: that no key was used is checked where it is recorded. */
function ledgerOf(end: KnownEnd, versions: ReadonlyMap<string, number>): Ledger {
  return {
    head: () => end.last ?? { position: 0, recordedAt: '' },
    version: (stream) => versions.get(stream) ?? 0,
    chainHead: (organizationId) => end.chainHead(organizationId)?.hash,
    key: () => undefined,
    lastOf: () => 0,
  };
}
