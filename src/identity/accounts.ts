// Accounts: creating, finding, changing and erasing them, and checking their passwords.
import { type Observable, Subject } from 'rxjs';
import {
  type AccountRejection,
  EMAIL_TAKEN,
  LINK_NOT_VALID,
  refuseWeak,
  WRONG_CREDENTIALS,
  WRONG_PASSWORD,
} from './account-rejection.ts';
import type { IdentityStore, PendingWorkflow, Profile, Revocation, Spending, User } from './identity-store.ts';
import type { Links } from './links.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';

export interface NewAccount {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly password: string;
}

interface Parts {
  readonly store: IdentityStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly now: () => Date;
  readonly newId: () => string;
}

export class Accounts {
  readonly #parts: Parts;
  readonly #erased$ = new Subject<Revocation>();

  /** Users, as they are erased. */
  readonly erased$: Observable<Revocation> = this.#erased$.asObservable();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Creates an account, spends the link and stores the workflow that needs the account, in the same transaction. Resolves
   * with the id of the account.
   */
  async add(
    { name, email, password }: NewAccount,
    spending: Spending,
    pendingFor?: (userId: string) => PendingWorkflow,
  ): Promise<string | AccountRejection> {
    const { store, passwords, now, newId } = this.#parts;
    const weak = await refuseWeak(password, { name, email }, '/password');
    if (weak) return weak;
    const id = newId();
    const user = { id, email, name, password: await passwords.hash(password), createdAt: now().toISOString() };
    const added = await store.addUser(user, spending, pendingFor?.(id));
    if (added === 'email-taken') return EMAIL_TAKEN;
    return added === 'link-spent' ? LINK_NOT_VALID : id;
  }

  /**
   * Resolves with the id of the account with these credentials. An unknown address takes as long as a wrong password,
   * and gives the same rejection.
   */
  async prove({ email, password }: Pick<NewAccount, 'email' | 'password'>): Promise<string | AccountRejection> {
    const user = await this.#parts.store.findUser({ email });
    return (await this.#verify(user, password)) ? (user as User).id : WRONG_CREDENTIALS;
  }

  /** Checks the password of an account. Resolves with the rejection if it is wrong. */
  async confirm(id: string, password: string): Promise<AccountRejection | undefined> {
    const user = await this.#parts.store.findUser({ id });
    return (await this.#verify(user, password)) ? undefined : WRONG_PASSWORD;
  }

  async find(id: string): Promise<Profile | undefined> {
    const [person] = await this.list([id]);
    return person;
  }

  /** The profiles of these users. Users without an account are left out. */
  list(ids: readonly string[]): Promise<readonly Profile[]> {
    return this.#parts.store.listPeople(ids);
  }

  async rename(id: string, { name, email }: Pick<NewAccount, 'name' | 'email'>): Promise<AccountRejection | undefined> {
    return (await this.#parts.store.renameUser(id, name, email)) === 'done' ? undefined : EMAIL_TAKEN;
  }

  /** Replaces the current password, and ends all sessions of the account except this one. */
  async changePassword(
    person: Profile,
    { current, new: password }: { readonly current: string; readonly new: string },
    sessionId = '',
  ): Promise<AccountRejection | undefined> {
    const refusal = (await this.confirm(person.id, current)) ?? (await refuseWeak(password, person, '/new'));
    return refusal ?? this.#setPassword(person.id, password, { keep: sessionId });
  }

  /** Sets the password of the account that the link belongs to, and ends all its sessions. */
  async resetPassword(token: string, password: string): Promise<AccountRejection | undefined> {
    const spending = this.#parts.links.spending('reset', token);
    const link = await this.#parts.links.find(spending);
    const person = link && (await this.find(link.subjectId));
    if (!person) return LINK_NOT_VALID;
    const weak = await refuseWeak(password, person, '/password');
    return weak ?? this.#setPassword(person.id, password, { spending });
  }

  /** Removes a person's name, address, password and sessions. Their events stay in the log under an opaque id. */
  async erase(id: string): Promise<void> {
    this.#parts.sessions.forget(await this.#parts.store.eraseUser(id));
    this.#erased$.next({ kind: 'user', id });
  }

  /** Announces that another node has erased these users. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#parts.sessions.close(id);
      this.#erased$.next({ kind: 'user', id });
    }
  }

  async #setPassword(
    id: string,
    password: string,
    options: { readonly keep?: string; readonly spending?: Spending },
  ): Promise<AccountRejection | undefined> {
    const { store, passwords, sessions } = this.#parts;
    const ended = await store.setPassword(id, await passwords.hash(password), options);
    if (!ended) return LINK_NOT_VALID;
    sessions.forget(ended);
    return undefined;
  }

  async #verify(user: User | undefined, password: string): Promise<boolean> {
    const { store, passwords } = this.#parts;
    const verified = await passwords.verify(user?.password, password);
    if (user && verified === 'outdated') await store.rehash(user, await passwords.hash(password));
    return verified !== 'wrong';
  }
}
