// Imports exported events into the empty log of a directory, all or none of them.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { type ImportTarget, importEvents } from '../../log/import-events.ts';
import { JournalError, type StoredEvent } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import type { VerifyReport } from '../../log/verify.ts';
import { resultCode } from '../driver.ts';
import { openLogFile } from '../log-file.ts';
import { eventPages } from './event-pages.ts';
import { type EventRows, eventRows } from './event-rows.ts';
import { rollBack } from './sqlite-log.ts';

/**
 * Locks the directory like a server, stores the events in one transaction, and verifies them before it is committed.
 * Rejects with `NotImportable`, or with a `JournalError` if the log already has events or cannot be locked; then the log is
 * unchanged. `stored` is called with the number of events so far.
 */
export async function importIntoDirectory(
  directory: string,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<VerifyReport> {
  const { database, close } = openLogFile(directory);
  try {
    refuseEvents(database);
    database.exec('BEGIN IMMEDIATE');
    try {
      const report = await importEvents(targetIn(database), pages, stored);
      database.exec('COMMIT');
      return report;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  } finally {
    close();
  }
}

/** Throws a `JournalError` if the log has events. */
function refuseEvents(database: DatabaseSyncInstance): void {
  if (database.prepare('SELECT 1 FROM events LIMIT 1').get() === undefined) return;
  throw new JournalError('failed', 'The log already has events: import into another directory.');
}

function targetIn(database: DatabaseSyncInstance): ImportTarget {
  const rows = eventRows(database);
  const page = eventPages(database);
  return {
    add: async (events) => events.find((event) => !isAdded(rows, event)),
    async setChainHeads(heads) {
      for (const [organizationId, head] of heads) rows.setChainHead(organizationId, head);
    },
    pages: () => scanned({ after: 0 }, async (options) => page(options)),
  };
}

const CONSTRAINT = 19;

function isAdded(rows: EventRows, event: StoredEvent): boolean {
  try {
    rows.add(event);
    return true;
  } catch (error) {
    if (resultCode(error) !== CONSTRAINT) throw error;
    return false;
  }
}
