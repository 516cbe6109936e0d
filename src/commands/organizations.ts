// Commands on organisations: create, update, delete.
import { z } from 'zod';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { VISIBILITIES } from '../../projections/events/roles.ts';
import { countCreatedBy, type OrganizationsState, organizationStream } from '../../projections/organizations.ts';
import { type Change, type Command, type Rejection, reject } from './command.ts';
import { isSame, nameField } from './fields.ts';
import { acceptInOrganization, type InOrganization, organizationCommand, userOf } from './organization-command.ts';
import { refuseAboveQuota } from './quotas.ts';

const MAX_SLUG = 64;

/** The name of an organisation in URLs. */
const slugField = z
  .string()
  .max(MAX_SLUG)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters and digits, with single hyphens between them');

export const createOrganizationInput = z.object({
  name: nameField,
  slug: slugField.exactOptional().describe('Unique name in URLs; derived from the name if omitted'),
  visibility: z.enum(VISIBILITIES).default('private').describe('Who can read it: everyone, or its members only'),
});

export const updateOrganizationInput = z.object({
  name: nameField.exactOptional(),
  slug: slugField.exactOptional(),
  visibility: z.enum(VISIBILITIES).exactOptional(),
});

/**
 * The lane of all commands that set a slug. Slugs are unique across streams, so these commands run one after another.
 */
const SLUGS = 'organization slugs';

/** The user who creates an organisation becomes its owner. */
export const createOrganization: Command<z.output<typeof createOrganizationInput>> = {
  stream: () => SLUGS,
  decide({ name, slug, visibility }, { organizations }, { viewer, newId }) {
    const userId = userOf(viewer);
    if (userId === undefined) return reject('forbidden', 'Only a signed-in person can create an organisation.');
    const refusal =
      refuseTakenSlug(slug, organizations) ?? refuseAboveQuota('organizations', countCreatedBy(organizations, userId));
    if (refusal) return refusal;
    const id = newId();
    const data = { name, slug: slug ?? derivedSlug(name, id, organizations), visibility };
    return {
      kind: 'accepted',
      stream: organizationStream(id),
      expected: 'no-stream',
      organizationId: id,
      role: 'anyone',
      events: [
        { type: 'organization.created', organizationId: id, data },
        { type: 'organization.role-granted', organizationId: id, data: { userId, role: 'owner' } },
      ],
    };
  },
};

type Update = InOrganization & z.output<typeof updateOrganizationInput>;

export const updateOrganization: Command<Update> = {
  ...organizationCommand<Update>(({ name, slug, visibility }, organization, { organizations }) => {
    const refusal = slug === organization.slug ? undefined : refuseTakenSlug(slug, organizations);
    if (refusal) return refusal;
    const changes: Change[] = [];
    if (name !== undefined && !isSame(name, organization.name)) {
      changes.push({ type: 'organization.renamed', data: { name } });
    }
    if (slug !== undefined && slug !== organization.slug) {
      changes.push({ type: 'organization.slug-changed', data: { slug } });
    }
    if (visibility !== undefined && visibility !== organization.visibility) {
      changes.push({ type: 'organization.visibility-changed', data: { visibility } });
    }
    return acceptInOrganization(organization, 'owner', changes);
  }),
  stream: ({ organizationId, slug }) => (slug === undefined ? organizationStream(organizationId) : SLUGS),
};

export const deleteOrganization = organizationCommand<InOrganization>((_input, organization) => {
  if (organization.id === DEFAULT_ORGANIZATION) {
    return reject(
      'forbidden',
      'The default organisation cannot be deleted: it owns everything that names no organisation.',
    );
  }
  return acceptInOrganization(organization, 'owner', [{ type: 'organization.deleted', data: {} }]);
});

function refuseTakenSlug(slug: string | undefined, { slugs }: OrganizationsState): Rejection | undefined {
  if (slug === undefined || !slugs.has(slug)) return undefined;
  return reject('slug-taken', `Another organisation has the slug ${slug}; choose another one.`, '/slug');
}

/**
 * A slug derived from the name; with the end of the new id if that slug is taken or the name has no usable character.
 */
function derivedSlug(name: string, id: string, { slugs }: OrganizationsState): string {
  const end = id.slice(-8);
  const base = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join('-')
    .slice(0, MAX_SLUG - end.length - 1)
    .replace(/-$/, '');
  if (base !== '' && !slugs.has(base)) return base;
  return base === '' ? `organization-${end}` : `${base}-${end}`;
}
