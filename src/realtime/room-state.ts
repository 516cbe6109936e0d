// The state of a room as one encoded message, for a client that missed more updates than the server can send.
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { PUBLIC_KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { selectEntities } from '../../projections/selection.ts';
import type { Entity } from '../../projections/state/collection.ts';
import { EncodedMessage } from './encoded-message.ts';
import type { Resync } from './protocol.ts';
import { partOf, ROOM_VIEWER } from './rooms.ts';
import { statusOf } from './updates.ts';

/** An entity of the room, and its JSON in the lists of its kind. */
interface Row {
  readonly kind: EntityKind<Models>;
  readonly entity: Entity;
  readonly json: string;
}

/**
 * A snapshot of the room in at most so many bytes: with everything, or without the oldest settled entities. A resync
 * message if even the entities that are not settled need more.
 */
export function encodeRoomState(models: Models, place: Resync, maxBytes: number): EncodedMessage {
  const { room, log } = place;
  const { data: status } = statusOf(models, room, log);
  const withRows = (rows: readonly Row[], complete: boolean) => {
    const lists = PUBLIC_KINDS.map((kind) => `${JSON.stringify(kind.plural)}:[${listOf(kind, rows)}]`);
    const rest = `"status":${JSON.stringify(status)},"complete":${complete}`;
    return new EncodedMessage('snapshot', `{${placeOf(place)},${lists.join(',')},${rest}}`);
  };
  const selected = selectRows(models, room, maxBytes - withRows([], false).bytes);
  return selected ? withRows(selected.rows, selected.complete) : encodeResync(place);
}

/** Tells a client to read the state of the room over REST. */
function encodeResync(resync: Resync): EncodedMessage {
  return new EncodedMessage('resync', `{${placeOf(resync)}}`);
}

function placeOf({ room, log, position }: Resync): string {
  return `"room":${JSON.stringify(room)},"log":${JSON.stringify(log)},"position":${position}`;
}

/** In the order of their creation. */
function listOf(kind: EntityKind<Models>, rows: readonly Row[]): string {
  const own = rows.filter((row) => row.kind === kind).sort((a, b) => a.entity.origin - b.entity.origin);
  return own.map(({ json }) => json).join(',');
}

/**
 * The rows that fit into so many bytes: of all entities that are not settled, and of the newest settled ones.
 * `undefined` if the former do not fit.
 */
function selectRows(models: Models, room: string, maxBytes: number) {
  const rows: Row[] = [];
  const settled: Omit<Row, 'json'>[] = [];
  let bytes = 0;
  /** Whether the row fits, and thus was added. Stops the encoding of a state that is too large. */
  const add = (kind: EntityKind<Models>, entity: Entity): boolean => {
    const json = JSON.stringify(kind.show(entity));
    bytes += Buffer.byteLength(json) + 1;
    if (bytes <= maxBytes) rows.push({ kind, entity, json });
    return bytes <= maxBytes;
  };
  for (const kind of PUBLIC_KINDS) {
    for (const entity of selectEntities(entitiesIn(kind, models), ROOM_VIEWER, partOf(room))) {
      if (kind.isSettled(entity)) settled.push({ kind, entity });
      else if (!add(kind, entity)) return undefined;
    }
  }
  settled.sort((a, b) => b.entity.origin - a.entity.origin);
  const complete = settled.every(({ kind, entity }) => add(kind, entity));
  return { rows, complete };
}
