// The log and the accounts of a data directory, also of a running server.
import type { Evidence } from '../../projections/chain/evidence.ts';
import { NotImportable } from '../log/import-events.ts';
import type { StoredEvent } from '../log/journal.ts';
import { openIdentityTables } from '../sqlite/identity/identity-tables.ts';
import { logClaims } from '../sqlite/identity/log-claims.ts';
import { backUpLog } from '../sqlite/journal/backup.ts';
import { storedEvidence } from '../sqlite/journal/evidence.ts';
import { importIntoDirectory } from '../sqlite/journal/import-events.ts';
import { SqliteJournal, type SqliteJournalOptions } from '../sqlite/journal/sqlite-journal.ts';
import { tableFaults } from '../sqlite/journal/table-check.ts';
import { asJournalError } from '../sqlite/journal-error.ts';
import { hasLogFile, openLogFile, openLogFileToRead } from '../sqlite/log-file.ts';
import { warningOf } from '../sqlite/private-files.ts';
import type { Inspected, Storage, StoredAccounts, StoredLog } from './storage.ts';
import { VerbError } from './verb.ts';

export class SqliteStorage implements Storage {
  readonly kind = 'directory';
  readonly name: string;
  readonly #directory: string;
  readonly #root: URL;

  constructor({ directory, root }: Pick<SqliteJournalOptions, 'directory' | 'root'>) {
    this.name = directory;
    this.#directory = directory;
    this.#root = root;
  }

  async withLog<T>(read: (log: StoredLog) => Promise<T>): Promise<T> {
    this.#expectLog();
    const journal = new SqliteJournal({ directory: this.#directory, root: this.#root, readOnly: true });
    const head = await journal.open();
    try {
      return await read({ head, scan: (options) => journal.scan(options), snapshots: journal.snapshots });
    } finally {
      await journal.close();
    }
  }

  async *evidence(): AsyncGenerator<readonly Evidence[]> {
    this.#expectLog();
    try {
      const { database, close } = openLogFileToRead(this.#directory);
      yield* storedEvidence(database);
      close();
    } catch (error) {
      yield [{ unreadable: { name: 'unreadable', reason: asJournalError(error).message } }];
    }
  }

  async inspect(): Promise<Inspected> {
    try {
      const { database, close } = openLogFileToRead(this.#directory);
      try {
        return { claims: logClaims(database), problems: tableFaults(database), unchecked: [] };
      } finally {
        close();
      }
    } catch (error) {
      return { claims: [], problems: [asJournalError(error).message], unchecked: [] };
    }
  }

  async importEvents(pages: AsyncIterable<readonly StoredEvent[]>, stored: (events: number) => void) {
    // Before anything is written.
    if (hasLogFile(this.#directory) && (await this.withLog(async ({ head }) => head)) > 0) {
      throw new VerbError(`The log in ${this.#directory} is not empty: import into another directory.`);
    }
    return importIntoDirectory(this.#directory, pages, stored).catch((error) => {
      throw error instanceof NotImportable || error instanceof VerbError ? error : asJournalError(error);
    });
  }

  async begin(): Promise<void> {
    if (!hasLogFile(this.#directory)) openLogFile(this.#directory).close();
  }

  async withAccounts<T>(work: (accounts: StoredAccounts) => Promise<T>): Promise<T> {
    this.#expectLog();
    const tables = openIdentityTables(this.#directory);
    try {
      return await work(tables);
    } finally {
      tables.close();
    }
  }

  async backUp(target: string): Promise<void> {
    this.#expectLog();
    try {
      backUpLog(this.#directory, target);
    } catch (error) {
      throw new VerbError(asJournalError(error).message, { cause: error });
    }
  }

  async acceptFork(): Promise<never> {
    throw new VerbError('A data directory has one server: start it on the backup, and it has no other log.');
  }

  async finishUpgrade(): Promise<never> {
    throw new VerbError('A data directory has one server: it is upgraded as soon as it is started anew.');
  }

  async nodes(): Promise<never> {
    throw new VerbError('A data directory has one server: several share a PostgreSQL database.');
  }

  warning(): string | undefined {
    return warningOf(this.#directory);
  }

  async close(): Promise<void> {}

  #expectLog(): void {
    if (!hasLogFile(this.#directory)) throw new VerbError(`There is no log in ${this.#directory}.`);
  }
}
