// The identity store of several nodes: tables in the log's own PostgreSQL database.
import type { IdentityStore } from '../../identity/identity-store.ts';
import type { Database } from '../database.ts';
import { repeatedTransaction } from '../repeating.ts';
import type { Query } from '../transaction.ts';
import { attemptCalls, sweepAttempts } from './attempts.ts';
import { type IdentityConnections, idsOf } from './identity-calls.ts';
import { keyCalls } from './keys.ts';
import { linkCalls } from './links.ts';
import { PendingTable } from './pending.ts';
import { peopleCalls } from './people.ts';
import { lastRevocation, revoke, sweepRevocations, tailRevocations } from './revocations.ts';
import { sessionCalls } from './sessions.ts';

/** `database` must be checked and migrated before the store is opened; the store does not close it. */
export function postgresIdentityStore(database: Database): IdentityStore {
  const connections: IdentityConnections = {
    read: (sql, values) => database.query('requests', sql, values),
    change: (work) => repeatedTransaction(database, 'requests', work),
  };
  const { read, change } = connections;
  const table = new PendingTable();
  const { renewPending, ...pending } = table.calls(connections);
  let openedAt = 0;
  return {
    shared: {
      revocations: (signal) => tailRevocations(read, openedAt, signal),
      renewPending,
      ...attemptCalls(connections),
    },
    async open() {
      openedAt = await lastRevocation(read);
    },
    ...peopleCalls(connections, table),
    ...sessionCalls(connections),
    ...keyCalls(connections),
    ...linkCalls(connections, table),
    ...pending,
    async used({ sessions, keys }) {
      await change(async (query) => {
        await storeUses(query, 'sessions', sessions);
        await storeUses(query, 'api_keys', keys);
      });
    },
    sweep: ({ created, used, now }) =>
      change(async (query) => {
        await query('delete from plive.links where expires_at <= $1', [now]);
        await sweepRevocations(query);
        await sweepAttempts(query);
        const ended = await query<{ id: string }>(END_OLD, [created, used]);
        return revoke(query, 'session', idsOf(ended));
      }),
    async probe() {
      await change((query) => query(PROBE));
    },
    async close() {},
  };
}

/** A use that another node has stored meanwhile can be later. */
async function storeUses(
  query: Query,
  table: 'sessions' | 'api_keys',
  uses: readonly (readonly [id: string, at: string])[],
): Promise<void> {
  if (uses.length === 0) return;
  await query(
    `update plive.${table} as stored set last_used_at = used.at
     from (select id, at from unnest($1::text[], $2::text[]) as given (id, at) order by id) as used
     where stored.id = used.id and (stored.last_used_at is null or stored.last_used_at < used.at)`,
    [uses.map(([id]) => id), uses.map(([, at]) => at)],
  );
}

const END_OLD = `delete from plive.sessions where id in
  (select id from plive.sessions where created_at <= $1 or last_used_at <= $2 order by id for update) returning id`;

const PROBE = `insert into plive.attempts values ('', clock_timestamp())
  on conflict (key) do update set full_at = excluded.full_at`;
