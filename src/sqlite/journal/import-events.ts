// Imports exported events into an empty log, all or none of them. Ids, times and hashes stay the same.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { JournalError, type StoredEvent } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import { type VerifyReport, verify } from '../../log/verify.ts';
import { resultCode } from '../driver.ts';
import { openLogFile } from '../log-file.ts';
import { eventPages } from './event-pages.ts';
import { eventRows } from './event-rows.ts';
import { rollBack } from './sqlite-log.ts';

/** The events do not form a valid log: `message` is a sentence. */
export class NotImportable extends Error {
  override readonly name = 'NotImportable';
}

/**
 * Locks the directory like a server, stores the events in one transaction, numbered from 1, and verifies them before
 * the transaction is committed. Only the export of a single organisation may have gaps in its positions. Rejects with
 * `NotImportable`, or with a `JournalError` if the log already has events or cannot be locked; then the log is
 * unchanged. `stored` is called with the number of events so far.
 */
export async function importEvents(
  directory: string,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<VerifyReport> {
  const { database, close } = openLogFile(directory);
  try {
    refuseEvents(database);
    database.exec('BEGIN IMMEDIATE');
    try {
      await store(database, pages, stored);
      const report = await verify(storedPages(database));
      const [fault] = report.faults;
      if (fault) throw new NotImportable(`Line ${fault.position}: ${fault.problem}`);
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

const CONSTRAINT = 19;

async function store(
  database: DatabaseSyncInstance,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<void> {
  const rows = eventRows(database);
  const heads = new Map<string, StoredEvent>();
  const numbering = new Numbering();
  for await (const page of pages) {
    for (const exported of page) {
      const event = numbering.renumber(exported);
      heads.set(event.organizationId, event);
      try {
        rows.add(event);
      } catch (error) {
        if (resultCode(error) !== CONSTRAINT) throw error;
        const { position, stream, version } = event;
        throw new NotImportable(`Line ${position}: version ${version} of ${stream} already exists.`, {
          cause: error,
        });
      }
    }
    stored(numbering.events);
  }
  for (const [organizationId, head] of heads) rows.setChainHead(organizationId, head);
}

/**
 * Numbers events from 1. In the export of one organisation gaps are the events of others. In an export of several they
 * mean that events are missing.
 */
class Numbering {
  events = 0;
  #last = 0;
  #organizationId: string | undefined;
  /** The positions missing in the first gap, in words. */
  #gap: string | undefined;
  #isPart = true;

  renumber(event: StoredEvent): StoredEvent {
    const { position, organizationId } = event;
    this.events += 1;
    if (position <= this.#last) {
      throw new NotImportable(`Line ${this.events}: position ${position} comes after position ${this.#last}.`);
    }
    if (position > this.#last + 1) this.#gap ??= `positions ${this.#last + 1} to ${position - 1}`;
    this.#organizationId ??= organizationId;
    this.#isPart &&= organizationId === this.#organizationId;
    if (this.#gap !== undefined && !this.#isPart) {
      throw new NotImportable(`Line ${this.events}: the file has several organisations, but ${this.#gap} are missing.`);
    }
    this.#last = position;
    return { ...event, position: this.events };
  }
}

async function* storedPages(database: DatabaseSyncInstance): AsyncGenerator<readonly StoredEvent[]> {
  const page = eventPages(database);
  yield* scanned({ after: 0 }, async (options) => page(options));
}
