// Limits the bodies of requests that have not arrived as a whole: the memory that they can fill, by address and in total.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientAddress, networkOf } from '../../identity/client-address.ts';

export interface UnreadBodiesTerms {
  readonly clientAddress: ClientAddress;
  /** The most that is read of one body, in bytes. */
  readonly largest: number;
  /** Bytes of the bodies from one IPv4 address or IPv6 network. */
  readonly perAddress: number;
  /** Bytes of all bodies together. */
  readonly total: number;
}

/** A body that has not arrived as a whole. */
interface Body {
  readonly socket: Socket;
  readonly bytes: number;
  readonly address: Address;
}

/** The bodies from one address, in the order in which they began. */
interface Address {
  readonly network: string;
  readonly bodies: Set<Body>;
  bytes: number;
}

/**
 * A body counts with the size that its headers name, from its first byte to its last. Above a limit, the connection of
 * the oldest one is closed: of that address, or, above the total, of the address whose bodies are largest together.
 */
export class UnreadBodies {
  readonly #terms: UnreadBodiesTerms;
  /** Addresses without bodies are not in the map. */
  readonly #addresses = new Map<string, Address>();
  #bytes = 0;

  constructor(terms: UnreadBodiesTerms) {
    this.#terms = terms;
  }

  /** How many bytes all bodies can fill. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Call this last: requests that wait behind others of their connection count too. */
  attach(server: Server): void {
    server.prependListener('request', (request, response) => {
      const bytes = this.#sizeOf(request);
      if (bytes > 0 && !request.socket.destroyed) this.#began(request, response, bytes);
    });
  }

  /** The size is not known of what comes in chunks, nor of what is compressed. */
  #sizeOf({ headers }: IncomingMessage): number {
    const { largest } = this.#terms;
    if (headers['transfer-encoding'] !== undefined) return largest;
    const length = Number(headers['content-length'] ?? 0);
    return length > 0 && headers['content-encoding'] !== undefined ? largest : Math.min(length, largest);
  }

  #began(request: IncomingMessage, response: ServerResponse, bytes: number): void {
    const { perAddress, total } = this.#terms;
    const address = this.#addressOf(networkOf(this.#terms.clientAddress(request)));
    const body = { socket: request.socket, bytes, address };
    address.bodies.add(body);
    address.bytes += bytes;
    this.#bytes += bytes;
    const release = () => this.#release(body);
    request.once('end', release).once('close', release);
    // What nobody has read until then is thrown away as it arrives.
    response.once('close', release);
    while (address.bytes > perAddress && this.#cutOff(address, body));
    while (this.#bytes > total && this.#cutOff(this.#fullest(body), body));
  }

  #addressOf(network: string): Address {
    const known = this.#addresses.get(network);
    if (known) return known;
    const address: Address = { network, bodies: new Set(), bytes: 0 };
    this.#addresses.set(network, address);
    return address;
  }

  /** The address whose bodies are largest together, besides the newest body. */
  #fullest(newest: Body): Address | undefined {
    let fullest: Address | undefined;
    for (const address of this.#addresses.values()) {
      const [oldest] = address.bodies;
      if (oldest !== newest && address.bytes > (fullest?.bytes ?? 0)) fullest = address;
    }
    return fullest;
  }

  /** Cuts off the oldest body. Returns `false` if there is none but the newest. */
  #cutOff(address: Address | undefined, newest: Body): boolean {
    const [oldest] = address?.bodies ?? [];
    if (!oldest || oldest === newest) return false;
    oldest.socket.destroy();
    this.#release(oldest);
    return true;
  }

  #release(body: Body): void {
    const { address, bytes } = body;
    if (!address.bodies.delete(body)) return;
    address.bytes -= bytes;
    this.#bytes -= bytes;
    if (address.bodies.size === 0) this.#addresses.delete(address.network);
  }
}
