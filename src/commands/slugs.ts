// Slugs of organisations. That of a private one always ends in random characters, so that nobody finds out by trying
// slugs that it exists.
import * as z from 'zod';
import type { Organization } from '../../projections/organization.ts';
import type { OrganizationsState } from '../../projections/organizations.ts';
import { type Context, type Rejection, reject } from './command.ts';

const MAX_SLUG = 64;
const SUFFIX = 8;
/** The longest slug to which a suffix can be added, with a hyphen before it. */
const MAX_BASE = MAX_SLUG - SUFFIX - 1;

/** The name of an organisation in URLs. */
export const slugField = z
  .string()
  .max(MAX_SLUG)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters and digits, with single hyphens between them');

/** A slug as events record it. `slugBase` is the part before the random suffix; empty or absent if there is no suffix. */
interface Slug {
  readonly slug: string;
  readonly slugBase?: string;
}

/** What slugs are drawn and compared with. */
type Surroundings = Pick<Context, 'newId'> & { readonly organizations: OrganizationsState };

interface NewOrganization {
  readonly id: string;
  readonly name: string;
  readonly slug?: string | undefined;
  readonly isPrivate: boolean;
}

/** The slug of a new organisation: the sent one, or one that is derived from the name. */
export function newSlug({ id, name, slug, isPrivate }: NewOrganization, surroundings: Surroundings): Slug | Rejection {
  if (isPrivate) {
    return (slug === undefined ? undefined : refuseLong(slug)) ?? privateSlug(slug ?? baseOf(name), surroundings);
  }
  const { slugs } = surroundings.organizations;
  if (slug === undefined) return { slug: freeSlug(name, id, slugs) };
  return refuseTaken(slug, slugs) ?? { slug };
}

/** The other slug of an organisation after a change to this slug and visibility; `undefined` if it keeps its slug. */
export function changedSlug(
  sent: string | undefined,
  organization: Pick<Organization, 'slug' | 'slugBase' | 'visibility'>,
  isPrivate: boolean,
  surroundings: Surroundings,
): Slug | Rejection | undefined {
  const { slug, slugBase = '' } = organization;
  const other = sent === slug || (isPrivate && sent === slugBase) ? undefined : sent;
  if (!isPrivate) {
    if (other === undefined) return undefined;
    return refuseTaken(other, surroundings.organizations.slugs) ?? { slug: other, slugBase: '' };
  }
  if (other !== undefined) return refuseLong(other) ?? privateSlug(other, surroundings);
  const becomesPrivate = organization.visibility === 'public';
  // Everyone could read the slug that it had.
  return becomesPrivate ? privateSlug(slugBase === '' ? slug : slugBase, surroundings) : undefined;
}

/** The base with a random suffix, whether or not the base itself is taken: only then a slug tells nothing. */
export function privateSlug(base: string, { organizations: { slugs }, newId }: Surroundings): Required<Slug> {
  const slugBase = shortened(base);
  for (;;) {
    const slug = `${slugBase}-${suffixOf(newId())}`;
    if (!slugs.has(slug)) return { slug, slugBase };
  }
}

/** The random end of a UUID as letters and digits. */
function suffixOf(id: string): string {
  const random = BigInt(`0x${id.slice(-12)}`) % 36n ** BigInt(SUFFIX);
  return random.toString(36).padStart(SUFFIX, '0');
}

/** A slug derived from the name, with the end of the id if that is taken or the name has no usable character. */
function freeSlug(name: string, id: string, slugs: OrganizationsState['slugs']): string {
  const base = baseOf(name);
  return base !== NAMELESS && !slugs.has(base) ? base : `${base}-${id.slice(-SUFFIX)}`;
}

const NAMELESS = 'organization';

function baseOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return shortened(words.filter((word) => word !== '').join('-')) || NAMELESS;
}

function shortened(slug: string): string {
  return slug.slice(0, MAX_BASE).replace(/-$/, '');
}

function refuseTaken(slug: string, slugs: OrganizationsState['slugs']): Rejection | undefined {
  if (!slugs.has(slug)) return undefined;
  return reject('slug-taken', `Another organisation has the slug ${slug}; choose another one.`, '/slug');
}

function refuseLong({ length }: string): Rejection | undefined {
  if (length <= MAX_BASE) return undefined;
  const room = `a private organisation's slug has at most ${MAX_BASE} characters before its random ones`;
  return reject('slug-too-long', `The slug is too long: ${room}.`, '/slug');
}
