// One organisation: its people, teams, invitations and keys, and how an event changes it.

import type { Actor, DataOf, EventMeta, EventType } from './events/event-types.ts';
import type { Role, Visibility } from './events/roles.ts';
import { BLANK } from './events/texts.ts';
import { OrderedMap } from './state/ordered-map.ts';
import { PersistentMap } from './state/persistent-map.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  /** The role that its members have through it; none until it is granted one. */
  readonly role?: Role;
  /** Ids of users, in the order in which they joined. */
  readonly members: OrderedMap<true>;
}

/** A person's own role and teams in an organisation. */
export interface Person {
  /** The role granted to the person directly; none if they only have roles through teams. */
  readonly role?: Role;
  /** Ids of their teams. */
  readonly teams: PersistentMap<true>;
}

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  /** The team that the invited person also joins, unless it has come to a higher role than the invitation gives. */
  readonly teamId?: string;
  /** The role that the team had when the invitation was made. */
  readonly teamRole?: Role;
  readonly expiresAt: string;
  readonly createdBy: Actor;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt?: string;
  /** Who made it; if another key did, who made that one. */
  readonly createdBy: Actor;
}

/** The organisation's own attributes, without its people, teams, invitations and keys. */
export interface Head {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  /** The slug without its random suffix; empty or absent if it has none. */
  readonly slugBase?: string;
  readonly visibility: Visibility;
  readonly createdAt: string;
  /** Id of the user who created it; none if a machine did, or if the event was read by a viewer who is no member. */
  readonly createdBy?: string;
  /** Version of its stream. */
  readonly version: number;
  /** Position of the last event that changed it. */
  readonly position: number;
}

/** Persistent maps share structure: an event costs O(log n) in the number of people, teams, invitations or keys. */
export interface Organization extends Head {
  /** Everyone with a direct role or in a team, by user id, in the order in which they joined. */
  readonly people: OrderedMap<Person>;
  readonly teams: OrderedMap<Team>;
  /** The open invitations: neither accepted nor revoked. They may have expired. */
  readonly invitations: OrderedMap<Invitation>;
  /** The keys that are not revoked. They may have expired. */
  readonly keys: OrderedMap<ApiKey>;
}

/** The organisation without people, teams, invitations and keys. */
export function emptyOrganization(head: Head): Organization {
  return {
    ...head,
    people: OrderedMap.empty(),
    teams: OrderedMap.empty(),
    invitations: OrderedMap.empty(),
    keys: OrderedMap.empty(),
  };
}

/** An event, recorded or about to be. Its position is higher than any before, so entries that it adds come last. */
export type Fact = {
  [K in EventType]: {
    readonly type: K;
    readonly data: DataOf<K>;
    readonly position: number;
    readonly recordedAt: string;
    readonly meta: Pick<EventMeta, 'actor'>;
  };
}[EventType];

/** The members of the organisation that the fact changes; `undefined` if the fact is not about organisations. */
export function changeOf(organization: Organization, fact: Fact): Partial<Organization> | undefined {
  switch (fact.type) {
    case 'organization.renamed':
    case 'organization.slug-changed':
    case 'organization.visibility-changed':
      return fact.data;
    case 'organization.role-granted':
    case 'organization.role-revoked':
      return withRole(organization, fact);
    case 'event.redacted':
      return redacted(organization, fact.data.shown);
    default:
      return changeOfTeams(organization, fact) ?? changeOfCredentials(organization, fact);
  }
}

/** What still shows the name that this fact set: the organisation, a team or a key, as a redaction lists it. */
export function namedBy({ name, teams, keys }: Organization, { type, data }: Fact): string[] {
  switch (type) {
    case 'organization.created':
    case 'organization.renamed':
      return name === data.name ? ['/name'] : [];
    case 'organization.team-created':
    case 'organization.team-renamed':
      return teams.get(data.teamId)?.name === data.name ? [`/teams/${data.teamId}/name`] : [];
    case 'organization.key-created':
      return keys.get(data.keyId)?.name === data.name ? [`/keys/${data.keyId}/name`] : [];
    default:
      return [];
  }
}

function redacted({ teams, keys }: Organization, shown: readonly string[]): Partial<Organization> {
  const blanks = new Set(shown);
  return {
    ...(blanks.has('/name') ? { name: BLANK } : {}),
    teams: blanked(teams, ({ id }) => blanks.has(`/teams/${id}/name`)),
    keys: blanked(keys, ({ id }) => blanks.has(`/keys/${id}/name`)),
  };
}

function blanked<V extends Team | ApiKey>(all: OrderedMap<V>, isBlank: (value: V) => boolean): OrderedMap<V> {
  let rest = all;
  for (const value of all.values()) {
    if (isBlank(value)) rest = rest.update(value.id, (own) => ({ ...own, name: BLANK }));
  }
  return rest;
}

