// Accepts the log that the database has now, after a restored backup or a failover that lost commits.
import type { Database } from '../database.ts';
import { readHead } from './event-pages.ts';

/**
 * Nodes that know another log learn that they have to read this one from the beginning. Resolves with the position of its
 * last event.
 */
export function acceptFork(database: Database): Promise<number> {
  return database.transaction('append', async (query) => {
    await query('update plive.head set epoch = epoch + 1');
    return readHead(query);
  });
}
