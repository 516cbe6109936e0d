// SQLite's own check of the database, a statement a table: pages, indexes and constraints.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** What SQLite finds, as sentences. Each statement is one long read: it blocks the removal of redacted text meanwhile. */
export function tableFaults(database: DatabaseSyncInstance): readonly string[] {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return tables.flatMap(({ name }) =>
    database
      .prepare(`PRAGMA integrity_check("${name}")`)
      .all()
      .filter(({ integrity_check: found }) => found !== 'ok')
      .map(({ integrity_check: found }) => `SQLite finds in the table "${name}": ${sentence(found)}.`),
  );
}

/** Without the heading and the line breaks of SQLite's shell. */
function sentence(found: string): string {
  return found
    .replace('*** in database main ***', '')
    .replace(/\s+/g, ' ')
    .replace(/^ | ?\.?$/g, '');
}
