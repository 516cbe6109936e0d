// Sequences commits: the rules that every journal uses for positions, versions, hashes, conflicts and idempotency keys.
import { CHAIN_START } from '../../projections/chain/chain.ts';
import type { Before } from '../../projections/chain/evidence.ts';
import { chainHash } from './chain.ts';
import type { Conflict, Expected, Guard, RedactedText, Unseen } from './commit.ts';
import type { KeyRecord, Outcome, PreparedCommit, StoredEvent } from './journal.ts';
import { publicText } from './public-text.ts';

/** The recorded state, as the journal's transaction sees it. */
export interface Ledger extends Before {
  key(id: string): KeyRecord | undefined;
  /** Position of the last event of this type; 0 if there is none. */
  lastOf(type: string): number;
  /** The epoch that a lease has now. Absent if there are no leases. */
  leaseEpoch?(name: string): number | undefined;
}

/** What the journal must store atomically. */
export interface Sequenced {
  /** One for each commit, in the same order. */
  readonly outcomes: readonly Outcome[];
  readonly events: readonly StoredEvent[];
  /** The last new event of each organisation that has new events. */
  readonly chainHeads: ReadonlyMap<string, Pick<StoredEvent, 'position' | 'hash'>>;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly redactions: readonly RedactedText[];
}

/** Sequences commits after those in the ledger. Each commit sees the effects of those before it. */
export function sequence(ledger: Ledger, commits: readonly PreparedCommit[], now: string): Sequenced {
  const head = ledger.head();
  // A clock that was set back must not reorder history.
  const recordedAt = now > head.recordedAt ? now : head.recordedAt;
  let position = head.position;
  const versions = new Map<string, number>();
  const chainHeads = new Map<string, Pick<StoredEvent, 'position' | 'hash'>>();
  const keys = new Map<string, KeyRecord>();
  const lasts = new Map<string, number>();
  const stored: StoredEvent[] = [];
  const redactions: RedactedText[] = [];

  const versionOf = (stream: string) => versions.get(stream) ?? ledger.version(stream);
  const lastOf = (type: string) => lasts.get(type) ?? ledger.lastOf(type);
  const keyOf = (id: string) => keys.get(id) ?? ledger.key(id);
  const chainHeadOf = (id: string) => chainHeads.get(id)?.hash ?? ledger.chainHead(id) ?? CHAIN_START;

  const place = (commit: PreparedCommit): Outcome => {
    const events: StoredEvent[] = [];
    for (const write of commit.writes) {
      for (const event of write.events) {
        const { organizationId, type, meta } = event;
        const version = versionOf(write.stream) + 1;
        const text = publicText(event, write.stream, version);
        const hash = chainHash({ previous: chainHeadOf(organizationId), recordedAt, text, meta });
        position += 1;
        versions.set(write.stream, version);
        chainHeads.set(organizationId, { position, hash });
        lasts.set(type, position);
        const place = { position, recordedAt, organizationId, stream: write.stream, version, type };
        events.push({ ...place, text, textDigest: null, meta, hash });
      }
    }
    stored.push(...events);
    redactions.push(...commit.redactions);
    return { kind: 'appended', events };
  };

  const outcomes = commits.map((commit): Outcome => {
    const { key, lease } = commit;
    const known = key && keyOf(key.id);
    if (known) return repeated(known, key.fingerprint);
    if (lease && ledger.leaseEpoch?.(lease.name) !== lease.epoch) return { kind: 'fenced' };
    const conflict = findConflict([...commit.writes, ...commit.guards], versionOf) ?? findSeen(commit.unseen, lastOf);
    if (conflict) return conflict;
    const first = position + 1;
    const outcome = place(commit);
    if (key) keys.set(key.id, { fingerprint: key.fingerprint, first, last: position });
    return outcome;
  });
  return { outcomes, events: stored, chainHeads, keys, redactions };
}

function repeated({ fingerprint, first, last }: KeyRecord, requested: string): Outcome {
  return fingerprint === requested ? { kind: 'duplicate', first, last } : { kind: 'key-reused' };
}

function findConflict(guards: readonly Guard[], versionOf: (stream: string) => number): Conflict | undefined {
  for (const { stream, expected } of guards) {
    const actual = versionOf(stream);
    if (!isAsExpected(expected, actual)) return { kind: 'conflict', stream, expected, actual };
  }
  return undefined;
}

function findSeen(unseen: Unseen | undefined, lastOf: (type: string) => number): Conflict | undefined {
  for (const type of unseen?.types ?? []) {
    const [expected, actual] = [unseen?.after ?? 0, lastOf(type)];
    if (actual > expected) return { kind: 'conflict', stream: type, expected, actual };
  }
  return undefined;
}

function isAsExpected(expected: Expected, actual: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'exists') return actual > 0;
  return actual === (expected === 'no-stream' ? 0 : expected);
}
