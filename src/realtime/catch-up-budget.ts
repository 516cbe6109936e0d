// The budget of bytes that clients at one address are sent to catch up, when they do so again and again.
import type { RateLimiter } from '../bounds/rate-limiter.ts';
import { type ClientAddress, networkOf } from '../identity/client-address.ts';
import type { Client } from './client.ts';

export interface CatchUpBudgetParts {
  readonly clientAddress: ClientAddress;
  /** The budgets, by address or IPv6 network. */
  readonly limiter: RateLimiter;
  /** How many bytes use up one unit of the limiter's quota. */
  readonly unit: number;
  /** How many rooms of a client have free bytes. A client can name any tenant, so there is no end of rooms. */
  readonly freeRooms: number;
}

export class CatchUpBudget {
  readonly #parts: CatchUpBudgetParts;
  /** The rooms in which a client has had its free bytes. */
  readonly #served = new WeakMap<Client, Set<string>>();

  constructor(parts: CatchUpBudgetParts) {
    this.#parts = parts;
  }

  /**
   * Whether the client may be sent this many bytes of the room. The first ones of each of its first `freeRooms` rooms
   * are free. All others are taken from the budget of its address. Bytes that exceed the budget cost nothing.
   */
  spend(client: Client, room: string, bytes: number): boolean {
    if (bytes === 0) return true;
    const { clientAddress, limiter, unit, freeRooms } = this.#parts;
    const served = this.#served.get(client) ?? new Set();
    this.#served.set(client, served);
    if (!served.has(room) && served.size < freeRooms) {
      served.add(room);
      return true;
    }
    return limiter.take(networkOf(clientAddress(client.request)), bytes / unit).allowed;
  }
}
