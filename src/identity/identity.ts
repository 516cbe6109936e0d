// Identity: accounts, sessions, API keys and links, on a store of their own that only this folder uses.
import { merge, type Observable, Subject, type Subscription } from 'rxjs';
import { findOrganization } from '../../projections/organizations.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { ReadModels, Transition } from '../read-models/read-models.ts';
import { Accounts } from './accounts.ts';
import { createAccountsPolicy, validKey } from './accounts-policy.ts';
import { ApiKeys } from './api-keys.ts';
import { type SessionCookie, sessionCookie } from './cookies.ts';
import { Holders } from './holders.ts';
import type { IdentityStore, Revocation, SharedIdentity } from './identity-store.ts';
import { KnownPlaces } from './known-places.ts';
import { Links } from './links.ts';
import { type PasswordLimits, Passwords, type ScryptCost } from './passwords.ts';
import { PendingWorkflows } from './pending-workflows.ts';
import type { Policy } from './policy.ts';
import { RevocationTail } from './revocation-tail.ts';
import { SESSION_LIFE, Sessions } from './sessions.ts';
import { SignInLimits, type SignInQuotas } from './sign-in-limits.ts';
import { StoreWatch } from './store-watch.ts';

interface IdentityLimits {
  /** Size of the cache of sessions. */
  readonly sessions: number;
  /** Size of the cache of API keys. */
  readonly keys: number;
  /** How many ids of organisations are remembered, of all people together. */
  readonly coveredOrganizations: number;
  readonly passwords: PasswordLimits;
  /** How many known places of one account are stored. */
  readonly knownPlaces: number;
  readonly signIn: SignInQuotas;
}

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly models: ReadModels;
  readonly log: Pick<EventLog, 'freshen'>;
  /** Origin under which people reach the server, if it is configured. */
  readonly publicUrl?: string | undefined;
  /** What this node is called, among others with the same store. */
  readonly nodeName: string;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly passwordCost?: ScryptCost | undefined;
  /** How often open connections are checked for expired sessions and keys, in milliseconds. Default: one second. */
  readonly expiryCheck?: number | undefined;
  readonly limits: IdentityLimits;
  readonly report: Report;
}

/** How often times of use are stored and expired sessions and links are removed, in milliseconds. */
const UPKEEP = 60_000;
/** How often this node says which workflows it works on, in milliseconds. */
const RENEWAL = 2_000;
/** The default of `expiryCheck`. */
const EXPIRY_CHECK = 1_000;

/**
 * Every way to sign in (today: a password) ends with `sessions.start`, and every request is identified by `policy`. A
 * new way to sign in is added in front of `sessions.start` and changes nothing else.
 */
export class Identity {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly keys: ApiKeys;
  readonly links: Links;
  readonly pending: PendingWorkflows;
  readonly knownPlaces: KnownPlaces;
  readonly signInLimits: SignInLimits;
  readonly cookie: SessionCookie;
  readonly policy: Policy;
  readonly revoked$: Observable<Revocation>;
  readonly #options: IdentityOptions;
  readonly #revoked$ = new Subject<Revocation>();
  readonly #holders: Holders;
  readonly #watch: StoreWatch;
  /** `undefined` for a store that no other node uses. */
  readonly #tail: RevocationTail | undefined;
  #upkeep: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #expiryCheck: NodeJS.Timeout | undefined;
  #transitions: Subscription | undefined;

