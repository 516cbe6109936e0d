// The files of a data directory: created durably, locked by one process, and refused if they are not files of Plive.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { JournalError } from '../log/journal.ts';
import { DatabaseSync } from './driver.ts';
import { createPrivate, makePrivate } from './private-files.ts';

const FILE = 'plive.db';
/** An empty file whose presence means that the directory has had a log. */
const MARKER = 'plive.begun';
const LOCK = 'plive.lock';
/** A log file that is not complete yet. */
const PART = `${FILE}.part`;
/** Every file that can be in the directory. */
const FILES = [FILE, `${FILE}-wal`, `${FILE}-shm`, MARKER, LOCK, `${LOCK}-journal`, PART];
/** 'PLIV': identifies the database file as a log of Plive. */
const APPLICATION_ID = 0x504c4956;
/** The migration to each version from the one before. Never edited, because existing files were made with them. */
const MIGRATIONS = [
  `
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
`,
  `
  CREATE TABLE snapshots (
    position INTEGER NOT NULL,
    part INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (position, part)
  ) STRICT;
`,
  `
  ALTER TABLE events ADD COLUMN text_digest TEXT;
  CREATE INDEX events_by_organization ON events (organization_id, position);
  ALTER TABLE chain_heads ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  UPDATE chain_heads SET position = coalesce(
    (SELECT max(position) FROM events WHERE organization_id = chain_heads.organization_id), 0);
`,
  // Each index has all that a scan selects by, so that what is not selected is not read.
  `
  DROP INDEX events_by_organization;
  CREATE INDEX events_by_organization ON events (organization_id, position, type);
  CREATE INDEX events_by_type ON events (type, position, organization_id);
`,
  // Beside the log: pictures are no events, and can be erased.
  `
  CREATE TABLE pictures (
    organization_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (organization_id, digest)
  ) STRICT;
`,
];

/** What came later are indexes, without which scans are slower, and what is beside the log. */
const OLDEST_READABLE = 3;

/** How long to wait for another process's transaction, such as a shell or a backup, in milliseconds. */
const BUSY_TIMEOUT = 5000;
/** How long wiping waits for a page that the reader thread reads, in milliseconds: pages take less. */
const PAGE_TIMEOUT = 100;

export interface LogFile {
  readonly database: DatabaseSyncInstance;
  /**
   * Checkpoints and empties the write-ahead log. Waits for a page of a scan, but not for longer reads: returns false if
   * one blocks it.
   */
  wipe(): boolean;
  close(): void;
}

