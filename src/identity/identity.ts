// Identity: people, sessions, keys and links, over tables of their own that nothing but this part knows of.
import { merge, type Observable, Subject, type Subscription } from 'rxjs';
import { findOrganization } from '../../projections/organizations.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels, Transition } from '../log/read-models.ts';
import { WorkerLine } from '../log/worker-line.ts';
import { COMPILED } from '../places.ts';
import { Accounts } from './accounts.ts';
import { createAccountsPolicy, validKey } from './accounts-policy.ts';
import { ApiKeys } from './api-keys.ts';
import { type SessionCookie, sessionCookie } from './cookies.ts';
import { Holders } from './holders.ts';
import type { IdentityCalls, Revocation } from './identity-protocol.ts';
import { Links } from './links.ts';
import { Passwords, type ScryptCost } from './passwords.ts';
import type { Policy } from './policy.ts';
import { SESSION_LIFE, Sessions } from './sessions.ts';
import { Setup } from './setup.ts';
import { SignInLimits } from './sign-in-limits.ts';

export interface IdentityOptions {
  /** Data directory of the log; none keeps everything in memory. */
  readonly directory?: string | undefined;
  readonly log: EventLog;
  readonly models: ReadModels;
  /** Where people reach the server, if that is known. */
  readonly publicUrl?: string | undefined;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly passwordCost?: ScryptCost | undefined;
  readonly report: (message: string, error: unknown) => void;
}

/** How often uses are written down and what has ended is removed, in milliseconds. */
const UPKEEP = 60_000;
/** How often what is open is looked at whose session or key has ended by time alone, in milliseconds. */
const EXPIRY_CHECK = 1_000;

/**
 * Whatever proves who someone is, a password now, ends in `sessions.start`; whatever asks who someone is asks `policy`.
 * A further way to sign in joins there and touches nothing else.
 */
export class Identity {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly keys: ApiKeys;
  readonly links: Links;
  readonly setup: Setup;
  readonly signInLimits: SignInLimits;
  readonly cookie: SessionCookie;
  readonly policy: Policy;
  readonly revoked$: Observable<Revocation>;
  readonly #options: IdentityOptions;
  readonly #line = new WorkerLine<IdentityCalls>(new URL('identity/identity-worker.js', COMPILED));
  readonly #revoked$ = new Subject<Revocation>();
  readonly #holders: Holders;
  #upkeep: NodeJS.Timeout | undefined;
  #expiryCheck: NodeJS.Timeout | undefined;
  #transitions: Subscription | undefined;

  constructor(options: IdentityOptions) {
    const { log, models, publicUrl, passwordCost, now, newId } = options;
    const parts = { line: this.#line, now, newId };
    this.#options = options;
    this.sessions = new Sessions(parts);
    this.keys = new ApiKeys(parts);
    this.links = new Links({ ...parts, publicUrl });
    this.accounts = new Accounts({
      ...parts,
      passwords: new Passwords(passwordCost),
      sessions: this.sessions,
      links: this.links,
    });
    this.setup = new Setup({ log, models, accounts: this.accounts, links: this.links });
    this.signInLimits = new SignInLimits(now);
    this.cookie = sessionCookie({ secure: publicUrl?.startsWith('https:') ?? false });
    this.revoked$ = merge(this.#revoked$, this.sessions.ended$, this.accounts.erased$);
    this.#holders = new Holders(this.revoked$);
    this.policy = createAccountsPolicy({
      sessions: this.sessions,
      keys: this.keys,
      cookie: this.cookie,
      holders: this.#holders,
      organizations: () => models.current.organizations,
      now,
    });
  }

  /** Opens the tables. The log must be open: they are in its database. Rejects with a `JournalError`. */
  async open(): Promise<void> {
    const { directory, models } = this.#options;
    await this.#line.call('open', directory);
    this.#transitions = models.transitions$.subscribe((transition) => this.#revokeKeys(transition));
    this.#upkeep = setInterval(() => this.upkeep(), UPKEEP).unref();
    this.#expiryCheck = setInterval(() => this.#holders.endExpired(), EXPIRY_CHECK).unref();
  }

  /** Writes down what was used and removes what has ended. Resolves when it is done. */
  async upkeep(): Promise<void> {
    try {
      await this.#writeUses();
      const now = this.#options.now();
      const before = (life: number) => new Date(now.getTime() - life).toISOString();
      const { absolute, idle } = SESSION_LIFE;
      this.sessions.forget(
        await this.#line.call('sweep', { created: before(absolute), used: before(idle), now: now.toISOString() }),
      );
      this.#forgetExpiredKeys(now);
    } catch (error) {
      this.#options.report('what people and keys did of late was not written down', error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#upkeep);
    clearInterval(this.#expiryCheck);
    this.#transitions?.unsubscribe();
    try {
      await this.#writeUses();
      await this.#line.call('close');
    } catch (error) {
      this.#options.report('identity was not closed in order', error);
    } finally {
      await this.#line.end();
    }
  }

  async #writeUses(): Promise<void> {
    const uses = { sessions: this.sessions.takeUses(), keys: this.keys.takeUses() };
    if (uses.sessions.length + uses.keys.length > 0) await this.#line.call('used', uses);
  }

  #forgetExpiredKeys(now: Date): void {
    const { organizations } = this.#options.models.current;
    const expired = [...this.keys.known].filter((key) => !validKey(organizations, key, now)).map(({ id }) => id);
    this.keys.forget(expired);
    for (const id of expired) this.#revoked$.next({ kind: 'key', id });
  }

  /** What the log says is not valid any more needs no secret. */
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
