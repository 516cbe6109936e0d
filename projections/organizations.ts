// All organisations, indexed by slug and by user, and the access of a user to one of them.
import { aggregateOf, DEFAULT_ORGANIZATION, entityId } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { ownersOf, roleOf } from './membership.ts';
import { type ApiKey, changeOf, emptyOrganization, type Invitation, type Organization } from './organization.ts';
import { encodeOrganization, type OrganizationPart, partOf } from './organization-parts.ts';
import { inParts } from './state/collection.ts';
import { PersistentMap } from './state/persistent-map.ts';
import type { Projection } from './state/projection.ts';
import { type Access, maySee, type Viewer } from './viewer/viewer.ts';

export interface OrganizationsState {
  /** By id, in no meaningful order. */
  readonly organizations: PersistentMap<Organization>;
  /** Ids by slug. */
  readonly slugs: PersistentMap<string>;
  /** Ids by former slug: of the organisation that had it last. Another one can have it now. */
  readonly formerSlugs: PersistentMap<string>;
  /** Ids of the organisations in which a user has a role or is in a team, by user id. */
  readonly ofUsers: PersistentMap<PersistentMap<true>>;
  /** How many of the organisations a user created, by user id. */
  readonly createdBy: PersistentMap<number>;
  /** Position of the first event that names an organisation, by its id, whether or not the organisation was created. */
  readonly named: PersistentMap<number>;
  /** The owners that each deleted organisation had, by its id, which is never used again. */
  readonly deleted: PersistentMap<readonly string[]>;
}

/** The stream of an organisation. */
export function organizationStream(id: string): string {
  return `organization-${id}`;
}

type StatePart =
  | OrganizationPart
  | { readonly formerSlugs: readonly (readonly [string, string])[] }
  | { readonly named: readonly (readonly [string, number])[] }
  | { readonly deleted: readonly (readonly [string, readonly string[]])[] };

export const organizationsProjection: Projection<OrganizationsState> = {
  name: 'organizations',
  version: 7,
  initial: {
    organizations: PersistentMap.empty(),
    slugs: PersistentMap.empty(),
    formerSlugs: PersistentMap.empty(),
    ofUsers: PersistentMap.empty(),
    createdBy: PersistentMap.empty(),
    named: PersistentMap.empty(),
    deleted: PersistentMap.empty(),
  },
  on(state, event) {
    const next = mentioned(state, event);
    if (aggregateOf(event) !== 'organization') return next;
    const before = next.organizations.get(entityId(event));
    switch (event.type) {
      case 'organization.created':
        return replaced(next, { after: created(event), users: [] });
      case 'organization.deleted':
        return before ? replaced(next, { before, users: before.people.keys() }) : next;
      default: {
        const change = before && changeOf(before, event);
        if (!change) return next;
        const { version, position } = event;
        const after = { ...before, ...change, version, position };
        const state = replaced(next, { before, after, users: usersTouched(before, event) });
        return event.type === 'organization.slug-changed' ? withFormerSlug(state, before) : state;
      }
    }
  },
  *encode({ organizations, formerSlugs, named, deleted }): Generator<StatePart> {
    for (const organization of organizations.values()) yield* encodeOrganization(organization);
    for (const part of inParts(formerSlugs)) yield { formerSlugs: part };
    for (const part of inParts(named)) yield { named: part };
    for (const part of inParts(deleted)) yield { deleted: part };
  },
  decode(state, given) {
    const part = given as StatePart;
    if ('formerSlugs' in part) return { ...state, formerSlugs: state.formerSlugs.setAll(part.formerSlugs) };
    if ('named' in part) return { ...state, named: state.named.setAll(part.named) };
    if ('deleted' in part) return { ...state, deleted: state.deleted.setAll(part.deleted) };
    if ('organization' in part) return replaced(state, { after: emptyOrganization(part.organization), users: [] });
    const before = state.organizations.get(part.of);
    if (!before) throw new Error(`A part belongs to the organisation ${part.of}, which does not exist.`);
    const after = { ...before, ...partOf(before, part) };
    return replaced(state, { before, after, users: usersIn(part) });
  },
};

