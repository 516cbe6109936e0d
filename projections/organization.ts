// One organisation: its people, teams, invitations and keys, what an event changes of it, and who may do what in it.
import { Set as ImmutableSet, OrderedMap, OrderedSet } from 'immutable';
import { BLANK } from './events/blank.ts';
import type { DataOf, EventType } from './events/event-types.ts';
import { type Role, rank, type Visibility } from './events/roles.ts';
import { inParts } from './state/collection.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  /** What its members may do through it; none until it is given one. */
  readonly role?: Role;
  /** Ids of users, in the order in which they joined. */
  readonly members: OrderedSet<string>;
}

/** What ties someone to an organisation. */
interface Person {
  /** What they may do by themselves; none where they may only through teams. */
  readonly role?: Role;
  /** Ids of their teams. */
  readonly teams: ImmutableSet<string>;
}

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  /** The team that its bearer joins as well. */
  readonly teamId?: string;
  readonly expiresAt: string;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

/** What an organisation is, without whom and what it holds. */
interface Head {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly visibility: Visibility;
  readonly createdAt: string;
  /** Version of its stream. */
  readonly version: number;
  /** Position of the last event that changed it. */
  readonly position: number;
}

/** Persistent maps share structure: an event costs O(log n), however many belong to it. */
export interface Organization extends Head {
  /** Everyone with a role of their own or in a team, by user id, in the order in which they came. */
  readonly people: OrderedMap<string, Person>;
  readonly teams: OrderedMap<string, Team>;
  /** Those that nobody has accepted or taken back yet. */
  readonly invitations: OrderedMap<string, Invitation>;
  /** Those that are not revoked. */
  readonly keys: OrderedMap<string, ApiKey>;
}

/** The organisation before anyone belongs to it. */
export function emptyOrganization({ id, name, slug, visibility, createdAt, version, position }: Head): Organization {
  return {
    ...{ id, name, slug, visibility, createdAt, version, position },
    people: OrderedMap(),
    teams: OrderedMap(),
    invitations: OrderedMap(),
    keys: OrderedMap(),
  };
}

/** What happened, recorded or about to be. */
export type Fact = {
  [K in EventType]: { readonly type: K; readonly data: DataOf<K>; readonly recordedAt: string };
}[EventType];

/** What this changes of the organisation; `undefined` where it is not about organisations. */
export function changeOf(organization: Organization, fact: Fact): Partial<Organization> | undefined {
  switch (fact.type) {
    case 'organization.renamed':
    case 'organization.slug-changed':
    case 'organization.visibility-changed':
      return fact.data;
    case 'organization.role-granted':
      return withRole(organization, fact.data, fact.data.role);
    case 'organization.role-revoked':
      return withRole(organization, fact.data, undefined);
    case 'event.redacted':
      return redacted(organization, fact.data.shown);
    default:
      return changeOfTeams(organization, fact) ?? changeOfCredentials(organization, fact);
  }
}

/** What of an organisation shows the name that this fact gave: itself, a team or a key, as a redaction lists it. */
export function namedBy({ name, teams, keys }: Organization, { type, data }: Fact): string[] {
  switch (type) {
    case 'organization.created':
    case 'organization.renamed':
      return name === data.name ? ['name'] : [];
    case 'organization.team-created':
    case 'organization.team-renamed':
      return teams.get(data.teamId)?.name === data.name ? [`team ${data.teamId}`] : [];
    case 'organization.key-created':
      return keys.get(data.keyId)?.name === data.name ? [`key ${data.keyId}`] : [];
    default:
      return [];
  }
}

function redacted({ teams, keys }: Organization, shown: readonly string[]): Partial<Organization> {
  const blanks = new Set(shown);
  return {
    ...(blanks.has('name') ? { name: BLANK } : {}),
    teams: teams.map((team) => (blanks.has(`team ${team.id}`) ? { ...team, name: BLANK } : team)),
    keys: keys.map((key) => (blanks.has(`key ${key.id}`) ? { ...key, name: BLANK } : key)),
  };
}

