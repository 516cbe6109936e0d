// The identity tables. They are in the same database file as the log, but unlike the log they are mutable and erasable.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { IdentityStore, Spending } from '../../identity/identity-store.ts';
import { DatabaseSync } from '../driver.ts';
import { openBesideLog } from '../log-file.ts';
import { truncateWriteAheadLog } from '../write-ahead-log.ts';

/** The migration to each version from the one before. Never edited, because existing databases were made with them. */
const MIGRATIONS = [
  `
  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    agent TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_user ON sessions (user_id);
  CREATE INDEX sessions_by_use ON sessions (last_used_at);
  CREATE INDEX sessions_by_age ON sessions (created_at);
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    last_used_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE links (
    digest TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    organization_id TEXT,
    expires_at TEXT NOT NULL,
    UNIQUE (purpose, subject_id)
  ) STRICT, WITHOUT ROWID;
`,
  `
  CREATE TABLE known_places (
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    digest TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
  ) STRICT, WITHOUT ROWID;
`,
  `
  CREATE TABLE pending (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    data TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`,
  `
  ALTER TABLE links ADD COLUMN taken_addresses INTEGER NOT NULL DEFAULT 0;
`,
];

/** The calls of the identity store, synchronous and on open tables. */
export type IdentityTables = {
  [K in Exclude<keyof IdentityStore, 'open' | 'shared'>]: (
    ...parameters: Parameters<IdentityStore[K]>
  ) => Awaited<ReturnType<IdentityStore[K]>>;
};

/**
 * Opens the tables in the data directory of a log, also while a server uses it; without a directory, in memory. Throws
 * a `JournalError` or an error of SQLite.
 */
