// The set-up of a server without an owner: the first client that sends the token of its link becomes the only owner.
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { organizationStream } from '../../projections/organizations.ts';
import { BEHIND } from '../commands/attempts.ts';
import type { Failure } from '../commands/dispatched.ts';
import { firstOwnership, isUnowned } from '../commands/setup.ts';
import { type AccountRejection, ALREADY_SET_UP, LINK_NOT_VALID } from '../identity/account-rejection.ts';
import type { Accounts, NewAccount } from '../identity/accounts.ts';
import type { Link, PendingWorkflow, Spending } from '../identity/identity-store.ts';
import type { Links } from '../identity/links.ts';
import type { PendingWorkflows } from '../identity/pending-workflows.ts';
import type { Sessions } from '../identity/sessions.ts';
import { type Conflict, type RequestIds, requestIds } from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { catchUp } from './catch-up.ts';
import { removeUnused } from './remove-unused.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly log: Pick<EventLog, 'append' | 'read' | 'settled' | 'freshen' | 'reached'>;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly pending: PendingWorkflows;
  readonly newId: () => string;
}

/** Who becomes the owner, with which link. */
interface Owning {
  readonly userId: string;
  /** Whether the account was made for this. */
  readonly isNew: boolean;
  readonly link: Link;
}

/** A set-up that has begun, by the id of its workflow. */
interface Begun {
  readonly id: string;
  readonly owning: Owning;
}

/** Makes the first owner of a server. */
export class SetUp {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A new token for the set-up link; it invalidates earlier ones of this node. `undefined` if the server has an owner. */
  async issueToken(): Promise<string | undefined> {
    return isUnowned(this.#parts.models.current.organizations) ? this.#parts.links.issueSetup() : undefined;
  }

  /**
   * Makes the account, then records its ownership. Resolves with the id of the user. A failure leaves no new account
   * behind.
   */
  async run(token: string, account: NewAccount, ids: RequestIds): Promise<string | WorkflowFailure> {
    const { links, pending } = this.#parts;
    const spending = links.spending('setup', token);
    const link = await links.find(spending);
    if (!link) return LINK_NOT_VALID;
    const begun = await this.#begin(account, link, spending);
    if ('code' in begun) return begun;
    return pending.during(begun, () => this.#ownOrUndo(begun, ids));
  }

  /** Goes on after a restart. Resolves with the reason if the next start has to try again. */
  async resume(begun: PendingWorkflow): Promise<WorkflowFailure | undefined> {
    const { accounts, pending, log } = this.#parts;
    const owning: Owning = JSON.parse(begun.data);
    const behind = await catchUp(log);
    if (behind) return behind;
    const isOver = !(await accounts.find(owning.userId)) || (await this.#isOwned(owning));
    const refusal = isOver ? undefined : await this.#own(owning.userId, { correlationId: begun.id });
    if (refusal && refusal.kind !== 'rejected') return refusal;
    const left = refusal && (await this.#undo(owning, refusal));
    if (!left) await pending.end(begun);
    return left;
  }

  async #ownOrUndo({ id, owning }: Begun, ids: RequestIds): Promise<string | WorkflowFailure> {
    const { pending } = this.#parts;
    const refusal = await this.#own(owning.userId, ids);
    // It can have been recorded all the same. A node that takes the workflow over finds out.
    if (refusal?.kind === 'unavailable' && pending.isShared) return refusal;
    const left = refusal && (await this.#undo(owning, refusal));
    if (!left) await pending.end({ id });
    return refusal ?? owning.userId;
  }

  /** Spends the link on a new account, or on the account that an interrupted set-up left behind. */
  async #begin(account: NewAccount, link: Link, spending: Spending): Promise<Begun | AccountRejection> {
    const { links, accounts, pending } = this.#parts;
    const owning = (userId: string, isNew: boolean): Owning => ({ userId, isNew, link });
    const begin = (id: string, isNew: boolean) =>
      pending.begin({ id, kind: 'set-up', step: 'own', data: owning(id, isNew) });
    const added = await accounts.add(account, spending, (id) => begin(id, true));
    if (typeof added === 'string') return { id: added, owning: owning(added, true) };
    const known = added.code === 'email-taken' ? await accounts.prove(account) : added;
    if (typeof known !== 'string') return added;
    const isSpent = await links.spend(spending, begin(known, false));
    return isSpent ? { id: known, owning: owning(known, false) } : LINK_NOT_VALID;
  }

  /**
   * Removes an account that was made for this, and makes the link usable again if another attempt could succeed. Resolves
   * with the reason if it cannot.
   */
  async #undo({ userId, isNew, link }: Owning, refusal: WorkflowFailure): Promise<Failure | undefined> {
    const { links } = this.#parts;
    if (refusal.kind !== 'rejected') await links.restore(link);
    return isNew ? removeUnused(this.#parts, userId) : undefined;
  }

  /** Whether the log has recorded this ownership, whatever became of it since. */
  async #isOwned({ userId }: Owning): Promise<boolean> {
    for await (const { type, data } of this.#parts.log.read({ stream: organizationStream(DEFAULT_ORGANIZATION) })) {
      if (type === 'organization.role-granted') return data.userId === userId;
    }
    return false;
  }

  /** Records the ownership. Resolves with the reason if it is not recorded. */
  async #own(userId: string, ids: RequestIds): Promise<WorkflowFailure | undefined> {
    const { log, models, sessions, newId } = this.#parts;
    let lost: Conflict | undefined;
    for (;;) {
      const { organizations } = models.current;
      if (!isUnowned(organizations)) return ALREADY_SET_UP;
      // The account may be erased while it becomes the owner.
      if (sessions.isClosed(userId)) return LINK_NOT_VALID;
      const appended = await log.append({
        writes: firstOwnership(organizations, userId, newId),
        actor: { kind: 'user', id: userId },
        ...requestIds(ids),
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
      if (!(await log.reached(appended.head ?? 0))) return BEHIND;
    }
  }
}