  constructor(options: IdentityOptions) {
    const { models, log, publicUrl, nodeName, passwordCost, limits, now, newId, report } = options;
    this.#watch = new StoreWatch(options.store, report);
    const { store } = this.#watch;
    const parts = { store, now, newId };
    this.#options = { ...options, store };
    this.sessions = new Sessions({ ...parts, maxCached: limits.sessions });
    this.keys = new ApiKeys({ ...parts, maxCached: limits.keys });
    this.links = new Links({ ...parts, publicUrl, issuer: store.shared ? nodeName : '' });
    this.pending = new PendingWorkflows(parts);
    this.accounts = new Accounts({
      ...parts,
      passwords: new Passwords(limits.passwords, passwordCost),
      sessions: this.sessions,
      links: this.links,
    });
    this.knownPlaces = new KnownPlaces({ store, now, maxPlaces: limits.knownPlaces });
    this.signInLimits = new SignInLimits(limits.signIn, { knownPlaces: this.knownPlaces, shared: store.shared, now });
    this.cookie = sessionCookie({ secure: publicUrl?.startsWith('https:') ?? false });
    this.revoked$ = merge(this.#revoked$, this.sessions.ended$, this.accounts.erased$);
    this.#holders = new Holders(this.revoked$);
    this.#tail = store.shared && this.#tailOf(store.shared);
    this.policy = createAccountsPolicy({
      sessions: this.sessions,
      keys: this.keys,
      cookie: this.cookie,
      holders: this.#holders,
      organizations: () => models.current.organizations,
      maxCovered: limits.coveredOrganizations,
      now,
      check: () => this.#tail?.check(),
      freshen: () => log.freshen(),
    });
  }

  /** What the health check says. */
  get problems(): readonly string[] {
    return [...this.#watch.problems, ...(this.#tail?.problems ?? [])];
  }

  /** Opens the store. The log must be open before. Rejects with a `JournalError`. */
  async open(): Promise<void> {
    const { store, models, expiryCheck = EXPIRY_CHECK } = this.#options;
    await store.open();
    this.#tail?.start();
    this.#transitions = models.transitions$.subscribe((transition) => this.#revokeKeys(transition));
    this.#upkeep = setInterval(() => this.upkeep(), UPKEEP).unref();
    // A renewal that fails leaves the workflow to others; the store watch reports why.
    this.#renewal = setInterval(() => this.pending.renew().catch(() => {}), RENEWAL).unref();
    this.#expiryCheck = setInterval(() => this.#endConnections(), expiryCheck).unref();
  }

  /** Stores times of use, and removes expired sessions and links. Resolves when it is done. Errors are reported. */
  async upkeep(): Promise<void> {
    try {
      if (this.#watch.needsProbe) await this.#options.store.probe();
      await this.#writeUses();
      const now = this.#options.now();
      const before = (life: number) => new Date(now.getTime() - life).toISOString();
      const { absolute, idle } = SESSION_LIFE;
      const ended = { created: before(absolute), used: before(idle), now: now.toISOString() };
      this.sessions.forget(await this.#options.store.sweep(ended));
      this.#forgetExpiredKeys(now);
    } catch (error) {
      this.#options.report('times of use were not stored, or expired sessions and links were not removed', error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#upkeep);
    clearInterval(this.#renewal);
    clearInterval(this.#expiryCheck);
    this.#transitions?.unsubscribe();
    await this.#tail?.stop();
    const { store, report } = this.#options;
    const reportFailure = (error: unknown) => report('identity was not closed cleanly', error);
    await this.#writeUses().catch(reportFailure);
    await store.close().catch(reportFailure);
  }

  #tailOf(shared: SharedIdentity): RevocationTail {
    return new RevocationTail({
      shared,
      heard: (revoked) => {
        this.sessions.forget(revoked.filter(({ kind }) => kind === 'session').map(({ id }) => id));
        this.accounts.forget(revoked.filter(({ kind }) => kind === 'user').map(({ id }) => id));
      },
      returned: () => {
        this.sessions.forgetKnown();
        this.#holders.endAll();
      },
    });
  }

  /** Closes the connections of sessions and keys that have expired, or that nobody can vouch for. */
  #endConnections(): void {
    if (this.#tail?.isCutOff) this.#holders.endAll();
    else this.#holders.endExpired();
  }

  async #writeUses(): Promise<void> {
    const uses = { sessions: this.sessions.takeUses(), keys: this.keys.takeUses() };
    if (uses.sessions.length + uses.keys.length > 0) await this.#options.store.used(uses);
  }

  #forgetExpiredKeys(now: Date): void {
    const { organizations } = this.#options.models.current;
    const expired = [...this.keys.cached].filter((key) => !validKey(organizations, key, now)).map(({ id }) => id);
    this.keys.forget(expired);
    for (const id of expired) this.#revoked$.next({ kind: 'key', id });
  }

  /** Removes the secrets of keys that the log has revoked or whose organisation it has deleted. */
  #revokeKeys({ batch, before }: Transition): void {
    const revoked = batch.events.flatMap((event) => {
      if (event.type === 'organization.key-revoked') return [event.data.keyId];
      if (event.type !== 'organization.deleted') return [];
      return [...(findOrganization(before.organizations, event.organizationId)?.keys.keys() ?? [])];
    });
    if (revoked.length === 0) return;
    this.keys.remove(revoked).catch((error) => this.#options.report('secrets of revoked keys were not removed', error));
    for (const id of revoked) this.#revoked$.next({ kind: 'key', id });
  }
}
