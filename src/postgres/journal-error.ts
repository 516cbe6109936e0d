// Errors of PostgreSQL and of connections to it, as `JournalError`s. Texts of the server are dropped: they can quote rows.
import { DatabaseError } from 'pg';
import { JournalError } from '../log/journal.ts';

/** A statement failed, or no connection could be had. */
export class PostgresError extends JournalError {
  /** SQLSTATE; `undefined` if no answer came. */
  readonly state: string | undefined;
  /** Whether the connection can still be used. */
  readonly isConnected: boolean;
  /** Whether the server cannot be used at all, so that others need not find that out for themselves. */
  readonly isAway: boolean;
  /** Whether its transaction has changed nothing, and can be repeated at once. */
  readonly isRepeatable: boolean;

  constructor(error: unknown) {
    const state = error instanceof DatabaseError ? error.code : undefined;
    if (state === undefined) super('away', `PostgreSQL cannot be reached${reasonOf(error)}.`);
    else super(...conclusionOf(state));
    this.state = state;
    this.isConnected = state !== undefined && !CONNECTION_LOST.test(state);
    this.isAway = state === undefined ? is(error, DEADLINE_PASSED) : UNUSABLE.test(state);
    this.isRepeatable = state === undefined ? !this.isAway && !isBusy(error) : REPEATABLE.test(state);
  }
}

/** COMMIT was sent and its answer did not come: the transaction may or may not be recorded. */
export class UnknownOutcome extends JournalError {
  constructor() {
    super('away', 'The connection to PostgreSQL was lost while it committed.');
  }
}

/** Whether all connections of a pool are in use; the server may be well. */
export function isBusy(error: unknown): boolean {
  return is(error, NO_CONNECTION_FREE);
}

/** The messages by which `pg` can be recognised. */
const NO_CONNECTION_FREE = 'timeout exceeded when trying to connect';
const DEADLINE_PASSED = 'Query read timeout';

const CONNECTION_LOST = /^(08|57P0[123]|25P0[34])/;
/** Serialisation, deadlock, a connection that was ended, and a key that another transaction has added first. */
const REPEATABLE = /^(40001|40P01|57P01|23505)$/;
const UNUSABLE = /^(08|25006|53300|57P0[23])/;

type Conclusion = readonly [code: JournalError['code'], sentence: string];

/** By the start of a SQLSTATE; the first one that fits. */
const CONCLUSIONS: readonly (readonly [start: string, ...Conclusion])[] = [
  ['08', 'away', 'PostgreSQL has lost the connection.'],
  ['25006', 'away', 'PostgreSQL is read-only.'],
  ['25P', 'away', 'PostgreSQL has ended a transaction that took too long.'],
  ['28', 'failed', 'PostgreSQL refuses the user or the password: correct DATABASE_URL.'],
  ['3D000', 'failed', 'PostgreSQL does not have this database: create it, or correct DATABASE_URL.'],
  ['40', 'away', 'PostgreSQL has ended a transaction in favour of another one.'],
  ['42501', 'failed', 'The user of DATABASE_URL lacks rights: src/postgres/README.md says which it needs.'],
  ['53100', 'full', 'No space is left for PostgreSQL: free some disk space.'],
  ['53', 'away', 'PostgreSQL has no connection or memory left.'],
  ['55', 'away', 'PostgreSQL waits for another transaction that takes long.'],
  ['57014', 'away', 'PostgreSQL has ended a statement that took too long.'],
  ['57', 'away', 'PostgreSQL is starting or stopping.'],
  ['58', 'away', 'PostgreSQL has an error of its system: see its log.'],
  ['XX000', 'away', 'PostgreSQL has an internal error: see its log.'],
];

function conclusionOf(state: string): Conclusion {
  const [, ...conclusion] = CONCLUSIONS.find(([start]) => state.startsWith(start)) ?? ['', 'failed', refused(state)];
  return conclusion;
}

function refused(state: string): string {
  return `PostgreSQL refuses a statement (SQLSTATE ${state}): see its log.`;
}

/** The code of an error of the network: its message can quote the address. */
function reasonOf(error: unknown): string {
  if (isBusy(error)) return ': all connections are in use';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}

function is(error: unknown, message: string): boolean {
  return error instanceof Error && error.message === message;
}
