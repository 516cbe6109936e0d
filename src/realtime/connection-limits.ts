// Limits the number of open sockets, in total and per client address.
import { networkOf } from '../identity/client-address.ts';

/** Maximum numbers of open sockets. */
export interface MaxConnections {
  readonly total: number;
  /** Per IPv4 address or IPv6 network. Many people can share one address. */
  readonly perAddress: number;
}

export class ConnectionLimits {
  readonly #max: MaxConnections;
  /** Number of open connections by network. Networks without connections are not in the map. */
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(max: MaxConnections) {
    this.#max = max;
  }

  /** The reason why this address may not open another socket; `undefined` if it may. */
  refuse(address: string): string | undefined {
    if (this.#total >= this.#max.total) return 'Too many connections are open; try again later.';
    if (this.#countOf(networkOf(address)) >= this.#max.perAddress)
      return 'Too many connections are open from your address; close some of them.';
    return undefined;
  }

  /** Counts a new connection. The caller must call the returned function when the connection closes. */
  opened(address: string): () => void {
    const network = networkOf(address);
    this.#total += 1;
    this.#counts.set(network, this.#countOf(network) + 1);
    return () => {
      this.#total -= 1;
      const left = this.#countOf(network) - 1;
      if (left > 0) this.#counts.set(network, left);
      else this.#counts.delete(network);
    };
  }

  #countOf(network: string): number {
    return this.#counts.get(network) ?? 0;
  }
}
