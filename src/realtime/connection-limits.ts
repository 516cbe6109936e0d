// Who may open another socket: counts the connections that are open, all of them and those of each address.
import { networkOf } from '../identity/client-address.ts';

/** How many sockets may be open. */
export interface MaxConnections {
  readonly total: number;
  /** Of one address, or network of IPv6; many people may be behind one. */
  readonly perAddress: number;
}

export class ConnectionLimits {
  readonly #max: MaxConnections;
  /** Those with none are not in it. */
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(max: MaxConnections) {
    this.#max = max;
  }

  /** Why this address may not open another one; `undefined` where it may. */
  refuse(address: string): string | undefined {
    if (this.#total >= this.#max.total) return 'Too many connections are open; try again later.';
    if (this.#openOf(networkOf(address)) >= this.#max.perAddress)
      return 'Too many connections are open from your address; close some of them.';
    return undefined;
  }

  /** Counts a connection. What it returns is to be called when that is closed. */
  opened(address: string): () => void {
    const network = networkOf(address);
    this.#total += 1;
    this.#open.set(network, this.#openOf(network) + 1);
    return () => {
      this.#total -= 1;
      const left = this.#openOf(network) - 1;
      if (left > 0) this.#open.set(network, left);
      else this.#open.delete(network);
    };
  }

  #openOf(network: string): number {
    return this.#open.get(network) ?? 0;
  }
}
