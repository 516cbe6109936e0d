// Reads stored events from a database in pages of bounded size. Each statement is stepped to its end or reset, so that
// no read transaction outlives a page.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ScanOptions, StoredEvent } from '../../log/journal.ts';
import { type LogPage, PAGE } from '../../log/page.ts';
import { type Found, indexWalk } from './index-walk.ts';

const COLUMNS =
  'position, recorded_at AS recordedAt, organization_id AS organizationId, stream, version, type, text, text_digest AS textDigest, meta, hash';

/** A function that reads the next page of events. */
export function eventPages(database: DatabaseSyncInstance): (options: ScanOptions) => LogPage<StoredEvent> {
  const head = database.prepare('SELECT max(position) AS position FROM events');
  const range = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ${PAGE.events}`,
  );
  // Ordered by version: within a stream that is also the order of positions, and there is an index for it. It begins at
  // the event where the last page ended, if it was one of the stream.
  const ofStream = database.prepare(
    `SELECT ${COLUMNS} FROM events WHERE stream = ?1 AND position > ?2 AND position <= ?3
     AND version > coalesce((SELECT version FROM events WHERE position = ?2 AND stream = ?1), 0)
     ORDER BY version LIMIT ${PAGE.events}`,
  );
  const at = database.prepare(`SELECT ${COLUMNS} FROM events WHERE position = ?`);
  const walk = indexWalk(database);
  const each = function* (positions: readonly number[]): Generator<StoredEvent> {
    for (const position of positions) yield at.get(position);
  };
  const read = (scan: Required<Pick<ScanOptions, 'after' | 'until'>> & ScanOptions): Found<StoredEvent> => {
    const { after, until, stream, organizations, types } = scan;
    if (stream !== undefined) return { items: ofStream.iterate(stream, after, until), through: until };
    if (!organizations && !types) return { items: range.iterate(after, until), through: until };
    const { items, through } = walk(scan);
    return { items: each(items), through };
  };
  return (options) => {
    // Read first: an event that is committed from now on is for the next page.
    const until = Math.min(options.until ?? Number.POSITIVE_INFINITY, head.get().position ?? 0);
    const { after } = options;
    return until <= after ? { events: [], through: after } : bounded(read({ ...options, until }), options.limit);
  };
}

function bounded({ items, through }: Found<StoredEvent>, limit: number = PAGE.events): LogPage<StoredEvent> {
  const events: StoredEvent[] = [];
  let characters = 0;
  const cut = () => ({ events, through: events.at(-1)?.position ?? through });
  try {
    for (const event of items) {
      events.push(event);
      characters += event.text.length + event.meta.length;
      if (events.length === limit || characters >= PAGE.characters) return cut();
    }
  } catch (error) {
    // The events before an unreadable one form a page. The next call then fails at once, so its position is known.
    if (events.length === 0) throw error;
    return cut();
  }
  return { events, through };
}
