// Sessions of signed-in people: starts, finds, lists and ends them, and caches the recent ones.
import { type Observable, Subject } from 'rxjs';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import type { IdentityStore, Revocation, Session } from './identity-store.ts';
import { digestOf, isToken, newToken } from './tokens.ts';

const DAY = 24 * 60 * 60 * 1000;
/** How long a session lasts without use, and how long at most, in milliseconds. */
export const SESSION_LIFE = { idle: 7 * DAY, absolute: 30 * DAY };

/** How many characters of the `User-Agent` are stored. */
const MAX_AGENT = 200;

interface Parts {
  readonly store: IdentityStore;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Size of the cache of sessions, and of the list of ended ones; each retains at least half as many. */
  readonly maxCached: number;
}

/** A cached session, whose time of use is updated in memory first. */
export interface KnownSession extends Omit<Session, 'lastUsedAt'> {
  lastUsedAt: string;
}

export class Sessions {
  readonly #parts: Parts;
  readonly #cache: RecentMap<string, KnownSession>;
  /**
   * Sessions that ended recently. Streams and sockets that retain a session check it here, also after the cache dropped
   * it.
   */
  readonly #ended: RecentMap<string, true>;
  /** Users who are being erased, or were erased recently: they have no sessions and start none. */
  readonly #closed: RecentMap<string, true>;
  readonly #ended$ = new Subject<Revocation>();
  #uses = new Map<string, string>();

  /** Sessions, as they end. */
  readonly ended$: Observable<Revocation> = this.#ended$.asObservable();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cache = new RecentMap(parts.maxCached);
    this.#ended = new RecentMap(parts.maxCached);
    this.#closed = new RecentMap(parts.maxCached);
  }

  /**
   * Starts a session and resolves with its token; with `undefined` if the user is being erased, or was. The caller must
   * have authenticated the user.
   */
  async start(userId: string, agent = ''): Promise<string | undefined> {
    if (this.isClosed(userId)) return undefined;
    const { store, now, newId } = this.#parts;
    const token = newToken();
    const at = now().toISOString();
    const session = { id: newId(), userId, createdAt: at, lastUsedAt: at, agent: agent.slice(0, MAX_AGENT) };
    return (await store.addSession(session, digestOf(token))) ? token : undefined;
  }

  /** The session of this token; `undefined` if there is none or it has ended. Counts as a use of the session. */
  async find(token: string): Promise<KnownSession | undefined> {
    if (!isToken(token)) return undefined;
    const digest = digestOf(token);
    const known = this.#cache.get(digest);
    // What seems to have expired here can have been used on another node.
    const session: KnownSession | undefined =
      known && this.isLive(known) ? known : await this.#parts.store.findSession(digest);
    if (!session || !this.isLive(session)) return undefined;
    this.#cache.set(digest, session);
    session.lastUsedAt = this.#parts.now().toISOString();
    this.#uses.set(session.id, session.lastUsedAt);
    return session;
  }

  /** Whether the session is neither expired nor ended. */
  isLive({ id, userId, createdAt, lastUsedAt }: Session): boolean {
    const now = this.#parts.now().getTime();
    const isTimely =
      now < Date.parse(createdAt) + SESSION_LIFE.absolute && now < Date.parse(lastUsedAt) + SESSION_LIFE.idle;
    return isTimely && !this.#ended.has(id) && !this.isClosed(userId);
  }

  /** The sessions of a user, the last used first. */
  async list(userId: string): Promise<readonly Session[]> {
    const uses = this.#uses;
    const sessions = await this.#parts.store.listSessions(userId);
    return sessions
      .map((session) => ({ ...session, lastUsedAt: uses.get(session.id) ?? session.lastUsedAt }))
      .filter((session) => this.isLive(session));
  }

  /**
   * Whether the store still has the session of this viewer. Asked before what binds a person: another node can have ended
   * the session a moment ago.
   */
  async isStored({ actor, sessionId }: Viewer): Promise<boolean> {
    if (sessionId === undefined) return true;
    const sessions = await this.#parts.store.listSessions(actor.id ?? '');
    return sessions.some(({ id }) => id === sessionId);
  }

  /** Ends one of the user's sessions, or all. Resolves with whether there were any. */
  async end(userId: string, id?: string): Promise<boolean> {
    const ids = await this.#parts.store.endSessions(userId, id);
    this.forget(ids);
    return ids.length > 0;
  }

  /** For a user who is to be erased: no session of theirs is valid, and none starts, until `reopen`. */
  close(userId: string): void {
    this.#closed.set(userId, true);
  }

  /** Lets the user sign in again: the erasure was refused. */
  reopen(userId: string): void {
    this.#closed.delete(userId);
  }

  /** Whether the user is being erased, or was. */
  isClosed(userId: string): boolean {
    return this.#closed.has(userId);
  }

  /** Announces that these sessions have ended, once. They must already be removed from the store. */
  forget(ids: readonly string[]): void {
    const gone = new Set(ids.filter((id) => !this.#ended.has(id)));
    if (gone.size === 0) return;
    this.#cache.prune(({ id }) => gone.has(id));
    for (const id of gone) {
      this.#uses.delete(id);
      this.#ended.set(id, true);
      this.#ended$.next({ kind: 'session', id });
    }
  }

  /** Drops what is remembered of sessions that are valid: the next use of each looks it up. */
  forgetKnown(): void {
    this.#cache.clear();
  }

  /** The sessions that were used since the last call, with the times. */
  takeUses(): readonly (readonly [id: string, at: string])[] {
    const uses = this.#uses;
    this.#uses = new Map();
    return [...uses];
  }
}
