// Commands on an organisation's API keys. They record the public attributes only: secrets never enter the log.
import * as z from 'zod';
import { ROLES } from '../../projections/events/roles.ts';
import { highestRole } from '../../projections/membership.ts';
import { findKey } from '../../projections/organizations.ts';
import { reject } from './command.ts';
import { nameField, refusePast } from './fields.ts';
import { acceptInOrganization, type InOrganization, organizationCommand, refuseKey } from './organization-command.ts';
import { refuseAboveQuota } from './quotas.ts';
import { timeField } from './times.ts';

export const createKeyInput = z.object({
  name: nameField,
  role: z.enum(ROLES),
  expiresAt: timeField.exactOptional(),
});

/** The input of a new key. */
export type NewKey = InOrganization & z.output<typeof createKeyInput>;

/** A key cannot have a higher role than its creator, who must be a person. */
export const createKey = organizationCommand<NewKey>(
  ({ name, role, expiresAt }, organization, { viewer, now, newId }) => {
    const refusal =
      refuseKey(viewer) ?? refusePast(expiresAt, now, '/expiresAt') ?? refuseAboveQuota('keys', organization.keys.size);
    if (refusal) return refusal;
    const data = { keyId: newId(), name, role, ...(expiresAt === undefined ? {} : { expiresAt }) };
    return acceptInOrganization(organization, highestRole('admin', role), [{ type: 'organization.key-created', data }]);
  },
);

/** Revoking a key removes the role it grants, so the caller must be allowed to revoke that role. */
export const revokeKey = organizationCommand<InOrganization & { readonly keyId: string }>(({ keyId }, organization) => {
  const key = findKey(organization, keyId);
  if (!key) return reject('not-found', `There is no key ${keyId} in the organisation.`);
  return acceptInOrganization(organization, highestRole('admin', key.role), [
    { type: 'organization.key-revoked', data: { keyId } },
  ]);
});
