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
 * Returns a problem if the viewer does not have this access, otherwise `undefined`. A viewer who is not a member of the
 * organisation in the path gets a 404, so that the answer does not reveal whether the organisation exists.
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
      : forbidden('This requires a signed-in person; API keys are not accepted.');
  if (access === 'leaver') return undefined;
  if (typeof organizationId !== 'string' || hasRole(viewer, organizationId, access)) return undefined;
  if (isMember(viewer, organizationId)) return forbidden(`This requires the role ${access} in the organisation.`);
  return { problem: 'not-found', detail: `There is no organisation ${organizationId}.` };
}

/** Whether the viewer is anonymous. On an open server (`AUTH=open`) everyone is an owner and nobody a stranger. */
export function isStranger({ actor, organizations }: Viewer): boolean {
  return actor.kind === 'anonymous' && organizations !== 'all';
}

function forbidden(detail: string): Problem {
  return { problem: 'forbidden', detail };
}
