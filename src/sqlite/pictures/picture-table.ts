// The table of pictures, in the same database file as the log; unlike the log it is erasable.
import type { PictureStore } from '../../identity/picture-store.ts';
import { openBesideLog } from '../log-file.ts';
import { truncateWriteAheadLog } from '../write-ahead-log.ts';

/** The calls of the picture store, synchronous and on an open table. */
export type PictureTable = {
  [K in keyof PictureStore]: (...parameters: Parameters<PictureStore[K]>) => Awaited<ReturnType<PictureStore[K]>>;
};

/**
 * Opens the table in the data directory of an open log, which makes the table. Throws a `JournalError` or an error of
 * SQLite.
 */
export function openPictureTable(directory: string): PictureTable {
  const database = openBesideLog(directory);
  // Erased pictures are overwritten, also in unused pages.
  database.exec('PRAGMA secure_delete = ON');
  const put = database.prepare('INSERT OR IGNORE INTO pictures VALUES (?, ?, ?, ?)');
  const find = database.prepare('SELECT digest, type, bytes FROM pictures WHERE organization_id = ? AND digest = ?');
  const erase = database.prepare(
    'DELETE FROM pictures WHERE organization_id = ? AND digest NOT IN (SELECT value FROM json_each(?))',
  );
  const organizations = database.prepare('SELECT DISTINCT organization_id AS id FROM pictures');
  return {
    put(organizationId, { digest, type, bytes }) {
      put.run(organizationId, digest, type, bytes);
    },
    find: (organizationId, digest) => find.get(organizationId, digest),
    keepOnly(organizationId, digests) {
      const { changes } = erase.run(organizationId, JSON.stringify(digests));
      // If a long read blocks it, the next checkpoint overwrites what was erased.
      if (changes > 0) truncateWriteAheadLog(database);
    },
    organizations: () => organizations.all().map(({ id }) => id),
    close: () => database.close(),
  };
}
