// Links that work once: whoever has one may do what it is for, until it expires.
import type { IdentityStore, Link, LinkPurpose, Spending } from './identity-store.ts';
import { digestOf, newToken } from './tokens.ts';

/** How long a link can be used, in milliseconds. */
const LINK_LIFE = 24 * 60 * 60 * 1000;

/** Where each kind of link leads to, on the server's own pages. The token is behind `#`: browsers send that to nobody. */
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  setup: '/setup',
  reset: '/reset',
  invitation: '/invitations',
};

/** The link as it is sent to people. `origin` is where they reach the server. */
export function linkTo(origin: string, purpose: LinkPurpose, token: string): string {
  return `${origin}${PAGES[purpose]}#token=${token}`;
}

/** A new token and what is to be stored of it. */
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
  readonly now: () => Date;
}

export class Links {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Where the token is used, as far as it is known where people reach the server: without `PUBLIC_URL` that is `origin`. */
  address(purpose: LinkPurpose, token: string, origin = ''): string {
    return linkTo(this.#parts.publicUrl ?? origin, purpose, token);
  }

  /** A token for the set-up. Those before it are void. */
  async issueSetup(): Promise<string> {
    const { store, now } = this.#parts;
    const { token, link } = newLink({ purpose: 'setup', subjectId: '' }, now());
    await store.addLink(link, true);
    return token;
  }

  /** A token for an invitation; `undefined` where it has one already. */
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

  /** How a token is spent for this purpose, at this moment. */
  spending(purpose: LinkPurpose, token: string): Spending {
    return { link: { digest: digestOf(token), purpose }, now: this.#parts.now().toISOString() };
  }

  /** What the link leads to; `undefined` where it cannot be used, or not any more. */
  find(spending: Spending): Promise<Link | undefined> {
    return this.#parts.store.findLink(spending);
  }

  /** The link can be used again: what it was spent for did not happen. */
  async restore(link: Link): Promise<void> {
    await this.#parts.store.addLink(link, false);
  }

  /** Uses the link up for what needs no new account; whether it still could be used. */
  spend(spending: Spending): Promise<boolean> {
    return this.#parts.store.spendLink(spending);
  }
}
