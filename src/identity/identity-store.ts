// The port of the identity store, and the records in it.
import type { Quota, Verdict } from '../bounds/rate-limiter.ts';

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

/** The part of a user that other members can see. */
export type Profile = Pick<User, 'id' | 'name' | 'email'>;

export interface Session {
  /** UUIDv7. */
  readonly id: string;
  readonly userId: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** The `User-Agent` of the browser that signed in. */
  readonly agent: string;
}

/** A place from which a user has signed in. */
export interface KnownPlace {
  readonly userId: string;
  /** Hex SHA-256 of the user's id and the place. */
  readonly digest: string;
  readonly lastUsedAt: string;
}

export interface StoredKey {
  /** UUID, as in the log. */
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
  /** The id of the user (reset) or of the invitation; for the set-up the node that issued it, empty if there is one alone. */
  readonly subjectId: string;
  /** For invitations only. */
  readonly organizationId?: string;
  readonly expiresAt: string;
}

/** One use of a link. The store spends it in the same transaction as the change that it allows, or does neither. */
export interface Spending {
  readonly link: Pick<Link, 'digest' | 'purpose'>;
  readonly now: string;
}

/**
 * A workflow that has begun and not ended. It is stored in the same transaction as its first step, or before it, so that
 * a restart finds it.
 */
export interface PendingWorkflow {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: 'set-up' | 'join' | 'erase';
  /** The step that comes next. A step may have been done already: it must be repeatable. */
  readonly step: string;
  /** What the steps need, as JSON. */
  readonly data: string;
  readonly at: string;
}

/** When sessions and keys were last used, by id. */
interface Uses {
  readonly sessions: readonly (readonly [id: string, at: string])[];
  readonly keys: readonly (readonly [id: string, at: string])[];
}

/** A session ended, a key was revoked or expired, or a user was erased: its open connections must be closed. */
export interface Revocation {
  readonly kind: 'session' | 'key' | 'user';
  readonly id: string;
}

/** One read of the revocations by all nodes. */
export interface RevocationStep {
  /** Those since the step before, in order; most often none. */
  readonly revoked: readonly Revocation[];
  /** When the read was sent, in milliseconds since 1970: what was revoked before is known. */
  readonly asOf: number;
}

/** A quota, and the key under which an attempt counts. */
export interface CountedAttempt {
  readonly quota: Quota;
  readonly key: string;
}

/** What a store offers that several nodes share. Rejects with a `JournalError`. */
export interface SharedIdentity {
  /**
   * Reads which sessions ended and which users were erased, on all nodes, since the store was opened: a few times a
   * second, until the signal aborts. Never rejects: while the database is away there are no steps.
   */
  revocations(signal: AbortSignal): AsyncIterable<RevocationStep>;
  /** Says that this node goes on to work on these workflows. */
  renewPending(ids: readonly string[]): Promise<void>;
  /**
   * Takes an attempt from each of these quotas, which all nodes share. Resolves with the verdict of the first one that is
   * used up, if there is one: then nothing is taken.
   */
  takeAttempts(attempts: readonly CountedAttempt[]): Promise<Verdict | undefined>;
  /** Restores the whole of these quotas. */
  forgiveAttempts(attempts: readonly CountedAttempt[]): Promise<void>;
}

/** How long nobody takes a workflow over after it was stored or renewed, in milliseconds. */
export const PENDING_LEASE = 10_000;

/**
 * The port behind which people, sessions, secrets and links are stored. Each call is one transaction, durable when it
 * resolves; calls take effect in the order in which they were made. Rejects with a `JournalError`.
 */
export interface IdentityStore {
  /** Present if several nodes share the store. */
  readonly shared?: SharedIdentity;

  /** Opens the store. The log must be open first, because both may share a database. Rejects with a `JournalError`. */
  open(): Promise<void>;

  /**
   * Adds a user and, if they are given, spends the link and stores the workflow. A link finds out five times at most that
   * an address is taken; the sixth time it is spent.
   */
  addUser(user: User, spending?: Spending, pending?: PendingWorkflow): Promise<'added' | 'email-taken' | 'link-spent'>;
  findUser(by: { readonly id: string } | { readonly email: string }): Promise<User | undefined>;
  listPeople(ids: readonly string[]): Promise<readonly Profile[]>;
  renameUser(id: string, name: string, email: string): Promise<'done' | 'email-taken'>;
  /**
   * Sets the password and ends all sessions except `keep`. Resolves with their ids; `undefined` if the link is already
   * spent.
   */
  setPassword(
    id: string,
    password: string,
    options: { readonly keep?: string; readonly spending?: Spending },
  ): Promise<readonly string[] | undefined>;
  /** Stores a new hash of the same password, unless the password was changed in the meantime. */
  rehash(user: Pick<User, 'id' | 'password'>, password: string): Promise<void>;
  /**
   * Removes everything stored about a user, and overwrites it in the files. Resolves with the ids of their sessions.
   */
  eraseUser(id: string): Promise<readonly string[]>;

  /** Resolves with `false` if there is no such user, or if an erasure of the user is pending. */
  addSession(session: Session, digest: string): Promise<boolean>;
  findSession(digest: string): Promise<Session | undefined>;
  listSessions(userId: string): Promise<readonly Session[]>;
  /** Ends one session of a user, or all of them. Resolves with the ids of the sessions that existed. */
  endSessions(userId: string, id?: string): Promise<readonly string[]>;

  /** Stores or renews a place of an existing user, and removes all but the `max` that were used last. */
  addPlace(place: KnownPlace, max: number): Promise<void>;
  /** The places of the user with this e-mail address or id. */
  listPlaces(emailOrId: string): Promise<readonly KnownPlace[]>;

  /** Resolves with `false` if the key already exists. */
  addKey(key: StoredKey): Promise<boolean>;
  findKey(id: string): Promise<StoredKey | undefined>;
  /** The times when these keys were last used, by id. */
  keyUses(ids: readonly string[]): Promise<readonly (readonly [id: string, at: string])[]>;
  removeKeys(ids: readonly string[]): Promise<void>;

  /** Resolves with `false` if there is already a link for the same subject, unless `replacing`, which replaces it. */
  addLink(link: Link, replacing: boolean): Promise<boolean>;
  findLink(spending: Spending): Promise<Link | undefined>;
  /** Resolves with whether the link was still usable. If it was, and a workflow is given, stores that too. */
  spendLink(spending: Spending, pending?: PendingWorkflow): Promise<boolean>;

  /** Stores a workflow, or its next step. */
  putPending(pending: PendingWorkflow): Promise<void>;
  removePending(id: string): Promise<void>;
  /**
   * Takes over the workflows that nobody works on, the oldest first: those that an earlier process has left, and in a
   * shared store those that no node has stored or renewed for `PENDING_LEASE`.
   */
  takePending(): Promise<readonly PendingWorkflow[]>;

  used(uses: Uses): Promise<void>;
  /**
   * Removes sessions that were created before `created` or last used before `used`, and links that expired before
   * `now`. Resolves with the ids of the sessions.
   */
  sweep(before: { readonly created: string; readonly used: string; readonly now: string }): Promise<readonly string[]>;
  /** Writes something that changes nothing, to find out whether it can be written. */
  probe(): Promise<void>;
  /** Resolves when the store has released its files and threads. */
  close(): Promise<void>;
}
