// A user on whose behalf a workflow goes on without a session: it has not started yet, or has ended.
import type { Viewer } from '../../projections/viewer/viewer.ts';

/** A viewer without any role, for commands that ask for none. `ended` says whether the user may not go on. */
export function unattended(userId: string, ended: () => boolean = () => false): Viewer {
  return {
    actor: { kind: 'user', id: userId },
    get ended() {
      return ended();
    },
    organizations: [],
    access: () => 'none',
  };
}
