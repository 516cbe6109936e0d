// The sample data of a first start, in one commit: six services in two groups, one incident that goes on, and what a page
// shows of the weeks before and after.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Commit } from '../log/commit.ts';
import {
  CORRECTION,
  DATABASE,
  FILE_STORAGE,
  INCIDENT,
  MAINTENANCE,
  MAINTENANCE_UPDATE,
  PLATFORM,
  TEMPLATE,
  UPDATE,
} from './sample/ids.ts';
import { incidentWrites } from './sample/incidents.ts';
import { maintenanceWrites } from './sample/maintenances.ts';
import { groupWrites, serviceWrites } from './sample/services.ts';
import { templateWrite } from './sample/templates.ts';
import type { MinutesAgo } from './sample/writing.ts';

/** What the examples of the API documentation name. */
export const SAMPLE = {
  /** An entity of each kind. */
  ids: {
    service: FILE_STORAGE,
    group: PLATFORM,
    incident: INCIDENT,
    maintenance: MAINTENANCE,
    postmortem: INCIDENT,
    template: TEMPLATE,
  },
  /** An update of the maintenance. */
  maintenanceUpdate: MAINTENANCE_UPDATE,
  otherService: DATABASE,
  /** An update of the incident. */
  update: UPDATE,
  /** A correction of the service. */
  correction: CORRECTION,
  organization: DEFAULT_ORGANIZATION,
  /** The position of an update of the incident. */
  updatePosition: 20,
} as const;

/** The commit. Its incident opens two hours before `now`. It succeeds only if none of its streams exists yet. */
export function sampleData(now: Date): Omit<Commit, 'correlationId'> {
  const minutesAgo: MinutesAgo = (minutes) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const writes = [
    ...groupWrites(),
    ...serviceWrites(minutesAgo),
    ...incidentWrites(minutesAgo),
    ...maintenanceWrites(now),
    templateWrite(),
  ];
  return { writes, actor: { kind: 'system' } };
}
