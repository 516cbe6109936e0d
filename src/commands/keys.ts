// API keys of an organisation: what may be known of them. Their secrets are not the log's to know.
import { z } from 'zod';
import { ROLES } from '../../projections/events/roles.ts';
import { highestRole } from '../../projections/membership.ts';
import { findKey } from '../../projections/organizations.ts';
import { reject } from './command.ts';
import { nameField, refusePast, timeField } from './fields.ts';
import { acceptInOrganization, type InOrganization, organizationCommand } from './organization-command.ts';

export const createKeyInput = z.object({
  name: nameField,
  role: z.enum(ROLES),
  expiresAt: timeField.exactOptional(),
});

/** What is asked of a new key. */
export type NewKey = InOrganization & z.output<typeof createKeyInput>;

/** A key may no more than who makes it. */
export const createKey = organizationCommand<NewKey>(({ name, role, expiresAt }, organization, { now, newId }) => {
  const refusal = refusePast(expiresAt, now, '/expiresAt');
  if (refusal) return refusal;
  const data = { keyId: newId(), name, role, ...(expiresAt === undefined ? {} : { expiresAt }) };
  return acceptInOrganization(organization, highestRole('admin', role), [{ type: 'organization.key-created', data }]);
});

/** Takes a role out of the world, so it takes whoever may take that. */
export const revokeKey = organizationCommand<InOrganization & { readonly keyId: string }>(({ keyId }, organization) => {
  const key = findKey(organization, keyId);
  if (!key) return reject('not-found', `There is no key ${keyId} in the organisation.`);
  return acceptInOrganization(organization, highestRole('admin', key.role), [
    { type: 'organization.key-revoked', data: { keyId } },
  ]);
});