/** Addresses with the slug that it had are still out there. */
function withFormerSlug(state: OrganizationsState, { id, slug }: Organization): OrganizationsState {
  return { ...state, formerSlugs: state.formerSlugs.set(slug, id) };
}

/** The id of the organisation that had this slug last, if none has it now. It may be deleted. */
export function formerHolderOf({ slugs, formerSlugs }: OrganizationsState, slug: string): string | undefined {
  return slugs.has(slug) ? undefined : formerSlugs.get(slug);
}

function mentioned(state: OrganizationsState, { organizationId, position }: RecordedEvent): OrganizationsState {
  const { named } = state;
  return named.has(organizationId) ? state : { ...state, named: named.set(organizationId, position) };
}

/** Ids of all organisations that any event names, in the order in which they first appeared. */
export function namedOrganizations({ named }: OrganizationsState): string[] {
  return [...named].sort(([, a], [, b]) => a - b).map(([id]) => id);
}

function created(event: RecordedEvent<'organization.created'>): Organization {
  const { data, recordedAt: createdAt, version, position } = event;
  return emptyOrganization({ id: entityId(event), ...data, createdAt, ...creatorOf(event), version, position });
}

/** The user who created the organisation. Viewers who are no members read events without `meta`. */
function creatorOf({ meta }: Partial<Pick<RecordedEvent, 'meta'>>): Pick<Organization, 'createdBy'> {
  const { kind, id } = meta?.actor ?? {};
  return kind === 'user' && id !== undefined ? { createdBy: id } : {};
}

/** The users whose membership of the organisation the event may start or end. */
function usersTouched({ teams }: Organization, event: RecordedEvent): Iterable<string> {
  switch (event.type) {
    case 'organization.role-granted':
    case 'organization.role-revoked':
      return event.data.userId === undefined ? [] : [event.data.userId];
    case 'organization.team-member-added':
    case 'organization.team-member-removed':
      return [event.data.userId];
    case 'organization.team-deleted':
      return teams.get(event.data.teamId)?.members.keys() ?? [];
    default:
      return [];
  }
}

function usersIn(part: OrganizationPart): readonly string[] {
  if ('people' in part) return part.people.map(([userId]) => userId);
  return 'members' in part ? part.members.map(([userId]) => userId) : [];
}

/**
 * How one organisation changed, and the users whose membership may have started or ended. `before` is absent for a new
 * organisation, `after` for a deleted one.
 */
interface Replacement {
  readonly before?: Organization;
  readonly after?: Organization;
  readonly users: Iterable<string>;
}

function replaced(state: OrganizationsState, replacement: Replacement): OrganizationsState {
  const { before, after } = replacement;
  const { organizations, deleted } = state;
  const rest = {
    ...state,
    slugs: reslugged(state.slugs, replacement),
    ofUsers: reindexed(state.ofUsers, replacement),
    createdBy: recounted(state.createdBy, replacement),
  };
  if (after) return { ...rest, organizations: organizations.set(after.id, after) };
  if (!before) return rest;
  return { ...rest, organizations: organizations.delete(before.id), deleted: deleted.set(before.id, ownersOf(before)) };
}

function reslugged(slugs: OrganizationsState['slugs'], { before, after }: Replacement): OrganizationsState['slugs'] {
  if (before?.slug === after?.slug) return slugs;
  const rest = before && slugs.get(before.slug) === before.id ? slugs.delete(before.slug) : slugs;
  // If two organisations ever got the same slug, the first one keeps it.
  return after && !rest.has(after.slug) ? rest.set(after.slug, after.id) : rest;
}

function reindexed(
  ofUsers: OrganizationsState['ofUsers'],
  { before, after, users }: Replacement,
): OrganizationsState['ofUsers'] {
  const id = (after ?? before)?.id ?? '';
  let index = ofUsers;
  for (const user of users) {
    const ids = index.get(user) ?? PersistentMap.empty<true>();
    const own = after?.people.has(user) ? ids.set(id, true) : ids.delete(id);
    index = own.isEmpty ? index.delete(user) : index.set(user, own);
  }
  return index;
}

