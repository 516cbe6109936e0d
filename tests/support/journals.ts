// Every kind of journal for tests: new storage, a clock that the test sets, and as many journals on it as the test
// opens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { Database } from '../../src/postgres/database.ts';
import { PostgresJournal } from '../../src/postgres/journal/postgres-journal.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import type { TestDatabase } from './postgres/databases.ts';
import { ReusedDatabases } from './postgres/reused.ts';
import { newDatabase } from './postgres.ts';
import { ROOT } from './root.ts';

export interface JournalStorage {
  /** The clock of all journals on this storage. It stands still until a test sets it. */
  readonly clock: { now: Date };
  /** A new journal on this storage, not yet open. A durable one contains the commits of earlier ones. */
  journal(): Journal;
  /** Closes every journal and removes the storage. */
  dispose(): Promise<void>;
}

export type MakeStorage = () => Promise<JournalStorage>;

export async function memoryStorage(): Promise<JournalStorage> {
  return storageOf((now) => new MemoryJournal({ now }));
}

export async function sqliteStorage(): Promise<JournalStorage> {
  const directory = await temporaryDirectory();
  const remove = () => rm(directory, { recursive: true });
  return storageOf((now) => new SqliteJournal({ directory, root: ROOT, now }), remove);
}

export async function postgresStorage(): Promise<JournalStorage> {
  const database = await newDatabase();
  return storageIn(database, () => database.drop());
}

/** Storages on databases that are emptied and used again, which takes less time than to make others. */
export function postgresStorages(): { readonly make: MakeStorage; drop(): Promise<void> } {
  const databases = new ReusedDatabases();
  return {
    async make() {
      const database = await databases.take();
      return storageIn(database, () => databases.giveBack(database));
    },
    drop: () => databases.drop(),
  };
}

/** Each journal has connections of its own, as that of another node has. */
function storageIn({ url }: TestDatabase, remove: () => Promise<void>): JournalStorage {
  const databases: Database[] = [];
  const newJournal = (now: () => Date) => {
    const database = new Database({ url, allowUnsafe: false }, { nodeName: `node-${databases.length}` });
    databases.push(database);
    return new PostgresJournal({ database, snapshotFormat: 'tested 1', now });
  };
  return storageOf(newJournal, async () => {
    await Promise.all(databases.map((database) => database.close()));
    await remove();
  });
}

/** A new, empty directory. The caller must remove it. */
export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'plive-'));
}

function storageOf(newJournal: (now: () => Date) => Journal, remove = async () => {}): JournalStorage {
  const clock = { now: new Date('2026-01-01T00:00:00.000Z') };
  const made: Journal[] = [];
  return {
    clock,
    journal() {
      const journal = newJournal(() => clock.now);
      made.push(journal);
      return journal;
    },
    async dispose() {
      await Promise.all(made.map((journal) => journal.close()));
      await remove();
    },
  };
}
