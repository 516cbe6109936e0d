// Joining an organisation by the link of an invitation: identity spends the link, then the log records the new member.

import { findInvitation, findOrganization, organizationStream } from '../../projections/organizations.ts';
import { type CommandRequest, type Dispatch, SESSION_ENDED } from '../commands/dispatch.ts';
import type { Failure } from '../commands/dispatched.ts';
import { acceptInvitation } from '../commands/invitations.ts';
import { LINK_NOT_VALID } from '../identity/account-rejection.ts';
import type { Accounts, NewAccount } from '../identity/accounts.ts';
import type { Link, PendingWorkflow, Spending } from '../identity/identity-store.ts';
import type { Links } from '../identity/links.ts';
import type { PendingWorkflows } from '../identity/pending-workflows.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { catchUp } from './catch-up.ts';
import { removeUnused } from './remove-unused.ts';
import { unattended } from './unattended.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly log: Pick<EventLog, 'read' | 'settled' | 'freshen'>;
  readonly dispatch: Dispatch;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly pending: PendingWorkflows;
}

/** An invitation that can be accepted with the token of its link. */
interface OpenInvitation {
  readonly link: Link;
  readonly spending: Spending;
}

/** Who joins with which link. */
interface Joining {
  readonly userId: string;
  /** Whether the account was made for this. */
  readonly isNew: boolean;
  readonly link: Link;
}

/** Accepts an invitation, with an existing account or a new one. */
export class Join {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Finds the invitation of a token, without spending its link. */
  async find(token: string): Promise<OpenInvitation | WorkflowFailure> {
    const { links, log } = this.#parts;
    const spending = links.spending('invitation', token);
    const link = await links.find(spending);
    if (!link) return LINK_NOT_VALID;
    if (this.#isOpen(link)) return { link, spending };
    // Another node may have made the invitation a moment ago.
    const behind = await catchUp(log);
    if (behind) return behind;
    return this.#isOpen(link) ? { link, spending } : LINK_NOT_VALID;
  }

  /** Joins with an existing account. Resolves with the reason if that fails. */
  async withAccount(
    userId: string,
    { link, spending }: OpenInvitation,
    terms: CommandRequest,
  ): Promise<WorkflowFailure | undefined> {
    const { links, pending, sessions } = this.#parts;
    if (!(await sessions.isStored(terms.viewer))) return SESSION_ENDED;
    const data: Joining = { userId, isNew: false, link };
    const begun = pending.begin({ kind: 'join', step: 'accept', data });
    return (await links.spend(spending, begun)) ? this.#acceptOrUndo(begun, data, terms) : LINK_NOT_VALID;
  }

  /** Joins with a new account. Resolves with the id of the user. A failure leaves no account behind. */
  async withNewAccount(
    account: NewAccount,
    { link, spending }: OpenInvitation,
    terms: CommandRequest,
  ): Promise<string | WorkflowFailure> {
    const { accounts, pending } = this.#parts;
    const joining = (userId: string): Joining => ({ userId, isNew: true, link });
    // The account has no other workflow yet, so its id is that of this one.
    const userId = await accounts.add(account, spending, (id) =>
      pending.begin({ id, kind: 'join', step: 'accept', data: joining(id) }),
    );
    if (typeof userId !== 'string') return userId;
    return (await this.#acceptOrUndo({ id: userId }, joining(userId), terms)) ?? userId;
  }

  /** Goes on after a restart. Resolves with the reason if the next start has to try again. */
  async resume(begun: PendingWorkflow): Promise<Failure | undefined> {
    const { accounts, pending, log } = this.#parts;
    const joining: Joining = JSON.parse(begun.data);
    const behind = await catchUp(log);
    if (behind) return behind;
    const isOver = !(await accounts.find(joining.userId)) || (await this.#isAccepted(joining));
    const failure = isOver ? undefined : await this.#accept(joining, { correlationId: begun.id });
    if (failure && failure.kind !== 'rejected') return failure;
    const left = failure && (await this.#undo(joining));
    if (!left) await pending.end(begun);
    return left;
  }

  #isOpen({ organizationId = '', subjectId }: Link): boolean {
    const { organizations } = this.#parts.models.current;
    return findInvitation(findOrganization(organizations, organizationId), subjectId) !== undefined;
  }

  #acceptOrUndo(
    begun: Pick<PendingWorkflow, 'id'>,
    joining: Joining,
    terms: CommandRequest,
  ): Promise<Failure | undefined> {
    const { pending } = this.#parts;
    return pending.during(begun, async () => {
      const failure = await this.#accept(joining, terms);
      // It can have been recorded all the same. A node that takes the workflow over finds out.
      if (failure?.kind === 'unavailable' && pending.isShared) return failure;
      const left = failure && (await this.#undo(joining));
      if (!left) await pending.end(begun);
      return failure;
    });
  }

  /** Records that the user joined. */
  async #accept({ userId, link }: Joining, terms: Omit<CommandRequest, 'viewer'>): Promise<Failure | undefined> {
    const { dispatch, sessions } = this.#parts;
    // The account may be erased while it joins.
    const viewer = unattended(userId, () => sessions.isClosed(userId));
    const { subjectId: invitationId, organizationId = '' } = link;
    const accepted = await dispatch(acceptInvitation, { organizationId, invitationId }, { ...terms, viewer });
    return accepted.kind === 'done' ? undefined : accepted;
  }

  /** Makes the link usable again, and removes the account if it was made for this. Resolves with the reason if it cannot. */
  async #undo({ userId, isNew, link }: Joining): Promise<Failure | undefined> {
    await this.#parts.links.restore(link);
    return isNew ? removeUnused(this.#parts, userId) : undefined;
  }

  /** Whether the log has recorded that this user accepted the invitation, whatever became of it since. */
  async #isAccepted({ userId, link }: Joining): Promise<boolean> {
    for await (const { type, data } of this.#parts.log.read({
      stream: organizationStream(link.organizationId ?? ''),
    })) {
      if (type === 'organization.invitation-accepted' && data.invitationId === link.subjectId) {
        return data.userId === userId;
      }
    }
    return false;
  }
}
