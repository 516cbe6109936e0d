// Keeps the encoded states and updates of rooms, so that many clients that join cost one encoding.
import { RecentMap } from '../bounds/recent-map.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { EncodedMessage } from './encoded-message.ts';
import type { EntityUpdate } from './protocol.ts';
import { encodeRoomState } from './room-state.ts';
import { roomPosition } from './updates.ts';

export interface EncodedRoomsLimits {
  /** Largest total size of the messages that one join sends of a room, in bytes. */
  readonly bytes: number;
  /** How much memory the kept states of all rooms may take, in bytes. */
  readonly keptStates: number;
  /** How much memory the kept updates of all rooms may take, in bytes. */
  readonly keptUpdates: number;
}

interface KeptState {
  /** The id of the log, which changes when a fork is accepted. */
  readonly log: string;
  /** Position of the last event that changed what the room shows. */
  readonly shown: number;
  readonly message: EncodedMessage;
}

/** An update that alone is larger than what a join may send. */
const TOO_LARGE = Symbol('too large');

/** A message is kept twice, as text of up to two bytes a character and as a frame. */
const BYTES_KEPT = 3;

export class EncodedRooms {
  readonly #log: EventLog;
  readonly #models: ReadModels;
  readonly #limits: EncodedRoomsLimits;
  readonly #states: RecentMap<string, KeptState>;
  readonly #updates: RecentMap<EntityUpdate, EncodedMessage | typeof TOO_LARGE>;

  constructor({ log, models }: { log: EventLog; models: ReadModels }, limits: EncodedRoomsLimits) {
    this.#log = log;
    this.#models = models;
    this.#limits = limits;
    this.#states = new RecentMap(limits.keptStates, ({ message }) => BYTES_KEPT * message.bytes);
    this.#updates = new RecentMap(limits.keptUpdates, (message) =>
      message === TOO_LARGE ? 1 : BYTES_KEPT * message.bytes,
    );
  }

  /**
   * The current state of the room: a snapshot, or a resync message if it is too large. Its position is that of the log
   * when it was encoded: no event since then has changed what the room shows.
   */
  state(room: string): EncodedMessage {
    const { id: log, position } = this.#log;
    const shown = roomPosition(this.#models.current, room);
    const kept = this.#states.get(room);
    if (kept?.shown === shown && kept.log === log) return kept.message;
    const message = encodeRoomState(this.#models.current, { room, log, position }, this.#limits.bytes);
    this.#states.set(room, { log, shown, message });
    return message;
  }

  /** These updates; `undefined` if together they are larger than what a join may send. */
  updates(updates: readonly EntityUpdate[]): readonly EncodedMessage[] | undefined {
    const messages: EncodedMessage[] = [];
    let bytes = 0;
    for (const update of updates) {
      const message = this.#update(update);
      if (message === TOO_LARGE) return undefined;
      bytes += message.bytes;
      if (bytes > this.#limits.bytes) return undefined;
      messages.push(message);
    }
    return messages;
  }

  /** Forgets all messages: their text may have been redacted. */
  clear(): void {
    this.#states.clear();
    this.#updates.clear();
  }

  #update(update: EntityUpdate): EncodedMessage | typeof TOO_LARGE {
    const kept = this.#updates.get(update);
    if (kept) return kept;
    const encoded = new EncodedMessage(update.type, JSON.stringify(update));
    const message = encoded.bytes > this.#limits.bytes ? TOO_LARGE : encoded;
    this.#updates.set(update, message);
    return message;
  }
}
