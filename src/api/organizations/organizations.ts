// The routes of /api/organizations: organisations themselves, and the roles of all people in one.
import * as z from 'zod';
import { entityId } from '../../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { ROLES, VISIBILITIES } from '../../../projections/events/roles.ts';
import { membershipsOf, roleOf } from '../../../projections/membership.ts';
import type { ShownOrganization } from '../../../projections/organization.ts';
import { selectOrganizations } from '../../../projections/organizations.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { labelField } from '../../commands/fields.ts';
import {
  createOrganizationInput,
  deleteOrganization,
  updateOrganization,
  updateOrganizationInput,
} from '../../commands/organizations.ts';
import { asOfFields, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { type OrganizationParams, organizationParams, time } from '../../http/parameters.ts';
import type { Answer, Route } from '../../http/route.ts';
import { digest } from '../../log/chain.ts';
import { showOrganizationTo, showOrganizationWith } from '../../read-models/shown-organization.ts';
import type { FoundOrganization } from '../../workflows/found-organization.ts';
import { exampleMembership, membershipSchema } from './membership-schema.ts';
import { folded, organizationAnswers } from './organization-answers.ts';

const PATH = '/api/organizations';
const tag = 'organizations';

const organizationSchema = z
  .object({
    id: labelField,
    name: z.string(),
    slug: z
      .string()
      .describe('Unique name of the organisation in URLs. That of a private one ends in eight random characters'),
    visibility: z.enum(VISIBILITIES).describe('Who can read it: everyone, or its members only'),
    createdAt: time,
    version: z.int().min(1).describe('Counts every change to the organisation, its teams, roles, invitations and keys'),
    role: z.enum(ROLES).exactOptional().describe('Current role of the caller; absent if the caller is not a member'),
  })
  .meta({ id: 'Organization' }) satisfies z.ZodType<ShownOrganization>;

const exampleOrganization: ShownOrganization & { role: 'owner' } = {
  id: '0193b5a0-0a1b-7c2d-8e3f-405162738495',
  name: 'Acme',
  slug: 'acme-7h2kq0x4',
  visibility: 'private',
  createdAt: '2026-03-01T09:00:00.000Z',
  version: 2,
  role: 'owner',
};

const shape = { schema: organizationSchema, example: exampleOrganization, tagged: true };

export function organizationRoutes(parts: EntityParts & { readonly found: Pick<FoundOrganization, 'run'> }): Route[] {
  const { models, asOf, found } = parts;
  const { read, changed } = organizationAnswers(parts);
  const listNow = (viewer: Viewer) => {
    const organizations = selectOrganizations(models.current.organizations, viewer);
    return JSON.stringify(organizations.map((organization) => showOrganizationTo(viewer, organization)));
  };

  const list: Route<unknown, When> = {
    method: 'get',
    path: PATH,
    operationId: 'listOrganizations',
    tag,
    summary: 'List the organisations that the caller may read, oldest first',
    access: 'anyone',
    query: z.object(asOfFields),
    success: {
      status: 200,
      description: 'The organisations',
      schema: z.array(organizationSchema),
      example: [exampleOrganization],
      tagged: true,
    },
    problems: ['overloaded'],
    async handle({ query, ...request }) {
      const { viewer, turn } = request;
      const past = isPast(query) ? await asOf.ask({ organizations: 'all' }, query, request) : 'present';
      if (past !== 'present' && 'problem' in past) return past;
      const body = past === 'present' ? await turn(() => listNow(viewer)) : past.bytes;
      // The tag is a digest of the whole body: a lost membership removes an item without changing any other one.
      return { status: 200, body, etag: digest(body) };
    },
  };

  const create: Route<unknown, unknown, z.output<typeof createOrganizationInput>> = {
    method: 'post',
    path: PATH,
    operationId: 'createOrganization',
    tag,
    summary: 'Create an organisation; the caller becomes its owner',
    access: 'person',
    body: createOrganizationInput,
    bodyExample: { name: 'Acme', visibility: 'private' },
    success: { status: 201, description: 'The new organisation', ...shape },
    problems: ['slug-taken', 'slug-too-long', 'limit-reached'],
    repeatable: 'log',
    async handle({ viewer, body, terms }) {
      return commandAnswer(await found.run(body, terms), viewer, (events) => created(events, viewer));
    },
  };

  const get: Route<OrganizationParams, When> = {
    method: 'get',
    path: `${PATH}/{organizationId}`,
    operationId: 'getOrganization',
    tag,
    summary: 'Get one organisation',
    access: 'anyone',
    params: organizationParams,
    query: z.object(asOfFields),
    success: { status: 200, description: 'The organisation', ...shape },
    problems: ['not-found'],
    handle: ({ params: { organizationId }, query, ...request }) =>
      read(request, organizationId, query, (organization) => showOrganizationTo(request.viewer, organization)),
  };

  const update: Route<OrganizationParams, unknown, z.output<typeof updateOrganizationInput>> = {
    method: 'put',
    path: `${PATH}/{organizationId}`,
    operationId: 'updateOrganization',
    tag,
    summary: 'Update an organisation; omitted fields keep their value',
    access: 'owner',
    params: organizationParams,
    body: updateOrganizationInput,
    bodyExample: { name: 'Acme Incorporated', visibility: 'public' },
    success: { status: 200, description: 'The updated organisation', ...shape },
    problems: ['not-found', 'slug-taken', 'slug-too-long'],
    conditional: true,
    handle: (request) =>
      changed(updateOrganization, { ...request.body, ...request.params }, request, (organization) =>
        showOrganizationTo(request.viewer, organization),
      ),
  };

  const remove: Route<OrganizationParams> = {
    method: 'delete',
    path: `${PATH}/{organizationId}`,
    operationId: 'deleteOrganization',
    tag,
    summary: 'Delete an organisation; its events stay in the log, but nobody can read them through the API',
    access: 'owner',
    params: organizationParams,
    success: { status: 204, description: 'The organisation is deleted' },
    problems: ['not-found'],
    conditional: true,
    handle: (request) => changed(deleteOrganization, request.params, request),
  };

  const access: Route<OrganizationParams, When> = {
    method: 'get',
    path: `${PATH}/{organizationId}/access`,
    operationId: 'getAccess',
    tag,
    summary: 'List the roles of all people in an organisation, and the teams that they come from',
    description: 'In the order the people joined. Use `at` or `position` to read an earlier state.',
    access: 'viewer',
    params: organizationParams,
    query: z.object(asOfFields),
    success: {
      status: 200,
      description: 'Everyone who has a role',
      schema: z.array(membershipSchema),
      example: [exampleMembership],
      tagged: true,
    },
    problems: ['not-found'],
    handle: ({ params: { organizationId }, query, ...request }) => read(request, organizationId, query, membershipsOf),
  };

  return [list, create, get, update, remove, access];
}

/**
 * The organisation as its first commit created it, so that a repeat gets the same answer whatever has changed since.
 */
function created(events: readonly RecordedEvent[], { actor }: Viewer): Answer {
  const id = events[0] ? entityId(events[0]) : '';
  const organization = folded(events, id);
  if (!organization) throw new Error(`The commit of the new organisation ${id} does not contain it.`);
  const body = showOrganizationWith(organization, roleOf(organization, actor.id ?? ''));
  return { status: 201, body, etag: entityTag(organization), headers: { Location: `${PATH}/${id}` } };
}
