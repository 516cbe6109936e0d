// The journal of a single node: an SQLite database in a data directory, behind a worker thread.

import { readAhead } from '../../bounds/read-ahead.ts';
import {
  type Fault,
  type Journal,
  JournalError,
  type JournalVerifyOptions,
  type KeyRecord,
  type Outcome,
  type PreparedCommit,
  type ScanOptions,
  type SnapshotStore,
  type StoredEvent,
} from '../../log/journal.ts';
import { type LogPage, scanned } from '../../log/page.ts';
import { SqliteThread } from './sqlite-thread.ts';
import { verifyInThread } from './verify-in-thread.ts';

export interface SqliteJournalOptions {
  /** Contains `plive.db` and its lock file; created if missing. */
  readonly directory: string;
  /** The directory that `src/` was compiled to: workers are loaded from there. */
  readonly root: URL;
  /** Only reads, without the lock, so that it also works while a server uses the directory. Writes are refused. */
  readonly readOnly?: boolean;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** Two threads, so that no scan waits for an fsync and no commit for a scan. One thread is both if it only reads. */
interface Threads {
  readonly writer: SqliteThread;
  readonly reader: SqliteThread;
}

export class SqliteJournal implements Journal {
  readonly capabilities = { durable: true, wipes: true };
  /** Each part is a separate call, so that commits need not wait for a whole snapshot. */
  readonly snapshots: SnapshotStore = {
    list: async () => this.#opened().writer.call('listSnapshots'),
    write: async (position, parts) => {
      await this.snapshots.drop(position);
      let part = 0;
      for (const text of parts) await this.#opened().writer.call('writeSnapshotPart', position, part++, text);
    },
    read: (position) => readAhead(this.#snapshotParts(position)),
    drop: async (position) => this.#opened().writer.call('dropSnapshot', position),
  };
  readonly #directory: string;
  readonly #root: URL;
  readonly #readOnly: boolean;
  readonly #now: () => Date;
  #threads: Threads | undefined;

  constructor({ directory, root, readOnly = false, now = () => new Date() }: SqliteJournalOptions) {
    this.#directory = directory;
    this.#root = root;
    this.#readOnly = readOnly;
    this.#now = now;
  }

  async open(): Promise<number> {
    const writer = new SqliteThread(this.#root);
    // Started at once, but it opens the files when they are there.
    const reader = this.#readOnly ? writer : new SqliteThread(this.#root);
    try {
      const head = await writer.call('open', this.#directory, this.#readOnly);
      if (reader !== writer) await reader.call('open', this.#directory, true);
      this.#threads = { writer, reader };
      return head;
    } catch (error) {
      // Each is ended once it answers: SQLite's package ends the process if its thread is ended while it is loaded.
      await Promise.allSettled([...new Set([reader, writer])].map(closed));
      throw error;
    }
  }

  async commit(commits: readonly PreparedCommit[]): Promise<readonly Outcome[]> {
    return this.#opened().writer.call('commit', commits, this.#now().toISOString());
  }

  async wipe(): Promise<boolean> {
    return this.#opened().writer.call('wipe');
  }

  async page(options: ScanOptions): Promise<LogPage<StoredEvent>> {
    return this.#opened().reader.call('page', options);
  }

  scan(options: ScanOptions): AsyncGenerator<readonly StoredEvent[]> {
    return scanned(options, (next) => this.page(next));
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#opened().writer.call('findKey', id);
  }

  async verify({ background, ...options }: JournalVerifyOptions): Promise<readonly Fault[]> {
    return verifyInThread({ background, directory: this.#directory }, { ...options, root: this.#root });
  }

  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = undefined;
    if (!threads) return;
    const { writer, reader } = threads;
    // The writer closes last: that checkpoints the write-ahead log, which a reader cannot.
    try {
      if (reader !== writer) await closed(reader);
    } finally {
      await closed(writer);
    }
  }

  async *#snapshotParts(position: number): AsyncGenerator<string> {
    for (let part = 0; ; part += 1) {
      const text = await this.#opened().writer.call('readSnapshotPart', position, part);
      if (text === undefined) return;
      yield text;
    }
  }

  #opened(): Threads {
    if (!this.#threads) throw new JournalError('failed', 'The journal is not open.');
    return this.#threads;
  }
}

async function closed(thread: SqliteThread): Promise<void> {
  await thread.call('close').finally(() => thread.end());
}
