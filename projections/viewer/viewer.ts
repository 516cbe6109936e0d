// Who asks, and what they may see: every selector, route and room takes one.

import type { Audience } from '../events/event-definition.ts';
import type { Actor } from '../events/event-types.ts';
import { type Role, rank } from '../events/roles.ts';

/** What a viewer may see of one organisation: nothing, what the public sees, or everything, and what their role may do there. */
export type Access = 'none' | 'public' | Role;

export interface Viewer {
  /** Recorded with what they change. */
  readonly actor: Actor;
  /** The session that they are signed in with. When it ends they are strangers. */
  readonly sessionId?: string;
  /** Whether the session or key that they came with has ended since: they see and do what strangers may. */
  readonly ended?: boolean;
  /** The organisation of what they create without naming one; the default one unless their credential is another's. */
  readonly home?: string;
  /** The organisations that a read covers when it names none. */
  readonly organizations: 'all' | readonly string[];
  /** What they may see of an organisation, and do in it, at this moment. */
  access(organizationId: string): Access;
}

/** Whether the viewer may see anything of the organisation. */
export function maySee(viewer: Viewer, organizationId: string): boolean {
  return viewer.access(organizationId) !== 'none';
}

/** Whether the viewer has this role in the organisation, or one that may more. */
export function hasRole(viewer: Viewer, organizationId: string, role: Role): boolean {
  return rank(viewer.access(organizationId)) >= rank(role);
}

/** Whether the viewer belongs to the organisation and sees all of it. */
export function isMember(viewer: Viewer, organizationId: string): boolean {
  return hasRole(viewer, organizationId, 'viewer');
}

/** Whether the viewer is among those an event of this audience is for. */
export function isAudience(viewer: Viewer, organizationId: string, audience: Audience): boolean {
  return isMember(viewer, organizationId) || (audience === 'public' && maySee(viewer, organizationId));
}
