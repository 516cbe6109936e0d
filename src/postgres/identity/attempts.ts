// Attempts to sign in, counted for all nodes together: the quotas of src/bounds/rate-limiter.ts, by the database's clock.
import { createHash } from 'node:crypto';
import { attempt, replenishmentOf } from '../../bounds/rate-limiter.ts';
import type { CountedAttempt, SharedIdentity } from '../../identity/identity-store.ts';
import type { Query } from '../transaction.ts';
import type { IdentityConnections } from './identity-calls.ts';

/** How many quotas are stored after a sweep: those that are whole last. */
const STORED = 100_000;

export function attemptCalls({
  change,
}: IdentityConnections): Pick<SharedIdentity, 'takeAttempts' | 'forgiveAttempts'> {
  return {
    takeAttempts: (attempts) =>
      change(async (query) => {
        const untilWhole = await lockQuotas(query, attempts.map(keyOf));
        const results = attempts.map((each) => ({
          key: keyOf(each),
          ...attempt(replenishmentOf(each.quota), untilWhole.get(keyOf(each)) ?? 0),
        }));
        const refused = results.find(({ verdict }) => !verdict.allowed);
        if (refused) return refused.verdict;
        await query(TAKE, [results.map(({ key }) => key), results.map((result) => result.untilWhole)]);
        return undefined;
      }),
    async forgiveAttempts(attempts) {
      await change((query) => query(FORGIVE, [attempts.map(keyOf)]));
    },
  };
}

/** Removes quotas that are whole, and bounds how many there are. Those that are being taken from stay. */
export async function sweepAttempts(query: Query): Promise<void> {
  await query(
    `delete from plive.attempts where key in
       (select key from plive.attempts where full_at <= now()
        or key in (select key from plive.attempts order by full_at desc offset ${STORED})
        order by key for update skip locked)`,
  );
}

/**
 * In how many milliseconds each quota is whole. No other transaction takes from them or removes them until this one ends.
 * Another may hold them for a while, so the time is read when they are locked: `now()` is that of the transaction's begin.
 */
async function lockQuotas(query: Query, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  await query(LOCK, [keys]);
  const rows = await query<{ key: string; untilWhole: number }>(
    `select key, round(extract(epoch from full_at - clock_timestamp()) * 1000)::float8 as "untilWhole"
     from plive.attempts where key = any($1)`,
    [keys],
  );
  return new Map(rows.map(({ key, untilWhole }) => [key, untilWhole]));
}

/** Of fixed length, and without the address or the account. */
function keyOf({ quota, key }: CountedAttempt): string {
  return createHash('sha256').update(`${quota.name} ${key}`).digest('base64url');
}

/** Locks rows that are there without a change of them, which `do nothing` would not: a sweep could remove them. */
const LOCK = `insert into plive.attempts as stored
  select key, clock_timestamp() from (select distinct unnest($1::text[]) as key) as taken order by key
  on conflict (key) do update set full_at = stored.full_at where false`;

const TAKE = `update plive.attempts as stored set full_at = clock_timestamp() + taken.until * interval '1 millisecond'
  from unnest($1::text[], $2::float8[]) as taken (key, until) where stored.key = taken.key`;

const FORGIVE = `delete from plive.attempts where key in
  (select key from plive.attempts where key = any($1) order by key for update)`;
