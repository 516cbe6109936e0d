// All that a room shows at this moment, for a client that cannot be brought up to date update by update.

import { selectIncidents, showIncident } from '../../projections/incidents.ts';
import type { Models } from '../../projections/models.ts';
import { selectServices, showService } from '../../projections/services.ts';
import { countEntities } from '../../projections/state/collection.ts';
import type { Resync, Snapshot } from './protocol.ts';
import { partOf, ROOM_VIEWER } from './rooms.ts';
import { statusOf } from './updates.ts';

/** How many services and incidents a snapshot holds at the most. */
const MAX_SNAPSHOT = 1_000;

/** The room's state; only its name and position where the state is too large to be pushed. */
export function roomState(models: Models, room: string, position: number): Snapshot | Resync {
  if (sizeOf(models, room) > MAX_SNAPSHOT) return { room, position };
  const part = partOf(room);
  return {
    room,
    position,
    services: selectServices(models.services, ROOM_VIEWER, part).map(showService),
    incidents: selectIncidents(models.incidents, ROOM_VIEWER, part).map(showIncident),
    status: statusOf(models, room).data,
  };
}

function sizeOf({ services, incidents }: Models, room: string): number {
  const part = partOf(room);
  return countEntities(services.services, ROOM_VIEWER, part) + countEntities(incidents.incidents, ROOM_VIEWER, part);
}
