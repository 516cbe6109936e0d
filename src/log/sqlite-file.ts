// The files of a data directory: made to last, held by one process, refused when they are not ours.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { JournalError } from './journal.ts';
import { DatabaseSync } from './sqlite-driver.ts';

const FILE = 'plive.db';
/** 'PLIV': the file's header says whose it is. */
const APPLICATION_ID = 0x504c4956;
/** Version of the tables below. */
const SCHEMA_VERSION = 1;
const SCHEMA = `
  BEGIN IMMEDIATE;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    recorded_at TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    type TEXT NOT NULL,
    text TEXT NOT NULL,
    meta TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (stream, version)
  ) STRICT;
  CREATE TABLE chain_heads (
    organization_id TEXT PRIMARY KEY,
    hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE idempotency_keys (
    id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_keys_by_age ON idempotency_keys (recorded_at);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
  COMMIT;
`;

/** How long to wait for someone else's transaction in the database, in milliseconds: a shell, a backup. */
const BUSY_TIMEOUT = 5000;

export interface LogFile {
  readonly database: DatabaseSyncInstance;
  close(): void;
}

/** Takes the directory for this process. Throws a `JournalError`, or whatever SQLite or the file system throws. */
export function openLogFile(directory: string): LogFile {
  makeDirectory(resolve(directory));
  const lock = takeLock(directory);
  try {
    const database = openDatabase(join(directory, FILE));
    const close = () => {
      // The last connection to close also moves the write-ahead log into the database.
      database.close();
      lock.close();
    };
    return { database, close };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** A new directory is in its parent only once the parent is synced: until then a power cut takes all that is in it. */
function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/**
 * One writer per directory. The lock is on a file of its own, so that it disturbs nobody who reads the database, and
 * the operating system drops it with the process. Nothing is ever written to that file.
 */
function takeLock(directory: string): DatabaseSyncInstance {
  const lock = new DatabaseSync(join(directory, 'plive.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function openDatabase(path: string): DatabaseSyncInstance {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    const empty = isEmpty(database);
    if (!empty) refuseOthers(database);
    // FULL: a commit returns only after the write-ahead log is synced.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (empty) database.exec(SCHEMA);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmpty(database: DatabaseSyncInstance): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}

function refuseOthers(database: DatabaseSyncInstance): void {
  const { id } = database.prepare('SELECT application_id AS id FROM pragma_application_id').get();
  if (id !== APPLICATION_ID) {
    throw new JournalError('failed', `${FILE} is not a log of Plive: move it away, or use another directory.`);
  }
  const { version } = database.prepare('SELECT user_version AS version FROM pragma_user_version').get();
  if (version > SCHEMA_VERSION) {
    throw new JournalError('failed', `${FILE} was written by a newer version of Plive: run that one, or a newer one.`);
  }
}
