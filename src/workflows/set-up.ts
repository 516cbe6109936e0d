// The set-up of a server without an owner: the first client that sends the token of its link becomes the only owner.
import { isDeepStrictEqual } from 'node:util';
import { firstOwnership, isUnowned } from '../commands/setup.ts';
import { type AccountRejection, ALREADY_SET_UP, LINK_NOT_VALID } from '../identity/account-rejection.ts';
import type { Accounts, NewAccount } from '../identity/accounts.ts';
import type { Spending } from '../identity/identity-store.ts';
import type { Links } from '../identity/links.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { Conflict } from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly log: Pick<EventLog, 'append'>;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Pick<Sessions, 'isClosed'>;
  readonly links: Links;
}

/** Makes the first owner of a server. */
export class SetUp {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A new token for the set-up link; it invalidates earlier ones. `undefined` if the server has an owner. */
  async issueToken(): Promise<string | undefined> {
    return isUnowned(this.#parts.models.current.organizations) ? this.#parts.links.issueSetup() : undefined;
  }

  /**
   * Makes the account, then records its ownership. Resolves with the id of the user. A failure leaves no new account
   * behind.
   */
  async run(token: string, account: NewAccount, correlationId: string): Promise<string | WorkflowFailure> {
    const { links, accounts } = this.#parts;
    const spending = links.spending('setup', token);
    const link = await links.find(spending);
    if (!link) return LINK_NOT_VALID;
    const owner = await this.#account(account, spending);
    if ('code' in owner) return owner;
    const refusal = await this.#own(owner.id, correlationId);
    if (!refusal) return owner.id;
    if (owner.isNew) await accounts.erase(owner.id);
    if (refusal.kind !== 'rejected') await links.restore(link);
    return refusal;
  }

  /** Spends the link on a new account, or on the account that an interrupted set-up left behind. */
  async #account(
    account: NewAccount,
    spending: Spending,
  ): Promise<{ readonly id: string; readonly isNew: boolean } | AccountRejection> {
    const { links, accounts } = this.#parts;
    const added = await accounts.add(account, spending);
    if (typeof added === 'string') return { id: added, isNew: true };
    const known = added.code === 'email-taken' ? await accounts.prove(account) : added;
    if (typeof known !== 'string') return added;
    return (await links.spend(spending)) ? { id: known, isNew: false } : LINK_NOT_VALID;
  }

  /** Records the ownership. Resolves with the reason if it is not recorded. */
  async #own(userId: string, correlationId: string): Promise<WorkflowFailure | undefined> {
    const { log, models, sessions } = this.#parts;
    let lost: Conflict | undefined;
    for (;;) {
      const { organizations } = models.current;
      if (!isUnowned(organizations)) return ALREADY_SET_UP;
      // The account may be erased while it becomes the owner.
      if (sessions.isClosed(userId)) return LINK_NOT_VALID;
      const appended = await log.append({
        writes: firstOwnership(organizations, userId),
        actor: { kind: 'user', id: userId },
        correlationId,
      });
      if (appended.kind === 'overloaded' || appended.kind === 'unavailable') return appended;
      if (appended.kind !== 'conflict') return undefined;
      // Another commit came first: another set-up, or a new organisation, which needs an owner too. So try again. The
      // same conflict twice has another cause: the read model did not process that commit.
      if (isDeepStrictEqual(appended, lost))
        return {
          kind: 'unavailable',
          reason: 'The read model of the organisations stopped at an event that it could not process.',
        };
      lost = appended;
    }
  }
}