function changeOfTeams(organization: Organization, fact: Fact): Partial<Organization> | undefined {
  const { teams } = organization;
  switch (fact.type) {
    case 'organization.team-created': {
      const { teamId: id, name } = fact.data;
      return { teams: teams.set(id, { id, name, members: OrderedSet() }) };
    }
    case 'organization.team-renamed': {
      const { teamId, name } = fact.data;
      const team = teams.get(teamId);
      return team ? { teams: teams.set(teamId, { ...team, name }) } : {};
    }
    case 'organization.team-deleted':
      return withoutTeam(organization, fact.data.teamId);
    case 'organization.team-member-added':
      return withMembers(organization, fact.data.teamId, [fact.data.userId]);
    case 'organization.team-member-removed':
      return withoutMember(organization, fact.data);
    default:
      return undefined;
  }
}

function changeOfCredentials({ invitations, keys }: Organization, fact: Fact): Partial<Organization> | undefined {
  switch (fact.type) {
    case 'organization.invitation-created': {
      const { invitationId: id, ...data } = fact.data;
      return { invitations: invitations.set(id, { id, ...data }) };
    }
    case 'organization.invitation-accepted':
    case 'organization.invitation-revoked':
      return { invitations: invitations.delete(fact.data.invitationId) };
    case 'organization.key-created': {
      const { keyId: id, ...data } = fact.data;
      return { keys: keys.set(id, { id, ...data, createdAt: fact.recordedAt }) };
    }
    case 'organization.key-revoked':
      return { keys: keys.delete(fact.data.keyId) };
    default:
      return undefined;
  }
}

function withRole(
  { people, teams }: Organization,
  { userId, teamId = '' }: { readonly userId?: string; readonly teamId?: string },
  role: Role | undefined,
): Partial<Organization> {
  if (userId !== undefined) {
    const { teams: own = ImmutableSet<string>() } = people.get(userId) ?? {};
    return { people: withPerson(people, userId, role ? { role, teams: own } : { teams: own }) };
  }
  const team = teams.get(teamId);
  if (!team) return {};
  const { role: _before, ...rest } = team;
  return { teams: teams.set(teamId, role ? { ...rest, role } : rest) };
}

function withMembers(
  { people, teams }: Organization,
  teamId: string,
  userIds: readonly string[],
): Partial<Organization> {
  const team = teams.get(teamId);
  if (!team) return {};
  const joined = people.withMutations((all) => {
    for (const id of userIds) {
      const person = all.get(id) ?? { teams: ImmutableSet() };
      all.set(id, { ...person, teams: person.teams.add(teamId) });
    }
  });
  return { people: joined, teams: teams.set(teamId, { ...team, members: team.members.union(userIds) }) };
}

function withoutMember(
  { people, teams }: Organization,
  { teamId, userId }: DataOf<'organization.team-member-removed'>,
): Partial<Organization> {
  const team = teams.get(teamId);
  if (!team) return {};
  return {
    people: leftTeam(people, userId, teamId),
    teams: teams.set(teamId, { ...team, members: team.members.delete(userId) }),
  };
}

function withoutTeam({ people, teams }: Organization, teamId: string): Partial<Organization> {
  const left = people.withMutations((all) => {
    for (const userId of teams.get(teamId)?.members ?? []) leftTeam(all, userId, teamId);
  });
  return { people: left, teams: teams.delete(teamId) };
}

function leftTeam(people: Organization['people'], userId: string, teamId: string): Organization['people'] {
  const person = people.get(userId);
  return person ? withPerson(people, userId, { ...person, teams: person.teams.delete(teamId) }) : people;
}

/** Who is tied to the organisation by nothing any more is not of it. */
function withPerson(people: Organization['people'], id: string, person: Person): Organization['people'] {
  return person.role === undefined && person.teams.isEmpty() ? people.delete(id) : people.set(id, person);
}

/** A role and where it comes from: a team, or none where the person holds it themselves. */
export interface Grant {
  readonly role: Role;
  readonly team?: Pick<Team, 'id' | 'name'>;
}

/** What someone may do in an organisation, and why. */
export interface Membership {
  readonly userId: string;
  /** The highest of the grants. */
  readonly role: Role;
  /** The highest first. */
  readonly grants: readonly Grant[];
}

/** Everyone who may do something in the organisation, in the order in which they came. */
export function membershipsOf(organization: Organization): Membership[] {
  return [...organization.people.keys()].flatMap((userId) => membershipOf(organization, userId) ?? []);
}

