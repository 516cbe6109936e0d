// Fills a database with the rows of another engine: in many transactions, while no server may use it.
import { randomUUID } from 'node:crypto';
import type { Evidence } from '../../projections/chain/evidence.ts';
import { JournalError } from '../log/journal.ts';
import type { Database, OwnConnection } from './database.ts';
import { storedEvidence } from './journal/evidence.ts';
import { keyDigest } from './journal/ledger.ts';
import { BEING_FILLED, lockTables, makeTables } from './migrations.ts';
import type { Query } from './transaction.ts';

/** Another number than that of any other program that might lock in the same database. */
const LOCK = 7_558_485;
/** Emptying waits for servers that use the tables, and counting takes long in large ones, in milliseconds. */
const PATIENCE = 10 * 60 * 1_000;

/** The values of columns by their names. */
export type FilledRow = Readonly<Record<string, string | number | null | Uint8Array>>;

/** The tables that have what a server cannot make anew, those first that others refer to. */
const TABLES = [
  'events',
  'chain_heads',
  'idempotency_keys',
  'users',
  'sessions',
  'known_places',
  'api_keys',
  'links',
  'pending',
  'pictures',
] as const;

type Table = (typeof TABLES)[number];

/** How rows differ from those of a single node. */
const CONVERSIONS: Partial<Record<Table, (row: FilledRow) => FilledRow>> = {
  idempotency_keys: ({ id, ...key }) => ({ ...key, digest: keyDigest(String(id)) }),
  // The first server takes them over.
  pending: (row) => ({ ...row, holder: randomUUID(), until: '-infinity' }),
  // Nobody is about to show them.
  pictures: (row) => ({ ...row, put_at: '-infinity' }),
};

interface Versions {
  readonly least_reader: number;
  readonly least_writer: number;
}

/** A database that is being filled. Until it is finished, servers refuse it. */
export class Filling {
  readonly tables = TABLES;
  readonly #database: Database;
  readonly #lock: OwnConnection;
  readonly #versions: Versions;
  readonly #query: Query;

  private constructor(database: Database, lock: OwnConnection, versions: Versions) {
    this.#database = database;
    this.#lock = lock;
    this.#versions = versions;
    this.#query = (sql, values) => database.query('append', sql, values);
  }

  /**
   * Makes empty tables in place of those that are there, which may be what an interrupted filling has left. Rejects with a
   * `JournalError`, also if there are events or another process fills the database.
   */
  static async begin(database: Database): Promise<Filling> {
    await database.check();
    const lock = await database.connect();
    try {
      const [held] = await lock.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
      if (!held?.taken) throw new JournalError('in-use', 'Another process fills this database: wait for it.');
      const versions = await database.transaction('append', makeAnew, { patience: PATIENCE });
      return new Filling(database, lock, versions);
    } catch (error) {
      await lock.client.end();
      throw error;
    }
  }

  /** Adds rows. Columns that they do not have are null. */
  async add(table: Table, rows: readonly FilledRow[]): Promise<void> {
    const sql = `insert into plive.${table} select * from json_populate_recordset(null::plive.${table}, $1)`;
    const convert = CONVERSIONS[table] ?? ((row: FilledRow) => row);
    await this.#query(sql, [JSON.stringify(rows.map((row) => encoded(convert(row))))]);
  }

  count(table: Table): Promise<number> {
    return this.#counted(`plive.${table}`);
  }

  /** How many pictures have other bytes than their digest says. */
  damagedPictures(): Promise<number> {
    return this.#counted("plive.pictures where encode(sha256(bytes), 'hex') <> digest");
  }

  /** The events and the heads of their chains, for verification. */
  evidence(): AsyncIterable<readonly Evidence[]> {
    return storedEvidence(this.#query);
  }

  /** Lets servers use the database. */
  async finish(): Promise<void> {
    const { least_reader, least_writer } = this.#versions;
    await this.#database.transaction('append', (query) => setVersions(query, least_reader, least_writer));
  }

  /** Lets other processes fill the database, if it was not finished. */
  async close(): Promise<void> {
    await this.#lock.client.end();
  }

  async #counted(rows: string): Promise<number> {
    const count = (query: Query) => query<{ count: number }>(`select count(*) from ${rows}`);
    const [row] = await this.#database.transaction('append', count, { patience: PATIENCE });
    return row?.count ?? 0;
  }
}

/** JSON has no bytes. */
function encoded(row: FilledRow): object {
  const values = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
  ]);
  return Object.fromEntries(values);
}

/** Resolves with the versions that may read and write the new tables. */
async function makeAnew(query: Query): Promise<Versions> {
  const { tables } = await lockTables(query);
  if (tables) await removeTables(query);
  await makeTables(query);
  const [versions] = await query<Versions>(VERSIONS);
  await setVersions(query, BEING_FILLED, BEING_FILLED);
  return versions as Versions;
}

const VERSIONS = 'select least_reader, least_writer from plive.versions';

/** The schema stays, with what its owner has granted on it. Rejects with a `JournalError` if there are events. */
async function removeTables(query: Query): Promise<void> {
  const [versions] = await query<Versions>(VERSIONS);
  const wasInterrupted = versions?.least_reader === BEING_FILLED;
  if (!wasInterrupted && (await hasEvents(query))) {
    throw new JournalError('failed', 'The log in this database is not empty: migrate into another database.');
  }
  const [{ names } = { names: '' }] = await query<{ names: string }>(
    "select string_agg(format('plive.%I', tablename), ', ') as names from pg_tables where schemaname = 'plive'",
  );
  await query(`drop table ${names} cascade`);
}

async function hasEvents(query: Query): Promise<boolean> {
  const events = await query('select from plive.events limit 1');
  return events.length > 0;
}

async function setVersions(query: Query, reader: number, writer: number): Promise<void> {
  await query('update plive.versions set least_reader = $1, least_writer = $2', [reader, writer]);
}
