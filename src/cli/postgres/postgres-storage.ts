// The log and the accounts of a PostgreSQL database, also of running servers.
import type { Evidence } from '../../../projections/chain/evidence.ts';
import { SNAPSHOT_FORMAT } from '../../app/snapshot-format.ts';
import type { SnapshotStore, StoredEvent } from '../../log/journal.ts';
import { scanned } from '../../log/page.ts';
import { Database, type DatabaseAddress } from '../../postgres/database.ts';
import { Filling } from '../../postgres/filling.ts';
import { type FinishedUpgrade, finishUpgrade } from '../../postgres/finish-upgrade.ts';
import { logClaims } from '../../postgres/identity/log-claims.ts';
import { postgresIdentityStore } from '../../postgres/identity/postgres-identity-store.ts';
import { acceptFork } from '../../postgres/journal/accept-fork.ts';
import { readHead, readPage } from '../../postgres/journal/event-pages.ts';
import { storedEvidence } from '../../postgres/journal/evidence.ts';
import { importIntoDatabase } from '../../postgres/journal/import-events.ts';
import { indexFaults, UNCHECKED } from '../../postgres/journal/index-check.ts';
import { PostgresSnapshots } from '../../postgres/journal/postgres-snapshots.ts';
import { tableFaults } from '../../postgres/journal/table-check.ts';
import { DATA_VERSION, expectTables, migrate } from '../../postgres/migrations.ts';
import { type ListedNode, listNodes } from '../../postgres/nodes/nodes.ts';
import type { Query } from '../../postgres/transaction.ts';
import type { Inspected, Storage, StoredAccounts, StoredLog } from '../storage.ts';
import { VerbError } from '../verb.ts';

export class PostgresStorage implements Storage {
  readonly kind = 'database';
  readonly name: string;
  readonly #database: Database;
  readonly #query: Query;

  constructor(address: DatabaseAddress) {
    this.name = nameOf(address);
    this.#database = new Database(address, { nodeName: 'cli' });
    this.#query = (sql, values) => this.#database.query('scans', sql, values);
  }

  async withLog<T>(read: (log: StoredLog) => Promise<T>): Promise<T> {
    await expectTables(this.#query);
    return read({
      head: await readHead(this.#query),
      scan: (options) => scanned(options, (next) => readPage(this.#query, next)),
      snapshots: readOnly(new PostgresSnapshots(this.#database, SNAPSHOT_FORMAT)),
    });
  }

  async *evidence(): AsyncGenerator<readonly Evidence[]> {
    await expectTables(this.#query);
    yield* storedEvidence(this.#query);
  }

  async inspect(): Promise<Inspected> {
    const [faults, claims] = [await tableFaults(this.#query), await logClaims(this.#query)];
    const inIndexes = await indexFaults(this.#database);
    return { problems: [...faults, ...(inIndexes ?? [])], claims, unchecked: inIndexes ? [] : [UNCHECKED] };
  }

  async importEvents(pages: AsyncIterable<readonly StoredEvent[]>, stored: (events: number) => void) {
    return importIntoDatabase(this.#database, pages, stored);
  }

  async begin(): Promise<void> {
    await this.#database.check();
    await migrate(this.#database);
  }

  async withAccounts<T>(work: (accounts: StoredAccounts) => Promise<T>): Promise<T> {
    await expectTables(this.#query);
    return work(postgresIdentityStore(this.#database));
  }

  async backUp(): Promise<never> {
    throw new VerbError(
      'PostgreSQL makes its own backups: use pg_dump for a copy as of one moment, or continuous archiving for ' +
        'point-in-time recovery; src/postgres/README.md describes both.',
    );
  }

  async acceptFork(): Promise<number> {
    await expectTables(this.#query);
    return acceptFork(this.#database);
  }

  async finishUpgrade({ force }: { readonly force: boolean }): Promise<FinishedUpgrade> {
    await expectTables(this.#query);
    return finishUpgrade(this.#database, { dataVersion: DATA_VERSION, force });
  }

  /** Lets `work` fill new tables. Rejects with a `JournalError`, also if the database has events. */
  async fill<T>(work: (filling: Filling) => Promise<T>): Promise<T> {
    const filling = await Filling.begin(this.#database);
    try {
      return await work(filling);
    } finally {
      await filling.close();
    }
  }

  async nodes(): Promise<readonly ListedNode[]> {
    await expectTables(this.#query);
    return listNodes(this.#query);
  }

  warning(): undefined {}

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** Snapshots that a reader cannot use stay: servers drop them. */
function readOnly(snapshots: SnapshotStore): SnapshotStore {
  return {
    list: () => snapshots.list(),
    read: (position) => snapshots.read(position),
    write: async () => {},
    drop: async () => {},
  };
}

/** Without user and password. */
function nameOf({ url }: DatabaseAddress): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
