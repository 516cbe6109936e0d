// Joining an organisation by the link of an invitation: identity spends the link, then the log records who joined.

import { findInvitation, findOrganization } from '../../projections/organizations.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { CommandRequest, Dispatch, Failure } from '../commands/dispatch.ts';
import { acceptInvitation } from '../commands/invitations.ts';
import { type AccountRejection, LINK_NOT_VALID } from '../identity/account-rejection.ts';
import type { Accounts, NewAccount } from '../identity/accounts.ts';
import type { Link, Spending } from '../identity/identity-store.ts';
import type { Links } from '../identity/links.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly links: Links;
}

/** An invitation that can be accepted, by the token of its link. */
interface OpenInvitation {
  readonly link: Link;
  readonly spending: Spending;
}

/** Accepts an invitation, with an account that is there or with a new one. */
export class Join {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The invitation that the token is for. Spends nothing. */
  async find(token: string): Promise<OpenInvitation | AccountRejection> {
    const { links, models } = this.#parts;
    const spending = links.spending('invitation', token);
    const link = await links.find(spending);
    const organization = findOrganization(models.current.organizations, link?.organizationId ?? '');
    return link && findInvitation(organization, link.subjectId) ? { link, spending } : LINK_NOT_VALID;
  }

  /** Joins with an account. Resolves with the reason if it does not join. */
  async withAccount(
    userId: string,
    { link, spending }: OpenInvitation,
    terms: CommandRequest,
  ): Promise<WorkflowFailure | undefined> {
    return (await this.#parts.links.spend(spending)) ? this.#accept(userId, link, terms) : LINK_NOT_VALID;
  }

  /** Joins with a new account. Resolves with the id of the user. A failure leaves no account behind. */
  async withNewAccount(
    account: NewAccount,
    { link, spending }: OpenInvitation,
    terms: CommandRequest,
  ): Promise<string | WorkflowFailure> {
    const { accounts } = this.#parts;
    const userId = await accounts.add(account, spending);
    if (typeof userId !== 'string') return userId;
    const failure = await this.#accept(userId, link, terms);
    if (!failure) return userId;
    await accounts.erase(userId);
    return failure;
  }

  /** Records that the user joined by a link that is spent. After a failure the link can be used again. */
  async #accept(userId: string, link: Link, terms: CommandRequest): Promise<Failure | undefined> {
    const { subjectId: invitationId, organizationId = '' } = link;
    const viewer = newcomer(userId);
    const accepted = await this.#parts.dispatch(
      acceptInvitation,
      { organizationId, invitationId },
      { ...terms, viewer },
    );
    if (accepted.kind === 'done') return undefined;
    await this.#parts.links.restore(link);
    return accepted;
  }
}

/** A user who has shown the link of an invitation and has no role anywhere yet. */
function newcomer(userId: string): Viewer {
  return { actor: { kind: 'user', id: userId }, organizations: [], access: () => 'none' };
}
