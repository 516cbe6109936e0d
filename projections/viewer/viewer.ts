// The viewer: the identity of a caller and what it may see. Every selector, route and room takes one.

import type { Audience } from '../events/event-definition.ts';
import type { Actor } from '../events/event-types.ts';
import { type Role, rank } from '../events/roles.ts';

/** A viewer's access to one organisation: none, its public part, or all of it, with the rights of a role. */
export type Access = 'none' | 'public' | Role;

export interface Viewer {
  /** Recorded in the events of the viewer's changes. */
  readonly actor: Actor;
  /** The session that the viewer is signed in with. When it ends, the viewer becomes anonymous. */
  readonly sessionId?: string;
  /**
   * Whether the viewer's session or key was revoked or has expired since: then it has the access of an anonymous
   * caller.
   */
  readonly ended?: boolean;
  /** The organisation of new entities that name none. The default one, unless the credential belongs to another. */
  readonly home?: string;
  /** The organisations that a read covers when it names none. The array never changes; a change makes a new one. */
  readonly organizations: 'all' | readonly string[];
  /** The viewer's current access to an organisation. */
  access(organizationId: string): Access;
}

/** Whether the viewer may see anything of the organisation. */
export function maySee(viewer: Viewer, organizationId: string): boolean {
  return viewer.access(organizationId) !== 'none';
}

/** Whether the viewer has this role in the organisation, or a higher one. */
export function hasRole(viewer: Viewer, organizationId: string, role: Role): boolean {
  return rank(viewer.access(organizationId)) >= rank(role);
}

/** Whether the viewer has a role in the organisation, and therefore sees all of it. */
export function isMember(viewer: Viewer, organizationId: string): boolean {
  return hasRole(viewer, organizationId, 'viewer');
}

/** Whether the viewer is in this audience of the organisation's events. */
export function isAudience(viewer: Viewer, organizationId: string, audience: Audience): boolean {
  return isMember(viewer, organizationId) || (audience === 'public' && maySee(viewer, organizationId));
}

/**
 * The viewer as of what is for this audience: who is no member of an organisation sees nothing there that is for its
 * members.
 */
export function inAudience(viewer: Viewer, audience: Audience): Viewer {
  if (audience === 'public') return viewer;
  const { organizations } = viewer;
  return {
    ...viewer,
    organizations: organizations === 'all' ? organizations : organizations.filter((id) => isMember(viewer, id)),
    access: (id) => (isMember(viewer, id) ? viewer.access(id) : 'none'),
  };
}
