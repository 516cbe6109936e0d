// Encodes an organisation in parts for a snapshot, and decodes it.
import {
  type ApiKey,
  type Head,
  type Invitation,
  type Organization,
  type Person,
  type Team,
  withMember,
} from './organization.ts';
import { inParts } from './state/collection.ts';
import { OrderedMap } from './state/ordered-map.ts';
import { PersistentMap } from './state/persistent-map.ts';

/** Some entries of an ordered map: keys and values with their origins. */
type Entries<V> = readonly (readonly [key: string, value: V, origin: number])[];

/** First the organisation's own attributes, then its contents. A person's teams are derived from the teams' members. */
export type OrganizationPart =
  | { readonly organization: Head }
  | ({ readonly of: string } & (
      | { readonly people: Entries<Omit<Person, 'teams'>> }
      | { readonly teams: Entries<Omit<Team, 'members'>> }
      | { readonly team: string; readonly members: Entries<true> }
      | { readonly invitations: Entries<Invitation> }
      | { readonly keys: Entries<ApiKey> }
    ));

export function* encodeOrganization(organization: Organization): Generator<OrganizationPart> {
  const { people, teams, invitations, keys, ...head } = organization;
  const { id: of } = head;
  yield { organization: head };
  for (const part of inParts(people.entries())) {
    yield { of, people: part.map(([id, { teams: _derived, ...own }, origin]) => [id, own, origin]) };
  }
  for (const part of inParts(teams.entries())) {
    yield { of, teams: part.map(([id, { members: _separate, ...team }, origin]) => [id, team, origin]) };
  }
  for (const { id, members } of teams.values()) {
    for (const part of inParts(members.entries())) yield { of, team: id, members: part };
  }
  for (const part of inParts(invitations.entries())) yield { of, invitations: part };
  for (const part of inParts(keys.entries())) yield { of, keys: part };
}

/** The members of the organisation that a further part, after the first, changes. */
export function partOf(
  organization: Organization,
  part: Exclude<OrganizationPart, { organization: Head }>,
): Partial<Organization> {
  const { people, teams, invitations, keys } = organization;
  if ('people' in part) {
    return { people: merged(people, part.people, (own) => ({ ...own, teams: PersistentMap.empty() })) };
  }
  if ('teams' in part)
    return { teams: merged(teams, part.teams, (team) => ({ ...team, members: OrderedMap.empty() })) };
  if ('members' in part) return withMembers(organization, part.team, part.members);
  if ('invitations' in part) return { invitations: merged(invitations, part.invitations, (invitation) => invitation) };
  return { keys: merged(keys, part.keys, (key) => key) };
}

function withMembers(organization: Organization, teamId: string, members: Entries<true>): Organization {
  let after = organization;
  for (const [userId, , origin] of members) after = { ...after, ...withMember(after, { teamId, userId }, origin) };
  return after;
}

function merged<P, V>(into: OrderedMap<V>, entries: Entries<P>, make: (part: P) => V): OrderedMap<V> {
  let all = into;
  for (const [key, part, origin] of entries) all = all.set(key, make(part), origin);
  return all;
}
