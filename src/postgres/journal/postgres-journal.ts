// The journal of several nodes: a PostgreSQL database.
import { randomUUID } from 'node:crypto';
import {
  type Fault,
  type Journal,
  JournalError,
  type JournalVerifyOptions,
  type KeyRecord,
  type Outcome,
  type PreparedCommit,
  type ScanOptions,
  type StoredEvent,
} from '../../log/journal.ts';
import { type LogPage, scanned } from '../../log/page.ts';
import type { Database } from '../database.ts';
import { migrate } from '../migrations.ts';
import type { Query } from '../transaction.ts';
import { append } from './append.ts';
import { ClockLead } from './clock-lead.ts';
import { Continuity, type KnownEvent } from './continuity.ts';
import { readPage } from './event-pages.ts';
import type { OnFork } from './fork.ts';
import { KnownEnd } from './known-end.ts';
import { keyDigest } from './ledger.ts';
import type { LogParts } from './log-parts.ts';
import { PostgresSnapshots } from './postgres-snapshots.ts';
import { PostgresSharedLog } from './shared-log.ts';
import { verifyStored } from './verify-stored.ts';

export interface PostgresJournalOptions {
  /** The journal does not close it. */
  readonly database: Database;
  /** Names the versions of the states in snapshots: those of other formats are left alone. */
  readonly snapshotFormat: string;
  /** Default: `refuse`. */
  readonly onFork?: OnFork;
  /** Default: the clock of the database. */
  readonly now?: () => Date;
}

export class PostgresJournal implements Journal {
  /** PostgreSQL keeps what was overwritten for a while: in dead rows, in its write-ahead log, in archives. */
  readonly capabilities = { durable: true, wipes: false };
  readonly shared: PostgresSharedLog;
  readonly snapshots: PostgresSnapshots;
  readonly #database: Database;
  readonly #parts: LogParts;
  #isOpen = false;

  constructor({ database, snapshotFormat, onFork = 'refuse', now }: PostgresJournalOptions) {
    this.#database = database;
    const [continuity, clockLead, end] = [new Continuity(), new ClockLead(), new KnownEnd()];
    const node = `${database.nodeName} ${randomUUID()}`;
    this.#parts = { database, continuity, clockLead, end, node, now };
    this.snapshots = new PostgresSnapshots(database, snapshotFormat);
    this.shared = new PostgresSharedLog({ ...this.#parts, onFork });
  }

  async open(): Promise<number> {
    await this.#database.check();
    await migrate(this.#database);
    const [state] = await this.#database.query<KnownEvent & { epoch: number }>('requests', LAST_EVENT);
    if (!state) throw new JournalError('failed', 'The table plive.head is empty: restore the database.');
    const isEmpty = state.position === null;
    this.#parts.end.forget();
    this.#parts.continuity.begin(isEmpty ? undefined : state, state);
    this.#isOpen = true;
    return isEmpty ? 0 : state.position;
  }

  async commit(commits: readonly PreparedCommit[]): Promise<readonly Outcome[]> {
    this.#refuse();
    if (commits.length === 0) return [];
    return append(this.#parts, commits);
  }

  /** Overwrites nothing more: see `capabilities`. */
  async wipe(): Promise<boolean> {
    return true;
  }

  async page(options: ScanOptions): Promise<LogPage<StoredEvent>> {
    this.#refuse();
    const page = await readPage(this.#query('scans'), options);
    this.#parts.continuity.advance(page.events);
    return page;
  }

  scan(options: ScanOptions): AsyncGenerator<readonly StoredEvent[]> {
    return scanned(options, (next) => this.page(next));
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    this.#refuse();
    const [key] = await this.#database.query<KeyRecord>('requests', FIND_KEY, [keyDigest(id)]);
    return key;
  }

  /** Of the events and their chains; in the background also of the indexes, where PostgreSQL lets this user check them. */
  verify(options: JournalVerifyOptions): Promise<readonly Fault[]> {
    return verifyStored(this.#query('scans'), options);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  #query(purpose: 'requests' | 'scans'): Query {
    return (sql, values) => this.#database.query(purpose, sql, values);
  }

  #refuse(): void {
    if (!this.#isOpen) throw new JournalError('failed', 'The journal is not open.');
  }
}

const LAST_EVENT = `select epoch, position, hash from plive.head left join lateral (
    select position, hash from plive.events order by position desc limit 1) as event on true`;
const FIND_KEY = 'select fingerprint, first, last from plive.idempotency_keys where digest = $1';