export function openIdentityTables(directory: string | undefined): IdentityTables {
  const database = directory === undefined ? new DatabaseSync(':memory:') : openBesideLog(directory);
  try {
    // `secure_delete` overwrites deleted data, also in unused pages.
    database.exec('PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON');
    migrate(database);
    return identityTables(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSyncInstance): void {
  transaction(database, () => {
    database.exec('CREATE TABLE IF NOT EXISTS identity_migrations (version INTEGER PRIMARY KEY) STRICT');
    const { version } = database.prepare('SELECT coalesce(max(version), 0) AS version FROM identity_migrations').get();
    for (const [index, migration] of MIGRATIONS.slice(version).entries()) {
      database.exec(migration);
      database.prepare('INSERT INTO identity_migrations VALUES (?)').run(version + index + 1);
    }
  });
}

function transaction<T>(database: DatabaseSyncInstance, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const USER = 'SELECT id, email, name, password, created_at AS createdAt FROM users';
const SESSION =
  'SELECT id, user_id AS userId, created_at AS createdAt, last_used_at AS lastUsedAt, agent FROM sessions';

function identityTables(database: DatabaseSyncInstance): IdentityTables {
  const links = linkTable(database);
  const pending = pendingTable(database);
  const users = userTable(database, links.spendLink, pending.putPending);
  let isOverwritten = true;
  return {
    ...users,
    eraseUser(id) {
      const ended = users.eraseUser(id);
      isOverwritten = truncateWriteAheadLog(database);
      return ended;
    },
    ...sessionTable(database),
    ...placeTable(database),
    ...keyTable(database),
    ...links,
    ...pending,
    spendLink: (spending, workflow) =>
      transaction(database, () => {
        const isSpent = links.spendLink(spending);
        if (isSpent && workflow) pending.putPending(workflow);
        return isSpent;
      }),
    used({ sessions, keys }) {
      const ofSession = database.prepare('UPDATE sessions SET last_used_at = ? WHERE id = ?');
      const ofKey = database.prepare('UPDATE api_keys SET last_used_at = ? WHERE id = ?');
      transaction(database, () => {
        for (const [id, at] of sessions) ofSession.run(at, id);
        for (const [id, at] of keys) ofKey.run(at, id);
      });
    },
    sweep({ created, used, now }) {
      const ended = database.prepare('DELETE FROM sessions WHERE created_at <= ? OR last_used_at <= ? RETURNING id');
      if (!isOverwritten) isOverwritten = truncateWriteAheadLog(database);
      return transaction(database, () => {
        database.prepare('DELETE FROM links WHERE expires_at <= ?').run(now);
        return idsOf(ended.all(created, used));
      });
    },
    probe() {
      database.exec('UPDATE identity_migrations SET version = version');
    },
    close: () => database.close(),
  };
}

/** How often a link may be used with an address that has an account: it must not tell which of many addresses have one. */
const TAKEN_ADDRESSES = 5;

/** `spend` and `putPending` run in the transaction of their caller. */
function userTable(
  database: DatabaseSyncInstance,
  spend: (spending: Spending) => boolean,
  putPending: IdentityTables['putPending'],
) {
  const byId = database.prepare(`${USER} WHERE id = ?`);
  const byEmail = database.prepare(`${USER} WHERE email = ?`);
  const add = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?)');
  const rename = database.prepare('UPDATE users SET name = ?, email = ? WHERE id = ?');
  const setPassword = database.prepare('UPDATE users SET password = ? WHERE id = ?');
  const rehash = database.prepare('UPDATE users SET password = ? WHERE id = ? AND password = ?');
  const people = database.prepare(
    'SELECT id, name, email FROM users WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
  );
  const countTaken = database.prepare(
    `UPDATE links SET taken_addresses = taken_addresses + 1
     WHERE digest = ? AND purpose = ? AND expires_at > ? AND taken_addresses < ${TAKEN_ADDRESSES}`,
  );
  /** Counts, and spends the link instead of telling more than `TAKEN_ADDRESSES` times. */
  const takenAddress = (spending: Spending) => {
    const { link, now } = spending;
    if (countTaken.run(link.digest, link.purpose, now).changes > 0) return 'email-taken';
    spend(spending);
    return 'link-spent';
  };
  const endOthers = database.prepare('DELETE FROM sessions WHERE user_id = ? AND id <> ? RETURNING id');
  const endLinks = database.prepare("DELETE FROM links WHERE purpose = 'reset' AND subject_id = ?");
  const remove = database.prepare('DELETE FROM users WHERE id = ?');
  return {
    addUser: ({ id, email, name, password, createdAt }, spending, pending) =>
      transaction(database, () => {
        // Checked first: an address that is already taken must not spend the link.
        if (byEmail.get(email)) return spending ? takenAddress(spending) : 'email-taken';
        if (spending && !spend(spending)) return 'link-spent';
        add.run(id, email, name, password, createdAt);
        if (pending) putPending(pending);
        return 'added';
      }),
    findUser: (by) => ('id' in by ? byId.get(by.id) : byEmail.get(by.email)),
    listPeople: (ids) => people.all(JSON.stringify(ids)),
    renameUser: (id, name, email) =>
      transaction(database, () => {
        const holder = byEmail.get(email);
        if (holder && holder.id !== id) return 'email-taken';
        rename.run(name, email, id);
        return 'done';
      }),
    setPassword: (id, password, { keep = '', spending }) =>
      transaction(database, () => {
        if (spending && !spend(spending)) return undefined;
        setPassword.run(password, id);
        endLinks.run(id);
        return idsOf(endOthers.all(id, keep));
      }),
    rehash(user, password) {
      rehash.run(password, user.id, user.password);
    },
    eraseUser: (id) =>
      transaction(database, () => {
        endLinks.run(id);
        const sessions = idsOf(endOthers.all(id, ''));
        remove.run(id);
        return sessions;
      }),
  } satisfies Partial<IdentityTables>;
}

function sessionTable(database: DatabaseSyncInstance) {
  const add = database.prepare(
    `INSERT INTO sessions SELECT ?, ?, id, ?, ?, ? FROM users
     WHERE id = ?6 AND NOT EXISTS (SELECT 1 FROM pending WHERE kind = 'erase' AND data ->> 'userId' = ?6)`,
  );
  const find = database.prepare(`${SESSION} WHERE digest = ?`);
  const list = database.prepare(`${SESSION} WHERE user_id = ? ORDER BY last_used_at DESC, id DESC`);
  const end = database.prepare('DELETE FROM sessions WHERE user_id = ? AND (?2 IS NULL OR id = ?2) RETURNING id');
  return {
    addSession: ({ id, userId, createdAt, lastUsedAt, agent }, digest) =>
      add.run(id, digest, createdAt, lastUsedAt, agent, userId).changes > 0,
    findSession: (digest) => find.get(digest),
    listSessions: (userId) => list.all(userId),
    endSessions: (userId, id) => idsOf(end.all(userId, id ?? null)),
  } satisfies Partial<IdentityTables>;
}

function placeTable(database: DatabaseSyncInstance) {
  // Nothing for a user who was erased meanwhile.
  const add = database.prepare(
    `INSERT INTO known_places SELECT id, ?, ? FROM users WHERE id = ?
     ON CONFLICT DO UPDATE SET last_used_at = excluded.last_used_at`,
  );
  const removeOlder = database.prepare(
    `DELETE FROM known_places WHERE user_id = ?1 AND digest NOT IN
       (SELECT digest FROM known_places WHERE user_id = ?1 ORDER BY last_used_at DESC, digest LIMIT ?2)`,
  );
  const list = database.prepare(
    `SELECT user_id AS userId, digest, last_used_at AS lastUsedAt FROM known_places
     WHERE user_id = (SELECT id FROM users WHERE email = ?1 OR id = ?1)`,
  );
  return {
    addPlace: ({ userId, digest, lastUsedAt }, max) =>
      transaction(database, () => {
        add.run(digest, lastUsedAt, userId);
        removeOlder.run(userId, max);
      }),
    listPlaces: (emailOrId) => list.all(emailOrId),
  } satisfies Partial<IdentityTables>;
}

function keyTable(database: DatabaseSyncInstance) {
  const add = database.prepare('INSERT OR IGNORE INTO api_keys (id, organization_id, digest) VALUES (?, ?, ?)');
  const find = database.prepare('SELECT id, organization_id AS organizationId, digest FROM api_keys WHERE id = ?');
  const uses = database.prepare(
    'SELECT id, last_used_at AS at FROM api_keys WHERE last_used_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))',
  );
  const remove = database.prepare('DELETE FROM api_keys WHERE id IN (SELECT value FROM json_each(?))');
  return {
    addKey: ({ id, organizationId, digest }) => add.run(id, organizationId, digest).changes > 0,
    findKey: (id) => find.get(id),
    keyUses: (ids) => uses.all(JSON.stringify(ids)).map(({ id, at }): [string, string] => [id, at]),
    removeKeys(ids) {
      remove.run(JSON.stringify(ids));
    },
  } satisfies Partial<IdentityTables>;
}

function linkTable(database: DatabaseSyncInstance) {
  const add = (verb: 'IGNORE' | 'REPLACE') =>
    database.prepare(
      `INSERT OR ${verb} INTO links (digest, purpose, subject_id, organization_id, expires_at) VALUES (?, ?, ?, ?, ?)`,
    );
  const [addFirst, replace] = [add('IGNORE'), add('REPLACE')];
  const find = database.prepare(
    `SELECT digest, purpose, subject_id AS subjectId, organization_id AS organizationId, expires_at AS expiresAt
     FROM links WHERE digest = ? AND purpose = ? AND expires_at > ?`,
  );
  const spend = database.prepare('DELETE FROM links WHERE digest = ? AND purpose = ? AND expires_at > ?');
  return {
    addLink: ({ digest, purpose, subjectId, organizationId = null, expiresAt }, replacing) =>
      (replacing ? replace : addFirst).run(digest, purpose, subjectId, organizationId, expiresAt).changes > 0,
    findLink: ({ link: { digest, purpose }, now }) => find.get(digest, purpose, now),
    spendLink: ({ link: { digest, purpose }, now }) => spend.run(digest, purpose, now).changes > 0,
  } satisfies Partial<IdentityTables>;
}

function pendingTable(database: DatabaseSyncInstance) {
  const put = database.prepare('INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM pending WHERE id = ?');
  const list = database.prepare('SELECT id, kind, step, data, at FROM pending ORDER BY id');
  return {
    putPending({ id, kind, step, data, at }) {
      put.run(id, kind, step, data, at);
    },
    removePending(id) {
      remove.run(id);
    },
    // The database has one server, which takes them when it starts: what is there was left by an earlier one.
    takePending: () => list.all(),
  } satisfies Partial<IdentityTables>;
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