function recounted(
  counts: OrganizationsState['createdBy'],
  { before, after }: Replacement,
): OrganizationsState['createdBy'] {
  const userId = (after ?? before)?.createdBy;
  // Neither its first event nor its last.
  if (userId === undefined || (before && after)) return counts;
  const count = (counts.get(userId) ?? 0) + (after ? 1 : -1);
  return count === 0 ? counts.delete(userId) : counts.set(userId, count);
}

/** How many of the existing organisations the user created. */
export function countCreatedBy({ createdBy }: OrganizationsState, userId: string): number {
  return createdBy.get(userId) ?? 0;
}

export function findOrganization({ organizations }: OrganizationsState, id: string): Organization | undefined {
  return organizations.get(id);
}

/** The organisation with this id; `undefined` if it does not exist or the viewer may not see it. */
export function selectOrganization(state: OrganizationsState, viewer: Viewer, id: string): Organization | undefined {
  return maySee(viewer, id) ? findOrganization(state, id) : undefined;
}

/** The organisations that the viewer may see, oldest first. */
export function selectOrganizations(state: OrganizationsState, viewer: Viewer): Organization[] {
  const ids = viewer.organizations === 'all' ? state.organizations.keys() : viewer.organizations;
  const seen = [...new Set(ids)].flatMap((id) => selectOrganization(state, viewer, id) ?? []);
  return seen.sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Slugs of private organisations that have no random suffix, and so can be found by trying. */
export function guessableSlugs({ organizations }: OrganizationsState): string[] {
  return [...organizations.values()]
    .filter(({ visibility, slugBase = '' }) => visibility === 'private' && slugBase === '')
    .map(({ slug }) => slug);
}

/** The public attributes of an API key; `undefined` for a revoked key. An expired key is still returned. */
export function findKey(organization: Organization | undefined, keyId: string): ApiKey | undefined {
  return organization?.keys.get(keyId);
}

/** An invitation that was neither accepted nor revoked. An expired invitation is still returned. */
export function findInvitation(organization: Organization | undefined, invitationId: string): Invitation | undefined {
  return organization?.invitations.get(invitationId);
}

/** Ids of the organisations in which the user has a role, directly or through a team. */
export function organizationsOf(state: OrganizationsState, userId: string): readonly string[] {
  return tiesOf(state, userId).filter((id) => {
    const organization = findOrganization(state, id);
    return organization && roleOf(organization, userId) !== undefined;
  });
}

/** Ids of the organisations in which the user has a role or is in a team, including teams without a role. */
export function tiesOf({ ofUsers }: OrganizationsState, userId: string): readonly string[] {
  return [...(ofUsers.get(userId)?.keys() ?? [])].sort();
}

/** Whether there was an organisation with this id, and it is deleted. */
export function isDeletedOrganization({ deleted }: OrganizationsState, organizationId: string): boolean {
  return deleted.has(organizationId);
}

/** Whether the organisation is deleted and the user was an owner of it then. */
export function wasOwner({ deleted }: OrganizationsState, organizationId: string, userId: string | undefined): boolean {
  return userId !== undefined && deleted.get(organizationId)?.includes(userId) === true;
}

/** Whether callers without a role can read the organisation. The default one is public until an owner changes that. */
export function isPublic({ organizations, deleted }: OrganizationsState, id: string): boolean {
  const organization = organizations.get(id);
  return organization ? organization.visibility === 'public' : id === DEFAULT_ORGANIZATION && !deleted.has(id);
}

/** The access of a user, or of an anonymous caller without `userId`. A deleted organisation gives nobody any access. */
export function accessOf(state: OrganizationsState, organizationId: string, userId?: string): Access {
  const organization = findOrganization(state, organizationId);
  const role = organization && userId !== undefined ? roleOf(organization, userId) : undefined;
  return role ?? (isPublic(state, organizationId) ? 'public' : 'none');
}
