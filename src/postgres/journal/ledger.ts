// Reads, in one statement, all that a transaction must know to sequence commits.
import { digest } from '../../log/chain.ts';
import type { KeyRecord, PreparedCommit } from '../../log/journal.ts';
import type { Ledger } from '../../log/sequence.ts';
import type { Query } from '../transaction.ts';
import { type KnownEvent, LOG_STATE, LOG_STATE_TABLES, type LogState } from './continuity.ts';

/** The recorded state as this transaction sees it, and the server's clock at that time. */
export interface LedgerReading {
  readonly ledger: Ledger;
  readonly clock: Date;
  readonly state: LogState;
  /** The last event of each organisation. */
  readonly chainHeads: ReadonlyMap<string, KnownEvent>;
}

interface Row extends LogState {
  readonly clock: number;
  readonly last: { readonly position: number; readonly recordedAt: string } | null;
  readonly versions?: Readonly<Record<string, number | null>>;
  readonly chainHeads?: Readonly<Record<string, KnownEvent>> | null;
  readonly keys?: Readonly<Record<string, KeyRecord>> | null;
  readonly leases?: Readonly<Record<string, number>> | null;
  readonly lasts?: Readonly<Record<string, number | null>>;
}

/** What is read for a list of names, which is the parameter. */
const PARTS = {
  versions: (names: string) => `select json_object_agg(stream, (
      select version from plive.events where events.stream = asked.stream order by version desc limit 1))
    from unnest(${names}::text[]) as asked (stream)`,
  chainHeads: (
    names: string,
  ) => `select json_object_agg(organization_id, json_build_object('position', position, 'hash', hash))
    from unnest(${names}::text[]) as asked (id), lateral (
      select * from plive.chain_heads where organization_id = id order by position desc limit 1) as found`,
  keys: (names: string) => `select json_object_agg(digest,
      json_build_object('fingerprint', fingerprint, 'first', first, 'last', last))
    from plive.idempotency_keys where digest = any (${names})`,
  // A lease is also locked, so that it cannot pass to another node before this transaction ends.
  leases: (names: string) => `select json_object_agg(name, epoch) from (
      select name, epoch from plive.leases where name = any (${names}) for share) as held`,
  // The last event of a type is the one before the end of that type in the index: a plan that compares for equality may walk
  // the log backwards, far for a rare type.
  lasts: (names: string) => `select json_object_agg(type, (
      select case when events.type = asked.type then position end from plive.events
      where (events.type, position) <= (asked.type, ${Number.MAX_SAFE_INTEGER})
      order by events.type desc, position desc limit 1))
    from unnest(${names}::text[]) as asked (type)`,
} as const;

type Asked = Readonly<Record<keyof typeof PARTS, readonly string[]>>;

/** Needs the head row's lock. `known` is the event that the database must still have. */
export async function readLedger(
  query: Query,
  commits: readonly PreparedCommit[],
  known: KnownEvent,
): Promise<LedgerReading> {
  const { sql, values } = statementFor(namesIn(commits), known);
  const [row] = await query<Row>(sql, values);
  return readingOf(row as Row);
}

function namesIn(commits: readonly PreparedCommit[]): Asked {
  return {
    versions: commits.flatMap(({ writes, guards }) => [...writes, ...guards].map(({ stream }) => stream)),
    chainHeads: commits.flatMap(({ writes }) =>
      writes.flatMap(({ events }) => events.map(({ organizationId }) => organizationId)),
    ),
    keys: commits.flatMap(({ key }) => (key ? [keyDigest(key.id)] : [])),
    leases: commits.flatMap(({ lease }) => (lease ? [lease.name] : [])),
    lasts: commits.flatMap(({ unseen }) => unseen?.types ?? []),
  };
}

/** Without the parts for which nothing is asked: planning them would take most of the time of a small commit. */
function statementFor(asked: Asked, { position }: KnownEvent): { readonly sql: string; readonly values: unknown[] } {
  const values: unknown[] = [position];
  const parts = Object.entries(PARTS).flatMap(([name, part]) => {
    const names = asked[name as keyof Asked];
    if (names.length === 0) return [];
    values.push([...new Set(names)]);
    return [`(${part(`$${values.length}`)}) as "${name}"`];
  });
  const sql = `select ${[...parts, LAST, CLOCK, LOG_STATE].join(',\n')} from ${LOG_STATE_TABLES}`;
  return { sql, values };
}

const LAST = `(select json_build_object('position', position, 'recordedAt', recorded_at)
    from plive.events order by position desc limit 1) as last`;
const CLOCK = '(extract(epoch from clock_timestamp()) * 1000)::bigint as clock';

/** A key contains a path, which can be too long for an index. */
export function keyDigest(id: string): string {
  return digest(id);
}

function readingOf(row: Row): LedgerReading {
  const [versions, chainHeads] = [mapOf(row.versions), mapOf(row.chainHeads)];
  const [keys, leases, lasts] = [mapOf(row.keys), mapOf(row.leases), mapOf(row.lasts)];
  const ledger: Ledger = {
    head: () => row.last ?? { position: 0, recordedAt: '' },
    version: (stream) => versions.get(stream) ?? 0,
    chainHead: (organizationId) => chainHeads.get(organizationId)?.hash,
    key: (id) => keys.get(keyDigest(id)),
    lastOf: (type) => lasts.get(type) ?? 0,
    leaseEpoch: (name) => leases.get(name),
  };
  return { ledger, chainHeads, clock: new Date(row.clock), state: row };
}

function mapOf<V>(values: Readonly<Record<string, V>> | null | undefined): ReadonlyMap<string, V> {
  return new Map(Object.entries(values ?? {}));
}