/** What someone may do in the organisation, and why; `undefined` for nothing. */
export function membershipOf({ people, teams }: Organization, userId: string): Membership | undefined {
  const { role: own, teams: joined = [] } = people.get(userId) ?? {};
  const throughTeams = [...joined].sort().flatMap((teamId): Grant[] => {
    const { id = '', name = '', role } = teams.get(teamId) ?? {};
    return role ? [{ role, team: { id, name } }] : [];
  });
  const grants = [...(own ? [{ role: own }] : []), ...throughTeams].sort((a, b) => rank(b.role) - rank(a.role));
  const role = grants[0]?.role;
  return role && { userId, role, grants };
}

/** What someone may do in the organisation; `undefined` for nothing. */
export function roleOf(organization: Organization, userId: string): Role | undefined {
  return membershipOf(organization, userId)?.role;
}

/** Whether anyone owns it, themselves or through a team. */
export function isOwned({ people, teams }: Organization): boolean {
  return (
    teams.some(({ role, members }) => role === 'owner' && !members.isEmpty()) ||
    people.some(({ role }) => role === 'owner')
  );
}

/** The role that may the most. */
export function highestRole(first: Role, ...others: readonly (Role | undefined)[]): Role {
  return others.reduce<Role>((best, role) => (role && rank(role) > rank(best) ? role : best), first);
}

/** An organisation as it is answered and sent. Who belongs to it is told by other means, and not to everyone. */
export type ShownOrganization = Omit<Head, 'position'>;

export function showOrganization({ id, name, slug, visibility, createdAt, version }: Organization): ShownOrganization {
  return { id, name, slug, visibility, createdAt, version };
}

export type ShownTeam = Omit<Team, 'members'> & { readonly members: readonly string[] };

export function showTeam({ members, ...team }: Team): ShownTeam {
  return { ...team, members: members.toArray() };
}

/** An organisation in parts: first what it is, then those of whom and what it holds. */
export type OrganizationPart =
  | { readonly organization: Head }
  | ({ readonly of: string } & (
      | { readonly people: readonly { readonly id: string; readonly role?: Role }[] }
      | { readonly teams: readonly Omit<Team, 'members'>[] }
      | { readonly team: string; readonly members: readonly string[] }
      | { readonly invitations: readonly Invitation[] }
      | { readonly keys: readonly ApiKey[] }
    ));

export function* encodeOrganization(organization: Organization): Generator<OrganizationPart> {
  const { people, teams, invitations, keys, ...head } = organization;
  const { id: of } = head;
  yield { organization: head };
  for (const part of inParts(people))
    yield { of, people: part.map(([id, { teams: _told, ...own }]) => ({ id, ...own })) };
  for (const part of inParts(teams.values())) yield { of, teams: part.map(({ members: _told, ...team }) => team) };
  for (const { id, members } of teams.values()) {
    for (const part of inParts(members)) yield { of, team: id, members: part };
  }
  for (const part of inParts(invitations.values())) yield { of, invitations: part };
  for (const part of inParts(keys.values())) yield { of, keys: part };
}

/** What one more part, after the first, tells of the organisation. */
export function partOf(
  organization: Organization,
  part: Exclude<OrganizationPart, { organization: Head }>,
): Partial<Organization> {
  const { people, teams, invitations, keys } = organization;
  if ('people' in part)
    return { people: merged(people, part.people, ({ id: _key, ...own }) => ({ ...own, teams: ImmutableSet() })) };
  if ('teams' in part) return { teams: merged(teams, part.teams, (team) => ({ ...team, members: OrderedSet() })) };
  if ('members' in part) return withMembers(organization, part.team, part.members);
  if ('invitations' in part) return { invitations: merged(invitations, part.invitations, (invitation) => invitation) };
  return { keys: merged(keys, part.keys, (key) => key) };
}

function merged<P extends { readonly id: string }, V>(
  into: OrderedMap<string, V>,
  parts: readonly P[],
  make: (part: P) => V,
): OrderedMap<string, V> {
  return into.withMutations((all) => {
    for (const part of parts) all.set(part.id, make(part));
  });
}
