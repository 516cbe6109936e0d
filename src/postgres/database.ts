// The connections to a PostgreSQL database: a pool a purpose, so that none waits for another, and what holds for all of
// them: time-outs, durability, and refusing at once while the server is away.
import { setTimeout } from 'node:timers/promises';
import { Client, type ClientBase, type ClientConfig, Pool, type QueryResultRow } from 'pg';
import { JournalError } from '../log/journal.ts';
import { isBusy, PostgresError, UnknownOutcome } from './journal-error.ts';
import { checkSettings } from './settings.ts';
import {
  beginning,
  commit,
  committed,
  ending,
  type Query,
  queryOn,
  rolledBack,
  type TransactionOptions,
  TYPES,
} from './transaction.ts';

/** A PostgreSQL database. Addresses contain passwords: they are neither logged nor answered. */
export interface DatabaseAddress {
  readonly url: string;
  /** Past a connection pooler, for LISTEN; absent if `url` serves. */
  readonly directUrl?: string;
  /** Whether a database may be used that does not sync what it commits. */
  readonly allowUnsafe: boolean;
}

/**
 * What a connection is for. `append`: commits of the log. `requests`: short statements that a request waits for, such as
 * those of identity. `scans`: what strangers can start, such as exports.
 */
export type Purpose = keyof typeof CONNECTIONS;

/** A transaction that reads once, and then writes what follows from that. */
export interface AppendSteps<R, T> {
  /** A statement that shares the message of BEGIN. */
  readonly first: string;
  /** Sends one statement that changes nothing. */
  read(query: Query): Promise<R>;
  /** Sends the statements that write, without waiting for their answers. */
  write(query: Query, read: R): { readonly result: T; readonly sent: Promise<unknown> };
}

/** A connection that is in no pool. */
export interface OwnConnection {
  /** For its notifications, and to end it. */
  readonly client: Client;
  readonly query: Query;
}

/** The most connections of a node, besides the one of the tail. */
const CONNECTIONS = { append: 1, requests: 4, scans: 3 } as const;
/** How long a new connection may take, in milliseconds. */
const CONNECT_DEADLINE = 3_000;
/** The first and the longest pause between two attempts to reach a server that is away, in milliseconds. */
const PAUSES = { first: 250, longest: 1_000 } as const;

export class Database {
  /** Shown in the server's list of connections. */
  readonly nodeName: string;
  readonly #address: DatabaseAddress;
  readonly #config: ClientConfig;
  readonly #closed = new AbortController();
  #pools: Readonly<Record<Purpose, Pool>>;
  #away: JournalError | undefined;
  /** Whether the server has passed the check once: from then on, that it refuses us is taken as temporary. */
  #wasChecked = false;

