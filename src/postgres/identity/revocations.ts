// Which sessions ended and which users were erased, as a small log of its own, so that every node hears of it.
import { setTimeout } from 'node:timers/promises';
import type { Revocation, RevocationStep } from '../../identity/identity-store.ts';
import type { Query } from '../transaction.ts';

/** Another number than that of any other program that might lock in the same database. */
const LOCK = 7_558_484;
/** How often each node reads, in milliseconds. */
const BETWEEN_READS = 250;
/** How long revocations are stored: longer than any node goes on with what it knew before. */
const STORED = "interval '1 hour'";
/** How many are read at once. */
const PAGE = 1_000;

/**
 * Records revocations in the transaction that makes them. Resolves with the ids. Call it last: from here on the
 * transaction holds up others that revoke, so that positions are dense and are read in their order.
 */
export async function revoke(
  query: Query,
  kind: Revocation['kind'],
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return ids;
  await query('select pg_advisory_xact_lock($1)', [LOCK]);
  // A statement of its own, because it must see what was recorded before the lock was free.
  await query(
    `insert into plive.revocations
       select coalesce((select max(position) from plive.revocations), 0) + number, $1, id, clock_timestamp()
       from unnest($2::text[]) with ordinality as revoked (id, number)`,
    [kind, ids],
  );
  return ids;
}

/** Removes those that every node has read. The last one stays: the next position is counted from it. */
export async function sweepRevocations(query: Query): Promise<void> {
  await query(
    `delete from plive.revocations where at < clock_timestamp() - ${STORED}
       and position < (select max(position) from plive.revocations)`,
  );
}

/** The position of the last revocation. */
export async function lastRevocation(read: Query): Promise<number> {
  const [head] = await read<{ position: number }>(
    'select coalesce(max(position), 0)::bigint as position from plive.revocations',
  );
  return head?.position ?? 0;
}

interface Row extends Revocation {
  readonly position: number;
}

/** Reads what follows this position, until the signal aborts. */
export async function* tailRevocations(
  read: Query,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<RevocationStep> {
  let last = after;
  while (!signal.aborted) {
    const asOf = Date.now();
    const rows = await read<Row>(
      `select position, kind, id from plive.revocations where position > $1 order by position limit ${PAGE}`,
      [last],
    ).catch(() => undefined);
    if (rows) {
      yield { revoked: rows.map(({ kind, id }) => ({ kind, id })), asOf };
      last = rows.at(-1)?.position ?? last;
    }
    if (rows?.length !== PAGE) await setTimeout(BETWEEN_READS, undefined, { signal, ref: false }).catch(() => {});
  }
}
