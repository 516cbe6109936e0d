// Reads, in one statement, all that a transaction must know to sequence commits.
import { digest } from '../../log/chain.ts';
import type { KeyRecord, PreparedCommit } from '../../log/journal.ts';
import type { Ledger } from '../../log/sequence.ts';
import type { Query } from '../transaction.ts';
import { type KnownEvent, LOG_STATE, type LogState } from './continuity.ts';

/** The recorded state as this transaction sees it, and the server's clock at that time. */
export interface Reading {
  readonly ledger: Ledger;
  readonly clock: Date;
  readonly state: LogState;
  /** The last event of each organisation. */
  readonly chainHeads: ReadonlyMap<string, KnownEvent>;
}

interface Row extends LogState {
  readonly head: { readonly position: number; readonly recordedAt: string } | null;
  readonly versions: Readonly<Record<string, number | null>> | null;
  readonly chainHeads: Readonly<Record<string, KnownEvent>> | null;
  readonly keys: Readonly<Record<string, KeyRecord>> | null;
  readonly leases: Readonly<Record<string, number>> | null;
  readonly lasts: Readonly<Record<string, number | null>> | null;
  readonly clock: number;
}

/**
 * The last event of a type is the one before the end of that type in the index: a plan that compares for equality may walk
 * the log backwards, far for a rare type.
 *
 * A lease that is read is also locked, so that it cannot pass to another node before this transaction ends.
 */
const READ = `with held as materialized (select name, epoch from plive.leases where name = any ($5) for share)
  select
    (select json_build_object('position', position, 'recordedAt', recorded_at)
      from plive.events order by position desc limit 1) as head,
    (select json_object_agg(stream, (
        select version from plive.events where events.stream = asked.stream order by version desc limit 1))
      from unnest($2::text[]) as asked (stream)) as versions,
    (select json_object_agg(organization_id, head) from unnest($3::text[]) as asked (organization_id), lateral (
        select json_build_object('position', position, 'hash', hash) as head from plive.chain_heads
        where chain_heads.organization_id = asked.organization_id order by position desc limit 1) as found
      ) as "chainHeads",
    (select json_object_agg(digest, json_build_object('fingerprint', fingerprint, 'first', first, 'last', last))
      from plive.idempotency_keys where digest = any ($4)) as keys,
    (select json_object_agg(name, epoch) from held) as leases,
    (select json_object_agg(type, (
        select case when events.type = asked.type then position end from plive.events
        where (events.type, position) <= (asked.type, ${Number.MAX_SAFE_INTEGER}) order by events.type desc, position desc limit 1))
      from unnest($6::text[]) as asked (type)) as lasts,
    (extract(epoch from clock_timestamp()) * 1000)::bigint as clock,
    ${LOG_STATE}`;

/** Needs the head row's lock. `known` is the event that the database must still have. */
export async function readLedger(
  query: Query,
  commits: readonly PreparedCommit[],
  known: KnownEvent,
): Promise<Reading> {
  const guards = commits.flatMap((commit) => [...commit.writes, ...commit.guards]);
  const events = commits.flatMap(({ writes }) => writes.flatMap((write) => write.events));
  const [row] = await query<Row>(READ, [
    known.position,
    distinct(guards.map(({ stream }) => stream)),
    distinct(events.map(({ organizationId }) => organizationId)),
    distinct(commits.flatMap(({ key }) => (key ? [keyDigest(key.id)] : []))),
    distinct(commits.flatMap(({ lease }) => (lease ? [lease.name] : []))),
    distinct(commits.flatMap(({ unseen }) => unseen?.types ?? [])),
  ]);
  return readingOf(row as Row);
}

/** A key contains a path, which can be too long for an index. */
export function keyDigest(id: string): string {
  return digest(id);
}

function readingOf(row: Row): Reading {
  const [versions, chainHeads] = [mapOf(row.versions), mapOf(row.chainHeads)];
  const [keys, leases, lasts] = [mapOf(row.keys), mapOf(row.leases), mapOf(row.lasts)];
  const ledger: Ledger = {
    head: () => row.head ?? { position: 0, recordedAt: '' },
    version: (stream) => versions.get(stream) ?? 0,
    chainHead: (organizationId) => chainHeads.get(organizationId)?.hash,
    key: (id) => keys.get(keyDigest(id)),
    lastOf: (type) => lasts.get(type) ?? 0,
    leaseEpoch: (name) => leases.get(name),
  };
  return { ledger, chainHeads, clock: new Date(row.clock), state: row };
}

function mapOf<V>(values: Readonly<Record<string, V>> | null): ReadonlyMap<string, V> {
  return new Map(Object.entries(values ?? {}));
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
