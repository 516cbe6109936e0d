// The routes of API keys: list, create and revoke them. The key itself is shown once, when it is created.
import * as z from 'zod';
import { ROLES } from '../../../projections/events/roles.ts';
import { findOrganization } from '../../../projections/organizations.ts';
import type { Dispatch } from '../../commands/dispatch.ts';
import { createKeyInput, revokeKey } from '../../commands/keys.ts';
import { actorSchema, type NameActors, namingMakers } from '../../http/actor-names.ts';
import { commandAnswer, failureProblem } from '../../http/command-answer.ts';
import { type OrganizationParams, organizationParams, time } from '../../http/parameters.ts';
import type { Route } from '../../http/route.ts';
import type { Identity } from '../../identity/identity.ts';
import type { ReadModels } from '../../read-models/read-models.ts';
import type { Workflows } from '../../workflows/workflows.ts';
import { exampleMe } from '../accounts/account-answers.ts';

const tag = 'organizations';
const path = '/api/organizations/{organizationId}/keys';

const keyParams = organizationParams.extend({ keyId: z.uuid().toLowerCase() });

const shownKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: time,
  createdBy: actorSchema.describe('Who made it. Their removal revokes it, and so does a lower role of theirs'),
  expiresAt: time.exactOptional(),
  lastUsedAt: time.nullable().describe('Accurate to the minute; null if the key was never used'),
});
const keySchema = shownKey.meta({ id: 'ApiKey' });
const newKeySchema = shownKey
  .extend({
    key: z.string().exactOptional().describe('Send it as `Authorization: Bearer …`. It is shown only once'),
  })
  .meta({ id: 'NewApiKey' });

const exampleKey = {
  id: 'a1b2c3d4-0000-4000-8000-000000000401',
  name: 'Deployments',
  role: 'member',
  createdAt: '2026-03-01T09:00:00.000Z',
  createdBy: { kind: 'user', id: exampleMe.id, name: exampleMe.name },
  expiresAt: '2027-03-01T00:00:00.000Z',
  lastUsedAt: null,
};

interface Parts {
  readonly identity: Identity;
  readonly workflows: Workflows;
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly nameActors: NameActors;
}

export function keyRoutes({ identity: { keys }, workflows, models, dispatch, nameActors }: Parts): Route[] {
  const withMakers = namingMakers(nameActors);
  const list: Route<OrganizationParams> = {
    method: 'get',
    path,
    operationId: 'listKeys',
    tag,
    summary: 'List the API keys of an organisation, with the time each was last used',
    access: 'admin',
    params: organizationParams,
    success: { status: 200, description: 'The keys', schema: z.array(keySchema), example: [exampleKey] },
    problems: ['not-found'],
    async handle({ params: { organizationId } }) {
      const organization = findOrganization(models.current.organizations, organizationId);
      const known = [...(organization?.keys.values() ?? [])];
      const uses = await keys.lastUses(known.map(({ id }) => id));
      const named = await withMakers(organizationId, known);
      return { status: 200, body: named.map((key) => ({ ...key, lastUsedAt: uses.get(key.id) ?? null })) };
    },
  };

  const create: Route<OrganizationParams, unknown, z.output<typeof createKeyInput>> = {
    method: 'post',
    path,
    operationId: 'createKey',
    tag,
    summary: 'Create an API key',
    description:
      'Only this response contains the key itself. A repeat with the same `Idempotency-Key` does not. The caller must be ' +
      'a person.',
    access: 'admin',
    params: organizationParams,
    body: createKeyInput,
    bodyExample: { name: 'Deployments', role: 'member' },
    success: {
      status: 201,
      description: 'The new key',
      schema: newKeySchema,
      example: { ...exampleKey, key: 'plv_030neLrnQJSRroCVCCJRsO0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd3RjQKJ' },
    },
    problems: ['not-found', 'past-time', 'limit-reached', 'keys-make-no-credentials'],
    repeatable: 'log',
    async handle({ viewer, params, body, terms }) {
      const issued = await workflows.issueKey.run({ ...body, ...params }, terms);
      if (issued.kind !== 'issued') return failureProblem(issued, viewer);
      const { organizationId, key, text } = issued;
      const [named] = await withMakers(organizationId, [key]);
      const headers = { Location: `/api/organizations/${organizationId}/keys` };
      const shown = { ...named, lastUsedAt: null, ...(text === undefined ? {} : { key: text }) };
      return { status: 201, body: shown, headers };
    },
  };

  const revoke: Route<z.output<typeof keyParams>> = {
    method: 'delete',
    path: `${path}/{keyId}`,
    operationId: 'revokeKey',
    tag,
    summary: 'Revoke an API key; it stops working at once',
    access: 'admin',
    params: keyParams,
    success: { status: 204, description: 'The key is revoked' },
    problems: ['not-found'],
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(revokeKey, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return [list, create, revoke];
}
