// Who pays when a client catches up in a room, and what is free.
import type { Payer } from '../bounds/turns.ts';
import type { Payers } from '../http/payers.ts';
import type { Client } from './client.ts';
import { organizationOf } from './rooms.ts';

export class CatchUpBudget {
  readonly #payers: Payers;
  readonly #freeRooms: number;
  /** The rooms in which a client has had its free catch-up. */
  readonly #served = new WeakMap<Client, Set<string>>();

  /** `freeRooms`: in how many rooms the first catch-up of a client is free. It can name any tenant as a room. */
  constructor(payers: Payers, freeRooms: number) {
    this.#payers = payers;
    this.#freeRooms = freeRooms;
  }

  /** Who pays for what is done for the client in this room, or in none in particular. */
  payerOf({ data, request }: Client, room?: string): Payer {
    return this.#payers.of(data.viewer, request, room === undefined ? undefined : organizationOf(room));
  }

  /**
   * Lets the client catch up in the room, unless its payer cannot pay. Returns a function that charges the bytes that it
   * is sent. After each connection the first catch-up of a room is free: a crowd at one address that lost its
   * connections must get the state of the page back.
   */
  admit(client: Client, room: string): ((bytes: number) => void) | undefined {
    const served = this.#served.get(client) ?? new Set();
    this.#served.set(client, served);
    if (!served.has(room) && served.size < this.#freeRooms) {
      served.add(room);
      return () => {};
    }
    const payer = this.payerOf(client, room);
    return payer.wait > 0 ? undefined : (bytes) => payer.charge({ bytes });
  }
}
