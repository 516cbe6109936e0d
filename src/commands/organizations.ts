// Commands on organisations: create, update, delete.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { VISIBILITIES } from '../../projections/events/roles.ts';
import { countCreatedBy, organizationStream } from '../../projections/organizations.ts';
import { type Change, type Command, reject } from './command.ts';
import { isSame, nameField } from './fields.ts';
import { acceptInOrganization, type InOrganization, organizationCommand, userOf } from './organization-command.ts';
import { refuseAboveQuota } from './quotas.ts';
import { changedSlug, newSlug, slugField } from './slugs.ts';

const SLUG =
  'Unique name in URLs; derived from the name if omitted. For a private organisation at most 55 characters, to which ' +
  'eight random ones are added';
const SLUG_CHANGE =
  'Unique name in URLs. For a private organisation at most 55 characters, to which eight random ones are added; the ' +
  'slug that it has, with or without them, is no change. They are also drawn anew when it becomes private';

export const createOrganizationInput = z.object({
  name: nameField,
  slug: slugField.exactOptional().describe(SLUG),
  visibility: z.enum(VISIBILITIES).default('private').describe('Who can read it: everyone, or its members only'),
});

export const updateOrganizationInput = z.object({
  name: nameField.exactOptional(),
  slug: slugField.exactOptional().describe(SLUG_CHANGE),
  visibility: z.enum(VISIBILITIES).exactOptional(),
});

/**
 * The lane of all commands that set a slug. Slugs are unique across streams, so these commands run one after another.
 */
const SLUGS = 'organization slugs';
/** The events that take a slug: other nodes have lanes of their own. */
const SLUG_EVENTS = ['organization.created', 'organization.slug-changed'] as const;

/** The user who creates an organisation becomes its owner. */
export const createOrganization: Command<z.output<typeof createOrganizationInput>> = {
  stream: () => SLUGS,
  decide({ name, slug, visibility }, { organizations }, { viewer, newId }) {
    const userId = userOf(viewer);
    if (userId === undefined) return reject('forbidden', 'Only a signed-in person can create an organisation.');
    const id = newId();
    const chosen = newSlug({ id, name, slug, isPrivate: visibility === 'private' }, { organizations, newId });
    if ('code' in chosen) return chosen;
    const refusal = refuseAboveQuota('organizations', countCreatedBy(organizations, userId));
    if (refusal) return refusal;
    const data = { name, ...chosen, visibility };
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
      unseen: SLUG_EVENTS,
    };
  },
};

type Update = InOrganization & z.output<typeof updateOrganizationInput>;

export const updateOrganization: Command<Update> = {
  ...organizationCommand<Update>(({ name, slug, visibility }, organization, surroundings) => {
    const isPrivate = (visibility ?? organization.visibility) === 'private';
    const chosen = changedSlug(slug, organization, isPrivate, surroundings);
    if (chosen && 'code' in chosen) return chosen;
    const changes: Change[] = [];
    if (name !== undefined && !isSame(name, organization.name)) {
      changes.push({ type: 'organization.renamed', data: { name } });
    }
    if (chosen) changes.push({ type: 'organization.slug-changed', data: chosen });
    if (visibility !== undefined && visibility !== organization.visibility) {
      changes.push({ type: 'organization.visibility-changed', data: { visibility } });
    }
    const accepted = acceptInOrganization(organization, 'owner', changes);
    return chosen ? { ...accepted, unseen: SLUG_EVENTS } : accepted;
  }),
  stream: ({ organizationId, slug, visibility }) =>
    slug === undefined && visibility !== 'private' ? organizationStream(organizationId) : SLUGS,
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
