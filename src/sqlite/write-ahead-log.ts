// Empties the write-ahead log of a database, which still has the old pages with erased data.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** How long to wait for readers of older pages, in milliseconds. Commits to the log are blocked meanwhile. */
const TRUNCATE_TIMEOUT = 100;

/** Empties the write-ahead log. Returns whether it succeeded: a read of older pages can block it. */
export function truncateWriteAheadLog(database: DatabaseSyncInstance): boolean {
  const { timeout } = database.prepare('PRAGMA busy_timeout').get();
  database.exec(`PRAGMA busy_timeout = ${TRUNCATE_TIMEOUT}`);
  try {
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get().busy === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}
