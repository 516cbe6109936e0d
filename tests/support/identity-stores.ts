// Every kind of identity store for tests: new storage, and as many stores on it as the test opens.
import { rm } from 'node:fs/promises';
import type { IdentityStore } from '../../src/identity/identity-store.ts';
import { Database } from '../../src/postgres/database.ts';
import { postgresIdentityStore } from '../../src/postgres/identity/postgres-identity-store.ts';
import { sqliteIdentityStore } from '../../src/sqlite/identity/sqlite-identity-store.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from './journals.ts';
import { newDatabase } from './postgres.ts';
import { ROOT } from './root.ts';

export interface IdentityStorage {
  /** Another open store on this storage, as another node has; the same one again where storage is not shared. */
  store(): Promise<IdentityStore>;
  /** Lets the time pass for which nobody takes over the workflows of another. */
  abandonPending(): Promise<void>;
  /** Closes every store and removes the storage. */
  dispose(): Promise<void>;
}

export type MakeIdentityStorage = () => Promise<IdentityStorage>;

export async function memoryIdentity(): Promise<IdentityStorage> {
  const store = sqliteIdentityStore({ root: ROOT });
  const opened = store.open();
  return {
    store: () => opened.then(() => store),
    abandonPending: async () => {},
    dispose: () => store.close(),
  };
}

export async function sqliteIdentity(): Promise<IdentityStorage> {
  const directory = await temporaryDirectory();
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  return {
    ...opening(
      () => sqliteIdentityStore({ root: ROOT, directory }),
      async () => {
        await journal.close();
        await rm(directory, { recursive: true });
      },
    ),
    abandonPending: async () => {},
  };
}

export async function postgresIdentity(): Promise<IdentityStorage> {
  const { url, drop } = await newDatabase();
  const databases: Database[] = [];
  const connect = () => {
    const database = new Database({ url, allowUnsafe: false }, { nodeName: `tested-${databases.length}` });
    databases.push(database);
    return database;
  };
  return {
    ...opening(
      () => postgresIdentityStore(connect()),
      async () => {
        await Promise.all(databases.map((database) => database.close()));
        await drop();
      },
    ),
    async abandonPending() {
      await databases[0]?.query('requests', 'update plive.pending set until = clock_timestamp()');
    },
  };
}

function opening(make: () => IdentityStore, remove: () => Promise<void>): Pick<IdentityStorage, 'store' | 'dispose'> {
  const made: IdentityStore[] = [];
  return {
    async store() {
      const store = make();
      made.push(store);
      await store.open();
      return store;
    },
    async dispose() {
      await Promise.all(made.map((store) => store.close()));
      await remove();
    },
  };
}
