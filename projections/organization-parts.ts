// An organisation in parts, as a snapshot keeps it.
import { Set as ImmutableSet, type OrderedMap, OrderedSet } from 'immutable';
import type { Role } from './events/roles.ts';
import { type ApiKey, type Head, type Invitation, type Organization, type Team, withMembers } from './organization.ts';
import { inParts } from './state/collection.ts';

/** First what the organisation is, then who belongs to it and what it holds. */
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
