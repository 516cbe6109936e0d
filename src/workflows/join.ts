// Joining an organisation by the link of an invitation: identity spends the link, then the log records the new member.

import { findInvitation, findOrganization } from '../../projections/organizations.ts';
import type { CommandRequest, Dispatch, Failure } from '../commands/dispatch.ts';
import { acceptInvitation } from '../commands/invitations.ts';
import { type AccountRejection, LINK_NOT_VALID } from '../identity/account-rejection.ts';
import type { Accounts, NewAccount } from '../identity/accounts.ts';
import type { Link, Spending } from '../identity/identity-store.ts';
import type { Links } from '../identity/links.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { unattended } from './unattended.ts';
import type { WorkflowFailure } from './workflow-failure.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly sessions: Pick<Sessions, 'isClosed'>;
  readonly links: Links;
}

/** An invitation that can be accepted with the token of its link. */
interface OpenInvitation {
  readonly link: Link;
  readonly spending: Spending;
}

/** Accepts an invitation, with an existing account or a new one. */
export class Join {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Finds the invitation of a token, without spending its link. */
  async find(token: string): Promise<OpenInvitation | AccountRejection> {
    const { links, models } = this.#parts;
    const spending = links.spending('invitation', token);
    const link = await links.find(spending);
    const organization = findOrganization(models.current.organizations, link?.organizationId ?? '');
    return link && findInvitation(organization, link.subjectId) ? { link, spending } : LINK_NOT_VALID;
  }

  /** Joins with an existing account. Resolves with the reason if that fails. */
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

  /** Records that the user joined. The link must be spent; a failure makes it usable again. */
  async #accept(userId: string, link: Link, terms: CommandRequest): Promise<Failure | undefined> {
    const { subjectId: invitationId, organizationId = '' } = link;
    // The account may be erased while it joins.
    const viewer = unattended(userId, () => terms.viewer.ended === true || this.#parts.sessions.isClosed(userId));
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
