// Catch-up: what the server sends to a client that joins a room, so that the client has the current state of the room.
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { CatchUpBudget } from './catch-up-budget.ts';
import type { Client } from './client.ts';
import type { EncodedMessage } from './encoded-message.ts';
import type { EncodedRooms } from './encoded-rooms.ts';
import type { Resume, Resync } from './protocol.ts';
import type { RoomHistory } from './room-history.ts';
import { statusOf } from './updates.ts';

export interface CatchUpParts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly history: RoomHistory;
  readonly encoded: EncodedRooms;
  /** Without it, clients may catch up as often as they like. */
  readonly budget: CatchUpBudget | undefined;
}

export class CatchUp {
  readonly #parts: CatchUpParts;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /**
   * Sends the updates that the client missed, or the state of the room if they are no longer stored or too large, or
   * `resync` if its address has used up its budget. Then sends the status of the room. Must stay synchronous: `RoomMembership.join` depends on it.
   */
  send(client: Client, room: string, { after, seen }: Resume): void {
    // A client that names no position reads the state over REST.
    if (after !== undefined) this.#sendWhatIsNew(client, room, { after, seen });
    client.emit('status-update', statusOf(this.#parts.models.current, room));
  }

  #sendWhatIsNew(client: Client, room: string, resume: Resume & { after: number }): void {
    const { log, budget } = this.#parts;
    const messages = this.#messages(room, resume);
    const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
    if (budget?.spend(client, room, bytes) === false) {
      client.emit('resync', { room, position: log.position } satisfies Resync);
    } else {
      for (const message of messages) message.sendTo(client);
    }
  }

  #messages(room: string, resume: Resume & { after: number }): readonly EncodedMessage[] {
    return this.#missed(room, resume) ?? [this.#parts.encoded.state(room)];
  }

  /**
   * `undefined` if they are no longer stored or too large, or if the client names a position that the log has not
   * reached.
   */
  #missed(room: string, resume: Resume & { after: number }): readonly EncodedMessage[] | undefined {
    const { log, history, encoded } = this.#parts;
    if (resume.after > log.position) return undefined;
    const updates = history.since(room, resume);
    return updates && encoded.updates(updates);
  }
}
