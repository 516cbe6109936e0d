// Whether a viewer may use a row of the route table.
import { hasRole, isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import type { Problem } from './problem.ts';
import type { RouteAccess } from './route.ts';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="plive"' };

const SIGN_IN: Problem = {
  problem: 'unauthenticated',
  detail: 'Sign in, or send an API key.',
  headers: CHALLENGE,
};

export const INVALID_CREDENTIAL: Problem = {
  problem: 'unauthenticated',
  detail: 'The API key is invalid, expired or revoked.',
  headers: CHALLENGE,
};

/**
 * A problem where the viewer may not use what wants this access; `undefined` where they may. Of an organisation in the path
 * who does not belong to it learns nothing, not even whether it is there.
 */
export function refuseAccess(
  viewer: Viewer,
  access: RouteAccess,
  { organizationId }: Readonly<Record<string, unknown>>,
): Problem | undefined {
  if (access === 'anyone') return undefined;
  if (isStranger(viewer)) return SIGN_IN;
  if (access === 'person')
    return viewer.actor.kind === 'user'
      ? undefined
      : refused('This requires a signed-in person; API keys are not accepted.');
  if (typeof organizationId !== 'string' || hasRole(viewer, organizationId, access)) return undefined;
  if (isMember(viewer, organizationId)) return refused(`This requires the role ${access} in the organisation.`);
  return { problem: 'not-found', detail: `There is no organisation ${organizationId}.` };
}

/** Whether nobody vouches for the viewer. Of an open server everyone is the owner. */
function isStranger({ actor, organizations }: Viewer): boolean {
  return actor.kind === 'anonymous' && organizations !== 'all';
}

function refused(detail: string): Problem {
  return { problem: 'forbidden', detail };
}