/** Locks the directory and opens its log. Throws a `JournalError`, or an error of SQLite or the file system. */
export function openLogFile(directory: string): LogFile {
  prepareDirectory(directory);
  const lock = takeLock(directory);
  try {
    const database = openDatabase(directory);
    const close = () => {
      // Closing the last connection also checkpoints the write-ahead log.
      database.close();
      lock.close();
    };
    return { database, wipe: () => wipe(database), close };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function wipe(database: DatabaseSyncInstance): boolean {
  database.exec(`PRAGMA busy_timeout = ${PAGE_TIMEOUT}`);
  try {
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get().busy === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  }
}

/** Whether there is a log in the directory. */
export function hasLogFile(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

/**
 * Opens the database of a directory read-only and without the lock, so that it also works while a server uses it.
 * Throws like `openLogFile`.
 */
export function openLogFileToRead(directory: string): LogFile {
  const database = new DatabaseSync(join(directory, FILE), { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    refuseForeignFile(database);
    if (versionOf(database) < OLDEST_READABLE) {
      throw new JournalError(
        'failed',
        `${FILE} was written by an older version of Plive: start the server on it once.`,
      );
    }
    // A read-only connection has nothing to wipe.
    return { database, wipe: () => true, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the database of a directory for tables that are not part of the log, also while another process writes the log.
 * Throws like `openLogFile`, also if there is no log.
 */
export function openBesideLog(directory: string): DatabaseSyncInstance {
  if (!hasLogFile(directory)) throw new JournalError('failed', `There is no ${FILE} in ${directory}.`);
  const database = new DatabaseSync(join(directory, FILE));
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA synchronous = FULL`);
    refuseForeignFile(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A log file to be written, in a directory that this process has locked. */
export interface ReservedLogFile {
  /** Temporary path of the new file. */
  readonly path: string;
  /** Syncs the file and renames it to be the log of the directory. */
  keep(): void;
  close(): void;
}

/** Locks a directory without a log. Throws a `JournalError`, or an error of SQLite or the file system. */
export function reserveLogFile(directory: string): ReservedLogFile {
  prepareDirectory(directory);
  const lock = takeLock(directory);
  if (hasLogFile(directory)) {
    lock.close();
    throw new JournalError('failed', `There is already a log in ${directory}.`);
  }
  const path = join(directory, PART);
  return {
    path,
    keep() {
      syncFile(path);
      renameSync(path, join(directory, FILE));
      markBeginning(directory);
      syncFile(directory);
    },
    close: () => lock.close(),
  };
}

function prepareDirectory(directory: string): void {
  makeDirectory(resolve(directory));
  makePrivate(
    directory,
    FILES.map((file) => join(directory, file)),
  );
}

/** Creates a directory durably: until its parent is synced, a power failure could lose it with all its files. */
function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncFile(dirname(made));
}

/** Syncs a file; for a directory, its list of files. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/**
 * Locks the directory: one writer at a time. The lock is on a separate file, so that it does not block readers of the
 * database. The operating system releases it when the process ends. Nothing is ever written to that file.
 */
function takeLock(directory: string): DatabaseSyncInstance {
  createPrivate(join(directory, LOCK));
  const lock = new DatabaseSync(join(directory, LOCK));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function openDatabase(directory: string): DatabaseSyncInstance {
  // SQLite gives the write-ahead log the mode of the database.
  createPrivate(join(directory, FILE));
  const database = new DatabaseSync(join(directory, FILE));
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    if (isEmpty(database)) refuseLostLog(directory);
    else refuseForeignFile(database);
    refuseTruncated(database);
    // FULL: a commit returns only after the write-ahead log is synced.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // Deleted, overwritten and moved data leaves no copy in the file, because it may have to be redacted one day.
    database.exec('PRAGMA secure_delete = ON');
    migrate(database);
    markBeginning(directory);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmpty(database: DatabaseSyncInstance): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}

/**
 * SQLite treats an empty or missing file as a new database: without the marker a lost log would silently start anew.
 */
function refuseLostLog(directory: string): void {
  if (!existsSync(join(directory, MARKER))) return;
  const sentence = `${FILE} is empty, but there was a log here: replace it with a backup, or remove ${MARKER} to start a new log.`;
  throw new JournalError('failed', sentence);
}

function markBeginning(directory: string): void {
  if (existsSync(join(directory, MARKER))) return;
  createPrivate(join(directory, MARKER));
  syncFile(directory);
}

function refuseForeignFile(database: DatabaseSyncInstance): void {
  const { id } = database.prepare('SELECT application_id AS id FROM pragma_application_id').get();
  if (id !== APPLICATION_ID) {
    throw new JournalError('failed', `${FILE} is not a log of Plive: move it away, or use another directory.`);
  }
  if (versionOf(database) > MIGRATIONS.length) {
    throw new JournalError(
      'failed',
      `${FILE} was written by a newer version of Plive: run that version or a newer one.`,
    );
  }
}

/**
 * Refuses a database file that is shorter than its header says. SQLite detects missing pages, but reads the missing
 * bytes of an incomplete last page as zeros. Pages that are still in the write-ahead log may legitimately be missing in
 * the file.
 */
export function refuseTruncated(database: DatabaseSyncInstance): void {
  const { length, file } = database
    .prepare(
      `SELECT page_count * page_size AS length, file
       FROM pragma_page_count, pragma_page_size, pragma_database_list WHERE name = 'main'`,
    )
    .get();
  // The length is read before the size: a concurrent writer can only make the file longer.
  if (sizeOf(`${file}-wal`) > 0 || sizeOf(file) >= length) return;
  throw new JournalError('failed', `The log is damaged (${FILE} was truncated): replace it with a backup.`);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function versionOf(database: DatabaseSyncInstance): number {
  return database.prepare('SELECT user_version AS version FROM pragma_user_version').get().version;
}

/** Migrates the tables to the newest version in one transaction. */
function migrate(database: DatabaseSyncInstance): void {
  const version = versionOf(database);
  const missing = MIGRATIONS.slice(version);
  if (missing.length === 0) return;
  // Before version 3 deleted data stayed in unused pages.
  if (version > 0 && version < 3) database.exec('VACUUM');
  database.exec(`BEGIN IMMEDIATE; ${missing.join('')} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}
