// Catch-up: what the server sends to a client that joins a room, so that the client has the current state of the room.
import { EMPTY_LOG, type EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { CatchUpBudget } from './catch-up-budget.ts';
import type { Client } from './client.ts';
import type { EncodedRooms } from './encoded-rooms.ts';
import type { EntityUpdate, Resume, Resync } from './protocol.ts';
import type { RoomHistory } from './room-history.ts';
import { statusOf } from './updates.ts';

export interface CatchUpParts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly history: RoomHistory;
  readonly encoded: EncodedRooms;
  readonly budget: CatchUpBudget;
}

export class CatchUp {
  readonly #parts: CatchUpParts;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /**
   * Sends the updates that the client missed, or the state of the room if they are no longer stored or too large, or
   * `resync` if its payer cannot pay. Then sends the status of the room. Must stay synchronous: `RoomMembership.join`
   * depends on it.
   */
  send(client: Client, room: string, { after, ...rest }: Resume): void {
    // A client that names no position reads the state over REST.
    if (after !== undefined) this.#sendWhatIsNew(client, room, { after, ...rest });
    // A client that names no position follows from this one on.
    const { log, models, history } = this.#parts;
    const status = statusOf(models.current, room, log.id);
    const position = Math.max(status.position, history.position(room));
    client.emit('status-update', { ...status, position });
  }

  #sendWhatIsNew(client: Client, room: string, resume: Resume & { after: number }): void {
    const { log, budget, encoded } = this.#parts;
    const missed = this.#missed(room, resume);
    if (missed?.length === 0) return;
    const charge = budget.admit(client, room);
    if (!charge) {
      client.emit('resync', { room, log: log.id, position: log.position } satisfies Resync);
      return;
    }
    const messages = (missed && encoded.updates(missed)) ?? [encoded.state(room)];
    charge(messages.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const message of messages) message.sendTo(client);
  }

  /** `undefined` if they are no longer stored, or if the client resumes in another log. */
  #missed(room: string, resume: Resume & { after: number }): readonly EntityUpdate[] | undefined {
    return isOfAnother(this.#parts.log, resume) ? undefined : this.#parts.history.since(room, resume);
  }
}

/**
 * Whether the position is of another log than this one: the log has not reached it, or both have the position, but what
 * led there differs since a fork was accepted. A client that left an empty log has nothing of another one.
 */
function isOfAnother(log: EventLog, { after, log: named = log.id }: Resume & { after: number }): boolean {
  return after > log.position || (named !== log.id && named !== EMPTY_LOG);
}
