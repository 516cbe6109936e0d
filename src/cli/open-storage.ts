// Opens the storage that the arguments or the settings of the server name.
import { parseDatabase } from '../app/config.ts';
import type { DatabaseAddress } from '../postgres/database.ts';
import type { PostgresStorage } from './postgres/postgres-storage.ts';
import { SqliteStorage } from './sqlite-storage.ts';
import type { Storage } from './storage.ts';
import { type Surroundings, UsageError, VerbError } from './verb.ts';

/** The options that name a storage. */
export const STORAGE = { 'data-dir': { type: 'string' }, database: { type: 'string' } } as const;

export interface NamedStorage {
  readonly 'data-dir'?: string | undefined;
  readonly database?: string | undefined;
}

/** Uses the named storage, or the one that the server's settings name, and closes it. */
export async function withStorage<T>(
  named: NamedStorage,
  surroundings: Surroundings,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  const storage = await storageOf(named, surroundings);
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

async function storageOf(
  { 'data-dir': directory, database: url }: NamedStorage,
  { root, dataDir, env }: Surroundings,
): Promise<Storage> {
  if (directory !== undefined && url !== undefined) {
    throw new UsageError('Use either --data-dir or --database, not both.');
  }
  if (directory !== undefined) return new SqliteStorage({ directory, root });
  const address = url === undefined ? configuredDatabase(env) : databaseAt(url, env);
  return address ? openDatabase(address) : new SqliteStorage({ directory: dataDir, root });
}

/** Loaded when it is needed: most verbs run on a directory, in less time than this takes. */
export async function openDatabase(address: DatabaseAddress): Promise<PostgresStorage> {
  const { PostgresStorage } = await import('./postgres/postgres-storage.ts');
  return new PostgresStorage(address);
}

/** The database in which the server of these settings keeps its events. */
export function configuredDatabase(environment: NodeJS.ProcessEnv): DatabaseAddress | undefined {
  const parsed = parseDatabase(environment);
  if (!parsed.ok) throw new VerbError(parsed.problems.join('\n'));
  return parsed.database;
}

/** The database at an address that was given as an argument. The address is not repeated: it can have a password. */
export function databaseAt(url: string, { ALLOW_UNSAFE_DATABASE }: NodeJS.ProcessEnv): DatabaseAddress {
  const parsed = parseDatabase({ DATABASE_URL: url, ALLOW_UNSAFE_DATABASE });
  if (parsed.ok && parsed.database) return parsed.database;
  throw new UsageError('The address of a database is postgres://USER:PASSWORD@HOST/DATABASE.');
}
