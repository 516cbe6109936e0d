// The complete state of a room, for a client that missed more updates than the server has stored.
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { countEntities, selectEntities } from '../../projections/selection.ts';
import type { Resync, Snapshot } from './protocol.ts';
import { partOf, ROOM_VIEWER } from './rooms.ts';
import { statusOf } from './updates.ts';

/** Maximum number of entities in a snapshot. */
const MAX_SNAPSHOT = 1_000;

/** A snapshot of the room, or only its name and position if the snapshot would be too large. */
export function roomState(models: Models, room: string, position: number): Snapshot | Resync {
  if (sizeOf(models, room) > MAX_SNAPSHOT) return { room, position };
  const shown = KINDS.map((kind) => [kind.plural, shownIn(kind, models, room)]);
  return { room, position, ...Object.fromEntries(shown), status: statusOf(models, room).data };
}

function shownIn(kind: EntityKind<Models>, models: Models, room: string): readonly object[] {
  return [...selectEntities(entitiesIn(kind, models), ROOM_VIEWER, partOf(room))].map((entity) => kind.show(entity));
}

function sizeOf(models: Models, room: string): number {
  return KINDS.reduce((sum, kind) => sum + countEntities(entitiesIn(kind, models), ROOM_VIEWER, partOf(room)), 0);
}
