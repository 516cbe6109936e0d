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
}

export class CatchUpBudget {
  readonly #parts: CatchUpBudgetParts;
  /** The rooms in which a client has had its free bytes. */
  readonly #served = new WeakMap<Client, Set<string>>();

  constructor(parts: CatchUpBudgetParts) {
    this.#parts = parts;
  }

  /**
   * Whether the client may be sent so many bytes of the room. They are free the first time after it connected, and then
   * taken from the budget of its address. Bytes that exceed the budget cost nothing.
   */
  spend(client: Client, room: string, bytes: number): boolean {
    if (bytes === 0) return true;
    const served = this.#served.get(client) ?? new Set();
    this.#served.set(client, served);
    if (!served.has(room)) {
      served.add(room);
      return true;
    }
    const { clientAddress, limiter, unit } = this.#parts;
    return limiter.take(networkOf(clientAddress(client.request)), bytes / unit).allowed;
  }
}
