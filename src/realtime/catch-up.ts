// Catch-up: what the server sends to a client that joins a room, so that the client has the current state of the room.
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { Client } from './client.ts';
import type { EntityUpdate, Resume, Resync, Snapshot } from './protocol.ts';
import type { RoomHistory } from './room-history.ts';
import { roomState } from './room-state.ts';
import { statusOf } from './updates.ts';

export interface CatchUpParts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly history: RoomHistory;
}

export class CatchUp {
  readonly #parts: CatchUpParts;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /**
   * Sends the updates that the client missed, or the state of the room if they are no longer stored. Then sends the
   * status of the room. Must stay synchronous: `RoomMembership.join` depends on it.
   */
  send(client: Client, room: string, { after, seen }: Resume): void {
    // A client that names no position reads the state over REST.
    if (after !== undefined) this.#sendMissed(client, room, { after, seen });
    client.emit('status-update', statusOf(this.#parts.models.current, room));
  }

  #sendMissed(client: Client, room: string, resume: Resume & { after: number }): void {
    const missed = this.#missed(room, resume);
    if (missed) {
      for (const update of missed) client.emit(update.type, update);
    } else {
      const state = this.#stateOf(room);
      client.emit('status' in state ? 'snapshot' : 'resync', state);
    }
  }

  /** `undefined` if they are no longer stored, or if the client names a position that the log has not reached. */
  #missed(room: string, resume: Resume & { after: number }): readonly EntityUpdate[] | undefined {
    if (resume.after > this.#parts.log.position) return undefined;
    return this.#parts.history.since(room, resume);
  }

  #stateOf(room: string): Snapshot | Resync {
    const { log, models } = this.#parts;
    return roomState(models.current, room, log.position);
  }
}
