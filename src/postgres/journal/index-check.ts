// Lets PostgreSQL check the indexes of Plive's tables, where its extension amcheck is there and may be used.
import type { Fault } from '../../log/journal.ts';
import type { Database } from '../database.ts';
import { PostgresError } from '../journal-error.ts';
import type { Query } from '../transaction.ts';

/** For how long an index may be compared with its table, in milliseconds. */
const PATIENCE = 60 * 60 * 1_000;

/** Why `indexFaults` looked at nothing, and what to do, as a sentence. */
export const UNCHECKED =
  'The indexes were not checked. To allow it, run this in the database as a superuser: create extension amcheck; grant ' +
  'execute on function bt_index_check(regclass, boolean) to the user of DATABASE_URL.';

/** Of all tables, each held against all its rows; as sentences. `undefined` if PostgreSQL does not let this user check. */
export async function indexFaults(database: Database): Promise<readonly string[] | undefined> {
  const check = await findCheck((sql) => database.query('scans', sql));
  if (check === undefined) return undefined;
  const faults: string[] = [];
  for (const index of await indexesOf((sql) => database.query('scans', sql))) {
    const compare = (query: Query) => query(`select ${check}($1, true)`, [index]);
    if (await isDamaged(database.transaction('scans', compare, { patience: PATIENCE }))) faults.push(problemOf(index));
  }
  return faults;
}

/**
 * The first fault in the order of the indexes of the log. Rows are not read, and an index that takes longer than a statement
 * may is passed over: this runs beside the work of a server. `pause` is awaited after each index.
 */
export async function logIndexFaults(query: Query, pause: () => Promise<void>): Promise<readonly Fault[]> {
  const check = await findCheck(query);
  if (check === undefined) return [];
  for (const index of await indexesOf(query, LOG_TABLES)) {
    const checked = query(`select ${check}($1, false)`, [index]);
    if (await isDamaged(checked.catch(unlessTooLarge)))
      return [{ position: 0, problem: problemOf(index), of: 'index' }];
    await pause();
  }
  return [];
}

const LOG_TABLES = ['events', 'chain_heads', 'idempotency_keys'];

/** The function that checks an index, in the schema of the extension. */
async function findCheck(query: Query): Promise<string | undefined> {
  const [found] = await query<{ schema: string }>(FIND_CHECK);
  return found && `${found.schema}.bt_index_check`;
}

const FIND_CHECK = `select quote_ident(nspname) as schema
  from pg_extension join pg_namespace as space on space.oid = extnamespace
  where extname = 'amcheck' and has_schema_privilege(space.oid, 'usage')
    and has_function_privilege(to_regprocedure(format('%I.bt_index_check(regclass, boolean)', nspname)), 'execute')`;

/** Their names, with the schema. One that is being built is not valid yet. */
async function indexesOf(query: Query, tables?: readonly string[]): Promise<readonly string[]> {
  const rows = await query<{ name: string; table: string }>(INDEXES);
  return rows.filter(({ table }) => tables?.includes(table) ?? true).map(({ name }) => name);
}

const INDEXES = `select format('plive.%I', indexed.relname) as name, owner.relname as table
  from pg_index join pg_class as indexed on indexed.oid = indexrelid join pg_class as owner on owner.oid = indrelid
  where owner.relnamespace = 'plive'::regnamespace and indisvalid
    and indexed.relam = (select oid from pg_am where amname = 'btree')
  order by name`;

/** The codes for "damaged table" and "damaged index". */
const DAMAGED = /^XX00[12]$/;
const TOOK_TOO_LONG = '57014';

async function isDamaged(checked: Promise<unknown>): Promise<boolean> {
  try {
    await checked;
    return false;
  } catch (error) {
    if (error instanceof PostgresError && DAMAGED.test(error.state ?? '')) return true;
    throw error;
  }
}

function unlessTooLarge(error: unknown): void {
  if (!(error instanceof PostgresError) || error.state !== TOOK_TOO_LONG) throw error;
}

function problemOf(index: string): string {
  return (
    `PostgreSQL finds the index ${index} damaged, and says in its log how. Find out why, run "reindex index ${index}" in the ` +
    'database, and start the servers again.'
  );
}
