// Membership of an organisation: who may do what in it, and why.
import { type Role, rank } from './events/roles.ts';
import type { Organization, Team } from './organization.ts';

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
  const { role: own, teams: joined } = people.get(userId) ?? {};
  const throughTeams = [...(joined?.keys() ?? [])].sort().flatMap((teamId): Grant[] => {
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
    [...teams.values()].some(({ role, members }) => role === 'owner' && members.size > 0) ||
    [...people.values()].some(({ role }) => role === 'owner')
  );
}

/** The role that may the most. */
export function highestRole(first: Role, ...others: readonly (Role | undefined)[]): Role {
  return others.reduce<Role>((best, role) => (role && rank(role) > rank(best) ? role : best), first);
}
