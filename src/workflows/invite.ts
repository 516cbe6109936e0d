// Inviting a person: the log records the invitation, then identity makes its link.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Invitation } from '../../projections/organization.ts';
import { findInvitation, findOrganization } from '../../projections/organizations.ts';
import type { CommandRequest, Dispatch } from '../commands/dispatch.ts';
import type { Failure } from '../commands/dispatched.ts';
import { createInvitation, type NewInvitation } from '../commands/invitations.ts';
import type { Links } from '../identity/links.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly links: Links;
}

interface Invited {
  readonly kind: 'invited';
  readonly organizationId: string;
  readonly invitation: Invitation;
  /** `undefined` if an earlier request received the link, or if the invitation no longer exists. */
  readonly link: string | undefined;
}

/** Makes an invitation with its link. */
export class Invite {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(input: NewInvitation, terms: CommandRequest): Promise<Invited | Failure> {
    const { dispatch, links } = this.#parts;
    const created = await dispatch(createInvitation, input, terms);
    if (created.kind !== 'done') return created;
    const { organizationId, ...invitation } = invitationIn(created.events);
    const { id, expiresAt } = invitation;
    const exists = findInvitation(findOrganization(created.models.organizations, organizationId), id) !== undefined;
    const token = exists ? await links.issueInvitation({ id, organizationId, expiresAt }) : undefined;
    const link = token === undefined ? undefined : links.address('invitation', token);
    return { kind: 'invited', organizationId, invitation, link };
  }
}

function invitationIn(events: readonly RecordedEvent[]): Invitation & { readonly organizationId: string } {
  const event = events.find((candidate) => candidate.type === 'organization.invitation-created');
  if (!event) throw new Error('The commit of a new invitation does not contain its event.');
  const { invitationId: id, ...data } = event.data;
  return { id, ...data, createdBy: event.meta.actor, organizationId: event.organizationId };
}
