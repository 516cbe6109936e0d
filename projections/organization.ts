// One organisation: its people, teams, invitations and keys, and what an event changes of it.
import { Set as ImmutableSet, OrderedMap, OrderedSet } from 'immutable';
import { BLANK } from './events/blank.ts';
import type { DataOf, EventType } from './events/event-types.ts';
import type { Role, Visibility } from './events/roles.ts';

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
export interface Head {
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

/** Puts people into a team, in this order. */
export function withMembers(
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

/** An organisation as it is answered and sent. Who belongs to it is told by other means, and not to everyone. */
export type ShownOrganization = Omit<Head, 'position'>;

export function showOrganization({ id, name, slug, visibility, createdAt, version }: Organization): ShownOrganization {
  return { id, name, slug, visibility, createdAt, version };
}

export type ShownTeam = Omit<Team, 'members'> & { readonly members: readonly string[] };

export function showTeam({ members, ...team }: Team): ShownTeam {
  return { ...team, members: members.toArray() };
}
