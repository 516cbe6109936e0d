// The files of a data directory: made to last, held by one process, refused when they are not ours.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { JournalError } from '../log/journal.ts';
import { DatabaseSync } from './driver.ts';

const FILE = 'plive.db';
/** An empty file that says that a log has begun here. */
const MARKER = 'plive.begun';
/** 'PLIV': the file's header says whose it is. */
const APPLICATION_ID = 0x504c4956;
/** What makes the tables of each version out of the one before it, from nothing on. Never edited: files were made by them. */
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
];

/** How long to wait for someone else's transaction in the database, in milliseconds: a shell, a backup. */
const BUSY_TIMEOUT = 5000;

export interface LogFile {
  readonly database: DatabaseSyncInstance;
  /** Moves all that was written into the database and empties the write-ahead log. False where a reader hinders it; it does not wait for one. */
  wipe(): boolean;
  close(): void;
}

/** Takes the directory for this process. Throws a `JournalError`, or whatever SQLite or the file system throws. */
export function openLogFile(directory: string): LogFile {
  makeDirectory(resolve(directory));
  const lock = takeLock(directory);
  try {
    const database = openDatabase(directory);
    const close = () => {
      // The last connection to close also moves the write-ahead log into the database.
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
  database.exec('PRAGMA busy_timeout = 0');
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
 * Opens the database of a directory to read what is in it, whether or not a server runs on it: without the lock, and
 * nothing can be written. Throws as `openLogFile` does.
 */
export function openLogFileToRead(directory: string): LogFile {
  const database = new DatabaseSync(join(directory, FILE), { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    refuseOthers(database);
    if (versionOf(database) < MIGRATIONS.length) {
      throw new JournalError('failed', `${FILE} is of an older version of Plive: start the server on it once.`);
    }
    // It has written nothing.
    return { database, wipe: () => true, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the database of a directory for tables that are no part of the log, beside the process that writes the log.
 * Throws as `openLogFile` does, also where there is no log.
 */
export function openBesideLog(directory: string): DatabaseSyncInstance {
  if (!hasLogFile(directory)) throw new JournalError('failed', `There is no ${FILE} in ${directory}.`);
  const database = new DatabaseSync(join(directory, FILE));
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA synchronous = FULL`);
    refuseOthers(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Room for a log that is not there yet, in a directory that is taken for this process. */
export interface ReservedLogFile {
  /** Where it is to be written. */
  readonly path: string;
  /** Syncs what is there by now, and lets it be the log of the directory. */
  keep(): void;
  close(): void;
}

/** Takes a directory without a log for this process. Throws a `JournalError`, or whatever SQLite or the file system throws. */
export function reserveLogFile(directory: string): ReservedLogFile {
  makeDirectory(resolve(directory));
  const lock = takeLock(directory);
  if (hasLogFile(directory)) {
    lock.close();
    throw new JournalError('failed', `There is a log in ${directory} already.`);
  }
  const path = join(directory, `${FILE}.part`);
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

/** A new directory is in its parent only once the parent is synced: until then a power cut takes all that is in it. */
function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncFile(dirname(made));
}

/** Of a directory: which files are in it. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
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

function openDatabase(directory: string): DatabaseSyncInstance {
  const database = new DatabaseSync(join(directory, FILE));
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    if (isEmpty(database)) refuseLoss(directory);
    else refuseOthers(database);
    refuseCut(database);
    // FULL: a commit returns only after the write-ahead log is synced.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // What is deleted, overwritten or moved leaves no copy: one day it may be what has to be redacted.
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

/** SQLite takes an empty or missing file for a new database: without the marker a lost log would begin anew without a word. */
function refuseLoss(directory: string): void {
  if (!existsSync(join(directory, MARKER))) return;
  const sentence = `${FILE} is empty, but there was a log here: put a backup in its place, or remove ${MARKER} to begin anew.`;
  throw new JournalError('failed', sentence);
}

function markBeginning(directory: string): void {
  if (existsSync(join(directory, MARKER))) return;
  closeSync(openSync(join(directory, MARKER), 'w'));
  syncFile(directory);
}

function refuseOthers(database: DatabaseSyncInstance): void {
  const { id } = database.prepare('SELECT application_id AS id FROM pragma_application_id').get();
  if (id !== APPLICATION_ID) {
    throw new JournalError('failed', `${FILE} is not a log of Plive: move it away, or use another directory.`);
  }
  if (versionOf(database) > MIGRATIONS.length) {
    throw new JournalError('failed', `${FILE} was written by a newer version of Plive: run that one, or a newer one.`);
  }
}

/**
 * Refuses a database whose file is shorter than it says. SQLite notices where whole pages are gone, but takes the last
 * bytes of the last one for zeros. What is still in the write-ahead log may be missing in the file for good reasons.
 */
export function refuseCut(database: DatabaseSyncInstance): void {
  const { length, file } = database
    .prepare(
      `SELECT page_count * page_size AS length, file
       FROM pragma_page_count, pragma_page_size, pragma_database_list WHERE name = 'main'`,
    )
    .get();
  // In this order: whoever writes meanwhile may make the file longer, and never shorter.
  if (sizeOf(`${file}-wal`) > 0 || sizeOf(file) >= length) return;
  throw new JournalError('failed', `The log is damaged (${FILE} was cut short): put a backup in its place.`);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function versionOf(database: DatabaseSyncInstance): number {
  return database.prepare('SELECT user_version AS version FROM pragma_user_version').get().version;
}

/** Brings the tables to the newest version, all of it or nothing. */
function migrate(database: DatabaseSyncInstance): void {
  const version = versionOf(database);
  const missing = MIGRATIONS.slice(version);
  if (missing.length === 0) return;
  // Before version 3 what was deleted stayed in pages that were no longer used.
  if (version > 0 && version < 3) database.exec('VACUUM');
  database.exec(`BEGIN IMMEDIATE; ${missing.join('')} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}
