// What identity keeps, and what its worker thread can be asked to do with it.

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
export type Person = Pick<User, 'id' | 'name' | 'email'>;

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

/** What the worker does when it is asked to; each call is a transaction. */
export interface IdentityCalls {
  /** A data directory that holds a log; none keeps everything in memory. */
  open(directory: string | undefined): void;

  /** Spends the link, where there is one, with it. */
  addUser(user: User, spending?: Spending): 'added' | 'email-taken' | 'link-spent';
  findUser(by: { readonly id: string } | { readonly email: string }): User | undefined;
  listPeople(ids: readonly string[]): readonly Person[];
  renameUser(id: string, name: string, email: string): 'done' | 'email-taken';
  /** Ends the other sessions, all but `keep`: resolves with their ids; `undefined` where the link is spent. */
  setPassword(
    id: string,
    password: string,
    how: { readonly keep?: string; readonly spending?: Spending },
  ): readonly string[] | undefined;
  /** Writes the same password another way, unless it was changed meanwhile. */
  rehash(user: Pick<User, 'id' | 'password'>, password: string): void;
  /** Removes all that is known of someone, from the files too. Gives the ids of their sessions. */
  eraseUser(id: string): readonly string[];

  addSession(session: Session, digest: string): void;
  findSession(digest: string): Session | undefined;
  listSessions(userId: string): readonly Session[];
  /** One of a user, or all: gives the ids of those that there were. */
  endSessions(userId: string, id?: string): readonly string[];

  /** Whether it was not there yet. */
  addKey(key: StoredKey): boolean;
  findKey(id: string): StoredKey | undefined;
  /** When they were last used, by id. */
  keyUses(ids: readonly string[]): readonly (readonly [id: string, at: string])[];
  removeKeys(ids: readonly string[]): void;

  /** Whether there was none yet for the same subject; `replacing` takes the place of any. */
  addLink(link: Link, replacing: boolean): boolean;
  findLink(spending: Spending): Link | undefined;
  /** Whether it still could be used. */
  spendLink(spending: Spending): boolean;

  used(uses: Uses): void;
  /** Removes what ended: sessions that began or were used before these times, links that expired. Gives the sessions' ids. */
  sweep(before: { readonly created: string; readonly used: string; readonly now: string }): readonly string[];
  close(): void;
}
