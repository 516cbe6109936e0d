// The tables of a PostgreSQL database, as steps that are taken once and in order, and never back.
import { JournalError } from '../log/journal.ts';
import type { Database } from './database.ts';
import { IDENTITY_TABLES } from './identity/tables.ts';
import { JOURNAL_FUNCTIONS } from './journal/functions.ts';
import { JOURNAL_TABLES } from './journal/tables.ts';
import { NODE_DATA_VERSION, NODE_TABLES } from './nodes/tables.ts';
import { PICTURE_TABLES } from './pictures/tables.ts';
import type { Query } from './transaction.ts';

/** Each entry is the SQL of one step. An entry that has shipped is never changed. */
const MIGRATIONS: readonly string[] = [
  JOURNAL_TABLES,
  IDENTITY_TABLES + PICTURE_TABLES,
  NODE_TABLES,
  NODE_DATA_VERSION,
  JOURNAL_FUNCTIONS,
];

/** The version of the tables, and of the events in them, that this program knows. */
export const DATA_VERSION = MIGRATIONS.length;

/** In place of the least versions while `plive migrate` fills the tables: no program may use them. */
export const BEING_FILLED = 2_147_483_647;

/** Another number than that of any other program that might lock in the same database. */
const LOCK = 7_558_483;
/** A step can rewrite large tables, and a node waits for another one that takes it, in milliseconds. */
const PATIENCE = 10 * 60 * 1_000;

interface Found {
  readonly schema: boolean;
  readonly tables: boolean;
}

/**
 * Takes the steps that are missing, in one transaction; nodes that start at the same time wait for one another. Rejects
 * with a `JournalError`, also if a newer version has written what this one cannot read.
 */
export async function migrate(database: Database): Promise<void> {
  const found = await database.query<Found>('requests', FIND);
  if (found[0]?.tables && (await isCurrent((sql) => database.query('requests', sql)))) return;
  await database.transaction('requests', makeTables, { patience: PATIENCE });
}

/** Why this program may not use tables that need at least this version, as a sentence; `undefined` if it may. */
export function refusalOf(leastVersion: number): string | undefined {
  if (leastVersion <= DATA_VERSION) return undefined;
  return leastVersion === BEING_FILLED ? FILLING : NEWER;
}

const FILLING =
  'plive migrate has not finished to fill this database: wait for it or, if it was interrupted, run it again. Then start ' +
  'the servers.';
const NEWER =
  'A newer version of Plive writes to this database in a way that this one does not know: start the newer one.';

/** Rejects with a `JournalError` unless the tables are there, as this version makes them. Changes nothing. */
export async function expectTables(query: Query): Promise<void> {
  const [found] = await query<Found>(FIND);
  if (!found?.tables) throw new JournalError('failed', 'There is no log in this database.');
  if (await isCurrent(query)) return;
  throw new JournalError('failed', 'The tables were made by an older version of Plive: start the server on it once.');
}

/** Reads the catalogue as tables: `to_regclass` can answer from a cache of before the lock. */
const FIND = `select exists (select from pg_namespace where nspname = 'plive') as schema,
  exists (select from pg_tables where schemaname = 'plive' and tablename = 'migrations') as tables`;

/** Waits for others that make tables, and keeps them waiting until the transaction ends. Resolves with what there is. */
export async function lockTables(query: Query): Promise<Found> {
  await query(`select pg_advisory_xact_lock(${LOCK})`);
  const [found] = await query<Found>(FIND);
  return found ?? { schema: false, tables: false };
}

/** Takes the steps that are missing, in the transaction of the caller. Rejects like `migrate`. */
export async function makeTables(query: Query): Promise<void> {
  const found = await lockTables(query);
  // Creating a schema that exists needs the right to create one, too.
  if (!found.schema) await query('create schema plive');
  if (!found.tables) await query(VERSION_TABLES);
  if (await isCurrent(query)) return;
  const [last] = await query<{ version: number }>('select coalesce(max(version), 0) as version from plive.migrations');
  for (let version = last?.version ?? 0; version < DATA_VERSION; version += 1) {
    await query(MIGRATIONS[version] as string);
    await query('insert into plive.migrations (version) values ($1)', [version + 1]);
  }
}

/** `versions` has one row: the least versions of the program that may read and write what is there. */
const VERSION_TABLES = `
  create table plive.migrations (
    version integer primary key,
    applied_at timestamptz not null default now()
  );
  create table plive.versions (
    id integer primary key check (id = 1),
    least_reader integer not null,
    least_writer integer not null
  );
  insert into plive.versions values (1, 1, 1);
`;

/** Whether no step is missing. Steps of a newer version do no harm as long as it does not forbid older ones to read. */
async function isCurrent(query: Query): Promise<boolean> {
  const [state] = await query<{ version: number; leastReader: number }>(
    'select max(version) as version, (select least_reader from plive.versions) as "leastReader" from plive.migrations',
  );
  const refusal = refusalOf(state?.leastReader ?? 0);
  if (refusal !== undefined) throw new JournalError('failed', refusal);
  return (state?.version ?? 0) >= DATA_VERSION;
}
