// Membership of an organisation: each person's role, and where it comes from.
import { type Role, rank } from './events/roles.ts';
import type { Invitation, Organization, Team } from './organization.ts';

/** A role and where it comes from: a team, or no team if it was granted to the person directly. */
export interface Grant {
  readonly role: Role;
  readonly team?: Pick<Team, 'id' | 'name'>;
}

/** A person's role in an organisation, and the grants that give it. */
export interface Membership {
  readonly userId: string;
  /** The highest of the grants. */
  readonly role: Role;
  /** The highest first. */
  readonly grants: readonly Grant[];
}

/** Everyone with a role in the organisation, in the order in which they joined. */
export function membershipsOf(organization: Organization): Membership[] {
  return [...organization.people.keys()].flatMap((userId) => membershipOf(organization, userId) ?? []);
}

/** A person's membership; `undefined` without a role. */
export function membershipOf({ people, teams }: Organization, userId: string): Membership | undefined {
  const { role: own, teams: joined } = people.get(userId) ?? {};
  const throughTeams = [...(joined?.keys() ?? [])].sort().flatMap((teamId): Grant[] => {
    const { id = '', name = '', role } = teams.get(teamId) ?? {};
    return role ? [{ role, team: { id, name } }] : [];
  });
  const grants = [...(own ? [{ role: own }] : []), ...throughTeams].sort((a, b) => rank(b.role) - rank(a.role));
  const role = grants[0]?.role;
  return role && { userId, role, grants };
}

/** A person's role in the organisation; `undefined` if they have none. */
export function roleOf(organization: Organization, userId: string): Role | undefined {
  return membershipOf(organization, userId)?.role;
}

/** Ids of the owners of the organisation, directly or through a team, in the order in which they joined. */
export function ownersOf(organization: Organization): string[] {
  return membershipsOf(organization).flatMap(({ userId, role }) => (role === 'owner' ? [userId] : []));
}

/** Whether the organisation has an owner, directly or through a team. */
export function isOwned({ people, teams }: Organization): boolean {
  return (
    [...teams.values()].some(({ role, members }) => role === 'owner' && members.size > 0) ||
    [...people.values()].some(({ role }) => role === 'owner')
  );
}

/** The highest role that the invitation gave when it was made, itself or through its team. It never gives more. */
export function givenBy({ role, teamRole }: Pick<Invitation, 'role' | 'teamRole'>): Role {
  return highestRole(role, teamRole);
}

/** The role with the most rights. */
export function highestRole(first: Role, ...others: readonly (Role | undefined)[]): Role {
  return others.reduce<Role>((best, role) => (role && rank(role) > rank(best) ? role : best), first);
}
