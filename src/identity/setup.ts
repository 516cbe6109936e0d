// The set-up of a server that nobody owns yet: whoever has its link becomes the owner, and there is only one.
import { isDeepStrictEqual } from 'node:util';
import { firstOwnership, isUnowned } from '../commands/setup.ts';
import type { Appended, Conflict } from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { type AccountRejection, ALREADY_SET_UP, LINK_NOT_VALID } from './account-rejection.ts';
import type { Accounts, NewAccount } from './accounts.ts';
import type { Spending } from './identity-store.ts';
import type { Links } from './links.ts';

/** What the log does not take now, but may take later. */
type Hindrance = Extract<Appended, { kind: 'overloaded' | 'unavailable' }>;

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly links: Links;
}

export class Setup {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A token for the set-up link, in place of all before it; `undefined` where somebody owns the server. */
  async issueToken(): Promise<string | undefined> {
    return isUnowned(this.#parts.models.current.organizations) ? this.#parts.links.issueSetup() : undefined;
  }

  /** Makes the account and its ownership. Resolves with the id of the user. Whoever does not get through leaves nothing behind. */
  async run(token: string, account: NewAccount, correlationId: string): Promise<string | AccountRejection | Hindrance> {
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

  /** Spends the link with a new account, or with the one that a set-up has left which was cut short here. */
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

  /** What the log has against it. */
  async #own(userId: string, correlationId: string): Promise<AccountRejection | Hindrance | undefined> {
    const { log, models } = this.#parts;
    let lost: Conflict | undefined;
    for (;;) {
      const { organizations } = models.current;
      if (!isUnowned(organizations)) return ALREADY_SET_UP;
      const appended = await log.append({
        writes: firstOwnership(organizations, userId),
        actor: { kind: 'user', id: userId },
        correlationId,
      });
      if (appended.kind === 'overloaded' || appended.kind === 'unavailable') return appended;
      if (appended.kind !== 'conflict') return undefined;
      // Someone was faster: with the whole of it, or with an organisation that is to be owned too. But not twice the same.
      if (isDeepStrictEqual(appended, lost)) return { kind: 'unavailable', reason: 'The organisations stand still.' };
      lost = appended;
    }
  }
}
