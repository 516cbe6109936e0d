// Who asks, and what they may see: every selector, route and room takes one.
import type { Actor, Audience } from './events.ts';

/** What a viewer may see of one organisation: nothing, what the public sees, or everything its members see. */
export type Access = 'none' | 'public' | 'member';

export interface Viewer {
  /** Recorded with what they change. */
  readonly actor: Actor;
  /** The organisations that a read covers when it names none. */
  readonly organizations: 'all' | readonly string[];
  /** What they may see of an organisation. */
  access(organizationId: string): Access;
}

/** Whether the viewer may see anything of the organisation. */
export function maySee(viewer: Viewer, organizationId: string): boolean {
  return viewer.access(organizationId) !== 'none';
}

/** Whether the viewer is among those an event of this audience is for. */
export function isAudience(viewer: Viewer, organizationId: string, audience: Audience): boolean {
  return viewer.access(organizationId) === 'member' || (audience === 'public' && maySee(viewer, organizationId));
}
