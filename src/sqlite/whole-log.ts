// Reads everything that a data directory has, for a copy elsewhere.
import type { StatementSyncInstance } from '@photostructure/sqlite';
import { JournalError } from '../log/journal.ts';
import { openIdentityTables } from './identity/identity-tables.ts';
import { asJournalError } from './journal-error.ts';
import { hasLogFile, openLogFile } from './log-file.ts';

/** A value of a column; bytes are those of a picture. */
type Value = string | number | null | Uint8Array;

type StoredRow = Readonly<Record<string, Value>>;

/** A data directory that no server can use until it is closed. */
export interface WholeLog {
  count(table: string): number;
  /** All rows of a table, in pages that are small unless a row is large. */
  pages(table: string): Iterable<readonly StoredRow[]>;
  close(): void;
}

/** Locks a directory, and migrates its tables to the newest version. Throws a `JournalError`. */
export function openWholeLog(directory: string): WholeLog {
  if (!hasLogFile(directory)) throw new JournalError('failed', `There is no log in ${directory}.`);
  try {
    const { database, close } = openLogFile(directory);
    openIdentityTables(directory).close();
    // The driver frees statements that nobody refers to, also while their rows are read.
    const statements: StatementSyncInstance[] = [];
    return {
      count: (table) => database.prepare(`SELECT count(*) AS count FROM "${table}"`).get().count,
      pages: (table) => {
        const statement = database.prepare(`SELECT * FROM "${table}"`);
        statements.push(statement);
        return pagesOf(statement.iterate() as Iterable<StoredRow>);
      },
      close,
    };
  } catch (error) {
    throw asJournalError(error);
  }
}

/** When a page is full. */
const PAGE = { rows: 1_000, length: 1024 * 1024 };

function* pagesOf(rows: Iterable<StoredRow>): Generator<readonly StoredRow[]> {
  let page: StoredRow[] = [];
  let length = 0;
  for (const row of rows) {
    page.push(row);
    length += Object.values(row).reduce<number>((sum, value) => sum + lengthOf(value), 0);
    if (page.length < PAGE.rows && length < PAGE.length) continue;
    yield page;
    [page, length] = [[], 0];
  }
  if (page.length > 0) yield page;
}

function lengthOf(value: Value): number {
  return typeof value === 'object' ? (value?.length ?? 0) : String(value).length;
}
