// Reads stored events from a database in pages of bounded size.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ScanOptions, StoredEvent } from '../../log/journal.ts';

/** A page ends at this many events, or after this many characters of them. */
const PAGE_EVENTS = 1000;
const PAGE_CHARACTERS = 4 * 1024 * 1024;

const COLUMNS =
  'position, recorded_at AS recordedAt, organization_id AS organizationId, stream, version, type, text, text_digest AS textDigest, meta, hash';

/** A function that reads the next page of events; empty when there are no more. */
export function eventPages(database: DatabaseSyncInstance): (options: ScanOptions) => readonly StoredEvent[] {
  const page = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ${PAGE_EVENTS}`,
  );
  // Ordered by version: within a stream that is also the order of positions, and there is an index for it.
  const pageOfStream = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE stream = ? AND position > ? AND position <= ? ORDER BY version LIMIT ${PAGE_EVENTS}`,
  );
  return ({ after, until = Number.MAX_SAFE_INTEGER, stream }) =>
    bounded(stream === undefined ? page.iterate(after, until) : pageOfStream.iterate(stream, after, until));
}

function bounded(rows: Iterable<StoredEvent>): readonly StoredEvent[] {
  const events: StoredEvent[] = [];
  let characters = 0;
  try {
    for (const event of rows) {
      events.push(event);
      characters += event.text.length + event.meta.length;
      if (characters >= PAGE_CHARACTERS) break;
    }
  } catch (error) {
    // The events before an unreadable one form a page. The next call then fails at once, so its position is known.
    if (events.length === 0) throw error;
  }
  return events;
}
