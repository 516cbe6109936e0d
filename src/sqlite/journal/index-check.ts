// Holds the indexes of the events against their rows, in pages: with a damaged index all rows are sound, but histories
// and exports that are found through it are wrong.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Fault } from '../../log/journal.ts';

/** How many rows one page has. */
const PAGE = 1_000;

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Compares the rows up to a position with each index: every row has its entry, and there are no others. The positions have
 * no gaps. Yields the faults of each page, most often none.
 */
export function* indexFaults(database: DatabaseSyncInstance, until: number): Generator<readonly Fault[]> {
  for (const index of indexesOf(database)) {
    yield* rowsWithoutEntry(database, index, until);
    yield surplus(database, index);
  }
}

function indexesOf(database: DatabaseSyncInstance): readonly Index[] {
  const columns = database.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno');
  return database
    .prepare("SELECT name FROM pragma_index_list('events')")
    .all()
    .map(({ name }) => ({ name, columns: columns.all(name).map((column) => column.name) }));
}

/** Entries that are lost, or that have another key. */
function* rowsWithoutEntry(
  database: DatabaseSyncInstance,
  { name, columns }: Index,
  until: number,
): Generator<readonly Fault[]> {
  const isItsEntry = [...columns, 'position'].map((column) => `entry.${column} = event.${column}`).join(' AND ');
  const missing = database.prepare(
    `SELECT position FROM events AS event NOT INDEXED WHERE position > ? AND position <= ? AND NOT EXISTS
       (SELECT 1 FROM events AS entry INDEXED BY "${name}" WHERE ${isItsEntry})`,
  );
  for (let after = 0; after < until; after += PAGE) {
    yield missing
      .all(after, Math.min(until, after + PAGE))
      .map(({ position }) => faultAt(position, `The index "${name}" does not have it.`));
  }
}

/** More entries than events. SQLite counts entries without reading them, so this is one short read. */
function surplus(database: DatabaseSyncInstance, { name }: Index): readonly Fault[] {
  const { entries, head } = database
    .prepare(
      `SELECT (SELECT count(*) FROM events INDEXED BY "${name}") AS entries,
         (SELECT coalesce(max(position), 0) FROM events NOT INDEXED) AS head`,
    )
    .get();
  return entries > head ? [faultAt(head, `The index "${name}" has more entries than there are events.`)] : [];
}

function faultAt(position: number, problem: string): Fault {
  return { position, problem: `${problem} ${REINDEX}`, of: 'index' };
}

const REINDEX =
  'The events are sound: stop the server, run REINDEX on plive.db in the SQLite shell, and start it again.';
