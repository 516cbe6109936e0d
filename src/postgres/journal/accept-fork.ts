// Accepts the log that the database has now, after a restored backup or a failover that lost commits.
import type { Database } from '../database.ts';
import { readHead } from './event-pages.ts';

/**
 * Nodes that know another log learn that they have to read this one from the beginning. Does nothing if the epoch is
 * above `unlessAbove`: somebody has accepted it. Resolves with the position of its last event.
 */
export function acceptFork(database: Database, unlessAbove = Number.MAX_SAFE_INTEGER): Promise<number> {
  return database.transaction('append', async (query) => {
    await query(RAISE, [unlessAbove]);
    return readHead(query);
  });
}

/**
 * Counted in seconds, from a time before there were databases of Plive: a backup has the epoch of its time, and the next
 * one has to be above the epochs that nodes know.
 */
const RAISE = `update plive.head
  set epoch = greatest(epoch + 1, extract(epoch from clock_timestamp() - timestamptz '2020-01-01Z')::integer)
  where epoch <= $1::bigint`;