function changeOfTeams(organization: Organization, fact: Fact): Partial<Organization> | undefined {
  const { teams } = organization;
  switch (fact.type) {
    case 'organization.team-created': {
      const { teamId: id, name } = fact.data;
      return { teams: teams.set(id, { id, name, members: OrderedMap.empty() }, fact.position) };
    }
    case 'organization.team-renamed': {
      const { teamId, name } = fact.data;
      return { teams: teams.update(teamId, (team) => ({ ...team, name })) };
    }
    case 'organization.team-deleted':
      return withoutTeam(organization, fact.data.teamId);
    case 'organization.team-member-added':
      return withMember(organization, fact.data, fact.position);
    case 'organization.team-member-removed':
      return withoutMember(organization, fact.data);
    default:
      return undefined;
  }
}

function changeOfCredentials(organization: Organization, fact: Fact): Partial<Organization> | undefined {
  const { invitations, keys, teams } = organization;
  switch (fact.type) {
    case 'organization.invitation-created': {
      const { invitationId: id, ...data } = fact.data;
      const teamRole = teams.get(data.teamId ?? '')?.role;
      const given = { ...data, ...(teamRole ? { teamRole } : {}) };
      return { invitations: invitations.set(id, { id, ...given, createdBy: makerIn(keys, fact) }, fact.position) };
    }
    case 'organization.invitation-accepted':
    case 'organization.invitation-revoked':
      return { invitations: invitations.delete(fact.data.invitationId) };
    case 'organization.key-created': {
      const { keyId: id, ...data } = fact.data;
      const key = { id, ...data, createdAt: fact.recordedAt, createdBy: makerIn(keys, fact) };
      return { keys: keys.set(id, key, fact.position) };
    }
    case 'organization.key-revoked':
      return { keys: keys.delete(fact.data.keyId) };
    default:
      return undefined;
  }
}

/** Who made what the fact creates. What an earlier version let a key make counts as made by who made the key. */
function makerIn(keys: Organization['keys'], { meta: { actor } }: Fact): Actor {
  return (actor.kind === 'key' ? keys.get(actor.id ?? '')?.createdBy : undefined) ?? actor;
}

type RoleFact = Extract<Fact, { type: 'organization.role-granted' | 'organization.role-revoked' }>;

function withRole({ people, teams }: Organization, { type, data, position }: RoleFact): Partial<Organization> {
  const { userId, teamId = '' } = data;
  const granted = type === 'organization.role-granted' ? { role: data.role } : {};
  if (userId === undefined) {
    return { teams: teams.update(teamId, ({ role: _before, ...team }) => ({ ...team, ...granted })) };
  }
  const own = people.get(userId)?.teams ?? PersistentMap.empty<true>();
  return { people: withoutFormerMember(people.set(userId, { ...granted, teams: own }, position), userId) };
}

interface Place {
  readonly teamId: string;
  readonly userId: string;
}

/** Adds a person to a team, ordered by origin. Changes nothing if the team does not exist. */
export function withMember(
  { people, teams }: Organization,
  { teamId, userId }: Place,
  origin: number,
): Partial<Organization> {
  if (!teams.has(teamId)) return {};
  const person = people.get(userId) ?? { teams: PersistentMap.empty<true>() };
  return {
    people: people.set(userId, { ...person, teams: person.teams.set(teamId, true) }, origin),
    teams: teams.update(teamId, (team) => ({ ...team, members: team.members.set(userId, true, origin) })),
  };
}

function withoutMember({ people, teams }: Organization, { teamId, userId }: Place): Partial<Organization> {
  if (!teams.has(teamId)) return {};
  return {
    people: leftTeam(people, userId, teamId),
    teams: teams.update(teamId, (team) => ({ ...team, members: team.members.delete(userId) })),
  };
}

function withoutTeam({ people, teams }: Organization, teamId: string): Partial<Organization> {
  let left = people;
  for (const userId of teams.get(teamId)?.members.keys() ?? []) left = leftTeam(left, userId, teamId);
  return { people: left, teams: teams.delete(teamId) };
}

function leftTeam(people: Organization['people'], userId: string, teamId: string): Organization['people'] {
  const left = people.update(userId, (person) => ({ ...person, teams: person.teams.delete(teamId) }));
  return withoutFormerMember(left, userId);
}

/** Removes the person if they have neither a role nor a team left. */
function withoutFormerMember(people: Organization['people'], userId: string): Organization['people'] {
  const person = people.get(userId);
  return person && person.role === undefined && person.teams.isEmpty ? people.delete(userId) : people;
}

/** An organisation as REST and sockets show it. Its members are left out: only some viewers may see them. */
export type ShownOrganization = Omit<Head, 'position' | 'createdBy'>;

export function showOrganization({ id, name, slug, visibility, createdAt, version }: Organization): ShownOrganization {
  return { id, name, slug, visibility, createdAt, version };
}

export type ShownTeam = Omit<Team, 'members'> & { readonly members: readonly string[] };

export function showTeam({ members, ...team }: Team): ShownTeam {
  return { ...team, members: [...members.keys()] };
}
