// Sessions: what someone who has proven who they are is known by from then on, for as long as they come back.
import { type Observable, Subject } from 'rxjs';
import { RecentMap } from '../bounds/recent-map.ts';
import type { IdentityStore, Revocation, Session } from './identity-store.ts';
import { digestOf, isToken, newToken } from './tokens.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A session ends when it was not used for so long, and after so long anyway; in milliseconds. */
export const SESSION_LIFE = { idle: 7 * DAY, absolute: 30 * DAY };

/** What a browser says of itself is kept up to this many characters. */
const MAX_AGENT = 200;

interface Parts {
  readonly store: IdentityStore;
  readonly now: () => Date;
  readonly newId: () => string;
  /** How many sessions are known without asking the store, and how many are known to have ended; half of that at least. */
  readonly maxKnown: number;
}

/** A session while it is in use. */
export interface KnownSession extends Omit<Session, 'lastUsedAt'> {
  lastUsedAt: string;
}

export class Sessions {
  readonly #parts: Parts;
  readonly #known: RecentMap<string, KnownSession>;
  /** Those that ended of late: whoever still holds one must learn of it, also where it is not known any more. */
  readonly #ended: RecentMap<string, true>;
  readonly #ended$ = new Subject<Revocation>();
  #uses = new Map<string, string>();

  /** Sessions, as they end. */
  readonly ended$: Observable<Revocation> = this.#ended$.asObservable();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#known = new RecentMap(parts.maxKnown);
    this.#ended = new RecentMap(parts.maxKnown);
  }

  /** Resolves with the token that the session is known by. Whoever calls this has made sure that it is them. */
  async start(userId: string, agent = ''): Promise<string> {
    const { store, now, newId } = this.#parts;
    const token = newToken();
    const at = now().toISOString();
    const session = { id: newId(), userId, createdAt: at, lastUsedAt: at, agent: agent.slice(0, MAX_AGENT) };
    await store.addSession(session, digestOf(token));
    return token;
  }

  /** The session of this token, which is used hereby; `undefined` where it has ended or never was. */
  async find(token: string): Promise<KnownSession | undefined> {
    if (!isToken(token)) return undefined;
    const digest = digestOf(token);
    const session: KnownSession | undefined = this.#known.get(digest) ?? (await this.#parts.store.findSession(digest));
    if (!session || !this.isLive(session)) return undefined;
    this.#known.set(digest, session);
    session.lastUsedAt = this.#parts.now().toISOString();
    this.#uses.set(session.id, session.lastUsedAt);
    return session;
  }

  /** Whether it still goes on at this moment. */
  isLive({ id, createdAt, lastUsedAt }: Session): boolean {
    const now = this.#parts.now().getTime();
    const isTimely =
      now < Date.parse(createdAt) + SESSION_LIFE.absolute && now < Date.parse(lastUsedAt) + SESSION_LIFE.idle;
    return isTimely && !this.#ended.has(id);
  }

  /** Those of a user, the last used first. */
  async list(userId: string): Promise<readonly Session[]> {
    const uses = this.#uses;
    const sessions = await this.#parts.store.listSessions(userId);
    return sessions
      .map((session) => ({ ...session, lastUsedAt: uses.get(session.id) ?? session.lastUsedAt }))
      .filter((session) => this.isLive(session));
  }

  /** Ends one of the user's sessions, or all. Resolves with whether there was any. */
  async end(userId: string, id?: string): Promise<boolean> {
    const ids = await this.#parts.store.endSessions(userId, id);
    this.forget(ids);
    return ids.length > 0;
  }

  /** These have ended, in the database already. */
  forget(ids: readonly string[]): void {
    const gone = new Set(ids);
    if (gone.size === 0) return;
    this.#known.prune(({ id }) => gone.has(id));
    for (const id of gone) {
      this.#uses.delete(id);
      this.#ended.set(id, true);
      this.#ended$.next({ kind: 'session', id });
    }
  }

  /** Which were used since this was asked last. */
  takeUses(): readonly (readonly [id: string, at: string])[] {
    const uses = this.#uses;
    this.#uses = new Map();
    return [...uses];
  }
}
