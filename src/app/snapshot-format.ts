// The format of this version's snapshots, by which nodes that share a database know those that they can read.
import { PROJECTIONS } from '../../projections/models.ts';
import { roomEnds } from '../realtime/room-history.ts';

/** The version of each state that a snapshot has. */
export const SNAPSHOT_FORMAT = [...Object.values(PROJECTIONS), roomEnds]
  .map(({ name, version }) => `${name} ${version}`)
  .join(', ');
