// A test organisation: its people, its events, and viewers whose access follows the read models.

import type { Models } from '../../projections/models.ts';
import { accessOf, organizationsOf } from '../../projections/organizations.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type Happened, id } from './scenario.ts';

export const ORG = id(1);
const stream = `organization-${ORG}`;
export const [ANN, BEN, CAT, DAN] = [id(11), id(12), id(13), id(14)] as const;
export const [ON_CALL, BOARD] = [id(21), id(22)] as const;

type OrganizationEvent = Extract<Happened, { type: `organization.${string}` }>;
type Content = { [K in OrganizationEvent['type']]: Pick<Extract<OrganizationEvent, { type: K }>, 'type' | 'data'> };

/** An event of the organisation. */
export function here(content: Content[keyof Content]): Happened {
  return { stream, organizationId: ORG, ...content } as Happened;
}

export const granted = (userId: string, role: 'owner' | 'admin' | 'member' | 'viewer') =>
  here({ type: 'organization.role-granted', data: { userId, role } });
export const teamRole = (teamId: string, role: 'owner' | 'admin' | 'member' | 'viewer') =>
  here({ type: 'organization.role-granted', data: { teamId, role } });
export const team = (teamId: string, name: string) =>
  here({ type: 'organization.team-created', data: { teamId, name } });
export const joined = (teamId: string, userId: string) =>
  here({ type: 'organization.team-member-added', data: { teamId, userId } });

/** A private organisation whose only member is Ann, its owner. */
export const founded: readonly Happened[] = [
  here({ type: 'organization.created', data: { name: 'Acme', slug: 'acme', visibility: 'private' } }),
  granted(ANN, 'owner'),
];

/** The viewer for a person. Looks up the current access at each use. */
export function person(userId: string, current: () => Models): Viewer {
  return {
    actor: { kind: 'user', id: userId },
    get organizations() {
      return organizationsOf(current().organizations, userId);
    },
    access: (organizationId) => accessOf(current().organizations, organizationId, userId),
  };
}
