// One-time links: the bearer of a link can set up the server, reset a password or join an organisation until it
// expires.
import type { IdentityStore, Link, LinkPurpose, PendingWorkflow, Spending } from './identity-store.ts';
import { digestOf, newToken } from './tokens.ts';

/** How long a link can be used, in milliseconds. */
const LINK_LIFE = 24 * 60 * 60 * 1000;

/** The page of this server for each kind of link. The token is in the fragment (`#`), which browsers do not send. */
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  setup: '/setup',
  reset: '/reset',
  invitation: '/invitations',
};

/** The URL of a link. `origin` is the one under which people reach the server. */
export function linkTo(origin: string, purpose: LinkPurpose, token: string): string {
  return `${origin}${PAGES[purpose]}#token=${token}`;
}

/** A new token, and the link to store for it. */
export function newLink(
  link: Pick<Link, 'purpose' | 'subjectId' | 'organizationId'> & { readonly expiresAt?: string },
  now: Date,
): { token: string; link: Link } {
  const token = newToken();
  const expiresAt = new Date(now.getTime() + LINK_LIFE).toISOString();
  return { token, link: { expiresAt, ...link, digest: digestOf(token) } };
}

interface Parts {
  readonly store: IdentityStore;
  readonly publicUrl?: string | undefined;
  /** Who issues set-up links: a new one replaces the earlier ones of the same issuer alone. */
  readonly issuer: string;
  readonly now: () => Date;
}

export class Links {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The URL of a link. Without `PUBLIC_URL` it starts with `origin`, and without either it has no host. */
  address(purpose: LinkPurpose, token: string, origin = ''): string {
    return linkTo(this.#parts.publicUrl ?? origin, purpose, token);
  }

  /** A new token for the set-up. It invalidates those that this node has issued before. */
  async issueSetup(): Promise<string> {
    const { store, issuer, now } = this.#parts;
    const { token, link } = newLink({ purpose: 'setup', subjectId: issuer }, now());
    await store.addLink(link, true);
    return token;
  }

  /** A token for an invitation; `undefined` if the invitation already has one. */
  async issueInvitation(invitation: {
    readonly id: string;
    readonly organizationId: string;
    readonly expiresAt: string;
  }): Promise<string | undefined> {
    const { store, now } = this.#parts;
    const { id: subjectId, organizationId, expiresAt } = invitation;
    const { token, link } = newLink({ purpose: 'invitation', subjectId, organizationId, expiresAt }, now());
    return (await store.addLink(link, false)) ? token : undefined;
  }

  /** A use of this token, for this purpose, at the current time. */
  spending(purpose: LinkPurpose, token: string): Spending {
    return { link: { digest: digestOf(token), purpose }, now: this.#parts.now().toISOString() };
  }

  /** The link that this use would spend; `undefined` if it is unknown, spent or expired. */
  find(spending: Spending): Promise<Link | undefined> {
    return this.#parts.store.findLink(spending);
  }

  /** Makes a spent link usable again, because the change that it was spent on failed. */
  async restore(link: Link): Promise<void> {
    await this.#parts.store.addLink(link, false);
  }

  /**
   * Spends a link on a change that creates no account, and stores the workflow that makes the change. Resolves with
   * whether the link was still usable.
   */
  spend(spending: Spending, pending?: PendingWorkflow): Promise<boolean> {
    return this.#parts.store.spendLink(spending, pending);
  }
}