  /** Connects when it is first used. */
  constructor(address: DatabaseAddress, { nodeName }: { readonly nodeName: string }) {
    this.nodeName = nodeName;
    this.#address = address;
    // Poolers refuse time-outs as options of the connection, so each transaction sets them.
    this.#config = {
      connectionString: address.url,
      application_name: `plive ${nodeName}`,
      connectionTimeoutMillis: CONNECT_DEADLINE,
      keepAlive: true,
      types: TYPES,
    };
    this.#pools = this.#newPools();
  }

  /** Why all calls are refused at once, until the server has answered again. */
  get away(): JournalError | undefined {
    return this.#away;
  }

  /** Checks that the server takes writes and keeps them. Rejects with a `JournalError` that says what to do. */
  async check(): Promise<void> {
    this.#refuse();
    await this.#check();
    this.#wasChecked = true;
  }

  /** One statement in a transaction of its own. Rejects with a `JournalError`, like the other calls. */
  async query<Row extends QueryResultRow>(purpose: Purpose, sql: string, values?: unknown[]): Promise<readonly Row[]> {
    this.#refuse();
    return this.#connected(purpose, (client) => queryOn(client)<Row>(sql, values));
  }

  /**
   * Runs `work` in a transaction, and commits. If it rejects, also with what `work` throws, nothing is recorded, except
   * after an `UnknownOutcome`. Does not repeat the work.
   */
  async transaction<T>(
    purpose: Purpose,
    work: (query: Query) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    this.#refuse();
    return this.#connected(purpose, async (client) => {
      const query = queryOn(client, options.patience);
      const begun = query(beginning(options)).then(() => work(query));
      const result = await begun.catch((error) => rolledBack(query, error));
      await commit(client);
      return result;
    });
  }

  /**
   * Like `transaction`, in two round trips: `read` is sent right behind BEGIN, and COMMIT right behind what `write` sends. If
   * one of these fails, the server rolls the others back.
   */
  async appending<R, T>({ first, read, write }: AppendSteps<R, T>): Promise<T> {
    this.#refuse();
    return this.#connected('append', async (client) => {
      const query = queryOn(client);
      const reading = Promise.all([query(beginning({ first })), read(query)]);
      const sending = reading.then(([, read]) => write(query, read));
      const { result, sent } = await sending.catch((error) => rolledBack(query, error));
      await committed(client, sent);
      return result;
    });
  }

  /**
   * One statement, on the connection of `appending`, that records by itself. Rejects with an `UnknownOutcome` if its answer does
   * not come.
   */
  async appendingAtOnce<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<readonly Row[]> {
    this.#refuse();
    return this.#connected('append', async (client) => (await ending<Row>(client, sql, values)).rows);
  }

  /** A connection of its own, past a pooler if there is an address for that. The caller ends it. */
  async connect(): Promise<OwnConnection> {
    this.#refuse();
    const client = new Client({ ...this.#config, connectionString: this.#address.directUrl ?? this.#address.url });
    // Its next statement fails, too.
    client.on('error', () => {});
    const connected = client.connect().then(() => withoutCompiler(client));
    await connected.catch((error) => {
      throw this.#unreachable(error);
    });
    const query = queryOn(client);
    return { client, query: (sql, values) => query<never>(sql, values).catch((error) => this.#failed(error)) };
  }

  /** Ends all connections, each after the call that uses it. */
  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    await Promise.all(Object.values(this.#pools).map((pool) => pool.end()));
  }

  #refuse(): void {
    if (this.#closed.signal.aborted) throw new JournalError('failed', 'The database is closed.');
    if (this.#away) throw this.#away;
  }

  async #connected<T>(purpose: Purpose, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.#pools[purpose].connect().catch((error) => {
      throw this.#unreachable(error);
    });
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(isConnectionLost(error));
      return this.#failed(error);
    }
  }

  #failed(error: unknown): never {
    if (error instanceof PostgresError && error.isAway) this.#goAway(error);
    throw error;
  }

  /** The error for a connection that could not be had. */
  #unreachable(error: unknown): JournalError {
    const failure = new PostgresError(error);
    if (isBusy(error)) return failure;
    if (failure.code === 'failed' && !this.#wasChecked) return failure;
    const away = new JournalError('away', failure.message);
    this.#goAway(away);
    return away;
  }

  async #check(): Promise<void> {
    await this.#connected('requests', async (client) => checkSettings(queryOn(client), this.#address));
  }

  #goAway(reason: JournalError): void {
    if (this.#away || this.#closed.signal.aborted) return;
    this.#away = reason;
    void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    for (let pause: number = PAUSES.first; this.#away; pause = Math.min(2 * pause, PAUSES.longest)) {
      // What is connected may be connected to a server that no longer takes writes.
      this.#renewPools();
      this.#away = await this.#check().then(
        () => undefined,
        ({ message }) => new JournalError('away', message),
      );
      if (this.#closed.signal.aborted) return;
      if (this.#away) await setTimeout(pause, undefined, { ref: false });
    }
  }

  #renewPools(): void {
    for (const pool of Object.values(this.#pools)) pool.end().catch(() => {});
    this.#pools = this.#newPools();
  }

  #newPools(): Readonly<Record<Purpose, Pool>> {
    const newPool = (max: number, options: ClientConfig = {}) => {
      const pool = new Pool({ ...this.#config, ...options, max, onConnect: withoutCompiler });
      // A connection that breaks while nobody uses it is replaced when it is needed.
      pool.on('error', () => {});
      // One that breaks between two statements of a transaction: the next statement fails, too.
      pool.on('connect', (client) => client.on('error', () => {}));
      return pool;
    };
    return {
      append: newPool(CONNECTIONS.append, { pipeline: true }),
      requests: newPool(CONNECTIONS.requests),
      scans: newPool(CONNECTIONS.scans),
    };
  }
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof UnknownOutcome || (error instanceof PostgresError && !error.isConnected);
}

/** The server's compiler takes a second for statements that run for a millisecond, where it misjudges a new table. */
async function withoutCompiler(client: ClientBase): Promise<void> {
  await client.query('set jit = off');
}
