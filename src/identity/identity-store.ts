// The port of what identity stores, and the records that it stores.

export interface User {
  /** UUIDv7. */
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  /** PHC string. */
  readonly password: string;
  readonly createdAt: string;
}

/** What others may know of someone. */
export type Profile = Pick<User, 'id' | 'name' | 'email'>;

export interface Session {
  /** UUIDv7. */
  readonly id: string;
  readonly userId: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** What the browser says it is. */
  readonly agent: string;
}

export interface StoredKey {
  /** UUID, as the log knows it. */
  readonly id: string;
  readonly organizationId: string;
  /** Hex SHA-256 of the secret. */
  readonly digest: string;
}

/** What a link is for: to become the first owner, to set a new password, to join an organisation. */
export type LinkPurpose = 'setup' | 'reset' | 'invitation';

/** A link that can be used once. */
export interface Link {
  readonly digest: string;
  readonly purpose: LinkPurpose;
  /** Of a reset the user, of an invitation its id; empty for the set-up. */
  readonly subjectId: string;
  /** Of an invitation. */
  readonly organizationId?: string;
  readonly expiresAt: string;
}

/** A link as it is used: spent with what it leads to, or nothing happens. */
export interface Spending {
  readonly link: Pick<Link, 'digest' | 'purpose'>;
  readonly now: string;
}

/** When sessions and keys were last used, by id. */
interface Uses {
  readonly sessions: readonly (readonly [id: string, at: string])[];
  readonly keys: readonly (readonly [id: string, at: string])[];
}

/** Who is no longer who they were: what still runs for them has to end. */
export interface Revocation {
  readonly kind: 'session' | 'key' | 'user';
  readonly id: string;
}

/**
 * The port behind which people, sessions, secrets and links are stored. Each call is one transaction, durable when it
 * resolves; calls take effect in the order in which they were made. Rejects with a `JournalError`.
 */
export interface IdentityStore {
  /** Opens what is stored. The log must be open: identity may live in its database. Rejects with a `JournalError`. */
  open(): Promise<void>;

  /** Spends the link, where there is one, with it. */
  addUser(user: User, spending?: Spending): Promise<'added' | 'email-taken' | 'link-spent'>;
  findUser(by: { readonly id: string } | { readonly email: string }): Promise<User | undefined>;
  listPeople(ids: readonly string[]): Promise<readonly Profile[]>;
  renameUser(id: string, name: string, email: string): Promise<'done' | 'email-taken'>;
  /** Ends the other sessions, all but `keep`: resolves with their ids; `undefined` where the link is spent. */
  setPassword(
    id: string,
    password: string,
    how: { readonly keep?: string; readonly spending?: Spending },
  ): Promise<readonly string[] | undefined>;
  /** Writes the same password another way, unless it was changed meanwhile. */
  rehash(user: Pick<User, 'id' | 'password'>, password: string): Promise<void>;
  /** Removes all that is known of someone, from the files too. Gives the ids of their sessions. */
  eraseUser(id: string): Promise<readonly string[]>;

  addSession(session: Session, digest: string): Promise<void>;
  findSession(digest: string): Promise<Session | undefined>;
  listSessions(userId: string): Promise<readonly Session[]>;
  /** One of a user, or all: gives the ids of those that there were. */
  endSessions(userId: string, id?: string): Promise<readonly string[]>;

  /** Whether it was not there yet. */
  addKey(key: StoredKey): Promise<boolean>;
  findKey(id: string): Promise<StoredKey | undefined>;
  /** When they were last used, by id. */
  keyUses(ids: readonly string[]): Promise<readonly (readonly [id: string, at: string])[]>;
  removeKeys(ids: readonly string[]): Promise<void>;

  /** Whether there was none yet for the same subject; `replacing` takes the place of any. */
  addLink(link: Link, replacing: boolean): Promise<boolean>;
  findLink(spending: Spending): Promise<Link | undefined>;
  /** Whether it still could be used. */
  spendLink(spending: Spending): Promise<boolean>;

  used(uses: Uses): Promise<void>;
  /** Removes what ended: sessions that began or were used before these times, links that expired. Gives the sessions' ids. */
  sweep(before: { readonly created: string; readonly used: string; readonly now: string }): Promise<readonly string[]>;
  /** Resolves when nothing of the store is in use any more. */
  close(): Promise<void>;
}
