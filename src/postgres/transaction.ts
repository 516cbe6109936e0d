// Statements and transactions on one connection.
import { type ClientBase, type CustomTypesConfig, type QueryResult, type QueryResultRow, types } from 'pg';
import { PostgresError, UnknownOutcome } from './journal-error.ts';

/** Sends one statement. Resolves with its rows; rejects with a `PostgresError`. */
export type Query = <Row extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<readonly Row[]>;

/** How a transaction begins. */
export interface TransactionOptions {
  /** A statement without parameters that shares the message of BEGIN. */
  readonly first?: string;
  /** For how long its statements may run, and wait for locks, in milliseconds. */
  readonly patience?: number;
}

/** The server's time-outs, in milliseconds. The statement's is shorter than the deadline, so that an answer comes first. */
const LOCK_TIMEOUT = 2_000;
const STATEMENT_TIMEOUT = 4_000;
/** A process that is stopped while it holds a lock must not stop the others. */
const IDLE_TIMEOUT = 1_000;
/** After this time without an answer the connection is given up, in milliseconds. */
const DEADLINE = 5_000;

/** Stricter settings and `local` make a commit wait for the disk as well: they stay as they are. */
const DURABLE =
  "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'";

const BIGINT = 20;

/** `bigint` as number: no position exceeds its exact range. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === BIGINT ? Number : types.getTypeParser(id, format as 'text'),
};

/** Statements on this connection are not named: a pooler may send each to another server process. */
export function queryOn(client: ClientBase, patience = DEADLINE): Query {
  return async <Row extends QueryResultRow>(text: string, values?: unknown[]) =>
    (await answer<Row>(client, { text, values, query_timeout: Math.max(patience, DEADLINE) })).rows;
}

/** The first message of a transaction. The isolation level is stated because a role can have another default. */
export function beginning({ first, patience }: TransactionOptions): string {
  const statements = [
    'begin isolation level read committed',
    `set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT}`,
    `set local lock_timeout = ${patience ?? LOCK_TIMEOUT}`,
    `set local statement_timeout = ${patience ?? STATEMENT_TIMEOUT}`,
    DURABLE,
    ...(first === undefined ? [] : [first]),
  ];
  return statements.join('; ');
}

/**
 * Sends a statement that ends a transaction, or is one. Rejects with an `UnknownOutcome` if the answer did not come, and with a
 * `PostgresError` if nothing was committed.
 */
export function ending<Row extends QueryResultRow>(
  client: ClientBase,
  text: string,
  values?: unknown[],
): Promise<QueryResult<Row>> {
  return answer<Row>(client, { text, values, query_timeout: DEADLINE }).catch((error) => {
    throw error.isConnected ? error : new UnknownOutcome();
  });
}

/** Rejects like `ending`. */
export async function commit(client: ClientBase): Promise<void> {
  const { command } = await ending(client, 'commit');
  if (command !== 'COMMIT') throw new Error('The transaction had failed before it was committed.');
}

/** The same right behind statements that were sent: what they reject with comes first, unless the outcome is unknown. */
export async function committed(client: ClientBase, sent: Promise<unknown>): Promise<void> {
  const [statements, end] = await Promise.allSettled([sent, commit(client)]);
  if (end.status === 'rejected' && end.reason instanceof UnknownOutcome) throw end.reason;
  for (const each of [statements, end]) if (each.status === 'rejected') throw each.reason;
}

/** Rolls a transaction back, unless its connection is lost, and rethrows the error that ended it. */
export async function rolledBack(query: Query, error: unknown): Promise<never> {
  if (!(error instanceof PostgresError) || error.isConnected) await query('rollback');
  throw error;
}

interface Statement {
  readonly text: string;
  readonly values?: unknown[] | undefined;
  readonly query_timeout: number;
}

/** The result of a message: that of its last statement. */
function answer<Row extends QueryResultRow>(client: ClientBase, statement: Statement): Promise<QueryResult<Row>> {
  return client.query<Row>(statement).then(last, (error) => {
    throw new PostgresError(error);
  });
}

/** `pg` has a list where a message has several statements, which its types do not say. */
function last<T>(results: T | readonly T[]): T {
  return Array.isArray(results) ? results.at(-1) : (results as T);
}
